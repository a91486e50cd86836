# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Starting and stopping a timer while finished timers and entries pile up."""

import time
from datetime import datetime

from freezegun import freeze_time

HISTORIES = (100, 10_000, 100_000)
ROUNDS = 5


def run(env, report):
    """Report queries and milliseconds for each size of the past."""
    timers, task = _prepare(env)
    for _round in range(2):
        _start_and_stop(env, timers, task)  # fills the host's caches
    counts, past = [], 0
    for history in HISTORIES:
        _fill(env, timers.env.user, task, history - past)
        past = history
        found = [_start_and_stop(env, timers, task) for _round in range(ROUNDS)]
        counts.append(found[-1][:2])
        start = min(row[2] for row in found) * 1000
        stop = min(row[3] for row in found) * 1000
        report(f"start after {history:,} timers, queries", found[-1][0])
        report(f"stop after {history:,} timers, queries", found[-1][1])
        report(f"start after {history:,} timers", start, "ms")
        report(f"stop after {history:,} timers", stop, "ms")
    more = max(map(sum, counts)) - min(map(sum, counts))
    report("queries that grow with the past", more, at_most=0)


def _prepare(env):
    user = env["res.users"].create(
        {
            "name": "Bench",
            "login": "bench-timer",
            "group_ids": [(4, env.ref("psa_core.group_psa_technician").id)],
        }
    )
    env["hr.employee"].create({"name": "Bench", "user_id": user.id})
    project = env["project.project"].create(
        {"name": "Bench", "allow_timesheets": True, "privacy_visibility": "employees"}
    )
    task = env["project.task"].create({"name": "Task", "project_id": project.id})
    return env["psa.timer"].with_user(user), task


def _fill(env, user, task, number):
    env.cr.execute(
        """
        INSERT INTO psa_timer (user_id, company_id, state, res_model, res_id)
        SELECT %s, %s, 'stopped', 'project.task', %s FROM generate_series(1, %s)
        """,
        [user.id, env.company.id, task.id, number],
    )
    env.cr.execute(
        """
        INSERT INTO account_analytic_line
               (name, date, company_id, currency_id, account_id, project_id, task_id,
                employee_id, user_id, unit_amount, amount, psa_review_state)
        SELECT 'Past', date '2020-01-01' + n %% 2000, %s, %s, %s, %s, %s, %s, %s, 1, 0,
               'approved'
          FROM generate_series(1, %s) AS n
        """,
        [
            env.company.id,
            env.company.currency_id.id,
            task.project_id.account_id.id,
            task.project_id.id,
            task.id,
            user.employee_id.id,
            user.id,
            number,
        ],
    )
    env.cr.execute("ANALYZE psa_timer, account_analytic_line")


def _start_and_stop(env, timers, task):
    """Return the queries of start and stop and their seconds."""

    def measure(minute, call):
        env.invalidate_all()
        queries, begin = env.cr.sql_log_count, time.perf_counter()
        with freeze_time(datetime(2026, 3, 2, 8, minute)):
            call()
            env.flush_all()
        return env.cr.sql_log_count - queries, time.perf_counter() - begin

    start = measure(0, lambda: timers.start_timer(task._name, task.id))
    running = timers.search([("state", "=", "running")])
    stop = measure(10, running.stop_timer)
    return start[0], stop[0], start[1], stop[1]

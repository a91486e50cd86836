# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Creating 1,000 work entries in one call, beside the host alone.

"The host alone" is the same call in the same database while the suite computes nothing:
its fields keep their columns, its methods do nothing.
"""

import time
from contextlib import ExitStack
from datetime import date, datetime, timedelta
from unittest.mock import patch

NUMBER = 1000
ROUNDS = 3


def run(env, report):
    """Report queries and seconds of both, and what ours adds."""
    values = _prepare(env)
    _measure(env, values)  # fills the host's caches
    host, ours = _measure_host(env, values), _measure(env, values)
    report("entries in one call, host alone", host[0], "queries")
    report("entries in one call, with the suite", ours[0], "queries")
    report("queries added", 100 * (ours[0] / host[0] - 1), "%", at_most=10)
    report("host alone", host[1], "s")
    report("with the suite", ours[1], "s")
    half_host = _measure_host(env, values[: NUMBER // 2])[0]
    half_ours = _measure(env, values[: NUMBER // 2])[0]
    per_entry = ((ours[0] - half_ours) - (host[0] - half_host)) / (NUMBER / 2)
    report("queries added per further entry", per_entry, at_most=0)


def _prepare(env):
    employee = env["hr.employee"].create({"name": "Bench", "tz": "Europe/Rome"})
    client = env["res.partner"].create({"name": "Bench", "is_company": True})
    project = env["project.project"].create(
        {
            "name": "Bench",
            "partner_id": client.id,
            "allow_timesheets": True,
            "allow_billable": True,
        }
    )
    tasks = env["project.task"].create(
        [{"name": f"Task {n}", "project_id": project.id} for n in range(50)]
    )
    work_type = env.ref("psa_core.work_type_remote")
    day = date(2026, 3, 2)
    return [
        {
            "name": f"Entry {n}",
            "employee_id": employee.id,
            "task_id": tasks[n % 50].id,
            "date": day + timedelta(days=n // 50),
            "unit_amount": (n % 7 + 1) / 10,
            "psa_work_type_id": work_type.id,
            "psa_date_start": datetime(2026, 3, 2, 7) + timedelta(minutes=40 * n),
            "psa_date_end": datetime(2026, 3, 2, 7, 40) + timedelta(minutes=40 * n),
        }
        for n in range(NUMBER)
    ]


def _measure(env, values):
    """Return (queries, seconds) of the best of some rounds, undone afterwards."""
    found = []
    for _round in range(ROUNDS):
        env.flush_all()
        env.invalidate_all()
        with env.cr.savepoint() as savepoint:
            queries, begin = env.cr.sql_log_count, time.perf_counter()
            env["account.analytic.line"].create([dict(row) for row in values])
            env.flush_all()
            found.append((env.cr.sql_log_count - queries, time.perf_counter() - begin))
            savepoint.rollback()
        env.invalidate_all()
    return min(found, key=lambda row: row[1])


def _measure_host(env, values):
    model = type(env["account.analytic.line"])
    with ExitStack() as stack:
        for name in dir(model):
            if name.startswith("_compute_psa_"):
                stack.enter_context(patch.object(model, name, lambda records: None))
        for name in ("_psa_touching", "_psa_later_in_totals"):
            stack.enter_context(
                patch.object(model, name, lambda records, **kw: records.browse())
            )
        stack.enter_context(
            patch.object(model, "_psa_check_unlocked", lambda records: None)
        )
        return _measure(env, values)

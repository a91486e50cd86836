# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Coverage of 1,000 entries in one call, of a year, and of a banner.

Without a peer: no addon of the host or of OCA decides what covers an hour. Beside it
stands the same call while nothing is decided.
"""

import os
import resource
import time
from datetime import date, timedelta
from unittest.mock import patch

from odoo.tools import SQL

NUMBER = 1000
CLIENTS = 50
YEAR = int(os.environ.get("PSA_BENCH_YEAR", "100000"))
ROUNDS = 3
FIRST = date(2026, 1, 1)


def run(env, report):
    """Report queries and seconds."""
    report("load of the computer", os.getloadavg()[0], f"of {os.cpu_count()} cores")
    clients = _prepare(env)
    _create(env, clients, report)
    _ask(env, clients, report)
    _rerate(env, clients, report)
    report("load of the computer", os.getloadavg()[0], f"of {os.cpu_count()} cores")


# ------------------------------------------------------------
# Clients with three contracts each
# ------------------------------------------------------------


def _prepare(env):
    clients = env["res.partner"].create(
        [{"name": f"Bench client {n}", "is_company": True} for n in range(CLIENTS)]
    )
    remote = env.ref("psa_core.work_type_remote")
    contracts = env["psa.contract"].create(
        [
            {"name": name, "client_id": client.id, "date_start": FIRST}
            for client in clients
            for name in ("Care", "Hours", "Projects")
        ]
    )
    lines = []
    for contract in contracts:
        values = {"contract_id": contract.id, "name": contract.name}
        if contract.name == "Care":
            lines += [
                {**values, "kind": "included", "hours": 10},
                {**values, "kind": "flat"},
            ]
        elif contract.name == "Hours":
            lines.append(
                {
                    **values,
                    "kind": "prepaid",
                    "hours": 20,
                    "validity_months": 12,
                    "rollover_share": 50,
                    "work_type_ids": [(6, 0, remote.ids)],
                }
            )
        else:
            lines.append({**values, "kind": "time"})
    env["psa.contract.line"].create(lines)
    env["psa.rate"].create([{"contract_id": c.id, "price": 85} for c in contracts])
    contracts.action_activate()
    return clients


def _values(env, clients, number, days):
    employee = env["hr.employee"].search([("name", "=", "Bench")], limit=1)
    employee = employee or env["hr.employee"].create({"name": "Bench"})
    project = env.company.psa_support_project_id
    return [
        {
            "name": f"Entry {n}",
            "employee_id": employee.id,
            "project_id": project.id,
            "partner_id": clients[n % len(clients)].id,
            "date": FIRST + timedelta(days=n * days // number),
            "unit_amount": (n % 7 + 1) / 4,
        }
        for n in range(number)
    ]


# ------------------------------------------------------------
# In one call
# ------------------------------------------------------------


def _create(env, clients, report):
    values = _values(env, clients, NUMBER, 60)
    _measure(env, values)
    entries = type(env["account.analytic.line"])
    with patch.object(entries, "_psa_cover_due", lambda self: None):
        alone = _measure(env, values)
        half_alone = _measure(env, values[: NUMBER // 2])
    ours, half = _measure(env, values), _measure(env, values[: NUMBER // 2])
    report(f"{NUMBER} entries, nothing decided", alone[0], "queries")
    report(f"{NUMBER} entries, nothing decided", alone[1], "s")
    report("decided: added", ours[0] - alone[0], "queries")
    per_entry = ((ours[0] - half[0]) - (alone[0] - half_alone[0])) / (NUMBER / 2)
    report("decided: queries per further entry", per_entry, at_most=0)
    report("decided", ours[1], "s")
    report("decided: time added", 100 * (ours[1] / alone[1] - 1), "%", at_most=30)


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
        env.cr.precommit.clear()
        env.invalidate_all()
    return min(found, key=lambda row: row[1])


# ------------------------------------------------------------
# Before the work, and a year of it
# ------------------------------------------------------------


def _ask(env, clients, report):
    """Ask for the banner of a task as a form does that has read the task."""
    task = env["project.task"].create(
        {
            "name": "Bench",
            "project_id": env.company.psa_support_project_id.id,
            "partner_id": clients[0].id,
        }
    )
    task.psa_coverage_banner  # noqa: B018 (fills the host's caches)
    env.invalidate_all()
    task.read(["name", "partner_id", "project_id", "message_follower_ids"])
    queries, begin = env.cr.sql_log_count, time.perf_counter()
    task.read(["psa_coverage_banner"])
    report("banner", env.cr.sql_log_count - queries, "queries", at_most=5)
    report("banner", 1000 * (time.perf_counter() - begin), "ms")


def _rerate(env, clients, report):
    values = _values(env, clients, YEAR, 364)
    entries = env["account.analytic.line"]
    with patch.object(type(entries), "_psa_cover_due", lambda self: None):
        for start in range(0, YEAR, 5000):
            entries.create(values[start : start + 5000])
            env.flush_all()
            env.invalidate_all()
            env.cr.precommit.clear()
    for text in (f"{YEAR} entries of a year", f"{YEAR} entries, decided before"):
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        queries, begin = env.cr.sql_log_count, time.perf_counter()
        entries._psa_cron_cover()
        seconds = time.perf_counter() - begin
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        report(text, env.cr.sql_log_count - queries, "queries")
        report(text, seconds, "s", at_most=60)
        report(text, grown / 1024, "MB more")
        [[left]] = env.execute_query(
            SQL("SELECT COUNT(*) FROM account_analytic_line WHERE psa_coverage_due")
        )
        report("left to decide", left, at_most=0)
        env.execute_query(
            SQL(
                "UPDATE account_analytic_line SET psa_coverage_due = TRUE"
                " WHERE project_id IS NOT NULL RETURNING id"
            )
        )
        env.invalidate_all()

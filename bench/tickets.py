# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Creating 1,000 tickets in one call, and opening their views when there are many.

The host's tasks and OCA's tickets are created in the same run.
"""

import time

from _helpdesks import everyone
from _views import open_form, open_groups, open_list

DATABASES = {"host": ["bench_mail"], "oca": ["helpdesk_mgmt"]}
NUMBER = 1000
ROUNDS = 3
#: tickets in the database when the views are opened
CROWDS = (100, 10_000)


def run(env, report, others):
    """Report queries and seconds of creating and of opening."""
    helpdesks = everyone(env, others)
    _compare_creation(helpdesks, report)
    [ours] = [helpdesk for helpdesk in helpdesks if helpdesk.label == "ours"]
    _open_views(ours, report)


# ------------------------------------------------------------
# Creating
# ------------------------------------------------------------


def _compare_creation(helpdesks, report):
    figures, growth = {}, {}
    for helpdesk in helpdesks:
        values = _prepare_values(helpdesk, NUMBER)
        _create(helpdesk, values[:10])  # fills the host's caches
    for _round in range(ROUNDS):
        for helpdesk in helpdesks:
            values = _prepare_values(helpdesk, NUMBER)
            half = _create(helpdesk, values[: NUMBER // 2])
            whole = _create(helpdesk, values)
            growth[helpdesk.label] = (whole[0] - half[0]) / (NUMBER / 2)
            before = figures.get(helpdesk.label, whole)
            figures[helpdesk.label] = min(before, whole, key=lambda row: row[1])
    for label, (queries, seconds) in figures.items():
        own = label == "ours"
        rival = figures["OCA"][1] if own and "OCA" in figures else None
        report(f"{NUMBER} in one call: {label}", queries, "queries")
        report(f"{NUMBER} in one call: {label}", seconds, "s", at_most=rival)
        report(
            f"queries per further one: {label}",
            growth[label],
            # The host asks for each who follows its team; rows are written by hundreds.
            at_most=1.1 if own else None,
        )


def _prepare_values(helpdesk, number):
    clients = helpdesk.env["res.partner"].search([("name", "=like", "Bench client %")])
    clients = clients or helpdesk.env["res.partner"].create(
        [
            {"name": f"Bench client {n}", "email": f"bench{n}@client{n}.example"}
            for n in range(30)
        ]
    )
    return [helpdesk.prepare_values(clients[n % 30], n) for n in range(number)]


def _create(helpdesk, values):
    """Return (queries, seconds) of creating records, undone afterwards."""
    env = helpdesk.env
    env.flush_all()
    env.invalidate_all()
    with env.cr.savepoint() as savepoint:
        queries, begin = env.cr.sql_log_count, time.perf_counter()
        helpdesk.records.create([dict(row) for row in values])
        # Also what the host leaves to the end of a transaction: tracked values.
        env.cr.flush()
        found = env.cr.sql_log_count - queries, time.perf_counter() - begin
        savepoint.rollback()
    env.invalidate_all()
    return found


# ------------------------------------------------------------
# Opening
# ------------------------------------------------------------


def _open_views(helpdesk, report):
    """Open list, kanban and form as a technician when there are few and many."""
    env = helpdesk.env
    user = env["res.users"].create(
        {
            "name": "Bench",
            "login": "bench-tickets",
            "group_ids": [(4, env.ref("psa_core.group_psa_technician").id)],
        }
    )
    records = helpdesk.records.with_user(user)
    views = {
        "list": lambda: open_list(records),
        "kanban": lambda: open_groups(records, "stage_id"),
        "form": lambda: open_form(records.search([], limit=1)),
    }
    counts = {name: [] for name in views}
    there = env[helpdesk.model].search_count([])
    for crowd in CROWDS:
        for first in range(there, crowd, NUMBER):
            values = _prepare_values(helpdesk, min(NUMBER, crowd - first))
            helpdesk.records.create(values)
        there = max(there, crowd)
        env.flush_all()
        env.cr.execute("ANALYZE")
        for name, call in views.items():
            call()  # fills the host's caches
            found = [_measure(env, call) for _round in range(ROUNDS)]
            counts[name].append(min(queries for queries, _seconds in found))
            seconds = min(seconds for _queries, seconds in found)
            report(f"{name} among {crowd:,} tickets", counts[name][-1], "queries")
            report(f"{name} among {crowd:,} tickets", seconds * 1000, "ms")
    for name, found in counts.items():
        more = max(found) - min(found)
        report(f"queries of the {name} that grow with tickets", more, at_most=0)


def _measure(env, call):
    env.invalidate_all()
    queries, begin = env.cr.sql_log_count, time.perf_counter()
    call()
    return env.cr.sql_log_count - queries, time.perf_counter() - begin

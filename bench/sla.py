# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""SLA of 1,000 tickets at once, of a mail, and of 20,000 tickets that a job watches.

Beside OCA's helpdesk with its SLA addon, and one UPDATE that writes a deadline.
"""

import os
import time
from contextlib import nullcontext
from datetime import timedelta
from unittest.mock import patch

from _helpdesks import Helpdesk, oca
from _mail import Receiver, alternate, prepare_clients, prepare_senders, without_smtp

from odoo import fields, sql_db
from odoo.tools import SQL

DATABASES = {"oca_sla": ["helpdesk_mgmt", "helpdesk_mgmt_sla"]}
NUMBER = 1000
#: OCA's takes too long for more
FEW = 100
ROUNDS = 3
OPEN, CLOSED, DUE = 20_000, 200_000, 50
MAILS = int(os.environ.get("PSA_BENCH_MAILS", "100"))
WARM_UP = 6


def run(env, report, others):
    """Report queries and seconds."""
    report("load of the computer", os.getloadavg()[0], f"of {os.cpu_count()} cores")
    team = _prepare_team(env, "Promised", "promised")
    tickets = _prepare_tickets(team)
    _choose(tickets, report)
    _move(tickets, report)
    if "oca_sla" in others:
        _compare(others["oca_sla"], report)
    _create(team, report)
    _receive(env, team, report)
    _watch(env, tickets, report)
    report("load of the computer", os.getloadavg()[0], f"of {os.cpu_count()} cores")


# ------------------------------------------------------------
# Tickets and what is promised
# ------------------------------------------------------------


def _prepare_team(env, name, alias):
    return env["psa.ticket.team"].create(
        {"name": name, "alias_name": alias, "acknowledge": False}
    )


def _prepare_tickets(team):
    """Return tickets of clients with five policies, which have not been chosen yet."""
    env = team.env
    tickets = env["psa.ticket"].create(_prepare_values(team, NUMBER))
    policies = _prepare_policies(env)
    for number, client in enumerate(tickets.client_id):
        client.psa_sla_policy_id = policies[number % len(policies)]
    _settle(env)
    return tickets


def _settle(env):
    """Commit: rows of one's own transaction cost more to change."""
    env.cr.commit()
    env.cr.execute("ANALYZE")


def _prepare_policies(env):
    targets = [("first_response", 4, False), ("resolution", 16, True)]
    return env["psa.sla.policy"].create(
        [
            {
                "name": f"Policy {number}",
                "target_ids": [
                    (
                        0,
                        0,
                        {
                            "kind": kind,
                            "amount": hours + number,
                            "around_the_clock": always,
                        },
                    )
                    for kind, hours, always in targets
                ],
            }
            for number in range(5)
        ]
    )


def _prepare_values(team, number):
    env = team.env
    clients = env["res.partner"].search([("name", "=like", "Bench client %")])
    clients = clients or env["res.partner"].create(
        [
            {"name": f"Bench client {n}", "email": f"bench{n}@client{n}.example"}
            for n in range(30)
        ]
    )
    return [
        {
            "name": f"Request {n}",
            "description": f"<p>Text {n}</p>",
            "partner_id": clients[n % 30].id,
            "team_id": team.id,
            "channel": "mail",
        }
        for n in range(number)
    ]


def _measure(env, call, rounds=ROUNDS):
    """Return (queries, seconds) of the best of some rounds, undone afterwards."""
    found = []
    for _round in range(rounds):
        env.flush_all()
        env.invalidate_all()
        with env.cr.savepoint() as savepoint:
            queries, begin = env.cr.sql_log_count, time.perf_counter()
            call()
            env.cr.flush()
            found.append((env.cr.sql_log_count - queries, time.perf_counter() - begin))
            savepoint.rollback()
        env.invalidate_all()
    return min(found, key=lambda row: row[1])


# ------------------------------------------------------------
# Many at once
# ------------------------------------------------------------


def _choose(tickets, report):
    """Choose policies and work out two deadlines each; then only the deadlines."""
    env = tickets.env
    now = fields.Datetime.now()

    def update():
        env.cr.execute(
            "UPDATE psa_ticket SET sla_deadline = %s WHERE id = ANY(%s)",
            [now, tickets.ids],
        )

    half = _measure(env, lambda: tickets[: NUMBER // 2]._sync_requested_sla(now))
    queries, seconds = _measure(env, lambda: tickets._sync_requested_sla(now))
    report(f"choosing for {NUMBER}, two targets each", queries, "queries")
    # The host writes a hundred at a time.
    growth = (queries - half[0]) / (NUMBER / 2)
    report("choosing: queries per further ticket", growth, at_most=0.02)
    report(f"choosing for {NUMBER}, two targets each", seconds, "s", at_most=0.5)
    report("floor: one UPDATE", _measure(env, update)[1], "s")
    tickets._sync_requested_sla(now)
    _settle(env)
    queries, seconds = _measure(env, lambda: tickets._sync_requested_sla(now))
    report(f"looking again at {NUMBER}", queries, "queries")
    report(f"looking again at {NUMBER}", seconds, "s", at_most=0.5)


def _move(tickets, report):
    """Move with and without SLA; what the host tracks would drown the difference."""
    env = tickets.env
    tickets = tickets.with_context(tracking_disable=True)
    found = {}
    for state in ("waiting_client", "in_progress"):
        with patch.object(type(tickets), "_sync_sla"):
            host = _measure(env, lambda state=state: tickets._move_to(state))
        ours = _measure(env, lambda state=state: tickets._move_to(state))
        found[state] = [
            after - before for before, after in zip(host, ours, strict=True)
        ]
        tickets._move_to(state)
        _settle(env)
    for state, (queries, seconds) in found.items():
        report(f"moving {NUMBER} to {state}: added", queries, "queries")
        report(f"moving {NUMBER} to {state}: added", seconds, "s", at_most=0.5)


def _compare(env, report):
    """OCA's, with two targets each as well."""
    helpdesk = oca(env, with_sla=True)
    done = env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
    env["helpdesk.sla"].create({"name": "Four hours", "hours": 4, "stage_id": done.id})
    helpdesk.team.resource_calendar_id = env.company.resource_calendar_id
    client = env["res.partner"].create({"name": "Bench", "email": "b@bench.example"})
    records = helpdesk.records.create(
        [helpdesk.prepare_values(client, n) for n in range(FEW)]
    )
    stage = env.ref("helpdesk_mgmt.helpdesk_ticket_stage_in_progress")
    for label, call in (
        ("choosing", records.set_sla),
        ("moving", lambda: records.write({"stage_id": stage.id})),
    ):
        queries, seconds = _measure(env, call, rounds=1)
        report(f"OCA, {label}: queries per ticket", queries / FEW)
        report(f"OCA, {label}: seconds per {NUMBER}", seconds / FEW * NUMBER, "s")


def _create(team, report):
    env = team.env
    tickets = env["psa.ticket"]
    figures = {}
    _measure(env, lambda: tickets.create(_prepare_values(team, 10)))  # fills caches
    for label in ("nothing promised", "five policies"):
        with (
            patch.object(type(tickets), "_sync_sla")
            if label[0] == "n"
            else nullcontext()
        ):
            half, whole = (
                _measure(
                    env,
                    lambda number=number: tickets.create(_prepare_values(team, number)),
                    rounds=1,
                )
                for number in (NUMBER // 2, NUMBER)
            )
        figures[label] = (whole[0] - half[0]) / (NUMBER / 2), *whole
        report(f"creating {NUMBER}, {label}", whole[0], "queries")
        report(f"creating {NUMBER}, {label}", whole[1], "s")
    before, after = figures.values()
    # The host writes a hundred at a time.
    report("queries added per further ticket", after[0] - before[0], at_most=0.02)


# ------------------------------------------------------------
# A mail
# ------------------------------------------------------------


def _receive(env, promised, report):
    """Mails to a team with a policy and to one without."""
    prepare_clients(env)
    promised.sla_policy_id = env["psa.sla.policy"].search([], limit=1)
    teams = {"promised": promised, "free": _prepare_team(env, "Free", "free")}
    receivers = [
        Receiver(Helpdesk(env, label, "psa.ticket", label, team))
        for label, team in teams.items()
    ]
    for receiver in receivers:
        prepare_senders(receiver, MAILS + WARM_UP)
    env.cr.commit()
    with without_smtp(env):
        for what, numbers in (
            ("warm-up", range(WARM_UP)),
            ("mail", range(WARM_UP, WARM_UP + MAILS)),
        ):
            alternate(receivers, numbers, lambda it, n, w=what: it.receive(w, n))
            alternate(
                receivers,
                numbers,
                lambda it, n, w=what: it.receive_reply(f"{w}, reply", n),
            )
    for what in ("mail", "mail, reply"):
        with_sla, without = (receiver.medians(what) for receiver in receivers)
        report(f"{what}: added by SLA", with_sla[0] - without[0], "queries", at_most=6)
        report(f"{what}: added by SLA", (with_sla[1] - without[1]) * 1000, "ms")


# ------------------------------------------------------------
# The job
# ------------------------------------------------------------


def _watch(env, tickets, report):
    tickets[0]._move_to("in_progress")
    tickets[0].write({"user_id": env.ref("base.user_admin").id})
    env.flush_all()
    warnings = env["psa.sla.warning"].search([])
    for crowd, is_open in ((OPEN, True), (CLOSED, False)):
        _multiply(tickets[0], crowd, is_open)
        _settle(env)
        label = f"job, {OPEN:,} open" if is_open else f"job, and {CLOSED:,} closed"
        warnings.active = False
        queries, seconds = _run_job(env)
        report(f"{label}: all follow a change", queries, "queries")
        report(f"{label}: all follow a change", seconds, "s")
        report(f"{label}: nothing due", _run_job(env)[0], "queries")
        _let_be_due(env)
        queries, seconds = _run_job(env)
        # A chunk, and the looking for more before and after it.
        report(f"{label}: {DUE} due", queries, "queries", at_most=16)
        report(f"{label}: {DUE} due", seconds, "s", at_most=1)
        warnings.active = True
        _run_job(env)
        _let_be_due(env)
        queries, seconds = _run_job(env)
        report(f"{label}: {DUE} due and told", queries, "queries")
        report(f"{label}: {DUE} due and told", seconds, "s")


def _multiply(ticket, number, is_open):
    """Copy a ticket and its rows, as a mass that nothing depends on."""
    env = ticket.env
    closed = {
        "is_open": SQL("FALSE"),
        "state": SQL("'closed'"),
        "closed_at": SQL("now()"),
        "resolved_at": SQL("now()"),
        "sla_deadline": SQL("NULL"),
    }
    changed = {
        "number": SQL("'B%s' || n", int(is_open)),
        "access_token": SQL("NULL"),
        "portal_key": SQL("NULL"),
        **({} if is_open else closed),
    }
    first = _copy_rows(env, "psa_ticket", ticket.ids, changed, number)
    for row in ticket.sla_ids:
        changed = {
            "ticket_id": SQL("%s + n - 1", first),
            "next_check_at": SQL("now() + interval '9 days'"),
            "state": SQL("'running'"),
        }
        if not is_open:
            changed.update(state=SQL("'reached'"), next_check_at=SQL("NULL"))
        _copy_rows(env, "psa_ticket_sla", row.ids, changed, number)


def _copy_rows(env, table, ids, changed, number):
    """Copy a row some times; return the first new id."""
    env.cr.execute(
        "SELECT column_name FROM information_schema.columns "
        "WHERE table_name = %s AND column_name != 'id' AND is_generated = 'NEVER'",
        [table],
    )
    names = [name for (name,) in env.cr.fetchall()]
    [(first,)] = env.execute_query(
        SQL(
            """
            WITH added AS (
                INSERT INTO %(table)s (%(names)s)
                SELECT %(values)s FROM %(table)s, generate_series(1, %(number)s) AS n
                 WHERE id = ANY(%(ids)s)
                RETURNING id
            )
            SELECT min(id) FROM added
            """,
            table=SQL.identifier(table),
            names=SQL(", ").join(map(SQL.identifier, names)),
            values=SQL(", ").join(
                changed.get(name, SQL.identifier(name)) for name in names
            ),
            number=number,
            ids=list(ids),
        )
    )
    return first


def _let_be_due(env):
    """Let rows of open tickets be missed an hour ago."""
    rows = env["psa.ticket.sla"].search(
        [
            ("state", "=", "running"),
            ("kind", "=", "resolution"),
            ("breached_at", "=", False),
        ],
        limit=DUE,
        order="id desc",
    )
    for row in rows:
        begin = fields.Datetime.now() - timedelta(seconds=row.target_seconds + 3600)
        row.write(
            {
                "running_since": begin,
                "next_check_at": begin,
                "elapsed": 0,
                "warned_percent": 0,
            }
        )
    env.cr.commit()


def _run_job(env):
    """Return (queries, seconds) of a run, with those of the host's cron."""
    cron = env.ref("psa_helpdesk.ir_cron_sla")
    env.cr.commit()
    queries, begin = sql_db.sql_counter, time.perf_counter()
    env["psa.ticket.sla"].with_context(cron_id=cron.id)._cron_check()
    env.cr.commit()
    return sql_db.sql_counter - queries, time.perf_counter() - begin

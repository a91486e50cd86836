# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What an event means for the SLA of many tickets, in a number of queries that does not
depend on how many they are."""

from odoo.tools import SQL

from odoo.addons.psa_core.tools.clock import WorkingClock

from ..tools.sla import SlaTimer
from .psa_ticket_sla import OPEN_STATES, TIMER_FIELDS

#: columns of a new row and their types; its round is counted by the database
COLUMNS = {
    "ticket_id": "int",
    "kind": "text",
    "policy_id": "int",
    "target_id": "int",
    "calendar_id": "int",
    "around_the_clock": "bool",
    "target_seconds": "int",
    "state": "text",
    "started_at": "timestamp",
    "elapsed": "int",
    "running_since": "timestamp",
    "paused_since": "timestamp",
    "paused": "int",
    "reached_at": "timestamp",
    "stopped_at": "timestamp",
    "breached_at": "timestamp",
    "deadline": "timestamp",
    "next_check_at": "timestamp",
}
#: these go on while the ticket waits: the customer waits for us
NEVER_PAUSED = {"next_response"}
#: counted from the arrival of the ticket, unless it was reopened
FROM_ARRIVAL = {"first_response", "plan", "resolution"}
ROUND_THE_CLOCK = WorkingClock.always()


class SlaSync:
    """Bring the SLA rows of tickets in line with the tickets; then :meth:`save`.

    :param tickets: in sudo
    :param now: naive UTC, without microseconds
    :param is_new: they have been created just now and have no rows
    :param check: look at the clocks of rows that nothing has happened to, too
    """

    def __init__(self, tickets, now, is_new=False, check=False):
        self.env = tickets.env
        self.tickets = tickets
        self.now = now
        self.is_new = is_new
        self.check = check
        self._clocks = {}
        self._percents = {}
        self._rows = None
        self._new = []
        self._logs = []
        self._touched = {}

    # ------------------------------------------------------------
    # Clocks
    # ------------------------------------------------------------

    def clock(self, calendar_id, company, around_the_clock):
        """Return a working clock, built once for all tickets."""
        if around_the_clock:
            return ROUND_THE_CLOCK
        key = calendar_id, company.id
        if key not in self._clocks:
            calendar = self.env["resource.calendar"].browse(calendar_id or [])
            self._clocks[key] = calendar._psa_clock_for(company)
        return self._clocks[key]

    def clock_of(self, row):
        return self.clock(
            row.calendar_id.id, row.ticket_id.company_id, row.around_the_clock
        )

    def percents(self, company):
        if company not in self._percents:
            warnings = self.env["psa.sla.warning"]
            self._percents[company] = warnings._get_percents(company.id)
        return self._percents[company]

    # ------------------------------------------------------------
    # Tickets
    # ------------------------------------------------------------

    def run(self):
        """Look at all tickets and save what changed."""
        chosen = self.tickets._find_sla_policies()
        is_changed = self.tickets._put_sla_policies(chosen)
        waits = {}
        if not self.is_new and (is_changed or self.check):
            # Targets that are new to a ticket count from its arrival.
            waits = self.env["psa.ticket.wait"]._get_spans(self.tickets)
        rows = self._read_rows()
        for ticket in self.tickets:
            self._sync(ticket, rows.get(ticket.id, {}), waits.get(ticket.id, ()))
        self.save()

    def _read_rows(self):
        """Return {ticket_id: {kind: row}} of the rows that were open at first."""
        if self._rows is None:
            self._rows = {}
            if not self.is_new:
                found = self.env["psa.ticket.sla"].search(
                    [
                        ("ticket_id", "in", self.tickets.ids),
                        ("state", "in", OPEN_STATES),
                    ]
                )
                for row in found:
                    self._rows.setdefault(row.ticket_id.id, {})[row.kind] = row
        return self._rows

    def _sync(self, ticket, rows, waits):
        policies = self.env["psa.sla.policy"]
        policy_id = ticket.sla_policy_id.id
        targets = policies._get_targets(policy_id, ticket.priority, ticket.type_id.id)
        calendar_id = policy_id and (
            policies._get_promises(policy_id)[0]
            or ticket.team_id.calendar_id.id
            or ticket.company_id.resource_calendar_id.id
        )
        for kind in {**rows, **targets}:
            status, at = ticket._get_sla_demand(kind, rows.get(kind), self.now)
            row, target = rows.get(kind), targets.get(kind)
            if row:
                self._follow(ticket, row, target, calendar_id, status, at)
            if (
                target
                and status == "wanted"
                and (not row or row.state not in OPEN_STATES)
            ):
                self._start(ticket, kind, target, calendar_id, at, waits)
            elif target and status == "reached" and self.is_new:
                self._start(ticket, kind, target, calendar_id, ticket.opened_at, (), at)

    def _follow(self, ticket, row, target, calendar_id, status, at):
        """Let an open row follow what became of its ticket."""
        clock = self.clock_of(row)
        before = timer = row._get_timer()
        if row.kind in FROM_ARRIVAL and not ticket.reopen_count:
            timer = timer.start_earlier(clock, ticket.opened_at)
        if not target:
            status = "stopped"
        elif status != "reached":
            target_id, seconds, always = target
            is_same = (row.calendar_id.id, row.around_the_clock) == (
                calendar_id or False,
                always,
            )
            if not is_same or seconds != timer.target:
                timer = timer.change(clock, self.now, seconds)
                row._put(
                    calendar_id=calendar_id or False,
                    around_the_clock=always,
                    target_seconds=seconds,
                )
                clock = self.clock_of(row)
            if (row.policy_id, row.target_id.id) != (ticket.sla_policy_id, target_id):
                row._put(policy_id=ticket.sla_policy_id.id, target_id=target_id)
        is_next = row.kind == "update" and status == "wanted" and at > timer.started_at
        if status == "reached" or is_next:
            timer = timer.reach(clock, at)
        elif status == "stopped":
            timer = timer.stop(clock, self.now)
        elif ticket.is_waiting and row.kind not in NEVER_PAUSED:
            timer = timer.pause(clock, self.now)
        else:
            timer = timer.resume(clock, self.now)
        if timer != before or self.check:
            self.put(row, timer.settle(clock, self.now), before, clock)

    def _start(self, ticket, kind, target, calendar_id, at, waits, reached_at=None):
        """Begin a row, as if it had been there from ``at`` on."""
        target_id, seconds, always = target
        clock = self.clock(calendar_id, ticket.company_id, always)
        timer = SlaTimer.start(seconds, at, clock)
        if kind not in NEVER_PAUSED:
            for begin, end in sorted(waits, key=lambda span: span[0]):
                if end is None or end > at:
                    timer = timer.pause(clock, max(begin, at))
                    timer = timer.resume(clock, end) if end else timer
            if ticket.is_waiting:
                timer = timer.pause(clock, self.now)
        if reached_at:
            timer = timer.reach(clock, max(reached_at, at))
        timer = timer.settle(clock, self.now)
        row = {
            "ticket_id": ticket.id,
            "kind": kind,
            "policy_id": ticket.sla_policy_id.id or None,
            "target_id": target_id,
            "calendar_id": calendar_id or None,
            "around_the_clock": always,
            "target_seconds": seconds,
            "state": timer.state,
            **{name: getattr(timer, name) for name in TIMER_FIELDS},
            "deadline": timer.deadline(clock),
            "next_check_at": timer.next_check(
                clock, self.percents(ticket.company_id), 0
            ),
        }
        self._new.append(row)

    # ------------------------------------------------------------
    # Saving
    # ------------------------------------------------------------

    def put(self, row, timer, before=None, clock=None):
        """Write a timer into its row, and into the log what is new about it."""
        clock = clock or self.clock_of(row)
        before = before or row._get_timer()
        deadline = timer.deadline(clock)
        values = {"state": timer.state, "deadline": deadline or False}
        values.update(
            (name, getattr(timer, name) or False)
            for name in TIMER_FIELDS
            if getattr(timer, name) != getattr(before, name)
        )
        moved = row.deadline != (deadline or False)
        values["next_check_at"] = (
            timer.next_check(
                clock, self.percents(row.ticket_id.company_id), row.warned_percent
            )
            or False
        )
        row._put(**values)
        self._touched[row.ticket_id.id] = row.ticket_id
        if timer.breached_at != before.breached_at:
            self.log(row, "breach", timer.breached_at)
        if timer.state != before.state:
            event = {
                "running": "resume",
                "paused": "pause",
                "reached": "reach",
                "stopped": "stop",
            }[timer.state]
            self.log(row, event, timer.reached_at or self.now)
        elif timer.target != before.target or (moved and timer.is_open):
            self.log(row, "change")

    def log(self, row, event, at=None, detail=None):
        self._logs.append(
            (
                row.ticket_id.id,
                row.kind,
                row.cycle,
                event,
                at or self.now,
                row.deadline or None,
                detail,
            )
        )

    def save(self):
        """Write the new rows, the log, and what stands on the tickets."""
        self._insert_rows()
        self._insert_logs()
        tickets = self.tickets.browse(
            {*self._touched, *(row["ticket_id"] for row in self._new)}
        )
        if tickets:
            self._summarize(tickets)
        self._new, self._logs, self._touched = [], [], {}

    def _summarize(self, tickets):
        """Put the most pressing deadline on the tickets, and whether one was missed."""
        rows = {ticket.id: [] for ticket in tickets}
        for row in self._new:
            rows[row["ticket_id"]].append(
                (row["state"], row["deadline"], row["kind"], row["breached_at"])
            )
        open_rows = self._read_rows()
        for ticket in tickets:
            for row in open_rows.get(ticket.id, {}).values():
                missed = row.breached_at and not row.waived_at
                rows[ticket.id].append((row.state, row.deadline, row.kind, missed))
        for ticket in tickets:
            deadline, kind = min(
                (
                    (deadline, kind)
                    for state, deadline, kind, _missed in rows[ticket.id]
                    if state == "running" and deadline
                ),
                default=(False, False),
            )
            ticket._put_sla(
                sla_deadline=deadline,
                sla_kind=kind,
                is_sla_breached=ticket.is_sla_breached
                or any(missed for *_rest, missed in rows[ticket.id]),
            )
        tickets.modified(["sla_deadline", "sla_kind", "is_sla_breached"])

    def _insert_rows(self):
        if not self._new:
            return
        # Rows that end have to be out of the way of those that begin.
        self.env["psa.ticket.sla"].flush_model()
        columns = SQL(", ").join(SQL.identifier(name) for name in COLUMNS)
        arrays = SQL(", ").join(
            SQL("%s::%s[]", [row[name] for row in self._new], SQL(kind))
            for name, kind in COLUMNS.items()
        )
        self.env.execute_query(
            SQL(
                """
                WITH added AS (
                    INSERT INTO psa_ticket_sla (%(columns)s, cycle)
                    SELECT %(columns)s,
                           (SELECT COALESCE(MAX(earlier.cycle), 0) + 1
                              FROM psa_ticket_sla AS earlier
                             WHERE earlier.ticket_id = added.ticket_id
                               AND earlier.kind = added.kind)
                      FROM unnest(%(arrays)s) AS added (%(columns)s)
                    RETURNING *
                )
                INSERT INTO psa_ticket_sla_log
                       (ticket_id, kind, cycle, event, at, deadline, user_id)
                SELECT ticket_id, kind, cycle, 'start', started_at, deadline, %(user)s
                  FROM added
             UNION ALL
                SELECT ticket_id, kind, cycle, 'breach', breached_at, deadline, NULL
                  FROM added
                 WHERE breached_at IS NOT NULL
             UNION ALL
                SELECT ticket_id, kind, cycle,
                       CASE WHEN state = 'paused' THEN 'pause' ELSE 'reach' END,
                       COALESCE(reached_at, paused_since), deadline, NULL
                  FROM added
                 WHERE state IN ('paused', 'reached')
                """,
                columns=columns,
                arrays=arrays,
                user=self.env.uid,
            )
        )
        self.env["psa.ticket.sla"].invalidate_model(flush=False)

    def _insert_logs(self):
        if not self._logs:
            return
        columns = zip(*self._logs, strict=True)
        types = ("int", "text", "int", "text", "timestamp", "timestamp", "text")
        arrays = SQL(", ").join(
            SQL("%s::%s[]", list(column), SQL(kind))
            for column, kind in zip(columns, types, strict=True)
        )
        self.env.execute_query(
            SQL(
                """
                INSERT INTO psa_ticket_sla_log
                       (ticket_id, kind, cycle, event, at, deadline, detail, user_id)
                SELECT *, %s FROM unnest(%s)
                """,
                self.env.uid,
                arrays,
            )
        )

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What an event means for the SLA of many tickets, in a number of queries that does not
depend on how many they are."""

from dataclasses import replace
from functools import cached_property

from odoo.addons.psa_core.tools.clock import WorkingClock

from ..tools.sla import SlaTimer
from .sla_row import (
    FROM_ARRIVAL,
    SlaRow,
    insert_logs,
    insert_rows,
    read_rows,
    update_rows,
)

#: these go on while the ticket waits: the customer waits for us
NEVER_PAUSED = {"next_response"}
ROUND_THE_CLOCK = WorkingClock.always()
EVENTS = {
    "running": "resume",
    "paused": "pause",
    "reached": "reach",
    "stopped": "stop",
}


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
        self._promises = {}
        self._new = []
        self._logs = []
        self._touched = set()

    # ------------------------------------------------------------
    # What is the same for many tickets
    # ------------------------------------------------------------

    def clock_of(self, row):
        """Return the working clock of a record of ``psa.ticket.sla``."""
        company = row.ticket_id.company_id
        return self._clock(row.calendar_id.id, company, row.around_the_clock)

    def _clock(self, calendar_id, company, around_the_clock):
        """Return a working clock, built once for all tickets."""
        if around_the_clock:
            return ROUND_THE_CLOCK
        key = calendar_id or False, company.id
        if key not in self._clocks:
            calendar = self.env["resource.calendar"].browse(calendar_id or [])
            self._clocks[key] = calendar._psa_clock_for(company)
        return self._clocks[key]

    def percents(self, company):
        """Return the thresholds of a company, ascending."""
        if company.id not in self._percents:
            warnings = self.env["psa.sla.warning"]
            self._percents[company.id] = warnings._get_percents(company.id)
        return self._percents[company.id]

    def _promise(self, ticket):
        """Return what is promised to such a ticket: its calendar's id, its targets."""
        policy, team, company = (
            ticket.sla_policy_id,
            ticket.team_id,
            ticket.company_id,
        )
        key = policy.id, team.id, company.id, ticket.priority, ticket.type_id.id
        if key not in self._promises:
            calendar_id = policy.id and (
                policy._get_promises(policy.id)[0]
                or team.calendar_id.id
                or company.resource_calendar_id.id
            )
            targets = policy._get_targets(policy.id, ticket.priority, ticket.type_id.id)
            self._promises[key] = calendar_id or None, targets
        return self._promises[key]

    @cached_property
    def _spans(self):
        """When the tickets waited: what is new to a ticket counts from its arrival."""
        if self.is_new:
            return {}
        return self.env["psa.ticket.wait"]._get_spans(self.tickets)

    # ------------------------------------------------------------
    # Rows
    # ------------------------------------------------------------

    @cached_property
    def _found(self):
        ids = [] if self.is_new else self.tickets.ids
        return read_rows(self.env, ids) if ids else []

    @cached_property
    def rows(self):
        """Rows that were open at first: {ticket_id: {kind: row}}."""
        rows = {}
        for row in self._found:
            if row.is_open:
                rows.setdefault(row.ticket_id, {})[row.kind] = row
        return rows

    @cached_property
    def _over(self):
        """Last rows of a kind that were over at first: {(ticket_id, kind): row}."""
        rows = {}
        for row in self._found:
            rows.pop((row.ticket_id, row.kind), None)
            if not row.is_open and row.kind in FROM_ARRIVAL:
                rows[row.ticket_id, row.kind] = row
        return rows

    @cached_property
    def _waived(self):
        """When promises were last waived: {(ticket_id, kind): instant}."""
        waived = {}
        for row in self._found:
            if row.waived_at:
                key = row.ticket_id, row.kind
                waived[key] = max(row.waived_at, waived.get(key, row.waived_at))
        return waived

    def rows_of(self, ids):
        """Yield the open rows among these ids, each with its ticket."""
        for ticket in self.tickets:
            for row in self.rows.get(ticket.id, {}).values():
                if row.id in ids:
                    yield row, ticket

    # ------------------------------------------------------------
    # Tickets
    # ------------------------------------------------------------

    def run(self):
        """Look at all tickets and save what changed."""
        self.tickets._put_sla_policies(self.tickets._find_sla_policies())
        for ticket in self.tickets:
            self._sync(ticket, self.rows.get(ticket.id, {}))
        self.save()

    def _sync(self, ticket, rows):
        calendar_id, targets = self._promise(ticket)
        for kind in {**rows, **targets}:
            row, target = rows.get(kind), targets.get(kind)
            status, at = ticket._get_sla_demand(kind, row, self.now)
            if row:
                self._follow(ticket, row, target, calendar_id, status, at)
            if not target or (row and row.is_open):
                continue
            if status == "wanted" and not self._is_waived(ticket, kind, at):
                last = self._over.get((ticket.id, kind))
                if last and self._goes_on(ticket, last):
                    self._go_on(ticket, last)
                    self._follow(ticket, last, target, calendar_id, status, at)
                else:
                    # Promised a second time, it counts from now.
                    since = self.now if last and at <= last.ended_at else at
                    self._start(ticket, kind, target, calendar_id, since)
            elif status == "reached" and self.is_new and kind in FROM_ARRIVAL:
                # What was asked and answered in between is not known.
                self._start(ticket, kind, target, calendar_id, ticket.opened_at, at)

    @staticmethod
    def _goes_on(ticket, row):
        """Was it only stopped, and nothing has happened to the ticket that ends it?"""
        stopped_at = row.timer.stopped_at
        if not stopped_at or row.waived_at:
            return False
        return not ticket.reopened_at or ticket.reopened_at < stopped_at

    def _go_on(self, ticket, row):
        company = ticket.company_id
        clock = self._clock(row.calendar_id, company, row.around_the_clock)
        self.put(row, row.timer.go_on(clock, self.now), company, clock)
        self.rows.setdefault(ticket.id, {})[row.kind] = row

    def _is_waived(self, ticket, kind, since):
        """Was what is wanted since an instant waived after it?"""
        waived_at = self._waived.get((ticket.id, kind))
        return waived_at is not None and since <= waived_at

    def _follow(self, ticket, row, target, calendar_id, status, at):
        """Let an open row follow what became of its ticket."""
        company = ticket.company_id
        clock = self._clock(row.calendar_id, company, row.around_the_clock)
        timer = row.timer
        if row.kind in FROM_ARRIVAL and not ticket.reopened_at:
            timer = timer.start_earlier(clock, ticket.opened_at)
        if not target:
            status = "stopped"
        elif status != "reached":
            target_id, seconds, always = target
            is_same = row.calendar_id == calendar_id and row.around_the_clock == always
            if not is_same or seconds != timer.target:
                timer = timer.change(clock, self.now, seconds)
                clock = self._clock(calendar_id, company, always)
            row.change(
                calendar_id=calendar_id,
                around_the_clock=always,
                policy_id=ticket.sla_policy_id.id or None,
                target_id=target_id,
            )
        is_next = row.kind == "update" and status == "wanted" and at > timer.started_at
        if status == "reached" or is_next:
            timer = timer.reach(clock, at)
        elif status == "stopped":
            timer = timer.stop(clock, self.now)
        elif ticket.is_waiting and row.kind not in NEVER_PAUSED:
            timer = timer.pause(clock, self.now)
        else:
            timer = timer.resume(clock, self.now)
        if self.check or row.changed or timer != row.timer:
            self.put(row, self._settle(row, timer, clock), company, clock)

    def _settle(self, row, timer, clock):
        """Note a breach, but none of the past that new working hours would make."""
        settled = timer.settle(clock, self.now)
        is_new = settled.breached_at and not timer.breached_at
        if is_new and row.deadline and row.deadline > self.now:
            return replace(settled, breached_at=self.now)
        return settled

    def _start(self, ticket, kind, target, calendar_id, at, reached_at=None):
        """Begin a row, as if it had been there from ``at`` on."""
        target_id, seconds, always = target
        clock = self._clock(calendar_id, ticket.company_id, always)
        timer = SlaTimer.start(seconds, at, clock)
        if kind not in NEVER_PAUSED:
            for begin, end in self._spans.get(ticket.id, ()) if at < self.now else ():
                if end is None or end > at:
                    timer = timer.pause(clock, max(begin, at))
                    timer = timer.resume(clock, end) if end else timer
            if ticket.is_waiting:
                timer = timer.pause(clock, self.now)
        if reached_at:
            timer = timer.reach(clock, max(reached_at, at))
        timer = timer.settle(clock, self.now)
        percents = self.percents(ticket.company_id)
        # What had come before it was promised is no news.
        passed = (
            timer.due_percents(clock, self.now, percents, 0) if at < self.now else []
        )
        warned = passed[-1] if passed else 0
        self._new.append(
            SlaRow(
                ticket.id,
                kind,
                timer,
                ticket.sla_policy_id.id or None,
                target_id,
                calendar_id,
                always,
                warned_percent=warned,
                deadline=timer.deadline(clock),
                next_check_at=timer.next_check(clock, percents, warned),
            )
        )
        self._touched.add(ticket.id)

    def watch(self, row, company):
        """Note a breach, and return the thresholds that have come, ascending."""
        clock = self._clock(row.calendar_id, company, row.around_the_clock)
        timer = row.timer.settle(clock, self.now)
        due = timer.due_percents(
            clock, self.now, self.percents(company), row.warned_percent
        )
        if due:
            row.change(warned_percent=due[-1])
        self.put(row, timer, company, clock)
        for percent in due:
            self.log(row, "warn", detail=f"{percent} %")
        return due

    def waive(self, ids, reason):
        """End rows that have been waived, and note why."""
        for row in self._found:
            if row.id in ids:
                ticket = self.tickets.browse(row.ticket_id)
                company = ticket.company_id
                clock = self._clock(row.calendar_id, company, row.around_the_clock)
                self.put(row, row.timer.stop(clock, self.now), company, clock)
                self.log(row, "waive", detail=reason)
        self.save()

    # ------------------------------------------------------------
    # Saving
    # ------------------------------------------------------------

    def put(self, row, timer, company, clock=None):
        """Give a row its next timer, and the log what is new about it."""
        clock = clock or self._clock(row.calendar_id, company, row.around_the_clock)
        before, due_before = row.timer, row.deadline
        row.change(
            timer=timer,
            deadline=timer.deadline(clock),
            next_check_at=timer.next_check(
                clock, self.percents(company), row.warned_percent
            ),
        )
        if row.changed:
            self._touched.add(row.ticket_id)
        if timer.breached_at != before.breached_at:
            self.log(row, "breach", timer.breached_at)
        if timer.state != before.state:
            self.log(row, EVENTS[timer.state], timer.reached_at)
        elif timer.is_open and (
            timer.target != before.target or row.deadline != due_before
        ):
            self.log(row, "change")

    def log(self, row, event, at=None, detail=None):
        """Note what happened, now unless ``at`` says when."""
        at = at or self.now
        self._logs.append(
            (row.ticket_id, row.kind, row.cycle, event, at, row.deadline, detail)
        )

    def save(self):
        """Write the rows, the log, and what stands on the tickets."""
        changed = [row for row in self._found if row.changed]
        # Rows that end have to be out of the way of those that begin.
        if changed:
            update_rows(self.env, changed)
        if self._new:
            insert_rows(self.env, self._new)
        if changed or self._new:
            self.env["psa.ticket.sla"].invalidate_model(flush=False)
        if self._logs:
            insert_logs(self.env, self._logs)
        if self._touched:
            self._summarize()

    def _summarize(self):
        """Put the most pressing deadline on the tickets, and whether one was missed."""
        new = {}
        for row in self._new:
            new.setdefault(row.ticket_id, []).append(row)
        for ticket in self.tickets:
            if ticket.id in self._touched:
                rows = [*self.rows.get(ticket.id, {}).values(), *new.get(ticket.id, ())]
                deadline, kind = min(
                    ((row.deadline, row.kind) for row in rows if row.deadline),
                    default=(False, False),
                )
                ticket._put_sla(
                    sla_deadline=deadline,
                    sla_kind=kind,
                    is_sla_breached=ticket.is_sla_breached
                    or any(row.is_missed for row in rows),
                )
        touched = self.tickets.browse(self._touched)
        touched.modified(["sla_deadline", "sla_kind", "is_sla_breached"])

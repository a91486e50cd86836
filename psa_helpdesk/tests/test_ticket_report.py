# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from freezegun import freeze_time

from odoo.exceptions import AccessError

from odoo.addons.psa_core.tests.common import at

from ..tools import kpi
from .common import PsaHelpdeskCommon

NOW = datetime(2026, 3, 20, 12)
ROME = ZoneInfo("Europe/Rome")


def percent(share):
    return None if share is None else 100 * share


MEANS = {
    "reopen_rate": lambda ticket: percent(kpi.is_reopened(ticket)),
    "first_contact_rate": lambda ticket: percent(kpi.is_first_contact(ticket)),
    "single_technician_rate": lambda ticket: percent(kpi.is_single_technician(ticket)),
    "same_day_rate": lambda ticket: percent(kpi.is_same_day(ticket)),
    "csat_rate": lambda ticket: percent(kpi.is_content(ticket.rating)),
    "touches": kpi.touches,
    "backlog_days": lambda ticket: kpi.age_days(ticket, NOW),
}
COUNTS = {"open_count": kpi.is_open, "solved_count": kpi.is_solved}


class TestTicketReport(PsaHelpdeskCommon):
    """The analysis says what the formulas of ``tools/kpi.py`` say."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.tz = "Europe/Rome"
        # (state, days from opening, hours until solved, answers, reopened, who worked)
        cls.plan = [
            ("new", 0.5, None, 0, 0, []),
            ("in_progress", 3, None, 2, 0, ["technician"]),
            ("waiting_client", 8, None, 1, 1, ["technician"]),
            ("in_progress", 40, None, 0, 0, []),
            ("new", 100, None, 0, 0, []),
            ("resolved", 2, 3, 1, 0, ["technician"]),
            # Opened before midnight in Rome, solved after it, on one day in UTC.
            ("closed", 5.55, 1, 1, 0, ["technician", "colleague"]),
            ("closed", 6, 30, 3, 2, ["colleague"]),
            ("closed", 7, 1, 0, 0, []),
            ("cancelled", 9, None, 1, 0, []),
        ]
        ratings = dict(zip(range(5, 9), (5, 1, 5, 0), strict=True))
        cls.tickets = cls.env["psa.ticket"]
        for number, (state, age, hours, answers, reopened, workers) in enumerate(
            cls.plan
        ):
            opened = NOW - timedelta(days=age)
            ticket = cls._create_ticket(
                user_id=cls.technician.id if workers else False,
                client_id=(cls.client if number % 2 else cls.other_client).id,
                no_time_reason="-",
                channel="mail",
            )
            for worker in workers:
                cls._create_entry(
                    user=getattr(cls, worker),
                    psa_ticket_id=ticket.id,
                    unit_amount=0.5,
                    date=opened.date(),
                )
            ticket._move_to(state)
            ticket.sudo().write(
                {
                    "opened_at": opened,
                    "resolved_at": hours and opened + timedelta(hours=hours),
                    "answer_count": answers,
                    "reopen_count": reopened,
                    "rating_last_value": ratings.get(number, 0),
                }
            )
            cls.tickets |= ticket
        merged = cls._create_ticket()
        merged._merge_into(cls.tickets[0])
        cls._create_ticket().active = False
        cls.report = cls.env["psa.ticket.report"]
        cls.env.flush_all()

    def _facts(self, ticket, workers):
        def day(instant):
            return instant and (
                instant.replace(tzinfo=timezone.utc).astimezone(ROME).date()
            )

        people = {getattr(self, name).id for name in workers}
        return kpi.Facts(
            ticket.opened_at,
            ticket.state,
            ticket.resolved_at or None,
            day(ticket.opened_at),
            day(ticket.resolved_at or None),
            ticket.reopen_count,
            ticket.answer_count,
            frozenset(people | set(ticket.user_id.ids)),
            ticket.rating_last_value,
        )

    def _read(self, domain, groupby, aggregates):
        with freeze_time(NOW):
            return (
                self.report.with_user(self.manager)
                .with_context(tz="Europe/Rome")
                ._read_group(domain, groupby, aggregates)
            )

    def _get_facts(self):
        return [
            self._facts(ticket, plan[-1])
            for ticket, plan in zip(self.tickets, self.plan, strict=True)
        ]

    def test_same_as_the_formulas(self):
        ours = [("team_id", "=", self.team.id)]
        facts = self._get_facts()
        names = [f"{name}:avg" for name in MEANS] + [f"{name}:sum" for name in COUNTS]
        [found] = self._read(ours, [], names)
        expected = [kpi.mean(map(share, facts)) for share in MEANS.values()]
        expected += [sum(map(count, facts)) for count in COUNTS.values()]
        for name, figure, value in zip(names, found, expected, strict=True):
            self.assertAlmostEqual(figure, value, msg=name)
        # What the test would not see if everything was the same.
        self.assertEqual(len({round(value, 3) for value in expected[:6]}), 6)

    def test_row_by_row(self):
        facts = dict(zip(self.tickets.ids, self._get_facts(), strict=True))
        rows = self._read(
            [("team_id", "=", self.team.id), ("row_kind", "=", "ticket")],
            ["ticket_id"],
            [f"{name}:avg" for name in MEANS],
        )
        self.assertEqual({ticket.id for ticket, *_values in rows}, set(facts))
        for ticket, *values in rows:
            expected = [share(facts[ticket.id]) for share in MEANS.values()]
            for name, found, value in zip(MEANS, values, expected, strict=True):
                # The host says False where nothing counts.
                self.assertEqual(found is False, value is None, (name, ticket.id))
                self.assertAlmostEqual(found or 0, value or 0, msg=(name, ticket.id))

    def test_age_buckets(self):
        rows = self._read(
            [("team_id", "=", self.team.id), ("open_count", "=", 1)],
            ["age_bucket"],
            ["ticket_count:sum"],
        )
        self.assertEqual(
            dict(rows),
            {"a_day": 1, "a_week": 1, "a_month": 1, "a_quarter": 1, "older": 1},
        )
        self.assertEqual(
            [key for key, _label in self.report._fields["age_bucket"].selection],
            [*(key for key, _days in kpi.AGE_BUCKETS), kpi.OLDEST],
        )

    def test_hours_by_who_worked(self):
        rows = self._read(
            [("team_id", "=", self.team.id), ("hours", ">", 0)],
            ["user_id"],
            ["hours:sum", "ticket_count:sum"],
        )
        self.assertEqual(
            {user: (hours, count) for user, hours, count in rows},
            {self.technician: (2.0, False), self.colleague: (1.0, False)},
        )
        [whole] = self._read(
            [("team_id", "=", self.team.id)], [], ["hours:sum", "ticket_count:sum"]
        )
        self.assertEqual(whole, (3.0, 10), "No ticket is counted twice")

    def test_work_on_an_archived_ticket(self):
        ticket = self._create_ticket()
        self._create_entry(psa_ticket_id=ticket.id, unit_amount=4)
        mine = [("ticket_id", "=", ticket.id)]
        measures = ["ticket_count:sum", "hours:sum"]
        self.assertEqual(self._read(mine, [], measures), [(1, 4)])
        ticket.sudo().active = False
        self.assertFalse(self._read(mine, [], ["__count"])[0][0])

    def test_work_stays_with_its_client(self):
        ticket = self._create_ticket()
        entry = self._create_entry(psa_ticket_id=ticket.id, unit_amount=4)
        ticket.sudo().client_id = self.other_client
        entry.sudo().psa_client_id = self.client
        [(client, hours)] = self._read(
            [("ticket_id", "=", ticket.id), ("hours", ">", 0)],
            ["client_id"],
            ["hours:sum"],
        )
        self.assertEqual((client, hours), (self.client, 4))

    def test_days_of_the_company(self):
        ticket = self._create_ticket()
        ticket.sudo().opened_at = at(23, 30)
        row = self.report.search(
            [("ticket_id", "=", ticket.id), ("row_kind", "=", "ticket")]
        )
        self.assertEqual(row.date, date(2026, 3, 3))

    def test_compliance(self):
        ticket = self.tickets[1]
        values = {
            "ticket_id": ticket.id,
            "started_at": at(9),
            "target_seconds": 3600,
        }
        late, waived = at(10), at(12)
        rows = [
            ("resolution", 1, "reached", late, False),
            ("resolution", 2, "running", late, False),
            ("first_response", 1, "reached", False, False),
            ("next_response", 1, "reached", late, waived),
            ("next_response", 2, "stopped", False, False),
            ("next_response", 3, "reached", False, False),
            ("next_response", 4, "running", False, False),
            ("update", 1, "reached", late, False),
            ("plan", 1, "reached", False, False),
        ]
        ticket.sudo().sla_ids.unlink()
        self.env["psa.ticket.sla"].sudo().create(
            [
                {
                    **values,
                    "kind": kind,
                    "cycle": cycle,
                    "state": state,
                    "breached_at": breached,
                    "waived_at": waived_at,
                }
                for kind, cycle, state, breached, waived_at in rows
            ]
        )
        self.env.flush_all()

        def share(*kinds):
            return percent(
                kpi.mean(
                    kpi.is_kept(state, breached, waived_at)
                    for kind, _cycle, state, breached, waived_at in rows
                    if not kinds or kind in kinds
                )
            )

        kinds = ("first_response", "next_response", "update", "plan", "resolution")
        of_ticket = [("ticket_id", "=", ticket.id)]
        [found] = self._read(
            of_ticket, [], ["sla_rate:avg", *(f"{kind}_rate:avg" for kind in kinds)]
        )
        for value, expected in zip(found, [share(), *map(share, kinds)], strict=True):
            self.assertAlmostEqual(value, expected)
        by_kind = self._read(
            [*of_ticket, ("row_kind", "=", "sla")], ["sla_kind"], ["sla_rate:avg"]
        )
        self.assertEqual(dict(by_kind), {kind: share(kind) for kind in kinds})

    def test_who_reads_it(self):
        for user in (self.manager, self.billing):
            self.assertTrue(self.report.with_user(user).search([], limit=1))
        with self.assertRaises(AccessError):
            self.report.with_user(self.technician).search([])
        company = self.env["res.company"].create({"name": "Another"})
        team = self.env["psa.ticket.team"].create(
            {"company_id": company.id, "name": "There"}
        )
        there = self.env["psa.ticket"].create(self._prepare_ticket(team_id=team.id))
        rows = self.report.with_user(self.manager).search([])
        self.assertNotIn(there, rows.sudo().ticket_id)

    def test_opens_the_ticket(self):
        row = self.report.with_user(self.manager).search([], limit=1)
        self.assertEqual(row.action_open_ticket()["res_id"], row.ticket_id.id)

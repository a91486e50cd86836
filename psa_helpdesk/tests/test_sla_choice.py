# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date

from freezegun import freeze_time

from odoo.addons.psa_core.tests.common import at

from .common_sla import PsaSlaCommon

TUESDAY = date(2026, 3, 3)


class TestSlaChoice(PsaSlaCommon):
    """Which policy a ticket gets, and what happens when that changes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gold = cls._create_policy("Gold", ("resolution", 2, {}))
        cls.basic = cls._create_policy("Basic", ("resolution", 40, {}))

    def test_client_before_team_before_company(self):
        self.company.psa_sla_policy_id = self.basic
        self.client.psa_sla_policy_id = self.gold
        ticket = self._create_ticket()
        self.assertEqual(
            (ticket.sla_policy_id, ticket.sla_source), (self.gold, "client")
        )
        self.assertIn("Gold", ticket.sla_explanation)
        ticket = self._create_ticket(partner_id=self.other_contact.id)
        self.assertEqual(
            (ticket.sla_policy_id, ticket.sla_source), (self.policy, "team")
        )
        self.team.sla_policy_id = False
        ticket = self._create_ticket(partner_id=self.other_contact.id)
        self.assertEqual(
            (ticket.sla_policy_id, ticket.sla_source), (self.basic, "company")
        )

    def test_no_policy(self):
        self.team.sla_policy_id = False
        ticket = self._create_mail_ticket()
        self.assertFalse(ticket.sla_policy_id or ticket.sudo().sla_ids)
        self.assertIn("Neither", ticket.sla_explanation)
        ticket._move_to("waiting_client")
        self._ask(ticket)
        self._answer(ticket)
        self.assertFalse(ticket._get_answer_time())

    def test_archived_and_foreign_policies_do_not_count(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.gold.company_id = other
        self.client.psa_sla_policy_id = self.gold
        self.assertEqual(self._create_ticket().sla_policy_id, self.policy)
        self.gold.company_id = False
        self.gold.active = False
        self.assertEqual(self._create_ticket().sla_policy_id, self.policy)

    def test_clients_policy_is_per_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.client.with_company(other).psa_sla_policy_id = self.gold
        self.assertEqual(self._create_ticket().sla_policy_id, self.policy)
        team = self.env["psa.ticket.team"].search([("company_id", "=", other.id)])
        ticket = self.env["psa.ticket"].create(self._prepare_ticket(team_id=team.id))
        self.assertEqual(ticket.sla_policy_id, self.gold)

    def test_priority_keeps_what_has_elapsed(self):
        with freeze_time(at(9)):
            ticket = self._create_ticket(channel="phone")
        with freeze_time(at(11)):
            ticket.priority = "3"
        row = self._row(ticket)
        # Two of four hours are used; the rest runs round the clock.
        self.assertEqual((row.deadline, row.around_the_clock), (at(13), True))
        with freeze_time(at(12)):
            ticket.priority = "1"
        self.assertEqual(row.deadline, at(9, day=TUESDAY))
        self.assertEqual(
            [event for event, _at in self._events(ticket)],
            ["start", "change", "change"],
        )

    def test_two_hours_more_are_two_hours_later(self):
        with freeze_time(at(8)):
            ticket = self._create_ticket(channel="phone")
        row = self._row(ticket)
        with freeze_time(at(9)):
            row.target_id.amount = 6
            self._check()
            self.assertEqual(row.deadline, at(14))
            row.target_id.amount = 8
            self._check()
            self.assertEqual(row.deadline, at(16))

    def test_client_found_later_counts_from_arrival(self):
        self.client.psa_sla_policy_id = self.gold
        with freeze_time(at(8)):
            ticket = self._create_mail_ticket(
                partner_id=False, email_from="who@nowhere.example"
            )
        with freeze_time(at(9)):
            ticket.partner_id = self.contact
        self.assertEqual(self._row(ticket).deadline, at(10))
        self.assertEqual(self._row(ticket, "first_response").state, "stopped")

    def test_breach_stays_when_it_gets_easier(self):
        with freeze_time(at(8)):
            ticket = self._create_ticket(channel="phone")
        with freeze_time(at(9, day=TUESDAY)):
            self.client.psa_sla_policy_id = self.basic
            self._check()
        row = self._row(ticket)
        self.assertEqual(row.policy_id, self.basic)
        self.assertEqual(row.breached_at, at(16))

    def test_type_goes_before_priority(self):
        incident = self.env["psa.ticket.type"].create({"name": "Outage"})
        self.policy.target_ids = [
            (0, 0, {"kind": "resolution", "amount": 1, "type_ids": incident.ids})
        ]
        with freeze_time(at(9)):
            ticket = self._create_ticket(type_id=incident.id, priority="3")
            self.assertEqual(self._row(ticket).deadline, at(10))
            ticket.type_id = False
        self.assertEqual(self._row(ticket).deadline, at(13))

    def test_calendar_of_the_policy_goes_before_the_teams(self):
        night = self.calendar.copy({"name": "Night"})
        night.attendance_ids.write({"hour_from": 20, "hour_to": 23})
        self.policy.calendar_id = night
        with freeze_time(at(9)):
            ticket = self._create_mail_ticket()
        self.assertEqual(self._row(ticket, "first_response").deadline, at(21))

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tools import mute_logger

from odoo.addons.psa_core.tests.common import MONDAY

from .common import PsaHelpdeskCommon


class TestTicket(PsaHelpdeskCommon):
    def test_a_new_ticket_is_complete(self):
        ticket = self._create_ticket()
        self.assertRecordValues(
            ticket,
            [
                {
                    "company_id": self.company.id,
                    "client_id": self.client.id,
                    "email_normalized": "anna@bellini.example",
                    "channel": "manual",
                    "priority": "1",
                    "state": "new",
                    "is_open": True,
                    "dispatch_state": "unassigned",
                    "user_id": False,
                    "hours_spent": 0.0,
                    "reopen_count": 0,
                }
            ],
        )
        self.assertTrue(ticket.number.startswith("T"))
        self.assertEqual(
            ticket.display_name, f"[{ticket.number}] The printer does not print"
        )

    def test_without_any_configuration(self):
        company = self.env["res.company"].create({"name": "New firm"})
        self.technician.company_ids |= company
        ticket = (
            self.env["psa.ticket"]
            .with_user(self.technician)
            .with_company(company)
            .create({"name": "First one"})
        )
        self.assertEqual(ticket.company_id, company)
        self.assertEqual(ticket.team_id.company_id, company)
        self.assertEqual(ticket.number, "T00001")
        self.assertEqual(ticket.state, "new")

    def test_numbers_are_per_company_and_unique(self):
        tickets = self.env["psa.ticket"].create(
            [self._prepare_ticket(name=f"Ticket {n}") for n in range(20)]
        )
        self.assertEqual(len(set(tickets.mapped("number"))), 20)
        self.assertEqual(tickets.mapped("number"), sorted(tickets.mapped("number")))

    def test_a_ticket_stays_in_its_company(self):
        company = self.env["res.company"].create({"name": "Sister"})
        team = self.env["psa.ticket.team"].search([("company_id", "=", company.id)])
        ticket = self._create_ticket()
        with self.assertRaisesRegex(UserError, "Sister|another company"):
            ticket.team_id = team
        with self.assertRaises(UserError):
            self.team.company_id = company

    def test_a_used_stage_keeps_its_meaning(self):
        ticket = self._create_ticket()
        with self.assertRaises(UserError):
            ticket.stage_id.with_user(self.admin).state = "resolved"

    def test_the_stages_of_a_deleted_team_are_nobodys(self):
        team = self.env["psa.ticket.team"].create({"name": "Short-lived"})
        stage = self.stages.create(
            {"name": "Theirs", "state": "new", "sequence": -5, "team_ids": team.ids}
        )
        team.unlink()
        self.assertFalse(stage.active)
        self.assertNotEqual(self._create_ticket().stage_id, stage)

    def test_a_problem_is_a_problem(self):
        with self.assertRaisesRegex(ValidationError, "not a problem"):
            self._create_ticket(problem_id=self._create_ticket().id)

    def test_numbers_without_gaps_and_by_year(self):
        sequence = self.company.psa_ticket_sequence_id
        sequence.write({"implementation": "no_gap", "prefix": "H-%(year)s-"})
        tickets = self.env["psa.ticket"].create([self._prepare_ticket()] * 3)
        year = self.env.cr.now().year
        self.assertTrue(
            all(n.startswith(f"H-{year}-") for n in tickets.mapped("number"))
        )
        self.assertEqual(len(set(tickets.mapped("number"))), 3)

    def test_found_by_number_subject_and_client(self):
        ticket = self._create_ticket(name="Strange noise in the rack")
        tickets = self.env["psa.ticket"].with_user(self.technician)
        for text in (ticket.number, "noise in the"):
            found = tickets.name_search(text)
            self.assertIn(ticket.id, [ticket_id for ticket_id, _name in found])

    def test_contact_changes_company(self):
        ticket = self._create_ticket()
        self.contact.parent_id = self.other_client
        self.assertEqual(ticket.client_id, self.client)

    def test_client_without_contact(self):
        ticket = self._create_ticket(partner_id=False, client_id=self.client.id)
        self.assertEqual(ticket.client_id, self.client)
        ticket.name = "Another subject"
        self.assertEqual(ticket.client_id, self.client)

    def test_board_column_follows(self):
        ticket = self._create_ticket()
        steps = [
            ({"user_id": self.technician.id}, "in_progress"),
            ({"has_unread_reply": True}, "replied"),
            ({"has_unread_reply": False}, "in_progress"),
            ({"stage_id": self._get_stage("waiting_client").id}, "waiting"),
            ({"user_id": False}, "unassigned"),
            ({"stage_id": self._get_stage("cancelled").id}, "done"),
        ]
        for vals, expected in steps:
            ticket.write(vals)
            self.assertEqual(ticket.dispatch_state, expected, vals)

    def test_stage_of_another_team(self):
        own = self.stages.create(
            {"name": "Bench", "state": "in_progress", "team_ids": self.team.ids}
        )
        ticket = self._create_ticket(stage_id=own.id)
        team = self.env["psa.ticket.team"].create({"name": "Projects"})
        ticket.team_id = team
        self.assertNotEqual(ticket.stage_id, own)
        self.assertEqual(ticket.state, "in_progress")

    def test_what_is_in_use_cannot_be_deleted(self):
        ticket = self._create_ticket()
        for record in (self.team, ticket.stage_id):
            with self.assertRaises(UserError):
                record.unlink()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.client.unlink()
        self.assertTrue(ticket.exists())

    def test_worked_tickets_are_kept(self):
        ticket = self._create_ticket()
        self._create_entry(task_id=False, psa_ticket_id=ticket.id, date=MONDAY)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            ticket.with_user(self.manager).unlink()
        self.assertTrue(ticket.exists())

    def test_no_stage_left(self):
        team = self.env["psa.ticket.team"].create({"name": "Lonely"})
        self.stages.search([("state", "in", ["resolved", "closed"])]).action_archive()
        ticket = self._create_ticket(team_id=team.id, no_time_reason="A test")
        with self.assertRaisesRegex(UserError, "Lonely.*no stage.*Resolved"):
            ticket._move_to("resolved")

    def test_copy_is_a_new_request(self):
        ticket = self._create_ticket(no_time_reason="None needed")
        ticket._move_to("resolved")
        copy = ticket.copy()
        self.assertNotEqual(copy.number, ticket.number)
        self.assertEqual(copy.state, "new")
        self.assertFalse(copy.resolved_at or copy.no_time_reason)

    def test_creating_many_costs_no_query_per_ticket(self):
        def count(number):
            vals_list = [self._prepare_ticket(name=f"N {n}") for n in range(number)]
            self.env.flush_all()
            before = self.cr.sql_log_count
            self.env["psa.ticket"].with_context(tracking_disable=True).create(vals_list)
            self.env.flush_all()
            return self.cr.sql_log_count - before

        count(5)
        self.assertEqual(count(20), count(40))

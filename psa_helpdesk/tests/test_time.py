# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from freezegun import freeze_time

from odoo.fields import Command

from odoo.addons.psa_core.tests.common import at

from .common import PsaHelpdeskCommon

NINE, HALF_PAST = at(9), at(9, 30)


class TestTime(PsaHelpdeskCommon):
    """Work on a ticket goes to the right project and client."""

    def _time(self, ticket, start=NINE, stop=HALF_PAST):
        timers = self.env["psa.timer"].with_user(self.technician)
        with freeze_time(start):
            data = timers.start_timer("psa.ticket", ticket.id)
            timer = timers.browse(data["timers"][0]["id"])
        with freeze_time(stop):
            timer.stop_timer("Looked into it")
        return timer.sudo().entry_id

    def test_timer_writes_the_ticket_and_its_client(self):
        ticket = self._create_ticket()
        entry = self._time(ticket)
        self.assertRecordValues(
            entry,
            [
                {
                    "psa_ticket_id": ticket.id,
                    "project_id": self.company.psa_support_project_id.id,
                    "task_id": False,
                    "partner_id": self.contact.id,
                    "psa_client_id": self.client.id,
                    "unit_amount": 0.5,
                    "psa_source": "timer",
                }
            ],
        )
        self.assertEqual(ticket.hours_spent, 0.5)

    def test_project_of_the_team_and_of_the_task(self):
        self.team.project_id = self.project
        ticket = self._create_ticket()
        self.assertEqual(self._time(ticket).project_id, self.project)
        ticket.task_id = self.task
        entry = self._time(ticket, at(10), at(11))
        self.assertEqual((entry.project_id, entry.task_id), (self.project, self.task))
        # The client is the ticket's, whoever the project is for.
        other = self._create_ticket(
            partner_id=self.other_contact.id, task_id=self.task.id
        )
        self.assertEqual(
            self._time(other, at(13), at(14)).psa_client_id, self.other_client
        )

    def test_changing_the_project_moves_no_past_work(self):
        ticket = self._create_ticket()
        entry = self._time(ticket)
        self.team.project_id = self.project
        ticket.task_id = self.task
        self.assertEqual(entry.project_id, self.company.psa_support_project_id)

    def test_entry_typed_on_the_ticket(self):
        ticket = self._create_ticket()
        entry = self._create_entry(
            task_id=False, project_id=False, psa_ticket_id=ticket.id
        )
        self.assertEqual(entry.project_id, self.company.psa_support_project_id)
        self.assertEqual(entry.psa_client_id, self.client)

    def test_open_work_follows_to_the_client_that_is_found(self):
        ticket = self._create_ticket(partner_id=False)
        entry = self._time(ticket)
        approved = self._time(ticket, at(10), at(11))
        approved.with_user(self.manager).action_psa_approve()
        self.assertFalse(entry.psa_client_id)
        ticket.with_user(self.manager).partner_id = self.contact
        self.assertEqual(entry.psa_client_id, self.client)
        self.assertFalse(approved.psa_client_id)

    def test_short_notes_of_one_ticket_are_rounded_together(self):
        work_type = self.work_type_remote
        work_type.write(
            {"rounding_increment": 15, "rounding_minimum": 0, "rounding_scope": "day"}
        )
        self.company.psa_support_project_id.psa_work_type_id = work_type
        ticket, other = self._create_ticket(), self._create_ticket()
        entries = [
            self._time(ticket, at(9), at(9, 5)),
            self._time(ticket, at(10), at(10, 5)),
            self._time(other, at(11), at(11, 5)),
        ]
        self.assertEqual(
            [entry.psa_billable_hours for entry in entries], [0.25, 0.0, 0.25]
        )
        self.assertEqual(ticket.hours_billable, 0.25)

    def test_hours_of_everybody_but_no_cost(self):
        ticket = self._create_ticket()
        self._create_entry(task_id=False, psa_ticket_id=ticket.id, unit_amount=1.0)
        self._create_entry(
            self.colleague, task_id=False, psa_ticket_id=ticket.id, unit_amount=2.0
        )
        self.assertEqual(ticket.with_user(self.technician).hours_spent, 3.0)
        ticket.timesheet_ids.filtered(lambda entry: entry.unit_amount == 1.0).unlink()
        self.assertEqual(ticket.hours_spent, 2.0)

    def test_own_tickets_come_first_in_the_menu_bar(self):
        self.task.user_ids = self.technician
        later = self._create_ticket(user_id=self.technician.id)
        urgent = self._create_ticket(user_id=self.technician.id, priority="3")
        self._create_ticket(user_id=self.colleague.id)
        done = self._create_ticket(user_id=self.technician.id, no_time_reason="A test")
        done._move_to("resolved")
        timers = self.env["psa.timer"].with_user(self.technician)
        found = [(row["res_model"], row["res_id"]) for row in timers._get_suggestions()]
        self.assertEqual(
            found[:3],
            [
                ("psa.ticket", urgent.id),
                ("psa.ticket", later.id),
                ("project.task", self.task.id),
            ],
        )

    def test_project_that_takes_no_time(self):
        self.team.project_id = self.project
        self.project.allow_timesheets = False
        entry = self._time(self._create_ticket())
        self.assertEqual(entry.project_id, self.company.psa_support_project_id)

    def test_who_starts_the_timer_works_on_it(self):
        ticket = self._create_ticket()
        timers = self.env["psa.timer"].with_user(self.technician)
        timers.start_timer("psa.ticket", ticket.id)
        self.assertEqual(
            (ticket.user_id, ticket.state), (self.technician, "in_progress")
        )
        # A colleague who helps does not take it away.
        self.env["psa.timer"].with_user(self.colleague).start_timer(
            "psa.ticket", ticket.id
        )
        self.assertEqual(ticket.user_id, self.technician)

    def test_timing_a_resolved_ticket_does_not_reopen_it(self):
        ticket = self._create_ticket(
            user_id=self.technician.id, no_time_reason="A test"
        )
        ticket._move_to("resolved")
        self.env["psa.timer"].with_user(self.technician).start_timer(
            "psa.ticket", ticket.id
        )
        self.assertEqual(ticket.state, "resolved")

    def test_created_together_with_its_time(self):
        project = self.company.psa_support_project_id
        entry = {
            "name": "Work",
            "project_id": project.id,
            "employee_id": self.employee.id,
            "unit_amount": 1.5,
        }
        ticket = self._create_ticket(timesheet_ids=[Command.create(entry)])
        self.assertEqual(ticket.hours_spent, 1.5)

    # ------------------------------------------------------------
    # Who is billed
    # ------------------------------------------------------------

    def test_an_entry_moved_to_another_ticket_changes_its_client(self):
        entry = self._time(self._create_ticket())
        other = self._create_ticket(partner_id=self.other_contact.id)
        entry.psa_ticket_id = other
        self.assertEqual(entry.psa_client_id, self.other_client)
        settled = self._time(self._create_ticket(), at(10), at(11))
        settled.with_user(self.manager).action_psa_approve()
        settled.with_user(self.manager).psa_ticket_id = other
        self.assertEqual(settled.psa_client_id, self.client)

    def test_the_client_decides_not_the_company_of_the_contact(self):
        ticket = self._create_ticket()
        before = self._time(ticket)
        ticket.client_id = self.other_client
        after = self._time(ticket, at(10), at(11))
        self.assertEqual((before | after).psa_client_id, self.other_client)

    def test_a_note_names_the_work_that_stays(self):
        ticket = self._create_ticket()
        entry = self._time(ticket)
        entry.with_user(self.manager).action_psa_approve()
        ticket.partner_id = self.other_contact
        self.assertEqual(entry.psa_client_id, self.client)
        note = ticket.message_ids.sorted("id")[-1]
        self.assertIn("Looked into it", note.body)
        self.assertIn(self.client.name, note.body)
        self.assertTrue(note.is_internal or note.subtype_id.internal)

    def test_work_on_a_duplicate_counts_where_it_went(self):
        target, source = self._create_ticket(), self._create_ticket()
        source.action_cancel()
        source.sudo().merged_into_id = target
        entry = self._create_entry(
            task_id=False, project_id=False, psa_ticket_id=source.id
        )
        self.assertEqual(entry.psa_ticket_id, target)

    def test_changing_the_contact_costs_no_query_per_ticket(self):
        def count(number):
            tickets = self.env["psa.ticket"].create([self._prepare_ticket()] * number)
            for ticket in tickets:
                self._create_entry(task_id=False, psa_ticket_id=ticket.id)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            tickets.with_context(tracking_disable=True).write(
                {"partner_id": self.other_contact.id}
            )
            self.env.flush_all()
            return self.cr.sql_log_count - before

        count(2)
        self.assertLessEqual(count(10) - count(5), 5)

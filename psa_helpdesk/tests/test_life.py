# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from freezegun import freeze_time

from odoo.exceptions import RedirectWarning, UserError
from odoo.fields import Command
from odoo.tests import Form

from odoo.addons.psa_core.tests.common import at

from .common import PsaHelpdeskCommon


class TestLife(PsaHelpdeskCommon):
    """From opening to closing, and back."""

    def test_resolve_close_reopen(self):
        ticket = self._create_ticket(no_time_reason="A test")
        with freeze_time(at(9)):
            ticket._move_to("resolved")
        self.assertEqual((ticket.resolved_at, ticket.closed_at), (at(9), False))
        with freeze_time(at(10)):
            ticket._move_to("closed")
        self.assertEqual((ticket.resolved_at, ticket.closed_at), (at(9), at(10)))
        ticket._reopen()
        self.assertRecordValues(
            ticket,
            [
                {
                    "state": "new",
                    "is_open": True,
                    "resolved_at": False,
                    "closed_at": False,
                    "reopen_count": 1,
                }
            ],
        )
        with freeze_time(at(12)):
            ticket._move_to("closed")
        self.assertEqual((ticket.resolved_at, ticket.closed_at), (at(12), at(12)))
        self.assertEqual(ticket.reopen_count, 1)

    def test_assigned_tickets_reopen_in_progress(self):
        ticket = self._create_ticket(
            user_id=self.technician.id, no_time_reason="A test"
        )
        ticket._move_to("resolved")
        ticket._reopen()
        self.assertEqual(ticket.state, "in_progress")

    def test_cancelled_is_neither_resolved_nor_timed(self):
        ticket = self._create_ticket()
        ticket.action_cancel()
        self.assertEqual(ticket.state, "cancelled")
        self.assertFalse(ticket.resolved_at)
        self.assertTrue(ticket.closed_at)

    def test_moving_between_columns_of_one_meaning_counts_nothing(self):
        second = self.stages.create({"name": "On the bench", "state": "in_progress"})
        ticket = self._create_ticket(stage_id=self._get_stage("in_progress").id)
        ticket.stage_id = second
        self.assertEqual(ticket.reopen_count, 0)
        self.assertFalse(ticket.resolved_at)

    def test_born_closed(self):
        closed = self._get_stage("closed").id
        with freeze_time(at(9)):
            ticket = self._create_ticket(stage_id=closed, no_time_reason="On the phone")
        self.assertEqual((ticket.resolved_at, ticket.closed_at), (at(9), at(9)))
        with self.assertRaisesRegex(UserError, "as new first"):
            self._create_ticket(stage_id=closed)

    def test_team_without_the_stage_keeps_the_times(self):
        own = self.stages.create(
            {"name": "Done here", "state": "resolved", "team_ids": self.team.ids}
        )
        ticket = self._create_ticket(no_time_reason="A test")
        ticket.stage_id = own
        self._get_stage("resolved")
        self.env.ref("psa_helpdesk.stage_resolved").action_archive()
        team = self.env["psa.ticket.team"].create({"name": "Projects"})
        ticket.team_id = team
        self.assertEqual(ticket.state, "closed")
        self.assertTrue(ticket.closed_at and ticket.resolved_at)

    def test_steps_come_with_the_type_that_is_chosen_later(self):
        template = self.env["psa.ticket.template"].create(
            {
                "name": "T",
                "subject": "S",
                "checklist_ids": [Command.create({"name": "Step"})],
            }
        )
        ticket_type = self.env["psa.ticket.type"].create(
            {"name": "Later", "template_id": template.id}
        )
        ticket = self._create_ticket()
        ticket.type_id = ticket_type
        self.assertEqual(ticket.checklist_ids.mapped("name"), ["Step"])
        ticket.checklist_ids.is_done = True
        self.assertFalse(ticket.copy().checklist_ids.is_done)

    def test_finished_tickets_do_not_wait(self):
        ticket = self._create_ticket(no_time_reason="A test")
        ticket._move_to("closed")
        ticket.action_wait_client()
        ticket.with_user(self.colleague).action_take()
        self.assertRecordValues(
            ticket, [{"state": "closed", "reopen_count": 0, "user_id": False}]
        )

    def test_merged_duplicates_do_not_go_on(self):
        target = self._create_ticket()
        ticket = self._create_ticket(no_time_reason="A test")
        ticket.action_cancel()
        ticket.sudo().merged_into_id = target
        with self.assertRaisesRegex(UserError, target.number):
            ticket._reopen()
        with self.assertRaisesRegex(UserError, target.number):
            ticket._move_to("resolved")

    def test_cancelling_is_no_way_around_the_time(self):
        ticket = self._create_ticket()
        ticket.action_cancel()
        with self.assertRaises(RedirectWarning):
            ticket._move_to("resolved")

    def test_writing_the_same_stage_changes_nothing(self):
        ticket = self._create_ticket(no_time_reason="A test")
        with freeze_time(at(9)):
            ticket._move_to("resolved")
        with freeze_time(at(11)):
            ticket.stage_id = ticket.stage_id
        self.assertEqual(ticket.resolved_at, at(9))

    # ------------------------------------------------------------
    # What stops a ticket from being resolved
    # ------------------------------------------------------------

    def test_no_time_asks_why(self):
        ticket = self._create_ticket()
        for state in ("resolved", "closed"):
            with self.assertRaises(RedirectWarning) as caught:
                ticket.stage_id = self._get_stage(state)
        self.assertIn(ticket.number, caught.exception.args[0])
        ticket.no_time_reason = "Solved by itself"
        ticket._move_to("resolved")
        self.assertEqual(ticket.state, "resolved")

    def test_recorded_time_is_enough(self):
        ticket = self._create_ticket()
        self._create_entry(task_id=False, psa_ticket_id=ticket.id, unit_amount=0.25)
        ticket._move_to("resolved")
        self.assertEqual(ticket.state, "resolved")

    def test_mandatory_steps(self):
        ticket = self._create_ticket(
            no_time_reason="A test",
            checklist_ids=[
                Command.create({"name": "Ask for the serial", "is_mandatory": True}),
                Command.create({"name": "Say thanks"}),
            ],
        )
        with self.assertRaisesRegex(UserError, "Ask for the serial"):
            ticket._move_to("resolved")
        ticket.checklist_ids[0].is_done = True
        self.assertEqual(ticket.checklist_ids[0].done_by_id, self.technician)
        self.assertEqual(ticket.checklist_progress, 50.0)
        ticket._move_to("resolved")
        self.assertEqual(ticket.state, "resolved")

    def test_cancelling_needs_nothing(self):
        ticket = self._create_ticket(
            checklist_ids=[Command.create({"name": "Step", "is_mandatory": True})]
        )
        ticket._move_to("cancelled")
        self.assertEqual(ticket.state, "cancelled")

    def test_steps_of_the_type(self):
        template = self.env["psa.ticket.template"].create(
            {
                "name": "New employee",
                "subject": "New employee",
                "checklist_ids": [
                    Command.create({"name": "Mailbox", "is_mandatory": True}),
                    Command.create({"name": "Laptop"}),
                ],
            }
        )
        ticket_type = self.env["psa.ticket.type"].create(
            {"name": "Onboarding", "template_id": template.id}
        )
        ticket = self._create_ticket(type_id=ticket_type.id)
        self.assertEqual(
            ticket.checklist_ids.mapped(lambda item: (item.name, item.is_mandatory)),
            [("Mailbox", True), ("Laptop", False)],
        )
        own = self._create_ticket(
            type_id=ticket_type.id, checklist_ids=[Command.create({"name": "Mine"})]
        )
        self.assertEqual(own.checklist_ids.mapped("name"), ["Mine"])

    def test_steps_of_another_company_are_not_ours(self):
        sister = self.env["res.company"].create({"name": "Sister"})
        template = self.env["psa.ticket.template"].create(
            {
                "name": "Theirs",
                "subject": "Theirs",
                "company_id": sister.id,
                "checklist_ids": [Command.create({"name": "Mailbox"})],
            }
        )
        ticket_type = self.env["psa.ticket.type"].create(
            {"name": "Onboarding", "template_id": template.id}
        )
        self.env.invalidate_all()
        ticket = self._create_ticket(type_id=ticket_type.id)
        self.assertFalse(ticket.checklist_ids)
        team = self.env["psa.ticket.team"].search([("company_id", "=", sister.id)])
        theirs = self.env["psa.ticket"].create(
            {"name": "Theirs", "team_id": team.id, "type_id": ticket_type.id}
        )
        self.assertEqual(theirs.checklist_ids.mapped("name"), ["Mailbox"])

    # ------------------------------------------------------------
    # The dialog
    # ------------------------------------------------------------

    def _open_dialog(self, tickets):
        dialog = self.env["psa.ticket.resolve"].with_user(self.technician)
        return Form(dialog.with_context(active_ids=tickets.ids))

    def test_resolve_with_minutes(self):
        ticket = self._create_ticket()
        form = self._open_dialog(ticket)
        self.assertTrue(form.needs_time)
        form.minutes = 20
        form.work_text = "Replaced the cable"
        form.resolution = "<p>The cable was broken.</p>"
        form.cause_id = self.env.ref("psa_helpdesk.cause_hardware")
        self.assertFalse(form.needs_time)
        form.save().action_resolve()
        self.assertRecordValues(
            ticket,
            [
                {
                    "state": "resolved",
                    "hours_spent": 20 / 60,
                    "no_time_reason": False,
                    "cause_id": self.env.ref("psa_helpdesk.cause_hardware").id,
                }
            ],
        )
        self.assertIn("cable was broken", ticket.resolution)
        self.assertRecordValues(
            ticket.timesheet_ids,
            [
                {
                    "name": "Replaced the cable",
                    "employee_id": self.employee.id,
                    "psa_client_id": self.client.id,
                    "psa_source": "quick",
                }
            ],
        )
        message = ticket.message_ids.filtered(
            lambda message: message.subtype_id == self.env.ref("mail.mt_comment")
        )
        self.assertIn("cable was broken", message.body)

    def test_resolve_without_time_needs_a_reason(self):
        ticket = self._create_ticket()
        dialog = (
            self.env["psa.ticket.resolve"]
            .with_user(self.technician)
            .create({"ticket_ids": ticket.ids})
        )
        with self.assertRaisesRegex(UserError, "how long"):
            dialog.action_resolve()
        self.assertEqual(ticket.state, "new")
        dialog.no_time_reason = "A duplicate"
        dialog.action_resolve()
        self.assertEqual(
            (ticket.state, ticket.no_time_reason), ("resolved", "A duplicate")
        )

    def test_resolve_records_the_running_timer(self):
        ticket = self._create_ticket()
        timers = self.env["psa.timer"].with_user(self.technician)
        with freeze_time(at(9)):
            timers.start_timer("psa.ticket", ticket.id)
            self.env.flush_all()
        with freeze_time(at(9, 30)):
            form = self._open_dialog(ticket)
            self.assertTrue(form.is_timed)
            self.assertFalse(form.needs_time)
            form.save().action_resolve()
        self.assertEqual((ticket.state, ticket.hours_spent), ("resolved", 0.5))

    def test_resolve_several_of_which_one_is_timed(self):
        timed, silent = self._create_ticket(), self._create_ticket()
        with freeze_time(at(9)):
            self.env["psa.timer"].with_user(self.technician).start_timer(
                "psa.ticket", timed.id
            )
            self.env.flush_all()
        with freeze_time(at(9, 30)):
            form = self._open_dialog(timed | silent)
            self.assertTrue(form.is_timed and form.needs_time)
            form.no_time_reason = "Solved by the other one"
            form.save().action_resolve()
        self.assertRecordValues(
            timed | silent,
            [
                {"state": "resolved", "hours_spent": 0.5, "no_time_reason": False},
                {
                    "state": "resolved",
                    "hours_spent": 0.0,
                    "no_time_reason": "Solved by the other one",
                },
            ],
        )

    def test_minutes_of_several_do_not_overlap(self):
        tickets = self._create_ticket() | self._create_ticket()
        form = self._open_dialog(tickets)
        form.minutes = 20
        form.work_text = "Restarted it"
        with freeze_time(at(10)):
            form.save().action_resolve()
        entries = tickets.timesheet_ids.sorted("psa_date_start")
        self.assertRecordValues(
            entries,
            [
                {
                    "psa_date_start": at(9, 20),
                    "psa_date_end": at(9, 40),
                    "unit_amount": 20 / 60,
                    "psa_warning": False,
                },
                {
                    "psa_date_start": at(9, 40),
                    "psa_date_end": at(10),
                    "unit_amount": 20 / 60,
                    "psa_warning": False,
                },
            ],
        )
        self.assertEqual(entries.psa_ticket_id, tickets)

    def test_resolve_twice_records_once(self):
        ticket = self._create_ticket()
        form = self._open_dialog(ticket)
        form.minutes = 20
        form.work_text = "Replaced the cable"
        dialog = form.save()
        dialog.action_resolve()
        with self.assertRaisesRegex(UserError, "resolved already"):
            dialog.action_resolve()
        self.assertEqual(len(ticket.timesheet_ids), 1)

    def test_resolve_a_cancelled_ticket(self):
        ticket = self._create_ticket()
        ticket._move_to("cancelled")
        form = self._open_dialog(ticket)
        self.assertTrue(form.needs_time)
        form.no_time_reason = "It was one after all"
        form.resolution = "<p>Told them how</p>"
        form.save().action_resolve()
        self.assertEqual(ticket.state, "resolved")
        self.assertIn("Told them how", ticket.resolution)

    def test_resolve_without_telling_the_customer(self):
        ticket = self._create_ticket()
        form = self._open_dialog(ticket)
        form.no_time_reason = "A test"
        form.resolution = "<p>Known fault</p>"
        form.tell_customer = False
        before = ticket.message_ids
        form.save().action_resolve()
        comment = self.env.ref("mail.mt_comment")
        self.assertNotIn(comment, (ticket.message_ids - before).subtype_id)

    def test_problem_takes_its_incidents_along(self):
        problem_type = self.env.ref("psa_helpdesk.type_problem")
        problem = self._create_ticket(name="Mail server", type_id=problem_type.id)
        incidents = self.env["psa.ticket"].concat(
            *[self._create_ticket(problem_id=problem.id) for _n in range(3)]
        )
        incidents[2].no_time_reason = "A test"
        incidents[2]._move_to("closed")
        form = self._open_dialog(problem)
        self.assertEqual(form.open_incident_count, 2)
        form.no_time_reason = "Restarted by the provider"
        form.with_incidents = True
        form.save().action_resolve()
        self.assertEqual(incidents.mapped("state"), ["resolved", "resolved", "closed"])
        self.assertIn(problem.number, incidents[0].no_time_reason)

    # ------------------------------------------------------------
    # Many at once
    # ------------------------------------------------------------

    # Whether a second passes decides if there are working hours to save.
    @freeze_time(at(9))
    def test_moving_many_costs_no_query_per_ticket(self):
        def count(number):
            tickets = self.env["psa.ticket"].create(
                [self._prepare_ticket(no_time_reason="A test")] * number
            )
            tickets.write({"no_time_reason": "A test"})
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            tickets.with_context(tracking_disable=True)._move_to("resolved")
            self.env.flush_all()
            return self.cr.sql_log_count - before

        count(5)
        self.assertEqual(count(20), count(40))

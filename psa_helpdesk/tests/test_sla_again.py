# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date

from freezegun import freeze_time

from odoo.addons.psa_core.tests.common import at

from .common_sla import PsaSlaCommon

TUESDAY = date(2026, 3, 3)
FRIDAY = date(2026, 3, 6)


class TestSlaAgain(PsaSlaCommon):
    """What was promised, ended and is promised again invents no misses."""

    def _add_target(self, kind, hours, **values):
        return self.env["psa.sla.target"].create(
            {"policy_id": self.policy.id, "kind": kind, "amount": hours, **values}
        )

    def _missed(self, ticket):
        return ticket.sudo().sla_ids.filtered("breached_at").mapped("kind")

    def test_reply_to_a_resolved_ticket(self):
        self._add_target("update", 4)
        with freeze_time(at(8)):
            ticket = self._create_mail_ticket(no_time_reason="None")
            self._answer(ticket)
        with freeze_time(at(9)):
            ticket._move_to("resolved")
        with freeze_time(at(9, day=FRIDAY)):
            self._ask(ticket)
        self.assertFalse(self._missed(ticket) or ticket.is_sla_breached)
        self.assertEqual(ticket.sla_kind, "next_response")

    def test_reopened_by_a_technician(self):
        self._add_target("update", 4)
        with freeze_time(at(8)):
            ticket = self._create_mail_ticket(no_time_reason="None")
            self._answer(ticket)
            ticket._move_to("resolved")
        with freeze_time(at(9, day=FRIDAY)):
            ticket._reopen()
        self.assertEqual(self._row(ticket, "update", 1).state, "stopped")
        self.assertEqual(self._row(ticket, "update", 2).deadline, at(13, day=FRIDAY))

    def test_read_but_not_answered_promises_news_from_then_on(self):
        self._add_target("update", 4)
        with freeze_time(at(8)):
            ticket = self._create_mail_ticket()
            self._answer(ticket)
        with freeze_time(at(9)):
            self._ask(ticket)
        with freeze_time(at(10)):
            ticket.action_mark_read()
        self.assertFalse(self._missed(ticket))
        self.assertEqual(self._row(ticket, "update", 2).deadline, at(14))

    def test_cleared_appointment(self):
        self._add_target("plan", 4)
        with freeze_time(at(8)):
            ticket = self._create_ticket(channel="phone")
        with freeze_time(at(10)):
            ticket.planned_at = at(9, day=FRIDAY)
        with freeze_time(at(9, day=TUESDAY)):
            ticket.planned_at = False
        self.assertFalse(self._missed(ticket))
        self.assertEqual(self._row(ticket, "plan", 2).deadline, at(13, day=TUESDAY))

    def test_promise_taken_back_and_given_again_is_one(self):
        self._add_target("plan", 2, priority="3")
        with freeze_time(at(8)):
            ticket = self._create_ticket(channel="phone", priority="3")
        with freeze_time(at(9)):
            ticket.priority = "1"
        self.assertEqual(self._row(ticket, "plan").state, "stopped")
        with freeze_time(at(9, day=TUESDAY)):
            ticket.priority = "3"
        # One of two hours is left.
        self.assertEqual(self._row(ticket, "plan").deadline, at(10, day=TUESDAY))
        self.assertNotIn("plan", self._missed(ticket))
        self.assertEqual(
            [event for event, _at in self._events(ticket, "plan")],
            ["start", "stop", "resume"],
        )

    def test_archived_time_does_not_count(self):
        with freeze_time(at(8)):
            ticket = self._create_ticket(channel="phone")
        with freeze_time(at(9)):
            ticket.active = False
        with freeze_time(at(9, day=FRIDAY)):
            ticket.active = True
        self.assertEqual(self._row(ticket).deadline, at(16, day=FRIDAY))
        self.assertFalse(self._missed(ticket))

    def test_other_hours_in_the_same_second(self):
        night = self.calendar.copy({"name": "Night"})
        night.attendance_ids.write({"hour_from": 20, "hour_to": 23})
        with freeze_time(at(9)):
            ticket = self._create_mail_ticket()
            other = self.team.copy({"calendar_id": night.id})
            ticket.team_id = other
        row = self._row(ticket, "first_response")
        self.assertEqual((row.calendar_id, row.deadline), (night, at(21)))

    def test_longer_hours_make_no_miss_of_the_past(self):
        with freeze_time(at(9)):
            ticket = self._create_ticket(channel="phone")
        with freeze_time(at(8, 30, day=TUESDAY)):
            self.calendar.attendance_ids.write({"hour_from": 0, "hour_to": 24})
            self._check()
        self.assertEqual(self._row(ticket).breached_at, at(8, 30, day=TUESDAY))

    def test_policy_for_what_is_open_already_tells_no_old_news(self):
        self.team.sla_policy_id = False
        with freeze_time(at(8)):
            ticket = self._create_ticket(channel="phone", user_id=self.technician.id)
        activities = self.env["mail.activity"].search_count([])
        with freeze_time(at(15)):
            self.team.sla_policy_id = self.policy
            self._check()
            row = self._row(ticket)
            # Seven of eight hours are used: 75 % came before anything was promised.
            self.assertEqual((row.deadline, row.warned_percent), (at(16), 75))
            self._check()
        self.assertEqual(self.env["mail.activity"].search_count([]), activities)
        with freeze_time(at(15, 30)):
            self._check()
        self.assertEqual(row.warned_percent, 90)

    def test_deleted_hours_of_a_policy(self):
        hours = self.calendar.copy({"name": "Service"})
        self.policy.calendar_id = hours
        self._create_mail_ticket()
        hours.unlink()
        with freeze_time(at(9)):
            ticket = self._create_mail_ticket()
        # Those of the team.
        self.assertEqual(self._row(ticket).calendar_id, self.calendar)

    def test_archived_type_still_limits_its_target(self):
        outage = self.env["psa.ticket.type"].create({"name": "Outage"})
        self._add_target("resolution", 1, type_ids=outage.ids)
        outage.active = False
        self.env.registry.clear_cache()
        with freeze_time(at(9)):
            ticket = self._create_ticket(channel="phone")
        self.assertEqual(self._row(ticket).target_seconds, 8 * 3600)

    def test_archived_warnings_do_not_fire(self):
        warnings = self.env["psa.sla.warning"]
        warnings.search([]).active = False
        self.assertFalse(
            warnings.with_context(active_test=False)._get_percents(self.company.id)
        )

    def test_users_can_be_deleted(self):
        leaving = self.technician.copy({"login": "leaving"})
        ticket = self._create_ticket(leaving)
        ticket.sudo().write({"user_id": False})
        log = self.env["psa.ticket.sla.log"].search([("ticket_id", "=", ticket.id)])
        self.assertEqual(log.user_id, leaving)
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM res_users WHERE id = %s", [leaving.id])
        log.invalidate_recordset()
        self.assertTrue(log.exists())
        self.assertFalse(log.user_id)

    def test_split_brings_its_answers(self):
        with freeze_time(at(8)):
            ticket = self._create_mail_ticket()
            self._ask(ticket)
        with freeze_time(at(8, 30)):
            self._answer(ticket)
        messages = ticket.sudo().message_ids.filtered(
            lambda message: message.message_type in ("email", "comment")
        )
        self.assertEqual(len(messages), 2)
        with freeze_time(at(12)):
            wizard = self.env["psa.ticket.split"].with_user(self.technician)
            new_id = wizard.create(
                {
                    "ticket_id": ticket.id,
                    "name": "Another thing",
                    "message_ids": messages.ids,
                }
            ).action_split()["res_id"]
        new = self.env["psa.ticket"].browse(new_id)
        self.assertEqual(new.first_answer_at, messages.sorted("id")[1].date)
        self.assertFalse(self._row(new, "first_response").breached_at)

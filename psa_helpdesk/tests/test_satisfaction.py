# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_cron import IrCron
from odoo.addons.psa_core.tests.common import at

from ..models import psa_ticket_satisfaction
from .common_mail import PsaMailCommon

LOGGER = "odoo.addons.psa_helpdesk.models.psa_ticket_satisfaction"


class TestSatisfaction(PsaMailCommon):
    """Customers are asked once per closing, and nobody too often."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["psa.ticket"].search(
            [("csat_state", "=", "pending")]
        ).csat_state = "none"
        cls.ticket = cls._create_ticket(
            user_id=cls.technician.id, no_time_reason="A test"
        )
        cls.cron = cls.env.ref("psa_helpdesk.ir_cron_satisfaction")

    def _run(self, day=0):
        """Run the job some days after Monday; return the mails that it sent."""
        with (
            freeze_time(at(9) + timedelta(days=day)),
            self.mock_mail_gateway(),
            self.enter_registry_test_mode(),
        ):
            self.cron.method_direct_trigger()
        self.env.invalidate_all()
        return self._mails

    def _create_closed(self, **kwargs):
        ticket = self._create_ticket(no_time_reason="A test", **kwargs)
        ticket._move_to("closed")
        return ticket

    def _rate(self, rate=5, ticket=None, feedback=None):
        ticket = (ticket or self.ticket).sudo()
        token = ticket._rating_get_access_token()
        return ticket.rating_apply(rate, token=token, feedback=feedback)

    # ------------------------------------------------------------
    # Asking
    # ------------------------------------------------------------

    def test_mail(self):
        self.ticket._move_to("resolved")
        self.assertEqual(self.ticket.csat_state, "none", "Not on every pass")
        self.env["ir.cron.trigger"].search([]).unlink()
        self.ticket._move_to("closed")
        self.assertEqual(self.ticket.csat_state, "pending")
        self.assertEqual(self.env["ir.cron.trigger"].search([]).cron_id, self.cron)
        mails = self._run()
        self.assertEqual(len(mails), 1)
        mail = mails[0]
        self.assertEqual(mail["email_to"], ['"Anna Bellini" <anna@bellini.example>'])
        self.assertIn(f"[{self.ticket.number}]", mail["subject"])
        self.assertIn(self.address, mail["reply_to"])
        self.assertEqual(mail["EmailMessage"]["Auto-Submitted"], "auto-generated")
        token = self.ticket.sudo().rating_ids.access_token
        for rate in (5, 3, 1):
            self.assertIn(f"/rate/{token}/{rate}", mail["body"])
        self.assertRecordValues(
            self.ticket,
            [
                {
                    "csat_state": "sent",
                    "csat_reason": False,
                    "csat_asked_at": at(9),
                    "csat_email": "anna@bellini.example",
                    "state": "closed",
                    "has_unread_reply": False,
                }
            ],
        )
        message = self._get_messages(self.ticket)[-1]
        self.assertIn("anna@bellini.example was asked", message.body)
        self.assertNotIn(token, message.body, "Technicians cannot rate themselves")
        self.assertFalse(self._run())

    def test_an_answer_to_it_is_the_customers(self):
        self.ticket._move_to("closed")
        self._run()
        mail = self._receive(answers=self._get_messages(self.ticket)[-1])
        self._assert_mail(mail, decision="reply", ticket_id=self.ticket)
        self.assertTrue(self.ticket.is_open)

    def test_in_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("it_IT")
        template = self.env.ref("psa_helpdesk.mail_template_satisfaction")
        template.with_context(lang="it_IT").subject = "Com'è andata?"
        self.contact.lang = "it_IT"
        self.ticket._move_to("closed")
        self.assertIn("Com'è andata?", self._run()[0]["subject"])

    def test_who_is_not_asked(self):
        self.team.csat = False
        silent = self._create_closed()
        self.team.csat = True
        alert = self._create_closed(channel="alert")
        cancelled = self._create_ticket()
        cancelled._move_to("cancelled")
        born = self.env["psa.ticket"].create(
            self._prepare_ticket(stage_id=self._get_stage("closed").id)
        )
        for ticket in (silent, alert, cancelled, born):
            self.assertEqual(ticket.csat_state, "none")
        target, merged = self._create_ticket(), self._create_ticket()
        merged._merge_into(target)
        self.assertEqual(merged.csat_state, "none")
        nobody = self._create_closed(partner_id=False)
        rated = self._create_closed()
        self._rate(ticket=rated)
        self.assertFalse(self._run())
        for ticket, reason in [(nobody, "No mail address"), (rated, "Rated already")]:
            self.assertEqual(
                (ticket.csat_state, ticket.csat_reason), ("skipped", reason)
            )

    def test_address_without_contact(self):
        ticket = self._receive_ticket(sender="new@nowhere.example")
        ticket._move_to("closed", no_time_reason="A test")
        self.assertEqual(self._run()[0]["email_to"], ["new@nowhere.example"])
        self._rate(1, ticket)
        self.assertEqual(ticket.rating_last_value, 1)

    def test_pause(self):
        self.team.csat_pause_days = 10
        colleague = self.contact.copy({"name": "Bruno", "email": "b@bellini.example"})
        self.ticket._move_to("closed")
        twin = self._create_closed()
        other = self._create_closed(partner_id=colleague.id)
        self.assertEqual(len(self._run()), 2)
        self.assertEqual(
            (self.ticket | twin | other).mapped("csat_state"),
            ["sent", "skipped", "sent"],
        )
        self.assertEqual(
            twin.csat_reason, "Asked within the last 10 days, on 2026-03-02"
        )
        # Reopened and closed again: the pause still counts, then it is asked again.
        self.ticket._reopen()
        self.ticket._move_to("closed")
        self.assertFalse(self._run(9))
        self.assertEqual(self.ticket.csat_state, "skipped")
        self.ticket._reopen()
        self.ticket._move_to("closed")
        self.assertEqual(len(self._run(10)), 1)
        self.assertEqual(self.ticket.csat_state, "sent")

    def test_no_pause(self):
        self.team.csat_pause_days = 0
        self.ticket._move_to("closed")
        self._create_closed()
        self.assertEqual(len(self._run()), 2)

    def test_reopened_before_it_was_asked(self):
        self.ticket._move_to("closed")
        self.ticket._reopen()
        self.assertEqual(self.ticket.csat_state, "none")
        self.assertFalse(self._run())

    # ------------------------------------------------------------
    # Faults
    # ------------------------------------------------------------

    def test_stopped_in_the_middle(self):
        self.team.csat_pause_days = 0
        tickets = self.ticket | self._create_closed() | self._create_closed()
        self.ticket._move_to("closed")
        left = iter([1.0, 1.0, 0.0])  # the first reports what is due
        with (
            patch.object(psa_ticket_satisfaction, "_CHUNK", 1),
            patch.object(IrCron, "_commit_progress", lambda *args, **kw: next(left)),
            self.mock_mail_gateway(),
        ):
            self.env["psa.ticket"]._cron_ask_satisfaction()
        self.assertEqual(len(self._mails), 2)
        self.assertEqual(
            tickets.sorted("id").mapped("csat_state"), ["sent", "sent", "pending"]
        )
        self.assertEqual(len(self._run()), 1)

    @mute_logger(LOGGER)
    def test_one_that_fails_stops_nobody(self):
        self.team.csat_pause_days = 0
        other = self._create_closed()
        self.ticket._move_to("closed")
        write = type(self.ticket)._write_satisfaction_mail

        def fail(ticket, email):
            if ticket.id == self.ticket.id:
                raise ValueError("No such thing")
            return write(ticket, email)

        with patch.object(type(self.ticket), "_write_satisfaction_mail", fail):
            self.assertEqual(len(self._run()), 1)
        self.assertEqual(other.csat_state, "sent")
        self.assertEqual(self.ticket.csat_state, "failed")
        self.assertEqual(self.ticket.csat_reason, "No such thing")

    def test_cost_does_not_grow(self):
        """Closing tickets of one kind costs the same, asked about or not."""

        def count(number):
            tickets = self.env["psa.ticket"].create(
                [self._prepare_ticket(no_time_reason="-") for _number in range(number)]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.cr.sql_log_count
            tickets._move_to("closed")
            self.env.flush_all()
            return self.cr.sql_log_count - start

        count(1)
        self.assertEqual(count(5), count(10))

    # ------------------------------------------------------------
    # Answers
    # ------------------------------------------------------------

    def _get_alerts(self, ticket=None):
        return (ticket or self.ticket).activity_ids

    def test_link_used_twice(self):
        self.ticket._move_to("closed")
        rating = self._rate(5, feedback="Quick")
        again = self.ticket.sudo().rating_apply(1, token=rating.access_token)
        self.assertEqual(again, rating)
        # Another link of the same closing.
        self._rate(1)
        self.assertEqual(self.ticket.rating_last_value, 5)
        self.assertEqual(self.ticket.rating_last_feedback, "Quick")
        self.assertEqual(self.ticket.state, "closed")
        self.assertFalse(self.ticket.has_unread_reply)
        self.assertFalse(self._get_alerts())
        # The next closing is another answer, by another link.
        self.ticket._reopen()
        self._rate(1)
        self.assertEqual(self.ticket.rating_last_value, 5, "Not while it is open")
        self.ticket._move_to("closed")
        self.ticket.sudo().rating_apply(1, token=rating.access_token)
        self.assertEqual(rating.rating, 5)
        self._rate(3)
        self.assertEqual(self.ticket.rating_last_value, 3)

    def test_portal_and_mail_are_one_answer(self):
        self.ticket._move_to("closed")
        self._run()
        rating = self.ticket.sudo().rating_ids
        self.assertTrue(self.ticket.sudo()._rate_for_customer(self.contact, 5, ""))
        self.assertEqual(self.ticket.sudo().rating_ids, rating)
        self.assertTrue(rating.consumed)

    def test_bad_rating_tells_the_leader_once(self):
        self.ticket._move_to("closed")
        rating = self._rate(1, feedback="Three calls,\n<b>no answer</b>")
        self.ticket.sudo().rating_apply(1, token=rating.access_token)
        alert = self._get_alerts()
        self.assertEqual(alert.user_id, self.manager)
        self.assertEqual(alert.summary, "Unhappy customer: Anna Bellini")
        self.assertIn("&lt;b&gt;no answer&lt;/b&gt;", alert.note)

    def test_bad_rating_without_a_leader(self):
        self.team.leader_id = False
        self.ticket._move_to("closed")
        self._rate(1)
        self.assertIn(self.manager, self._get_alerts().user_id)
        self.assertNotIn(self.technician, self._get_alerts().user_id)

    def test_bad_rating_of_the_leaders_own_work(self):
        self.team.leader_id = self.technician
        self.ticket._move_to("closed")
        self._rate(1)
        self.assertIn(self.manager, self._get_alerts().user_id)
        self.assertNotIn(self.technician, self._get_alerts().user_id)

    def test_technicians_do_not_rate_themselves(self):
        self.ticket._move_to("closed")
        ratings = self.env["rating.rating"]
        token = self.ticket.sudo()._rating_get_access_token()
        rating = ratings.search([("access_token", "=", token)])
        model_id = self.env["ir.model"]._get_id("psa.ticket")
        task = self._create_task()
        for user in (self.technician, self.manager):
            ticket = self.ticket.with_user(user)
            of_task = {
                "res_model_id": self.env["ir.model"]._get_id("project.task"),
                "res_id": task.id,
            }
            own = ratings.with_user(user).create(of_task)
            for change in (
                lambda ticket=ticket: ticket.rating_apply(5, token=token),
                lambda ticket=ticket, own=own: ticket.rating_apply(5, rating=own),
                lambda ticket=ticket: ticket.message_post(body="!", rating_value=5),
                lambda user=user: rating.with_user(user).write(
                    {"rating": 5, "consumed": True}
                ),
                lambda user=user: ratings.with_user(user).create(
                    {
                        "res_model_id": model_id,
                        "res_id": self.ticket.id,
                        "rating": 5,
                        "consumed": True,
                    }
                ),
                lambda own=own: own.write(
                    {"res_model_id": model_id, "res_id": self.ticket.id}
                ),
                lambda user=user: rating.with_user(user).read(["access_token"]),
                lambda user=user: ratings.with_user(user).search(
                    [("access_token", "=like", "a%")]
                ),
            ):
                with self.assertRaises(AccessError):
                    change()
        self.env.invalidate_all()
        self.assertEqual(self.ticket.rating_last_value, 0)
        self._rate(3)
        self.assertEqual(self.ticket.rating_last_value, 3)

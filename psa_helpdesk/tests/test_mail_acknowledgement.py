# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import datetime, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tools import mute_logger

from ..models.psa_ticket_acknowledgement import LIMIT_COUNT
from .common_mail import PsaMailCommon

LOGGER = "odoo.addons.psa_helpdesk.models.psa_ticket_acknowledgement"


class TestMailAcknowledgement(PsaMailCommon):
    """The customer learns at once that we have it, and once only."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team.acknowledge = True
        cls.env["psa.ticket"].search(
            [("acknowledgement_state", "=", "pending")]
        ).acknowledgement_state = "none"
        cls.cron = cls.env.ref("psa_helpdesk.ir_cron_acknowledge")

    def _acknowledge(self):
        """Run the job; return the mails that it sent."""
        with self.mock_mail_gateway():
            self._run_acknowledgements()
        self.env.invalidate_all()
        return self._mails

    def _get_acknowledgement(self, ticket):
        return self._get_messages(ticket).filtered(
            lambda message: message.message_type == "auto_comment"
        )

    def test_of_a_mail(self):
        self.env["ir.cron.trigger"].search([]).unlink()
        ticket = self._receive_ticket()
        self.assertEqual(ticket.acknowledgement_state, "pending")
        trigger = self.env["ir.cron.trigger"].search([])
        self.assertEqual(trigger.cron_id, self.cron)
        mails = self._acknowledge()
        self.assertEqual(len(mails), 1)
        mail = mails[0]
        self.assertEqual(mail["email_to"], ['"Anna Bellini" <anna@bellini.example>'])
        self.assertIn(f"[{ticket.number}]", mail["subject"])
        self.assertIn(self.address, mail["email_from"])
        self.assertIn(self.address, mail["reply_to"])
        message = mail["EmailMessage"]
        self.assertEqual(message["Auto-Submitted"], "auto-replied")
        self.assertEqual(message["X-Auto-Response-Suppress"], "All")
        self.assertEqual(
            message["References"], self._get_messages(ticket)[0].message_id
        )
        self.assertIn(f"/my/tickets/{ticket.id}?access_token=", mail["body"])
        self.assertIn(ticket.number, mail["body"])
        self.assertEqual(ticket.acknowledgement_state, "sent")
        self.assertTrue(ticket.acknowledged_at)
        self.assertFalse(ticket.first_answer_at, "No person has answered")
        self.assertEqual(ticket.state, "new")

    def test_once(self):
        ticket = self._receive_ticket()
        self.assertEqual(len(self._acknowledge()), 1)
        self.assertFalse(self._acknowledge())
        ticket._request_acknowledgement()
        self.assertFalse(self._acknowledge())
        self._receive(answers=self._get_messages(ticket)[0])
        self.assertFalse(self._acknowledge())
        self.assertEqual(len(self._get_acknowledgement(ticket)), 1)

    def test_of_an_unknown_sender(self):
        self._receive_ticket(sender="new@nowhere.example")
        mails = self._acknowledge()
        self.assertEqual(mails[0]["email_to"], ["new@nowhere.example"])
        self.assertNotIn("/my/tickets", mails[0]["body"])

    def test_an_answer_to_it_is_the_customers(self):
        ticket = self._receive_ticket()
        self._acknowledge()
        mail = self._receive(answers=self._get_acknowledgement(ticket))
        self._assert_mail(mail, decision="reply", ticket_id=ticket)
        message = self._get_messages(ticket)[-1]
        self.assertFalse(message.is_internal or message.subtype_id.internal)
        self.assertTrue(ticket.has_unread_reply)

    def test_followers_do_not_get_it(self):
        ticket = self._receive_ticket()
        ticket.message_subscribe((self.technician | self.colleague).partner_id.ids)
        self.assertEqual(len(self._acknowledge()), 1)

    def test_what_followers_get_goes_out_with_it(self):
        self.team.message_subscribe(self.colleague.partner_id.ids)
        with self.mock_mail_gateway():
            self._receive_ticket()
            self.assertFalse(self._mails)
        mails = self._acknowledge()
        addresses = sorted(address for mail in mails for address in mail["email_to"])
        self.assertEqual(len(addresses), 2)
        self.assertTrue(
            any(self.colleague.email_normalized in address for address in addresses)
        )

    def test_in_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("it_IT")
        template = self.env.ref("psa_helpdesk.mail_template_ticket_acknowledgement")
        template.with_context(
            lang="it_IT"
        ).subject = "Presa in carico {{ object.name }}"
        self.contact.lang = "it_IT"
        self._receive_ticket()
        self.assertIn("Presa in carico", self._acknowledge()[0]["subject"])
        self.contact.lang = "en_US"
        self._receive_ticket()
        self.assertNotIn("Presa in carico", self._acknowledge()[0]["subject"])
        self.team.lang = "it_IT"
        self._receive_ticket(sender="new@nowhere.example")
        self.assertIn("Presa in carico", self._acknowledge()[0]["subject"])

    def test_with_the_time_of_an_answer(self):
        tickets = type(self.env["psa.ticket"])
        self.contact.tz = "Europe/Rome"
        self._receive_ticket()
        with patch.object(
            tickets, "_get_answer_time", lambda ticket: datetime(2026, 3, 2, 15, 30)
        ):
            body = self._acknowledge()[0]["body"]
        self.assertIn("4:30", body)

    def test_some_per_sender_and_hour(self):
        for _number in range(LIMIT_COUNT + 1):
            self._receive_ticket()
        others = self._receive_ticket(sender="new@nowhere.example")
        self.assertEqual(len(self._acknowledge()), LIMIT_COUNT + 1)
        tickets = self.env["psa.ticket"].search(
            [("email_normalized", "=", "anna@bellini.example")], order="id"
        )
        self.assertEqual(
            tickets.mapped("acknowledgement_state"),
            ["sent"] * LIMIT_COUNT + ["skipped"],
        )
        self.assertIn(str(LIMIT_COUNT), tickets[-1].acknowledgement_reason)
        self.assertEqual(others.acknowledgement_state, "sent")
        # The next run remembers, for an hour.
        again = self._receive_ticket()
        self.assertFalse(self._acknowledge())
        self.assertEqual(again.acknowledgement_state, "skipped")
        tickets.acknowledged_at = fields.Datetime.now() - timedelta(hours=2)
        again = self._receive_ticket()
        self.assertEqual(len(self._acknowledge()), 1)

    def test_of_the_portal(self):
        ticket = self._create_ticket(channel="portal")
        ticket._request_acknowledgement()
        self.assertEqual(len(self._acknowledge()), 1)
        self.assertEqual(ticket.acknowledgement_state, "sent")
        self.team.acknowledge = False
        ticket = self._create_ticket(channel="portal")
        ticket._request_acknowledgement()
        self.assertEqual(ticket.acknowledgement_state, "none")

    def test_without_an_address(self):
        self.contact.email = False
        ticket = self._create_ticket(channel="portal")
        ticket._request_acknowledgement()
        self.assertFalse(self._acknowledge())
        self.assertRecordValues(
            ticket,
            [
                {
                    "acknowledgement_state": "skipped",
                    "acknowledgement_reason": "No mail address",
                }
            ],
        )

    def test_a_failure_is_seen_and_keeps_nobody_waiting(self):
        first = self._receive_ticket(subject="First")
        second = self._receive_ticket(subject="Second")
        tickets = type(self.env["psa.ticket"])
        write = tickets._write_acknowledgement

        def fail(ticket):
            if ticket == first:
                raise ValueError("No ink")
            write(ticket)

        with (
            patch.object(tickets, "_write_acknowledgement", fail),
            mute_logger(LOGGER),
        ):
            self.assertEqual(len(self._acknowledge()), 1)
        self.assertRecordValues(
            first | second,
            [
                {"acknowledgement_state": "failed", "acknowledgement_reason": "No ink"},
                {"acknowledgement_state": "sent", "acknowledgement_reason": False},
            ],
        )

    def test_a_refused_mail_is_seen(self):
        ticket = self._receive_ticket()
        servers = self.env["ir.mail_server"]
        with (
            patch.object(type(servers), "_disable_send", lambda server: False),
            patch.object(type(servers), "_connect__", side_effect=OSError("No route")),
            mute_logger("odoo.addons.mail.models.mail_mail"),
        ):
            self._run_acknowledgements()
        self.env.invalidate_all()
        self.assertEqual(ticket.acknowledgement_state, "failed")
        self.assertIn("No route", ticket.acknowledgement_reason)

    def test_a_mail_that_the_queue_of_the_host_cannot_send_is_seen(self):
        ticket = self._receive_ticket()
        tickets = type(self.env["psa.ticket"])
        with patch.object(tickets, "_send_waiting_mails", lambda tickets: None):
            self._run_acknowledgements()
        self.assertEqual(ticket.acknowledgement_state, "sent")
        queue = self.env["mail.mail"].search(
            [("model", "=", "psa.ticket"), ("res_id", "=", ticket.id)]
        )
        # What another mail of the ticket comes to is not the acknowledgement's.
        answer = queue.copy({"subtype_id": self.env.ref("mail.mt_comment").id})
        servers = self.env["ir.mail_server"]
        with (
            patch.object(type(servers), "_disable_send", lambda server: False),
            patch.object(type(servers), "_connect__", side_effect=OSError("No route")),
            mute_logger("odoo.addons.mail.models.mail_mail"),
        ):
            answer.send()
            self.assertEqual(answer.state, "exception")
            self.assertEqual(ticket.acknowledgement_state, "sent")
            queue.send()
        self.assertEqual(ticket.acknowledgement_state, "failed")
        self.assertIn("No route", ticket.acknowledgement_reason)

    def test_sent_ones_leave_the_queue(self):
        ticket = self._receive_ticket()
        self._acknowledge()
        queue = [("model", "=", "psa.ticket"), ("res_id", "=", ticket.id)]
        self.assertEqual(self.env["mail.mail"].search_count(queue), 1)
        self.env["psa.ticket"]._gc_sent_mails()
        self.assertEqual(self.env["mail.mail"].search_count(queue), 0)
        self.assertEqual(len(self._get_acknowledgement(ticket)), 1)

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

from freezegun import freeze_time

from odoo.addons.psa_core.tests.common import at

from ..models.psa_ticket_acknowledgement import DAILY_LIMIT
from .common_mail import DOMAIN, PsaMailCommon


class TestMailTrust(PsaMailCommon):
    """A From header is easily written, and a number easily guessed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ticket = cls._receive_ticket()
        cls.number = f"[{cls.ticket.number}]"

    def _public(self):
        return self.ticket.message_ids.filtered(
            lambda message: not (message.is_internal or message.subtype_id.internal)
        )

    def test_a_number_sends_nothing_in_a_technicians_name(self):
        before = self._public()
        with self.mock_mail_gateway():
            mail = self._receive(
                sender="technician@firm.example", subject=f"{self.number} Pay here"
            )
        self.assertEqual((mail.decision, mail.ticket_id), ("note", self.ticket))
        self.assertEqual(self._public(), before)
        self.assertFalse(self._new_mails)
        self.assertTrue(self.ticket.message_ids[0].subtype_id.internal)

    def test_a_number_lets_nobody_in(self):
        self._receive(
            sender="anything@bellini.example",
            subject=f"{self.number} more",
            Cc="evil@attacker.example",
        )
        self.assertNotIn("evil", self.ticket.email_cc or "")

    def test_a_forward_stays_inside(self):
        before = self._public()
        answer = self.ticket.with_user(self.technician).message_post(
            body="Which one?",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        mail = self._receive(
            sender="technician@firm.example",
            subject="I: The printer does not print",
            answers=answer,
        )
        self.assertEqual(mail.decision, "note")
        self.assertEqual(self._public() - before, answer)

    def test_a_forward_is_not_the_technicians_request(self):
        ticket = self._receive_ticket(
            sender="technician@firm.example", subject="Fwd: printer"
        )
        self.assertRecordValues(
            ticket,
            [
                {
                    "partner_id": False,
                    "client_id": False,
                    "reported_by_id": self.technician.partner_id.id,
                    "acknowledgement_state": "none",
                }
            ],
        )

    def test_a_technician_of_another_company_is_a_stranger(self):
        company = self.env["res.company"].create({"name": "Sister"})
        other = self._create_user(
            "psa-sister",
            "psa_core.group_psa_technician",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        other.partner_id.email = "sister@sister.example"
        mail = self._receive(
            sender="sister@sister.example", subject=f"{self.number} Hello"
        )
        self.assertEqual((mail.decision, mail.cause), ("held", "stranger"))

    def test_an_adviser_brings_no_colleagues(self):
        self.client.email = "info@bellini.example"
        self.env["res.partner"].create(
            {
                "name": "Joe",
                "parent_id": self.client.id,
                "email": "joe@bigconsult.example",
            }
        )
        mail = self._receive(
            sender="other@bigconsult.example", subject=f"{self.number} me too"
        )
        self.assertEqual((mail.decision, mail.cause), ("held", "stranger"))
        ticket = self._receive_ticket(sender="other@bigconsult.example")
        self.assertFalse(ticket.client_id)
        mail = self._receive(
            sender="joe@bigconsult.example", subject=f"{self.number} me"
        )
        self.assertEqual(mail.decision, "reply")

    def test_our_own_address_in_copy(self):
        ticket = self._receive_ticket(
            to=f"x@{DOMAIN}", Cc=f"{self.address}, b@bellini.example"
        )
        self.assertEqual(ticket.email_cc, "b@bellini.example")

    def test_what_did_not_arrive_is_seen(self):
        self.ticket.has_unread_reply = False
        answer = self.ticket.with_user(self.technician).message_post(
            body="Which one?",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        self.assertFalse(self.ticket.has_unread_reply)
        self._receive(
            sender=f"MAILER-DAEMON@{DOMAIN}",
            subject="Undelivered Mail Returned to Sender",
            body="<anna@bellini.example>: user unknown",
            answers=answer,
        )
        self.assertTrue(self.ticket.has_unread_reply)

    def test_an_archived_team_gets_no_mail(self):
        other = self.env["psa.ticket.team"].search(
            [("company_id", "=", self.company.id), ("id", "!=", self.team.id)], limit=1
        )
        self.assertTrue(other)
        self.team.action_archive()
        ticket = self._receive_ticket(subject="Hello?")
        self.assertTrue(ticket.team_id.active)
        self.assertEqual(ticket.company_id, self.company)

    def test_answers_to_a_closed_ticket_make_one_new_ticket(self):
        self.ticket.no_time_reason = "A test"
        with freeze_time(at(9)):
            self.ticket._move_to("closed")
        first = self._receive_ticket(subject=f"R: {self.number} again")
        second = self._receive_ticket(subject=f"R: {self.number} and again")
        self.assertNotEqual(first, self.ticket)
        self.assertEqual(first, second)

    def test_a_robot_is_cut_off_for_the_day(self):
        self.team.acknowledge = True
        now = self.env.cr.now().replace(microsecond=0)
        sent = self.env["psa.ticket"].create(
            [self._prepare_ticket(email_from="robot@robots.example")] * DAILY_LIMIT
        )
        for number, ticket in enumerate(sent):
            ticket.acknowledged_at = now - timedelta(hours=2 * number)
        ticket = self._receive_ticket(sender="robot@robots.example")
        with self.mock_mail_gateway():
            ticket._acknowledge()
        self.assertEqual(ticket.acknowledgement_state, "skipped")
        self.assertIn(str(DAILY_LIMIT), ticket.acknowledgement_reason)
        sent[-1].acknowledged_at = now - timedelta(hours=25)
        other = self._receive_ticket(sender="robot@robots.example", subject="Again")
        with self.mock_mail_gateway():
            other._acknowledge()
        self.assertEqual(other.acknowledgement_state, "sent")

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.tests import Form, freeze_time

from .common_mail import DOMAIN, PsaMailCommon


class TestMailConversation(PsaMailCommon):
    """Who wrote last, and who gets what is written."""

    def _get_addresses(self):
        """Return whom the mails of the test went to."""
        return sorted(address for mail in self._mails for address in mail["email_to"])

    def test_an_answer(self):
        ticket = self._receive_ticket()
        ticket.has_unread_reply = True
        with self.mock_mail_gateway(), freeze_time("2026-03-02 10:00:00"):
            self._answer(ticket)
        with self.mock_mail_gateway(), freeze_time("2026-03-02 11:00:00"):
            self._answer(ticket, user=self.colleague)
        values = ticket.read(["state", "has_unread_reply"])[0]
        self.assertEqual(values["state"], "in_progress")
        self.assertFalse(values["has_unread_reply"])
        self.assertEqual(str(ticket.first_answer_at), "2026-03-02 10:00:00")
        self.assertEqual(str(ticket.last_answer_at), "2026-03-02 11:00:00")

    def test_what_is_no_answer(self):
        ticket = self._receive_ticket()
        ticket.has_unread_reply = True
        notes = [
            {"message_type": "comment", "subtype_xmlid": "mail.mt_note"},
            {"message_type": "notification", "subtype_xmlid": "mail.mt_comment"},
            {"message_type": "auto_comment", "subtype_xmlid": "mail.mt_comment"},
        ]
        with self.mock_mail_gateway():
            for values in notes:
                ticket.with_user(self.technician).message_post(body="x", **values)
        self.assertRecordValues(
            ticket,
            [{"state": "new", "has_unread_reply": True, "first_answer_at": False}],
        )

    def test_mark_as_read(self):
        ticket = self._create_ticket(has_unread_reply=True)
        ticket.with_user(self.technician).action_mark_read()
        self.assertFalse(ticket.has_unread_reply)

    def test_the_customer_writes_on_the_portal(self):
        ticket = self._create_ticket(user_id=self.technician.id)
        ticket._move_to("waiting_client")
        with self.mock_mail_gateway():
            ticket.sudo().message_post(
                body="Still broken",
                author_id=self.contact.id,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )
        self.assertRecordValues(
            ticket,
            [{"state": "in_progress", "has_unread_reply": True}],
        )
        self.assertTrue(ticket.last_customer_message_at)

    def test_an_employee_can_be_the_customer(self):
        ticket = self._create_ticket(partner_id=self.colleague.partner_id.id)
        self._answer(ticket, user=self.colleague, body="Any news?")
        self.assertTrue(ticket.has_unread_reply)
        self.assertFalse(ticket.first_answer_at)

    # ------------------------------------------------------------
    # Who is told
    # ------------------------------------------------------------

    def test_the_contact_gets_the_answer(self):
        ticket = self._receive_ticket()
        with self.mock_mail_gateway():
            self._answer(ticket)
        self.assertEqual(len(self._mails), 1)
        mail = self._mails[0]
        self.assertEqual(mail["email_to"], ['"Anna Bellini" <anna@bellini.example>'])
        self.assertIn(f"[{ticket.number}]", mail["subject"])
        self.assertIn(self.address, mail["reply_to"])
        self.assertIn(
            self._get_messages(ticket)[0].message_id, mail["EmailMessage"]["References"]
        )

    def test_who_is_no_contact_gets_the_answer(self):
        ticket = self._receive_ticket(
            sender="new@nowhere.example", Cc="two@nowhere.example"
        )
        with self.mock_mail_gateway():
            self._answer(ticket)
        self.assertEqual(
            self._get_addresses(), ["new@nowhere.example", "two@nowhere.example"]
        )
        self.assertFalse(ticket.partner_id)

    def test_a_note_is_for_nobody_outside(self):
        ticket = self._receive_ticket()
        ticket.message_subscribe(self.contact.ids)
        with self.mock_mail_gateway():
            ticket.with_user(self.technician).message_post(
                body="He is wrong", message_type="comment", subtype_xmlid="mail.mt_note"
            )
        self.assertFalse(self._mails)

    def test_who_was_chosen_gets_the_answer_beside_the_contact(self):
        ticket = self._receive_ticket(Cc="two@bellini.example")
        with self.mock_mail_gateway():
            ticket.with_user(self.technician).message_post(
                body="Hello both",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                partner_ids=self.other_contact.ids,
            )
        self.assertEqual(
            self._new_mails.recipient_ids, self.contact | self.other_contact
        )
        self.assertFalse(self._new_mails.filtered("email_to"))

    def test_a_resolution_is_told(self):
        ticket = self._receive_ticket(sender="new@nowhere.example")
        ticket.no_time_reason = "A test"
        with self.mock_mail_gateway():
            ticket.with_user(self.technician)._resolve(
                "<p>Done</p>", ticket.cause_id, tell_customer=True
            )
        self.assertEqual(self._get_addresses(), ["new@nowhere.example"])

    def test_without_an_alias_of_the_team(self):
        self.team.alias_name = False
        ticket = self._create_ticket()
        with self.mock_mail_gateway():
            self._answer(ticket)
        self.assertIn(f"catchall@{DOMAIN}", self._mails[0]["reply_to"])

    def test_the_composer_proposes_the_customer(self):
        self.client.email = "info@bellini.example"
        cases = [
            ("anna@bellini.example", {self.contact.id}, set()),
            ("carla@bellini.example", set(), {"carla@bellini.example"}),
        ]
        for sender, partner_ids, emails in cases:
            ticket = self._receive_ticket(sender=sender)
            found = ticket.with_user(self.technician)._message_get_suggested_recipients(
                no_create=True
            )
            proposed = [row for row in found if row["partner_id"]]
            self.assertEqual({row["partner_id"] for row in proposed}, partner_ids)
            others = [row for row in found if not row["partner_id"]]
            self.assertEqual({row["email"] for row in others}, emails)
            for row in others:
                self.assertEqual(row["create_values"]["parent_id"], self.client.id)

    def test_a_contact_of_the_composer_is_the_clients(self):
        self.client.email = "info@bellini.example"
        ticket = self._receive_ticket(
            sender="carla@bellini.example",
            Cc="piero@bellini.example, x@elsewhere.example",
        )
        partners = ticket._partner_find_from_emails_single(
            ["carla@bellini.example", "piero@bellini.example", "x@elsewhere.example"]
        )
        parents = dict(partners.mapped(lambda found: (found.email, found.parent_id)))
        self.assertEqual(
            parents,
            {
                "carla@bellini.example": self.client,
                "piero@bellini.example": self.client,
                "x@elsewhere.example": self.client.browse(),
            },
        )

    def test_form_of_a_held_mail(self):
        mail = self._receive(Auto_Submitted="auto-generated")
        ticket = self._create_ticket()
        with Form(mail.with_user(self.technician)) as form:
            form.suggested_ticket_id = ticket
        self.assertEqual(mail.suggested_ticket_id, ticket)

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from odoo.addons.psa_core.tests.common import at

from .common import PsaHelpdeskCommon


class TestSplit(PsaHelpdeskCommon):
    """A second request in a conversation becomes a ticket of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mate = cls.env["res.partner"].create(
            {"name": "Bea Bellini", "parent_id": cls.client.id}
        )
        cls.tag = cls.env["psa.ticket.tag"].create({"name": "Hardware"})
        with freeze_time(at(8)):
            cls.ticket = cls._create_ticket(
                user_id=cls.colleague.id,
                impact="3",
                channel="mail",
                tag_ids=[Command.set(cls.tag.ids)],
                email_cc="boss@bellini.example",
            )
        with freeze_time(at(9)):
            cls.message = cls._post(
                "<p>By the way, I need a monitor</p>",
                author_id=cls.mate.id,
                attachments=[("offer.txt", b"offer")],
            )
        cls.other = cls._post("<p>It still does not print</p>")

    @classmethod
    def _post(cls, body, **kwargs):
        return cls.ticket.message_post(
            body=body,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            **kwargs,
        )

    def _split(self, messages, user=None, **kwargs):
        wizard = (
            self.env["psa.ticket.split"]
            .with_user(user or self.technician)
            .with_context(active_id=self.ticket.id)
            .create(
                {
                    "name": "A monitor",
                    "message_ids": [Command.set(messages.ids)],
                    **kwargs,
                }
            )
        )
        return self.env["psa.ticket"].browse(wizard.action_split()["res_id"])

    def test_what_it_gets(self):
        new = self._split(self.message)
        self.assertRecordValues(
            new,
            [
                {
                    "name": "A monitor",
                    "team_id": self.team.id,
                    "user_id": self.colleague.id,
                    "client_id": self.client.id,
                    "partner_id": self.mate.id,
                    "impact": "3",
                    "channel": "mail",
                    "tag_ids": self.tag.ids,
                    "email_cc": "boss@bellini.example",
                    "opened_at": at(9),
                    "related_ids": self.ticket.ids,
                    "state": "new",
                    "reassign_count": 0,
                }
            ],
        )
        self.assertIn("I need a monitor", new.description)
        self.assertNotEqual(new.number, self.ticket.number)
        self.assertEqual(self.ticket.related_ids, new)

    def test_what_moves(self):
        new = self._split(self.message)
        self.assertIn(self.message, new.message_ids)
        self.assertEqual(self.message.attachment_ids.res_id, new.id)
        self.assertIn(self.other, self.ticket.message_ids)
        self.assertNotIn(self.message, self.ticket.message_ids)

    def test_the_raw_mail_moves(self):
        mails = self.env["psa.incoming.mail"].create(
            [
                {
                    "message_id": message.message_id,
                    "decision": "reply",
                    "ticket_id": self.ticket.id,
                }
                for message in (self.message, self.other)
            ]
        )
        new = self._split(self.message)
        self.assertEqual(mails.mapped("ticket_id"), new | self.ticket)
        self.assertEqual(mails[0].ticket_id, new)

    def test_notes(self):
        new = self._split(self.message)
        self.assertIn(self.ticket.number, new.message_ids.sorted("id")[-1].body)
        self.assertIn(new.number, self.ticket.message_ids[0].body)

    def test_without_messages(self):
        new = self._split(self.message.browse())
        self.assertEqual(new.partner_id, self.contact)

    def test_messages_of_others_stay_theirs(self):
        stranger = self._create_ticket(partner_id=self.other_contact.id)
        foreign = stranger.message_post(body="Secret", message_type="comment")
        own_history = self.ticket._message_log(body="Stage changed")
        for messages in (foreign, own_history):
            with self.assertRaisesRegex(UserError, "Only messages of"):
                self._split(messages)
        self.assertEqual(foreign.res_id, stranger.id)

    def test_who_may(self):
        with self.assertRaises(AccessError):
            self._split(self.message, user=self.billing)

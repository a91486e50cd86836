# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from base64 import b64decode
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from .common_mail import PsaMailCommon

STRANGER = "Eva <eva@elsewhere.example>"
LOGGER = "odoo.addons.psa_helpdesk.models.psa_incoming_mail"


class TestIncomingMail(PsaMailCommon):
    """The journal of mails, and what people do with those that are held."""

    def _hold(self, **kwargs):
        return self._receive(
            **{"Auto_Submitted": "auto-generated", **kwargs}
        ).with_user(self.technician)

    def test_make_a_ticket(self):
        self.team.acknowledge = True
        held = self._hold(subject="Disk full", html="<p>On <b>srv1</b></p>")
        with self.mock_mail_gateway():
            action = held.action_make_ticket()
        ticket = held.ticket_id
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("psa.ticket", ticket.id)
        )
        self._assert_mail(
            held,
            decision="ticket",
            cause="automatic",
            kind="automatic",
            ticket_id=ticket,
        )
        self.assertEqual(held.handled_by_id, self.technician)
        self.assertTrue(held.handled_at)
        self.assertFalse(held.body, "It is on the ticket now")
        self.assertRecordValues(
            ticket,
            [
                {
                    "name": "Disk full",
                    "partner_id": self.contact.id,
                    "team_id": self.team.id,
                    "channel": "mail",
                    "acknowledgement_state": "skipped",
                }
            ],
        )
        self.assertIn("<b>srv1</b>", ticket.description)
        self.assertEqual(len(self._get_messages(ticket)), 1)

    def test_make_a_ticket_of_a_bounce(self):
        held = self._hold(
            sender="MAILER-DAEMON@mx.example", subject="Undelivered mail", body="Sorry"
        )
        self.assertEqual(held.kind, "bounce")
        held.action_make_ticket()
        self.assertEqual(held.ticket_id.name, "Undelivered mail")

    def test_make_a_ticket_when_the_alias_refuses_it(self):
        self.team.alias_id.alias_contact = "partners"
        with self.mock_mail_gateway():
            held = self._hold(sender=STRANGER, Auto_Submitted=None)
            self._assert_mail(held, decision="held", cause="refused", kind="human")
            sent = len(self._new_mails)
            held.action_make_ticket()
            self.assertEqual(len(self._new_mails), sent, "Not told twice")
        self.assertTrue(held.ticket_id.is_unknown_sender)

    def test_add_as_the_customers_message(self):
        ticket = self._create_ticket()
        ticket._move_to("waiting_client")
        held = self._hold(
            Auto_Submitted=None, sender=STRANGER, subject=f"[{ticket.number}] It is me"
        )
        self.assertEqual(held.suggested_ticket_id, ticket)
        held.action_add_as_reply()
        self.assertEqual((held.decision, held.ticket_id), ("reply", ticket))
        self.assertRecordValues(
            ticket, [{"has_unread_reply": True, "state": "in_progress"}]
        )
        message = self._get_messages(ticket)[-1]
        self.assertFalse(message.is_internal or message.subtype_id.internal)
        self.assertEqual(message.email_from, '"Eva" <eva@elsewhere.example>')

    def test_add_as_a_note(self):
        ticket = self._create_ticket()
        held = self._hold()
        with self.assertRaisesRegex(UserError, "Choose the ticket"):
            held.action_add_as_note()
        held.suggested_ticket_id = ticket
        held.action_add_as_note()
        self.assertEqual((held.decision, held.ticket_id), ("note", ticket))
        self.assertFalse(ticket.has_unread_reply)
        message = self._get_messages(ticket)[-1]
        self.assertTrue(message.is_internal and message.subtype_id.internal)

    def test_dismiss(self):
        held = self._hold() | self._hold()
        held.action_dismiss()
        self.assertEqual(held.mapped("decision"), ["dismissed", "dismissed"])
        self.assertFalse(held[0].body)

    def test_nothing_is_done_twice(self):
        held = self._hold()
        held.action_make_ticket()
        for action in ("action_make_ticket", "action_dismiss"):
            with self.assertRaisesRegex(UserError, "dealt with already"):
                getattr(held, action)()

    def test_a_mail_that_fails_becomes_a_simpler_ticket(self):
        tickets = type(self.env["psa.ticket"])
        with (
            patch.object(tickets, "message_new", side_effect=ValueError("No ink")),
            mute_logger(LOGGER),
        ):
            held = self._receive(body="Please help").with_user(self.technician)
        self.assertEqual(held.cause, "error")
        thread = type(self.env["mail.thread"])
        parse = thread.message_parse

        def fail_once(self, message, *args, **kwargs):
            if message["Date"]:
                raise ValueError("Still no ink")
            return parse(self, message, *args, **kwargs)

        with (
            patch.object(thread, "message_parse", fail_once),
            mute_logger("odoo.addons.psa_helpdesk.models.mail_thread"),
        ):
            held.action_make_ticket()
        self.assertRecordValues(
            held.ticket_id,
            [{"name": "The printer does not print", "partner_id": self.contact.id}],
        )
        self.assertIn("Please help", held.ticket_id.description)

    def test_answers_to_a_released_mail_arrive(self):
        held = self._hold()
        held.action_make_ticket()
        message = self._get_messages(held.ticket_id)
        self.assertEqual(self._receive(answers=message).ticket_id, held.ticket_id)

    # ------------------------------------------------------------
    # Access
    # ------------------------------------------------------------

    def test_the_raw_file_is_the_managers(self):
        raw = self._prepare_mail()
        mail = self._receive_raw(raw)
        content = mail.with_user(self.manager).with_context(bin_size=False).raw
        self.assertIn(b"It is the one in the office.", b64decode(content))
        attachment = self.env["ir.attachment"].search(
            [("res_model", "=", mail._name), ("res_field", "=", "raw")]
            + [("res_id", "=", mail.id)]
        )
        self.assertEqual(attachment.with_user(self.manager).raw, raw)
        self.assertFalse(attachment.index_content)
        portal = new_test_user(self.env, "psa-portal", groups="base.group_portal")
        for user in (self.technician, self.billing, portal):
            with self.assertRaises(AccessError):
                mail.with_user(user).read(["raw"])
            with self.assertRaises(AccessError):
                attachment.with_user(user).read(["raw"])

    def test_who_may_do_what(self):
        mail = self._hold().sudo(False)
        portal = new_test_user(self.env, "psa-portal", groups="base.group_portal")
        employee = new_test_user(self.env, "psa-employee", groups="base.group_user")
        rights = {
            self.technician: {"read", "write"},
            self.manager: {"read", "write", "unlink"},
            self.billing: set(),
            employee: set(),
            portal: set(),
        }
        for user, expected in rights.items():
            found = {
                operation
                for operation in ("read", "write", "create", "unlink")
                if mail.with_user(user).has_access(operation)
            }
            self.assertEqual(found, expected, user.login)
        for user in (self.billing, portal):
            with self.assertRaises(AccessError):
                mail.with_user(user).action_dismiss()

    def test_what_came_in_is_not_changed(self):
        mail = self._hold()
        for vals in ({"decision": "dismissed"}, {"message_id": "<other@x>"}):
            with self.assertRaisesRegex(AccessError, "not changed"):
                mail.with_user(self.manager).write(vals)

    def test_other_companies_see_nothing(self):
        firm = self.env["res.company"].create({"name": "Second firm"})
        other = self._create_user(
            "psa-other",
            "psa_core.group_psa_manager",
            company_id=firm.id,
            company_ids=[(6, 0, firm.ids)],
        )
        mail = self._hold()
        self.assertFalse(mail.with_user(other).search([("id", "=", mail.id)]))
        with self.assertRaises(AccessError):
            mail.with_user(other).action_dismiss()

    def test_a_deleted_ticket_leaves_its_mail(self):
        mail = self._receive()
        mail.ticket_id.unlink()
        self._assert_mail(mail, decision="ticket")

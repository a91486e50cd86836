# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

from odoo import fields

from .common_mail import PsaMailCommon

STRANGER = "Eva <eva@elsewhere.example>"


class TestMailReply(PsaMailCommon):
    """Answers land on their ticket, and nobody else writes into it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ticket = cls._receive_ticket()
        cls.opening = cls._get_messages(cls.ticket)[0]
        cls.ticket.user_id = cls.technician
        cls.ticket._move_to("in_progress")

    def _get_last(self):
        messages = self._get_messages(self.ticket)
        return messages.filtered(lambda message: message.message_type == "email")[-1]

    def _assert_reply(self, mail, author=None):
        self._assert_mail(mail, decision="reply", ticket_id=self.ticket)
        last = self._get_last()
        self.assertFalse(last.is_internal or last.subtype_id.internal)
        self.assertTrue(self.ticket.has_unread_reply)
        if author:
            self.assertEqual(last.author_id, author)

    # By reference

    def test_by_reference(self):
        answer = self._answer(self.ticket)
        mail = self._receive(answers=answer, subject="Thank you")
        self._assert_reply(mail, self.contact)
        number = self.ticket.number
        self.assertEqual(self._get_last().subject, f"[{number}] Thank you")
        self._receive(answers=answer, subject=f"RE: [{number}] {self.ticket.name}")
        self.assertEqual(self._get_last().subject, f"[{number}] {self.ticket.name}")

    def test_everybody_of_the_customer_may_answer(self):
        self.contact.copy({"name": "Piero", "email": "piero@bellini.example"})
        self.client.email = "info@bellini.example"
        follower = self.env["res.partner"].create(
            {"name": "Advisor", "email": "advisor@tax.example"}
        )
        self.ticket.message_subscribe(follower.ids)
        self.ticket.email_cc = "cc@gmail.com"
        for sender in (
            "piero@bellini.example",
            "unknown.colleague@bellini.example",
            "advisor@tax.example",
            "cc@gmail.com",
        ):
            self.ticket.has_unread_reply = False
            self._assert_reply(self._receive(answers=self.opening, sender=sender))

    def test_colleagues_of_an_unknown_sender(self):
        ticket = self._receive_ticket(sender="new@nowhere.example")
        opening = self._get_messages(ticket)[0]
        mail = self._receive(sender="other@nowhere.example", answers=opening)
        self.assertEqual((mail.decision, mail.ticket_id), ("reply", ticket))
        self.assertTrue(ticket.has_unread_reply)

    def test_nobody_is_a_colleague_at_a_public_domain(self):
        ticket = self._receive_ticket(sender="new@gmail.com")
        opening = self._get_messages(ticket)[0]
        mail = self._receive(sender="other@gmail.com", answers=opening)
        self._assert_held(mail, ticket)

    def test_nobody_is_a_colleague_at_a_shared_domain(self):
        self.client.email = "info@shared.example"
        self.other_client.email = "info@shared.example"
        mail = self._receive(answers=self.opening, sender="x@shared.example")
        self._assert_held(mail)

    def test_all_answers_of_a_storm(self):
        people = [f"c{number}@bellini.example" for number in range(3)]
        opening = self._receive(Cc=", ".join(people))
        for sender in people:
            mail = self._receive(
                sender=sender, answers=self._get_messages(opening.ticket_id)[0]
            )
            self.assertEqual(mail.ticket_id, opening.ticket_id)
            self.assertEqual(mail.decision, "reply")

    def test_the_contact_hears_what_a_colleague_answers(self):
        self.client.email = "info@bellini.example"
        with self.mock_mail_gateway():
            self._receive(answers=self.opening, sender="carla@bellini.example")
        self.assertIn(self.contact, self._new_mails.recipient_ids)

    def _assert_held(self, mail, ticket=None):
        self._assert_mail(
            mail,
            decision="held",
            cause="stranger",
            suggested_ticket_id=ticket or self.ticket,
        )

    def test_a_stranger_is_held(self):
        with self.mock_mail_gateway():
            mail = self._receive(
                answers=self.opening,
                sender=STRANGER,
                Cc="accomplice@elsewhere.example",
            )
            self.assertFalse(self._new_mails, "Nobody is written to")
        self._assert_held(mail)
        self.assertFalse(self.ticket.email_cc, "CC lets nobody in")
        note = self.ticket.message_ids.sorted("id")[-1]
        self.assertIn("is held", note.body)
        self.assertTrue(note.is_internal or note.subtype_id.internal)
        self._assert_held(self._receive(answers=self.opening, sender=STRANGER))

    def test_another_client_is_held(self):
        mail = self._receive(answers=self.opening, sender="luca@marchetti.example")
        self._assert_held(mail)

    def test_a_sender_without_address_is_held(self):
        for sender, decision in {"Anna": "held", "": "held", "<>": "note"}.items():
            mail = self._receive(answers=self.opening, sender=sender)
            self.assertEqual(mail.decision, decision, sender)
            # Nothing but a bounce comes from nobody.
            self.assertEqual(self.ticket.has_unread_reply, sender == "<>")

    def test_a_technician_answers_by_mail(self):
        with self.mock_mail_gateway():
            mail = self._receive(answers=self.opening, sender="technician@firm.example")
            sent = self._new_mails
        self._assert_mail(mail, decision="reply", ticket_id=self.ticket)
        self.assertFalse(self.ticket.has_unread_reply)
        self.assertTrue(self.ticket.first_answer_at)
        self.assertEqual(sent.recipient_ids, self.contact)

    def test_a_technician_answers_a_note_by_mail(self):
        note = self.ticket.with_user(self.colleague).message_post(
            body="What do you think?",
            message_type="comment",
            subtype_xmlid="mail.mt_note",
        )
        with self.mock_mail_gateway():
            mail = self._receive(answers=note, sender="technician@firm.example")
        self._assert_mail(mail, decision="note", ticket_id=self.ticket)
        self.assertTrue(self._get_last().is_internal)
        self.assertFalse(self.ticket.first_answer_at)

    # By number

    def test_by_the_number(self):
        number = self.ticket.number
        for subject in (f"Again [{number}] Printer", f"RE: [{number.lower()}]"):
            self.ticket.has_unread_reply = False
            self._assert_reply(self._receive(subject=subject), self.contact)

    def test_a_stranger_with_the_number_is_held(self):
        before = self.env["psa.ticket"].search_count([])
        mail = self._receive(subject=f"[{self.ticket.number}] Hello", sender=STRANGER)
        self._assert_mail(
            mail, decision="held", cause="stranger", suggested_ticket_id=self.ticket
        )
        self.assertEqual(self.env["psa.ticket"].search_count([]), before)

    def test_numbers_of_another_company_do_not_count(self):
        firm = self.env["res.company"].create({"name": "Second firm"})
        team = self.env["psa.ticket.team"].search([("company_id", "=", firm.id)])
        other = self.env["psa.ticket"].create(
            {"name": "Theirs", "team_id": team.id, "partner_id": self.contact.id}
        )
        mail = self._receive(subject=f"[{other.number}] Hello")
        self.assertNotEqual(mail.ticket_id, other)

    def test_numbers_of_nobody_make_a_ticket(self):
        mail = self._receive(subject="[INC-4711] Our own reference")
        self.assertEqual(mail.decision, "ticket")
        self.assertEqual(mail.ticket_id.name, "[INC-4711] Our own reference")

    # Where the ticket is not what it was

    def test_merged_tickets_go_on_in_another(self):
        target = self._create_ticket()
        self.ticket.write({"merged_into_id": target.id})
        for mail in (
            self._receive(answers=self.opening),
            self._receive(subject=f"[{self.ticket.number}] Hello"),
        ):
            self._assert_mail(mail, decision="reply", ticket_id=target)

    def test_a_deleted_ticket(self):
        answer = self._answer(self.ticket)
        raw = self._prepare_mail(answers=answer)
        self.ticket.sudo().unlink()
        mail = self._receive_raw(raw)
        self.assertEqual(mail.decision, "ticket")
        self.assertTrue(mail.ticket_id.exists())

    def test_an_answer_reopens(self):
        for state in ("resolved", "closed", "cancelled"):
            count = self.ticket.reopen_count
            self.ticket.with_context(mail_notrack=True)._move_to(
                state, no_time_reason="A test"
            )
            self._assert_reply(self._receive(answers=self.opening))
            self.assertRecordValues(
                self.ticket, [{"state": "in_progress", "reopen_count": count + 1}]
            )

    def test_an_answer_ends_the_waiting(self):
        self.ticket._move_to("waiting_client")
        self._assert_reply(self._receive(answers=self.opening))
        self.assertEqual(self.ticket.state, "in_progress")
        self.ticket._move_to("waiting_third_party")
        self._receive(answers=self.opening)
        self.assertEqual(self.ticket.state, "waiting_third_party")

    def test_long_after_closing_a_new_one_is_linked(self):
        self.ticket._move_to("closed", no_time_reason="A test")
        days = self.team.reopen_days
        self.ticket.closed_at = fields.Datetime.now() - timedelta(days=days + 1)
        mail = self._receive(answers=self.opening)
        new = mail.ticket_id
        self._assert_mail(mail, decision="ticket", ticket_id=new)
        self.assertNotEqual(new, self.ticket)
        self.assertEqual(new.related_ids, self.ticket)
        self.assertEqual(new.team_id, self.team)
        self.assertEqual(new.partner_id, self.contact)
        # Further ones go to the new ticket, as long as it is open.
        mail = self._receive(subject=f"[{self.ticket.number}] Again")
        self._assert_mail(mail, decision="reply", ticket_id=new)
        self.assertEqual(self.ticket.state, "closed")

    def test_long_after_closing_a_technician_adds_to_it(self):
        self.ticket._move_to("closed", no_time_reason="A test")
        self.ticket.closed_at = fields.Datetime.now() - timedelta(days=400)
        mail = self._receive(answers=self.opening, sender="technician@firm.example")
        self._assert_mail(mail, decision="reply", ticket_id=self.ticket)
        self.assertEqual(self.ticket.state, "closed")

    def test_too_many_answers_are_held(self):
        self.env["ir.config_parameter"].set_param("mail.gateway.loop.threshold", 3)
        with self.mock_mail_gateway():
            decisions = [
                self._receive(answers=self.opening).decision for _number in range(4)
            ]
        self.assertEqual(decisions, ["reply", "reply", "held", "held"])
        held = self.mails.search([("decision", "=", "held")], limit=1)
        self._assert_mail(
            held, decision="held", cause="loop", suggested_ticket_id=self.ticket
        )

    def test_queries(self):
        self.client.email = "info@bellini.example"
        for sender in ("anna@bellini.example", "carla@bellini.example"):
            opening = self._get_messages(self._receive_ticket(sender=sender))
            raw = self._prepare_mail(sender=sender, answers=opening)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.thread.message_process(None, raw)
            self.env.flush_all()
            self.assertLessEqual(self.cr.sql_log_count - before, 51, sender)

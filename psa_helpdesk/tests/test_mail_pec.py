# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from .common_mail import PsaMailCommon

PROVIDER = "posta-certificata@pec.provider.example"
PEC = {
    "sender": f'"Per conto di: anna@bellini.example" <{PROVIDER}>',
    "X_Trasporto": "posta-certificata",
    "Reply_To": "Anna Bellini <anna@bellini.example>",
}


class TestMailPec(PsaMailCommon):
    """Who wrote a mail and to whom, when From and To do not say so."""

    def _assert_sender(self, mail, email_from):
        self._assert_mail(mail, decision="ticket", ticket_id=mail.ticket_id)
        self.assertEqual(mail.email_from, email_from.replace('"', ""))
        self.assertEqual(mail.ticket_id.email_from, email_from)
        self.assertEqual(self._get_messages(mail.ticket_id)[:1].email_from, email_from)

    # ------------------------------------------------------------
    # Certified mail
    # ------------------------------------------------------------

    def test_certified_mail_is_by_who_it_was_sent_for(self):
        mail = self._receive(**PEC)
        self._assert_sender(mail, '"Anna Bellini" <anna@bellini.example>')
        self.assertEqual(mail.ticket_id.partner_id, self.contact)
        self.assertEqual(self._get_messages(mail.ticket_id)[:1].author_id, self.contact)

    def test_certified_mail_without_one_address_to_answer(self):
        for reply_to in (None, PROVIDER, "a@bellini.example, b@bellini.example"):
            mail = self._receive(**{**PEC, "Reply_To": reply_to})
            if reply_to == PROVIDER:
                self.assertEqual(mail.ticket_id.email_normalized, PROVIDER)
            else:
                self._assert_sender(mail, "anna@bellini.example")

    def test_others_of_the_provider_are_strangers(self):
        ticket = self._receive_ticket(**PEC)
        answer = self._answer(ticket)
        other = {
            **PEC,
            "sender": f'"Per conto di: eva@other.example" <{PROVIDER}>',
            "Reply_To": "eva@other.example",
        }
        self._assert_mail(
            self._receive(answers=answer, **other),
            decision="held",
            cause="stranger",
            suggested_ticket_id=ticket,
        )
        self._assert_mail(
            self._receive(answers=answer, **PEC), decision="reply", ticket_id=ticket
        )

    def test_receipts_stay_what_they_are(self):
        mail = self._receive(**PEC, X_Ricevuta="avvenuta-consegna")
        self._assert_mail(mail, decision="held", cause="automatic", kind="report")
        self.assertIn(PROVIDER, mail.email_from)
        mail = self._receive(**PEC, X_Ricevuta="errore-consegna")
        self._assert_mail(mail, decision="held", cause="automatic", kind="bounce")
        self.assertIn(PROVIDER, mail.email_from)

    # ------------------------------------------------------------
    # Addresses that take no answers
    # ------------------------------------------------------------

    def test_form_of_a_web_site(self):
        form = {"sender": "Shop <no-reply@shop.example>"}
        mail = self._receive(**form, Reply_To="anna@bellini.example")
        self._assert_sender(mail, "anna@bellini.example")
        # Anybody can fill in any address.
        self.assertEqual(mail.ticket_id.acknowledgement_state, "none")
        for reply_to in ("a@bellini.example, b@bellini.example", "noreply@x.example"):
            mail = self._receive(**form, Reply_To=reply_to)
            self.assertIn("no-reply@shop.example", mail.email_from)

    def test_people_are_who_they_are(self):
        mail = self._receive(Reply_To="other@bellini.example")
        self._assert_sender(mail, '"Anna Bellini" <anna@bellini.example>')

    def test_nobody_becomes_a_technician_or_ourselves(self):
        for address in (self.technician.email, self.address):
            mail = self._receive(
                sender="no-reply@shop.example", Reply_To=f"Me <{address}>"
            )
            self.assertEqual(mail.email_from, "no-reply@shop.example")

    # ------------------------------------------------------------
    # Recipients
    # ------------------------------------------------------------

    def test_blind_copies_and_redirected_mails(self):
        team = self.env["psa.ticket.team"].create(
            {"name": "Projects", "alias_name": "projects"}
        )
        team.alias_domain_id = self.alias_domain
        address = f"projects@{self.alias_domain.name}"
        for name in ("X_Original_To", "Envelope_To", "X_Envelope_To"):
            mail = self._receive(to="someone@bellini.example", **{name: address})
            self.assertEqual(mail.ticket_id.team_id, team, name)

    # ------------------------------------------------------------
    # Refusals
    # ------------------------------------------------------------

    def test_robots_are_not_told_that_they_are_refused(self):
        self.team.alias_id.alias_contact = "partners"
        with self.mock_mail_gateway():
            mail = self._receive(
                sender="eva@other.example", Auto_Submitted="auto-generated"
            )
        self._assert_mail(mail, decision="held", cause="refused", kind="automatic")
        self.assertFalse(self._new_mails)
        with self.mock_mail_gateway():
            self._receive(sender="eva@other.example")
        self.assertEqual(len(self._new_mails), 1)

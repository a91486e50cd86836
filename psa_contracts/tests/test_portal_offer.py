# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta
from hashlib import sha256

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_portal import NOT_FOUND, NOT_OPEN, PsaContractsPortalCommon


@tagged("post_install", "-at_install")
class TestPortalOffer(PsaContractsPortalCommon):
    """An offer is sent, and taken back by any change of what the client reads."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._send()
        cls.env.flush_all()

    # ------------------------------------------------------------
    # Sending
    # ------------------------------------------------------------

    def test_what_is_sent(self):
        contract = self.contract.sudo()
        self.assertTrue(contract.is_signed_by_client)
        self.assertEqual(
            contract.agreed_digest, sha256(contract.agreed_text.encode()).hexdigest()
        )
        mail = self.env["mail.mail"].search(
            [("model", "=", "psa.contract"), ("res_id", "=", contract.id)]
        )
        self.assertEqual(mail.recipient_ids, self.contact)
        self.assertEqual(mail.subject, f"Contract {contract.number}: please sign")
        self.assertIn(f"{self.url}?access_token={self.token}", mail.body_html)
        # Whoever reads the contract reads the note, and cannot sign with it.
        note = mail.mail_message_id
        self.assertIn("Sent for signature to", note.body)
        self.assertNotIn(self.token, note.body)
        self.assertFalse(note.attachment_ids)

    def test_in_the_clients_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.contact.lang = "fr_FR"
        self._send()
        self.assertIn("249,00", self.contract.sudo().agreed_text)

    def test_what_cannot_be_sent(self):
        empty = self._create_contract(contact_id=self.contact.id)
        nobody = self._create_contract()
        gone = self._create_contact("Gino Neri")
        stranger = self._create_contract(contact_id=gone.id)
        mute = self._create_contract(
            contact_id=self.env["res.partner"]
            .create({"name": "Dario", "parent_id": self.client.id})
            .id
        )
        late = self._create_contract(
            contact_id=self.contact.id,
            offer_valid_until=fields.Date.today() - timedelta(days=2),
        )
        for contract in (nobody, stranger, mute, late):
            self._create_line(contract)
        gone.parent_id = self.other_client
        active = self._activate(
            self._create_line(
                self._create_contract(contact_id=self.contact.id)
            ).contract_id
        )
        for contract, text in (
            (empty, "nothing in"),
            (nobody, "Choose a contact"),
            (stranger, "Choose a contact"),
            (mute, "no mail address"),
            (late, "not valid any more"),
            (active, "no draft any more"),
        ):
            with self.assertRaisesRegex(UserError, text):
                self._send(contract)
            self.assertFalse(contract.sent_at)
        for user in (self.technician, self.manager):
            with self.assertRaises(AccessError):
                self.contract.with_user(user).action_send_for_signature()

    def test_values_are_not_set_by_hand(self):
        for name, value in (
            ("sent_at", "2026-01-01 00:00:00"),
            ("signed_at", "2026-01-01 00:00:00"),
            ("signed_by", "Anna"),
            ("signature", self.signature),
            ("agreed_text", "<p>All is free</p>"),
            ("agreed_digest", "0"),
            ("access_token", "known"),
        ):
            with self.assertRaises(AccessError):
                self.contract.with_user(self.billing).write({name: value})

    @mute_logger("odoo.addons.mail.models.mail_mail")
    def test_a_mail_that_does_not_arrive_is_told(self):
        mail = self.env["mail.mail"].search(
            [("model", "=", "psa.contract"), ("res_id", "=", self.contract.id)]
        )
        mail.write({"state": "exception", "failure_reason": "No such mailbox"})
        mail._postprocess_sent_message([], [], failure_reason="No such mailbox")
        activity = self.contract.sudo().activity_ids
        self.assertEqual(activity.user_id, self.billing)
        self.assertIn("No such mailbox", activity.note)

    @mute_logger("odoo.addons.mail.models.mail_mail")
    def test_another_mail_that_does_not_arrive(self):
        contract = self.contract.sudo()
        contract._tell_client_running_low()
        mail = self.env["mail.mail"].search(
            [("model", "=", "psa.contract"), ("res_id", "=", contract.id)],
            order="id desc",
            limit=1,
        )
        mail.write({"state": "exception", "failure_reason": "No such mailbox"})
        mail._postprocess_sent_message([], [], failure_reason="No such mailbox")
        self.assertEqual(
            contract.activity_ids.mapped("summary"),
            ["The client was not told that hours run low"],
        )

    def test_later_terms_are_printed(self):
        self.env["psa.contract.line.term"].with_user(self.billing).create(
            [
                {
                    "line_id": self.fee.id,
                    "date_start": "2027-01-01",
                    "quantity": 2.0,
                    "price_unit": 260.0,
                },
                {
                    "line_id": self.hours_line.id,
                    "date_start": "2027-01-01",
                    "hours": 12.0,
                    "price_unit": 90.0,
                },
            ]
        )
        rows = self.contract.sudo()._get_printed_lines()
        self.assertEqual(
            [row["details"][-1].lower() for row in rows],
            [
                "from 01/01/2027: 2 × $\xa0260.00 (monthly)",
                "from 01/01/2027: 1 × $\xa090.00 (monthly), hours: 12 (monthly)",
            ],
        )

    # ------------------------------------------------------------
    # Taking back
    # ------------------------------------------------------------

    def test_a_change_takes_the_offer_back(self):
        rate = self.env["psa.rate"].with_user(self.billing)
        for change in (
            lambda: self.contract.write({"name": "Care Extra"}),
            lambda: self.contract.write({"description": "<p>Less</p>"}),
            lambda: self.contract.write({"date_end": "2026-12-31"}),
            lambda: self.fee.write({"price_unit": 250.0}),
            lambda: self.hours_line.write({"hours": 5.0}),
            lambda: self.fee.term_ids.write({"quantity": 2.0}),
            lambda: self._create_line(self.contract, "time"),
            lambda: self.contract.line_ids[-1].unlink(),
            lambda: rate.create({"contract_id": self.contract.id, "price": 85.0}),
            lambda: self.contract.rate_ids.write({"price": 90.0}),
            lambda: self.contract.rate_ids.unlink(),
        ):
            self._send()
            self.assertTrue(self.contract.sent_at)
            change()
            self.env.flush_all()
            self.assertFalse(self.contract.sent_at)

    def test_other_changes_leave_it(self):
        self.contract.write({"user_id": self.manager.id, "sequence": 5})
        self.contract.message_subscribe(self.bruno.partner_id.ids)
        self.fee.topup_percent = 90
        self.env.flush_all()
        self.assertTrue(self.contract.sent_at)

    def test_the_link_of_an_offer_that_was_taken_back(self):
        seen = self.contract.agreed_digest
        self.fee.price_unit = 99.0
        self.env.flush_all()
        self._login(None)
        page = self._get(access_token=self.token)
        self.assertEqual(page.status_code, 410)
        self.assertIn("This offer is no longer open", page.text)
        self.assertNotIn("249", page.text)
        self.assertEqual(self._get("/pdf", access_token=self.token).status_code, 404)
        self.assertEqual(self._sign(self.token, version=seen), NOT_OPEN)
        self.assertEqual(self._get(access_token="wrong").status_code, 303)
        # It is sent again: the page that is still open shows another one.
        self._send()
        self.env.flush_all()
        self.assertIn(
            "changed meanwhile", self._sign(self.token, version=seen)["error"]
        )
        self.assertIn("force_refresh", self._sign(self.token))

    def test_taken_back_by_hand(self):
        self.contract.with_user(self.billing).action_withdraw_offer()
        self.env.flush_all()
        self._login(self.anna)
        self.assertEqual(self._get().status_code, 404)
        self.assertEqual(self._sign(), NOT_FOUND)

    def test_cancelled_and_a_draft_again(self):
        contract = self.contract.with_user(self.billing)
        contract._cancel("No budget")
        self.env.flush_all()
        self._login(None)
        page = self._get(access_token=self.token)
        self.assertEqual(page.status_code, 410)
        self.assertIn("We have withdrawn it.", page.text)
        self.assertNotIn("new one", page.text)
        self.assertEqual(self._sign(self.token), NOT_OPEN)
        contract.action_reset()
        self.env.flush_all()
        self.assertFalse(contract.sent_at)

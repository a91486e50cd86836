# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta
from hashlib import sha256
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_portal import PsaContractsPortalCommon, draw_signature

NOT_OPEN = {"error": "This offer is no longer open. You will get a new one."}
NOT_FOUND = {"error": "This contract cannot be found."}


@tagged("post_install", "-at_install")
class TestPortalSigning(PsaContractsPortalCommon):
    """An offer is sent, read, and signed once, as it was read."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._send()
        cls.env.flush_all()

    def _refresh(self):
        self.env.invalidate_all()
        return self.contract.sudo()

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
        self.assertEqual(self._get(access_token=self.token).status_code, 410)
        self.assertEqual(self._sign(self.token), NOT_OPEN)
        contract.action_reset()
        self.env.flush_all()
        self.assertFalse(contract.sent_at)

    # ------------------------------------------------------------
    # Signing
    # ------------------------------------------------------------

    def test_page(self):
        for user, token, may_sign in (
            (self.anna, None, True),
            (None, self.token, True),
            (self.bruno, self.token, True),
            (self.carla, None, False),
            (self.billing, None, False),
        ):
            with self.subTest(user=user and user.login):
                self._login(user)
                page = self._get(**({"access_token": token} if token else {}))
                self.assertEqual(page.status_code, 200)
                self.assertIn("249.00", page.text)
                self.assertEqual("portal.signature_form" in page.text, may_sign)
                self.assertNotIn("{month}", page.text)

    def test_sign_with_a_login(self):
        self._login(self.anna)
        result = self._sign()
        self.assertEqual(
            result,
            {"force_refresh": True, "redirect_url": f"{self.url}?message=signed"},
        )
        contract = self._refresh()
        self.assertRecordValues(
            contract,
            [
                {
                    "state": "active",
                    "signed_by": "Anna Bellini",
                    "delivery_state": "pending",
                }
            ],
        )
        self.assertTrue(contract.signature)
        self.assertTrue(contract.analytic_account_id)
        note = contract.message_ids.filtered(
            lambda one: "Signed by" in (one.body or "")
        )
        self.assertEqual(note.author_id, self.contact)
        self.assertIn(contract.agreed_digest, note.body)
        page = self.url_open(result["redirect_url"])
        self.assertIn("Thank you.", page.text)
        self.assertNotIn("portal.signature_form", page.text)
        self.assertEqual(self._get_texts(page, "o_psa_contract_state"), ["In force"])
        # Signed twice: nothing happens.
        signed = contract.signed_at
        self.assertEqual(self._sign(name="Somebody"), result)
        self.assertRecordValues(
            self._refresh(), [{"signed_by": "Anna Bellini", "signed_at": signed}]
        )

    def test_sign_by_the_link(self):
        self._login(None)
        result = self._sign(self.token)
        self.assertIn(f"access_token={self.token}", result["redirect_url"])
        self.assertEqual(self._refresh().state, "active")
        page = self.url_open(result["redirect_url"])
        self.assertEqual(
            self._get_texts(page, "o_psa_contract_documents"),
            [f"Contract {self.contract.number}, signed"],
        )

    def test_who_does_not_sign(self):
        for user, token, answer in (
            (self.carla, None, {"error": "This contract is not for you to sign."}),
            (self.bruno, None, NOT_FOUND),
            (self.luca, None, NOT_FOUND),
            (self.luca, "wrong", NOT_FOUND),
            (self.billing, None, NOT_FOUND),
            (None, None, NOT_FOUND),
            (None, "wrong", NOT_FOUND),
        ):
            with self.subTest(user=user and user.login, token=token):
                self._login(user)
                self.assertEqual(self._sign(token), answer)
        self.assertFalse(self._refresh().signed_at)

    def test_bad_signatures(self):
        self._login(self.anna)
        for kwargs, text in (
            ({"signature": None}, "The signature is missing."),
            ({"signature": draw_signature(False)}, "The signature is missing."),
            ({"signature": "no base64"}, "The signature cannot be read."),
            ({"signature": {"a": 1}}, "The signature cannot be read."),
            ({"name": " "}, "Please write the name of who signs."),
            ({"name": {"a": 1}}, "Please write the name of who signs."),
            ({"version": ""}, "This offer has been changed meanwhile."),
            ({"version": "0"}, "This offer has been changed meanwhile."),
        ):
            with self.subTest(kwargs=kwargs):
                self.assertIn(text, self._sign(**kwargs)["error"])
        self.assertRecordValues(
            self._refresh(), [{"state": "draft", "signed_at": False}]
        )

    def test_an_offer_that_expired(self):
        self.contract.offer_valid_until = fields.Date.today() - timedelta(days=2)
        self.env.flush_all()
        self._login(self.anna)
        page = self._get()
        self.assertEqual(
            self._get_texts(page, "o_psa_contract_state"), ["Offer expired"]
        )
        self.assertIn("Please ask us for a new one.", page.text)
        self.assertNotIn("portal.signature_form", page.text)
        self.assertIn("no longer valid", self._sign()["error"])
        self.assertFalse(self._refresh().signed_at)

    def test_a_get_does_not_sign(self):
        self._login(self.anna)
        for method in ("GET", "PUT"):
            with mute_logger("odoo.http"):
                response = self.url_open(f"{self.url}/sign", method=method)
            self.assertIn(response.status_code, (400, 404, 405, 415))
        with mute_logger("odoo.http"):
            form = self.url_open(
                f"{self.url}/sign", data={"name": "A", "signature": self.signature}
            )
        self.assertIn(form.status_code, (400, 404, 405, 415))
        self.assertFalse(self._refresh().signed_at)

    def test_signed_but_not_in_force(self):
        def fail(contracts):
            raise UserError("The product is missing.")

        with patch.object(self.registry["psa.contract"], "action_activate", fail):
            self._login(self.anna)
            self.assertIn("force_refresh", self._sign())
        contract = self._refresh()
        self.assertRecordValues(
            contract, [{"state": "draft", "signed_by": "Anna Bellini"}]
        )
        self.assertEqual(contract.activity_ids.user_id, self.billing)
        self.assertIn("The product is missing.", contract.activity_ids.note)
        page = self._get()
        self.assertEqual(self._get_texts(page, "o_psa_contract_state"), ["Signed"])

    # ------------------------------------------------------------
    # The signed copy
    # ------------------------------------------------------------

    def _deliver(self):
        with self.enter_registry_test_mode():
            self.env.ref("psa_contracts.ir_cron_deliver_signed").method_direct_trigger()
        return self._refresh()

    def test_signed_copy(self):
        contract = self.contract.sudo()
        contract._sign("Anna Bellini", self.signature, contract.agreed_digest)
        contract = self._deliver()
        self.assertEqual(contract.delivery_state, "sent")
        self.assertTrue(contract.signed_pdf)
        mail = self.env["mail.mail"].search(
            [("subject", "=", f"Contract {contract.number}, signed")]
        )
        self.assertEqual(mail.recipient_ids, self.contact)
        self.assertEqual(
            mail.attachment_ids.mapped("name"), [f"Contract {contract.number}.pdf"]
        )
        # Those who read the contract without prices do not come to the file.
        self.assertFalse(mail.model)
        files = self.env["ir.attachment"].with_user(self.technician)
        self.assertFalse(files.search([("id", "in", mail.attachment_ids.ids)]))
        # What the client has stays as it is.
        text = contract.agreed_text
        self.fee.with_user(self.billing).name = "Something else"
        self.assertEqual(contract._get_text(), text)
        self._login(self.anna)
        pdf = self._get("/pdf")
        self.assertEqual(pdf.headers["Content-Type"], "application/pdf")

    @mute_logger("odoo.addons.psa_contracts.models.psa_contract_signing")
    def test_a_copy_that_cannot_be_sent_is_tried_again(self):
        contract = self.contract.sudo()
        contract._sign("Anna Bellini", self.signature, contract.agreed_digest)
        with patch.object(
            self.registry["psa.contract"], "_print_pdf", side_effect=ValueError("Paper")
        ):
            contract = self._deliver()
            self.assertRecordValues(
                contract, [{"delivery_state": "pending", "delivery_error": "Paper"}]
            )
            contract.signed_at -= timedelta(days=2)
            contract = self._deliver()
            self.assertEqual(contract.delivery_state, "failed")
        contract.with_user(self.billing).action_deliver_again()
        contract = self._deliver()
        self.assertRecordValues(
            contract, [{"delivery_state": "sent", "delivery_error": False}]
        )

    def test_real_pdf(self):
        printer = self.env["ir.actions.report"].with_context(
            force_report_rendering=True
        )
        if printer.get_wkhtmltopdf_state() in ("install", "broken"):
            self.skipTest("wkhtmltopdf is not installed")
        content, kind = printer._render_qweb_pdf(
            "psa_contracts.action_report_contract", self.contract.ids
        )
        self.assertEqual((content[:5], kind), (b"%PDF-", "pdf"))

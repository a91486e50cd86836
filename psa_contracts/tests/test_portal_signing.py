# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_portal import NOT_FOUND, PsaContractsPortalCommon, draw_signature


@tagged("post_install", "-at_install")
class TestPortalSigning(PsaContractsPortalCommon):
    """An offer is read, and signed once, as it was read."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._send()
        cls.env.flush_all()

    def _refresh(self):
        self.env.invalidate_all()
        return self.contract.sudo()

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
            (self.billing, self.token, False),
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
            (
                self.billing,
                self.token,
                {"error": "This contract is not for you to sign."},
            ),
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
        self.contract.user_id = False
        self.env.flush_all()
        missing = UserError("The <b>product</b> is missing.")
        with patch.object(
            self.registry["psa.contract"], "action_activate", side_effect=missing
        ):
            self._login(self.anna)
            self.assertIn("force_refresh", self._sign())
        contract = self._refresh()
        self.assertRecordValues(
            contract, [{"state": "draft", "signed_by": "Anna Bellini"}]
        )
        # Nobody is responsible: who bills is told, and not the public user.
        self.assertIn(self.billing, contract.activity_ids.user_id)
        self.assertFalse(contract.activity_ids.user_id.filtered("share"))
        self.assertIn(
            "The &lt;b&gt;product&lt;/b&gt; is missing.", contract.activity_ids[0].note
        )
        page = self._get()
        self.assertEqual(self._get_texts(page, "o_psa_contract_state"), ["Signed"])

    # ------------------------------------------------------------
    # Signed, and no longer what was signed
    # ------------------------------------------------------------

    def _sign_without_activation(self):
        contract = self.contract.sudo()
        failure = UserError("No plan")
        with patch.object(
            self.registry["psa.contract"], "action_activate", side_effect=failure
        ):
            contract._sign("Anna Bellini", self.signature, contract.agreed_digest)
        return self._refresh()

    def test_what_is_signed_does_not_change(self):
        rate = self.env["psa.rate"].with_user(self.billing)
        rate = rate.create({"contract_id": self.contract.id, "price": 85.0})
        other = self._create_line(self._create_contract())
        self._send()
        self._sign_without_activation()
        contract = self.contract.with_user(self.billing)
        line = self.fee.with_user(self.billing)
        for change in (
            lambda: contract.write({"name": "Care Extra"}),
            lambda: contract.write({"line_ids": [(1, line.id, {"price_unit": 9.0})]}),
            lambda: line.write({"price_unit": 999.0}),
            lambda: line.write({"name": "Less"}),
            lambda: line.term_ids.write({"quantity": 2.0}),
            lambda: line.unlink(),
            lambda: other.write({"contract_id": contract.id}),
            lambda: self._create_line(contract),
            lambda: rate.write({"price": 90.0}),
            lambda: rate.unlink(),
            lambda: rate.create(
                {"contract_id": contract.id, "date_start": "2027-01-01"}
            ),
        ):
            with self.assertRaisesRegex(UserError, "was signed by Anna Bellini"):
                change()
            self.env.invalidate_all()
        # What is not printed may change, and it may become active.
        contract.user_id = self.manager
        line.topup_percent = 90
        contract.action_activate()
        self.assertEqual(contract.state, "active")
        contract.name = "Care Extra"

    def test_a_draft_again_has_to_be_signed_again(self):
        self._sign_without_activation()
        contract = self.contract.with_user(self.billing)
        contract._cancel("No budget")
        with self.assertRaisesRegex(UserError, "was signed by"):
            contract.name = "Care Extra"
        contract.action_reset()
        self.env.flush_all()
        self.assertRecordValues(
            contract,
            [
                {
                    "state": "draft",
                    "signed_at": False,
                    "signed_by": False,
                    "signature": False,
                    "delivery_state": False,
                    "sent_at": False,
                }
            ],
        )
        note = contract.message_ids[0].body
        self.assertIn("No longer signed: Anna Bellini signed on", note)
        self.assertIn(contract.agreed_digest, note)
        contract.name = "Care Extra"

    # ------------------------------------------------------------
    # The signed copy
    # ------------------------------------------------------------

    def _deliver(self):
        # In test mode already: a browser may come by.
        self.env.ref("psa_contracts.ir_cron_deliver_signed").method_direct_trigger()
        return self._refresh()

    def test_signed_copy(self):
        contract = self.contract.sudo()
        contract._sign("Anna Bellini", self.signature, contract.agreed_digest)
        contract = self._deliver()
        self.assertEqual(contract.delivery_state, "queued")
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
            contract, [{"delivery_state": "queued", "delivery_error": False}]
        )

    def test_what_became_of_the_signed_copy(self):
        contract = self.contract.sudo()
        contract._sign("Anna Bellini", self.signature, contract.agreed_digest)
        contract = self._deliver()
        mail = self.env["mail.mail"].search(
            [("mail_message_id", "=", contract.delivery_message_id.id)]
        )
        mail.write({"state": "exception", "failure_reason": "No such mailbox"})
        mail._postprocess_sent_message([], [], failure_type="mail_smtp")
        self.assertRecordValues(
            contract,
            [{"delivery_state": "failed", "delivery_error": "No such mailbox"}],
        )
        mail.write({"state": "sent"})
        mail._postprocess_sent_message(self.contact.ids, [])
        self.assertRecordValues(
            contract, [{"delivery_state": "sent", "delivery_error": False}]
        )
        self.contact.email = False
        contract.with_user(self.billing).action_deliver_again()
        self.assertEqual(self._deliver().delivery_state, "skipped")

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

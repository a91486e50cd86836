# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form

from .common_work_report import PsaWorkReportCommon, draw_signature


class TestWorkReportSigning(PsaWorkReportCommon):
    """A report is signed once, as it was read, and ends with a reason."""

    # ------------------------------------------------------------
    # Signing
    # ------------------------------------------------------------

    def test_sign(self):
        report = self._create_report()
        with Form(
            self.env["psa.work.report.sign"]
            .with_user(self.technician)
            .with_context(default_report_id=report.id)
        ) as form:
            self.assertIn("Cleaned the rollers", form.summary)
            self.assertEqual(form.signed_by, "Anna Bellini")
            form.signed_by = "  Anna \n Bellini  "
            form.signature = self.signature
        form.save().action_sign()
        self.assertRecordValues(
            report,
            [
                {
                    "state": "signed",
                    "signed_by": "Anna Bellini",
                    "signature": self.signature.encode(),
                    "send_state": "pending",
                }
            ],
        )
        self.assertTrue(report.signed_at)

    def test_signed_twice_does_nothing(self):
        report = self._create_report()
        self.assertTrue(self._sign(report))
        first = report.read(["signed_by", "signed_at", "signature"])
        self.assertFalse(self._sign(report, "Somebody Else"))
        self.assertEqual(report.read(["signed_by", "signed_at", "signature"]), first)

    def test_empty_report_is_not_signed(self):
        report = self._create_report(self._create_ticket())
        with self.assertRaisesRegex(UserError, "nothing on W"):
            self._sign(report)
        report.description = "<p><br></p>"
        with self.assertRaisesRegex(UserError, "nothing on W"):
            self._sign(report)
        with self.assertRaisesRegex(UserError, "nothing on W"):
            report.action_request_signature()
        self.assertEqual(report.state, "draft")
        report.description = "<p>Looked at it under warranty.</p>"
        self.assertTrue(self._sign(report))

    def test_signature_has_to_be_one(self):
        report = self._create_report()
        for signature in (False, "", "no base64!", "AAAA", draw_signature(False)):
            with self.subTest(signature=signature), self.assertRaises(UserError):
                report._sign("Anna", signature)
        for name in (None, "", "  ", 7):
            with self.subTest(name=name), self.assertRaises(UserError):
                report._sign(name, self.signature)
        self.assertEqual(report.state, "draft")

    def test_nobody_signs_what_he_has_not_seen(self):
        report = self._create_report()
        changes = [
            lambda: self.entry.write({"unit_amount": 3.0}),
            lambda: self._create_work(psa_work_report_id=report.id),
            lambda: self.drive.unlink(),
            lambda: report.write({"distance": 12}),
            lambda: report.write(
                {"material_ids": [Command.create({"product_id": self.product.id})]}
            ),
            lambda: report.material_ids.write({"quantity": 5}),
            lambda: report.material_ids.unlink(),
        ]
        for change in changes:
            seen = report.version
            change()
            with self.assertRaisesRegex(UserError, "changed meanwhile"):
                self._sign(report, version=seen)
        seen = report.version
        self.entry.psa_internal_note = "Not for the customer"
        self.assertTrue(self._sign(report, version=seen))

    # ------------------------------------------------------------
    # Cancelling
    # ------------------------------------------------------------

    def _cancel(self, report, user, reason="Wrong hours"):
        wizard = self.env["psa.work.report.cancel"].with_user(user)
        return wizard.create(
            {"report_ids": [Command.set(report.ids)], "reason": reason}
        ).action_cancel()

    def test_manager_cancels_a_signed_report(self):
        report = self._create_report()
        self._sign(report)
        with self.assertRaises(AccessError):
            self._cancel(report, self.technician)
        with self.assertRaises(AccessError):
            report.with_user(self.billing)._cancel("Because")
        self._cancel(report, self.manager)
        self.assertRecordValues(
            report,
            [
                {
                    "state": "cancelled",
                    "cancel_reason": "Wrong hours",
                    "signed_by": "Anna Bellini",
                    "signature": self.signature.encode(),
                }
            ],
        )
        self.assertTrue(report.number and report.pdf_id)
        self.assertFalse(report._get_entries())
        # The work is free again: it can be corrected and signed anew.
        self.entry.unit_amount = 0.5
        new = self._create_report()
        self.assertEqual(new.hours, 2.0)
        with self.assertRaises(UserError):
            self._cancel(report, self.manager)
        with self.assertRaises(UserError):
            report.with_user(self.manager).unlink()

    def test_technician_cancels_an_own_draft(self):
        report = self._create_report()
        with self.assertRaises(AccessError):
            self._cancel(report, self.colleague)
        self._cancel(report, self.technician)
        self.assertEqual(report.state, "cancelled")
        self.assertFalse(self.entry.psa_work_report_id)

    def test_invoiced_report_is_not_cancelled(self):
        report = self._create_report()
        self._sign(report)
        invoice = self.env["account.move"].create(
            {"move_type": "out_invoice", "partner_id": self.client.id}
        )
        self.entry.sudo().timesheet_invoice_id = invoice
        with self.assertRaisesRegex(UserError, "invoiced"):
            self._cancel(report, self.manager)
        self.assertEqual(self.entry.psa_work_report_id, report)

    def test_material_needs_a_quantity(self):
        report = self._create_report()
        for quantity in (0, -1):
            with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
                report.material_ids.create(
                    {"report_id": report.id, "name": "x", "quantity": quantity}
                )

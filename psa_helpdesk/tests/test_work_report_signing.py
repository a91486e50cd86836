# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import base64
import warnings
from io import BytesIO
from unittest.mock import patch

from PIL import Image, ImageDraw

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
        gif = BytesIO()
        Image.new("1", (20, 20)).save(gif, "GIF")
        for signature in (
            False,
            "",
            "no base64!",
            "AAAA",
            "à",
            5,
            {"a": 1},
            draw_signature(False),
            base64.b64encode(gif.getvalue()).decode(),
        ):
            with self.subTest(signature=signature), self.assertRaises(UserError):
                report._sign("Anna", signature)
        for name in (None, "", "  ", 7):
            with self.subTest(name=name), self.assertRaises(UserError):
                report._sign(name, self.signature)
        self.assertEqual(report.state, "draft")

    def test_small_file_of_a_huge_image(self):
        image = Image.new("1", (13000, 13000), 1)
        image.putpixel((5, 5), 0)
        buffer = BytesIO()
        image.save(buffer, "PNG")
        report = self._create_report()
        with (
            patch.object(Image.Image, "convert", side_effect=MemoryError),
            warnings.catch_warnings(),
            self.assertRaisesRegex(UserError, "cannot be read"),
        ):
            warnings.simplefilter("ignore")
            report._sign("Anna", base64.b64encode(buffer.getvalue()).decode())
        self.assertEqual(report.state, "draft")

    def test_signature_is_kept_small(self):
        image = Image.new("L", (2000, 1800), 255)
        ImageDraw.Draw(image).line((10, 10, 1900, 1700), fill=0, width=20)
        buffer = BytesIO()
        image.save(buffer, "PNG")
        report = self._create_report()
        report._sign("Anna", base64.b64encode(buffer.getvalue()).decode())
        with Image.open(BytesIO(base64.b64decode(report.signature))) as kept:
            self.assertEqual((kept.format, kept.size), ("PNG", (556, 500)))

    def test_name_that_no_database_keeps(self):
        report = self._create_report()
        report._sign("Anna\0 \ud800Bellini\n", self.signature)
        self.env.flush_all()
        self.assertEqual(report.signed_by, "Anna Bellini")

    def test_screen_was_opened_before_the_report_changed(self):
        report = self._create_report()
        form = Form(
            self.env["psa.work.report.sign"]
            .with_user(self.technician)
            .with_context(default_report_id=report.id)
        )
        form.signature = self.signature
        self.entry.unit_amount = 9.0
        with self.assertRaisesRegex(UserError, "changed meanwhile"):
            form.save().action_sign()
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

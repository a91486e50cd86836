# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time

from .common import PsaCoreCommon


class TestWorkEntryReview(PsaCoreCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.entry = cls._create_entry()

    def _approve(self, entry=None):
        (entry or self.entry).with_user(self.manager).action_psa_approve()

    def _return(self, reason="Which server?"):
        entry = self.entry.with_user(self.manager)
        action = entry.action_psa_return()
        wizard = (
            self.env["psa.work.entry.return"]
            .with_user(self.manager)
            .with_context(**action["context"])
            .create({"reason": reason})
        )
        return wizard.action_return()

    @freeze_time("2026-03-02 18:00:00")
    def test_approval_says_who_and_when(self):
        self._approve()
        self.assertRecordValues(
            self.entry,
            [{"psa_review_state": "approved", "psa_reviewer_id": self.manager.id}],
        )
        with freeze_time("2026-03-03 18:00:00"):
            self.entry.with_user(self.admin).action_psa_approve()
        self.assertEqual(str(self.entry.psa_reviewed_on), "2026-03-02 18:00:00")
        self.assertEqual(self.entry.psa_reviewer_id, self.manager)

    def test_approved_is_locked_to_technicians(self):
        self._approve()
        self.entry.invalidate_recordset(["readonly_timesheet"])
        self.assertTrue(self.entry.readonly_timesheet)
        for values in (
            {"name": "Other"},
            {"unit_amount": 2},
            {"psa_internal_note": "x"},
        ):
            with self.subTest(values), self.assertRaisesRegex(UserError, "approved"):
                self.entry.write(values)
        with self.assertRaisesRegex(UserError, "approved"):
            self.entry.unlink()
        self.entry.with_user(self.manager).name = "Corrected"
        self.entry.with_user(self.billing).name = "Corrected again"
        self.assertEqual(self.entry.psa_review_state, "approved")

    def test_returned_with_a_reason_and_resubmitted(self):
        self._approve()
        before = self.env["mail.message"].search([], limit=1, order="id desc").id
        self._return()
        self.assertRecordValues(
            self.entry,
            [{"psa_review_state": "returned", "psa_return_reason": "Which server?"}],
        )
        message = self.env["mail.message"].search([("id", ">", before)])
        self.assertEqual(message.partner_ids, self.technician.partner_id)
        self.assertIn("Which server?", message.body)
        self.entry.invalidate_recordset(["readonly_timesheet"])
        self.assertFalse(self.entry.readonly_timesheet)
        self.entry.name = "The new file server"
        self.assertEqual(self.entry.psa_review_state, "to_review")

    def test_reason_is_escaped(self):
        before = self.env["mail.message"].search([], limit=1, order="id desc").id
        self._return("<script>alert(1)</script>")
        message = self.env["mail.message"].search([("id", ">", before)])
        self.assertNotIn("<script>", message.body)

    def test_invoiced_entries_are_not_sent_back(self):
        invoice = self.env["account.move"].create(
            {"move_type": "out_invoice", "partner_id": self.client.id}
        )
        self.entry.sudo().timesheet_invoice_id = invoice
        with self.assertRaisesRegex(UserError, "invoiced"):
            self._return()

    def test_technicians_do_not_review(self):
        entry = self.entry
        calls = {
            "approve": lambda: entry.action_psa_approve(),
            "write": lambda: entry.write({"psa_review_state": "approved"}),
            "reviewer": lambda: entry.write({"psa_reviewer_id": self.technician.id}),
            "create": lambda: self._create_entry(psa_review_state="approved"),
            "default": lambda: (
                self.env["account.analytic.line"]
                .with_user(self.technician)
                .with_context(default_psa_review_state="approved")
                .create(self._prepare_entry())
            ),
            "wizard": lambda: (
                self.env["psa.work.entry.return"]
                .with_user(self.technician)
                .create({"reason": "x", "entry_ids": entry.ids})
            ),
        }
        for name, call in calls.items():
            with self.subTest(name), self.assertRaises(AccessError):
                call()
        self.assertEqual(entry.psa_review_state, "to_review")

    def test_billing_does_not_review(self):
        with self.assertRaises(AccessError):
            self.entry.with_user(self.billing).action_psa_approve()

    def test_locks_can_be_extended(self):
        lines = type(self.entry)
        with (
            patch.object(lines, "_psa_locked_reason", lambda self: "Signed"),
            self.assertRaisesRegex(UserError, "Signed"),
        ):
            self.entry.name = "Other"

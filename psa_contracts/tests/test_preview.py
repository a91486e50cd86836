# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time

from odoo.addons.psa_contracts.wizards import psa_coverage_preview

from .common_coverage import PsaCoverageCommon

FIRST, SECOND = date(2026, 3, 2), date(2026, 3, 3)


@freeze_time("2026-03-31 12:00:00")
class TestPreview(PsaCoverageCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["psa.rate"].with_user(cls.billing).create({"price": 80.0})
        cls.entries = cls._work(FIRST, 2.0) | cls._work(SECOND, 3.0)
        cls.draft = cls._create_contract()
        cls.line = cls._create_line(cls.draft, "included", hours=4.0)

    def _preview(self, user=None, **kwargs):
        previews = self.env["psa.coverage.preview"].with_user(user or self.manager)
        preview = previews.create(kwargs)
        preview.action_preview()
        return preview

    def _bill(self, entries):
        """Invoice work as it is covered now."""
        invoice = self.env["account.move"].create(
            {"move_type": "out_invoice", "partner_id": self.client.id}
        )
        entries.sudo().write({"timesheet_invoice_id": invoice.id})

    def _change_hours(self, hours):
        """Change what is agreed, without that work is decided upon again."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE psa_contract_line_term SET hours = %s WHERE line_id = %s",
            (hours, self.line.id),
        )
        self.env.invalidate_all()

    def _counts(self, preview):
        return (preview.seen_count, preview.changed_count, preview.correction_count)

    def _changes(self, preview):
        """Return {entry: (before, after)}, hours and kinds only."""
        return {
            row.entry_id: tuple(
                [" · ".join(text.split(" · ")[:1]) for text in (side or "").split("\n")]
                for side in (row.before, row.after)
            )
            for row in preview.row_ids
        }

    def _totals(self, preview):
        return [
            (
                total.kind,
                total.hours_before,
                total.hours_after,
                total.amount_before,
                total.amount_after,
            )
            for total in preview.total_ids
        ]

    def _all_parts(self):
        return self._parts(self.entries)

    # ------------------------------------------------------------
    # Before anything is billed
    # ------------------------------------------------------------

    def test_draft(self):
        """A draft counts as if it were in force; nothing is saved."""
        before = self._all_parts()
        preview = self._preview(contract_id=self.draft.id)
        first, second = self.entries
        self.assertEqual(self._counts(preview), (2, 2, 0))
        self.assertEqual(
            self._changes(preview),
            {
                first: (["02:00 Billable"], ["02:00 Included"]),
                second: (["03:00 Billable"], ["02:00 Included", "01:00 Billable"]),
            },
        )
        self.assertEqual(
            self._totals(preview),
            [("included", 0.0, 4.0, 0.0, 0.0), ("billable", 5.0, 1.0, 400.0, 80.0)],
        )
        self.assertEqual(self._all_parts(), before)
        self.assertFalse(self.line.sudo().grant_ids)
        self.assertEqual(self.draft.state, "draft")
        self.assertFalse(preview.can_post)

    def test_as_it_comes(self):
        """What was shown is what happens."""
        shown = self._totals(self._preview(contract_id=self.draft.id))
        self._activate(self.draft)
        again = self._preview(contract_id=self.draft.id)
        self.assertEqual(
            [
                (kind, hours, amount)
                for kind, hours, _then, amount, _so in self._totals(again)
            ],
            [(kind, hours, amount) for kind, _now, hours, _so, amount in shown],
        )
        self.assertEqual(
            self._all_parts(),
            [("included", 2.0, 0.0), ("included", 2.0, 0.0), ("billable", 1.0, 80.0)],
        )
        self.assertEqual(self._counts(again), (2, 0, 0))
        self.assertFalse(again.row_ids)

    def test_entries(self):
        """Work that shares hours with what was chosen is shown, too."""
        self._activate(self.draft)
        first, second = self.entries
        self._change_hours(1.0)
        preview = self._preview(entry_ids=first.ids)
        self.assertEqual(
            self._changes(preview),
            {
                first: (["02:00 Included"], ["01:00 Included", "01:00 Billable"]),
                second: (["02:00 Included", "01:00 Billable"], ["03:00 Billable"]),
            },
        )

    def test_shows_so_many(self):
        with patch.object(psa_coverage_preview, "SHOWN", 1):
            preview = self._preview(contract_id=self.draft.id)
        self.assertEqual(len(preview.row_ids), 1)
        self.assertTrue(preview.is_cut)
        self.assertEqual(self._counts(preview), (2, 2, 0))

    def test_clients_apart(self):
        """As many rows, however the clients are put together."""
        other = self.env["res.partner"].create({"name": "Rossi", "is_company": True})
        entries = self.entries | self._work(FIRST, 1.0, partner=other)
        for chunk in (1, 2000):
            with (
                self.subTest(chunk=chunk),
                patch.object(psa_coverage_preview, "CHUNK", chunk),
            ):
                preview = self._preview(entry_ids=entries.ids)
                self.assertEqual(self._counts(preview), (3, 0, 0))
                self.assertEqual(
                    self._totals(preview), [("billable", 6.0, 6.0, 480.0, 480.0)]
                )

    def test_form(self):
        previews = self.env["psa.coverage.preview"].with_user(self.billing)
        with Form(
            previews.with_context(
                active_model="psa.contract", active_ids=self.draft.ids
            )
        ) as form:
            self.assertEqual(form.contract_id, self.draft)
        form.record.action_preview()
        self.assertEqual(self._counts(form.record), (2, 2, 0))

    def test_technicians_do_not(self):
        with self.assertRaises(AccessError):
            self._preview(self.technician, contract_id=self.draft.id)

    # ------------------------------------------------------------
    # What is billed
    # ------------------------------------------------------------

    def test_billed_stays(self):
        self._bill(self.entries[0])
        preview = self._preview(contract_id=self.draft.id)
        self.assertEqual(list(self._changes(preview)), [self.entries[1]])

    def test_correction(self):
        """It is proposed for what is billed, posted once, and adds up to nothing."""
        first, second = self.entries
        self._bill(first)
        self._activate(self.draft)
        self.assertEqual(
            self._all_parts(), [("billable", 2.0, 80.0), ("included", 3.0, 0.0)]
        )
        preview = self._preview(contract_id=self.draft.id, with_billed=True)
        self.assertEqual(self._counts(preview), (2, 2, 1))
        self.assertTrue(preview.can_post)
        preview.action_post()
        corrected = [
            ("billable", 2.0, 80.0),
            ("billable", -2.0, 80.0),
            ("included", 2.0, 0.0),
            ("included", 2.0, 0.0),
            ("billable", 1.0, 80.0),
        ]
        self.assertEqual(self._all_parts(), corrected)
        parts = first.sudo().psa_coverage_part_ids
        self.assertEqual(parts.mapped("is_correction"), [False, True, True])
        self.assertEqual(sum(parts.mapped("hours")), 2.0)
        self.assertEqual(parts.mapped("amount"), [160.0, -160.0, 0.0])
        self.assertEqual(self._counts(preview), (2, 0, 0))
        self.assertFalse(preview.can_post)
        preview.action_post()
        other = self._preview(self.billing, entry_ids=first.ids, with_billed=True)
        other.action_post()
        self.assertEqual(self._all_parts(), corrected)

    def test_correction_of_a_correction(self):
        """The hours that a correction has used are free for the next one."""
        first, _second = self.entries
        self._bill(first)
        self._activate(self.draft)
        self._preview(contract_id=self.draft.id, with_billed=True).action_post()
        self._change_hours(1.0)
        self._preview(contract_id=self.draft.id, with_billed=True).action_post()
        self.assertEqual(self._sums(first), {"billable": 1.0, "included": 1.0})
        again = self._preview(contract_id=self.draft.id, with_billed=True)
        self.assertEqual(self._counts(again), (2, 0, 0))

    def test_other_hours_than_billed(self):
        """Hours that were changed after the invoice are not a matter of coverage."""
        first, _second = self.entries
        self._activate(self.draft)
        self._bill(first)
        first.sudo().psa_coverage_part_ids.hours = 1.0
        preview = self._preview(contract_id=self.draft.id, with_billed=True)
        self.assertEqual(preview.correction_count, 0)
        parts = self._parts(first)
        preview.action_post()
        self.assertEqual(self._parts(first), parts)

    def test_not_by_a_draft(self):
        self._bill(self.entries)
        preview = self._preview(contract_id=self.draft.id, with_billed=True)
        self.assertEqual(preview.correction_count, 2)
        with self.assertRaisesRegex(UserError, "not in force"):
            preview.action_post()

    def test_not_without_what_is_billed(self):
        with self.assertRaises(UserError):
            self._preview(contract_id=self.draft.id).action_post()

    # ------------------------------------------------------------
    # Figures
    # ------------------------------------------------------------

    def test_queries(self):
        """As many for twice as many entries."""
        counts = []
        for _turn in range(3):
            preview = self.env["psa.coverage.preview"].create(
                {"contract_id": self.draft.id}
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            preview.action_preview()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self._work(SECOND, 1.0)
            self._work(SECOND, 1.0)
        # The first time more is read that is kept.
        self.assertEqual(counts[1], counts[2])

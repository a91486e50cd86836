# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form

from .common import PsaContractsCommon


@freeze_time("2026-03-02 09:00:00")
class TestGrant(PsaContractsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._create_contract()
        cls.line = cls._create_line(cls.contract, "prepaid", validity_months=6)
        cls._activate(cls.contract)
        cls.grant = cls.contract.grant_ids

    def _open_wizard(self, user=None, **kwargs):
        wizards = self.env["psa.contract.add.hours"].with_user(user or self.billing)
        return wizards.create({"line_id": self.line.id, **kwargs})

    def test_added_by_hand(self):
        wizard = self._open_wizard()
        self.assertRecordValues(
            wizard, [{"hours": 20.0, "price": 100.0, "date_end": date(2026, 9, 1)}]
        )
        wizard.write({"hours": 5.0, "price": 40.0, "note": "As agreed by phone"})
        wizard.action_add()
        self.assertRecordValues(
            self.line.grant_ids - self.grant,
            [
                {
                    "origin": "purchase",
                    "hours": 5.0,
                    "price": 40.0,
                    "billed_by": "contract",
                    "date_start": date(2026, 3, 2),
                    "date_end": date(2026, 9, 1),
                    "note": "As agreed by phone",
                }
            ],
        )

    def test_screen(self):
        wizards = self.env["psa.contract.add.hours"].with_user(self.billing)
        with Form(wizards.with_context(default_line_id=self.line.id)) as form:
            self.assertEqual((form.hours, form.price), (20.0, 100.0))
            form.date_start = date(2026, 4, 1)
            self.assertEqual(str(form.date_end), "2026-09-30")

    def test_given_away(self):
        self._open_wizard(billed_by="none").action_add()
        added = self.line.grant_ids - self.grant
        self.assertEqual((added.price, added.billed_by), (0.0, False))

    def test_who_may(self):
        with self.assertRaises(AccessError):
            self._open_wizard(user=self.technician)
        with self.assertRaises(AccessError):
            self.grant.with_user(self.technician).hours = 100.0
        with self.assertRaises(AccessError):
            self.grant.with_user(self.technician).read(["price"])

    def test_coverage_follows(self):
        """Whatever changes hours that were given has the work decided upon again."""
        entry = self._create_entry(unit_amount=30.0).sudo()
        self.assertEqual(entry.psa_covered_hours, 20.0)
        added = self.grant.create(
            {"line_id": self.line.id, "hours": 4.0, "date_start": date(2026, 3, 1)}
        )
        self.assertEqual(entry.psa_covered_hours, 24.0)
        added.sudo().hours = 6.0
        self.assertEqual(entry.psa_covered_hours, 26.0)
        added.sudo().date_start = date(2026, 3, 20)
        self.assertEqual(entry.psa_covered_hours, 20.0)
        added.unlink()
        with self.assertRaises(UserError):
            self.grant.unlink()
        self.assertEqual(entry.psa_covered_hours, 20.0)

    def test_changes_by_hand_are_kept(self):
        self.assertFalse(self.contract.amendment_ids)
        self.grant.hours = 25.0
        self.assertEqual(
            [
                (row["model"], row["field"], row["before"], row["after"])
                for row in self.contract.amendment_ids.changes
            ],
            [("psa.contract.grant", "hours", 20.0, 25.0)],
        )

    def test_used_hours_stay(self):
        self._create_entry(unit_amount=1.0)
        self.grant.note = "Paid by card"
        for values in (
            {"hours": 25.0},
            {"price": 1.0},
            {"billed_by": False},
            {"date_start": date(2026, 1, 2)},
            {"date_end": False},
        ):
            with self.subTest(values), self.assertRaises(UserError):
                self.grant.write(values)
        self.assertFalse(self.contract.amendment_ids)

    def test_further_block(self):
        """A block taken by work costs what the line says, and the contract bills it."""
        self.line.overage = "next_block"
        self._create_entry(unit_amount=21.0)
        block = self.line.grant_ids.filtered(lambda each: each.origin == "next_block")
        self.assertRecordValues(
            block, [{"hours": 20.0, "price": 100.0, "billed_by": "contract"}]
        )

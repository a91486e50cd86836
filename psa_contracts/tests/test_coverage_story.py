# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date, timedelta

from odoo.tests import freeze_time

from .common_coverage import PsaCoverageCommon


@freeze_time("2026-04-15")
class TestCoverageStory(PsaCoverageCommon):
    """Three months of a client with a flat contract and a block of hours, by hand.

    *Care* includes 10 h of remote work a month; beyond, an hour costs 85. *Hours* is a
    block of 20 h for January and February, of whose rest half rolls over into March, at
    most 4 h; beyond, work after hours costs 110 (an hour of it counts 1.5).

    | month    | recorded                        | included | prepaid | billable     |
    |----------|---------------------------------|----------|---------|--------------|
    | January  | 20 × 1 h remote                 | 10       | 10      |              |
    | February | 10 × ½ h remote, 10 × ½ h plain | 5        | 5       |              |
    | March    | 10 × 1¼ h remote                | 10       |         | 2.5 at 85    |
    |          | 10 × 1 h after hours (15 h)     |          | 2.5     | 12.5 at 110  |

    Of the block 20 − 10 − 5 = 5 h are left: half of it, 2.5 h, rolls over.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        care = cls._create_contract(name="Care", sequence=1)
        cls._create_line(care, "flat", price_unit=300.0)
        cls.included = cls._create_line(
            care, "included", hours=10, work_type_ids=cls.work_type_remote.ids
        )
        hours = cls._create_contract(name="Hours", sequence=2)
        cls.prepaid = cls._create_line(
            hours,
            "prepaid",
            hours=20,
            validity_months=2,
            rollover_share=50,
            rollover_cap=4,
            rollover_months=1,
        )
        cls.env["psa.rate"].create(
            [
                {"contract_id": care.id, "price": 85},
                {
                    "contract_id": hours.id,
                    "price": 110,
                    "work_type_id": cls.work_type_after_hours.id,
                },
                {"client_id": cls.client.id, "price": 99},
            ]
        )
        cls._activate(care)
        cls._activate(hours)
        cls.values = cls._prepare_months()

    @classmethod
    def _prepare_months(cls):
        remote, after = cls.work_type_remote, cls.work_type_after_hours
        months = [
            ((remote, 1.0), (remote, 1.0)),
            ((remote, 0.5), (cls.plain, 0.5)),
            ((remote, 1.25), (after, 1.0)),
        ]
        return [
            cls._prepare_work(
                date(2026, month, 2) + timedelta(days=n), hours, work_type
            )
            for month, types in enumerate(months, start=1)
            for n in range(20)
            for work_type, hours in [types[n % 2]]
        ]

    def _record(self, values):
        entries = self.env["account.analytic.line"].with_user(self.technician)
        for row in values:
            entries += entries.create(row)
        return entries.sudo().sorted("date")

    def _by_month(self, entries):
        months = entries.grouped(lambda entry: entry.date.month)
        return [self._sums(months[month]) for month in sorted(months)]

    def test_three_months(self):
        entries = self._record(self.values)
        self.assertDecided(entries)
        self.assertEqual(
            self._by_month(entries),
            [
                {"included": 10.0, "prepaid": 10.0},
                {"included": 5.0, "prepaid": 5.0},
                {"included": 10.0, "prepaid": 2.5, "billable": 15.0},
            ],
        )
        self.assertEqual(self._amounts(entries), {85.0: 212.5, 110.0: 1375.0})
        self.assertEqual(
            self._balance(), [("purchase", 20.0, 15.0), ("rollover", 2.5, 2.5)]
        )
        # The first after hours has all of its 1.5 h from what rolled over, the second
        # one the last hour of it.
        after = entries.filtered(
            lambda entry: entry.psa_work_type_id == self.work_type_after_hours
        )
        self.assertEqual(
            self._parts(after[:3]),
            [
                ("prepaid", 1.5, 0.0),
                ("prepaid", 1.0, 0.0),
                ("billable", 0.5, 110.0),
                ("billable", 1.5, 110.0),
            ],
        )
        self.assertEqual(
            after[1].psa_contract_id.name, "Hours", "overage is of the contract"
        )

    def test_the_order_of_recording_does_not_matter(self):
        in_order = self._record(self.values)
        expected = self._parts(in_order)
        in_order.unlink()
        backwards = self._record(reversed(self.values))
        self.assertEqual(self._parts(backwards), expected)
        backwards.unlink()
        entries = self.env["account.analytic.line"].with_user(self.technician)
        at_once = entries.create(self.values[40:] + self.values[:40])
        self.assertEqual(self._parts(at_once.sorted("date")), expected)

    def test_work_of_january_found_in_april(self):
        """One more hour in January: 4 h left, 2 h roll over, 13 h after hours bill."""
        entries = self._record(self.values)
        entries |= self._work(date(2026, 1, 15), 1.0, self.work_type_remote).sudo()
        self.assertDecided(entries)
        self.assertEqual(
            self._by_month(entries),
            [
                {"included": 10.0, "prepaid": 11.0},
                {"included": 5.0, "prepaid": 5.0},
                {"included": 10.0, "prepaid": 2.0, "billable": 15.5},
            ],
        )
        self.assertEqual(self._amounts(entries), {85.0: 212.5, 110.0: 1430.0})
        self.assertEqual(
            self._balance(), [("purchase", 20.0, 16.0), ("rollover", 2.0, 2.0)]
        )

    def _amounts(self, entries):
        parts = entries.psa_coverage_part_ids.filtered(
            lambda part: part.kind == "billable"
        )
        return {
            price: sum(found.mapped("amount"))
            for price, found in parts.grouped("price_unit").items()
        }

    def _balance(self):
        grants = self.env["psa.contract.grant"].search(
            [("line_id", "=", self.prepaid.id)], order="date_start, id"
        )
        return [(grant.origin, grant.hours, grant.used_hours) for grant in grants]

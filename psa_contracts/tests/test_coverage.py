# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date, datetime
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.tests import freeze_time
from odoo.tools import mute_logger

from .common_coverage import PsaCoverageCommon


@freeze_time("2026-06-15")
class TestCoverage(PsaCoverageCommon):
    """What covers single entries, by the date of the work."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["psa.rate"].create({"price": 85, "company_id": cls.company.id})

    def test_without_a_contract(self):
        entry = self._work(date(2026, 3, 2), 2.0)
        self.assertEqual(self._parts(entry), [("billable", 2.0, 85.0)])
        self.assertDecided(entry)

    def test_not_billable(self):
        entry = self._work(date(2026, 3, 2), 2.0, self.work_type_internal)
        self.assertEqual(self._parts(entry), [("internal", 0.0, 0.0)])
        self.assertDecided(entry)

    def test_sales_order_comes_first(self):
        self._create_covered("included")
        product = self.env["product.product"].create(
            {"name": "Hour", "type": "service", "service_policy": "delivered_timesheet"}
        )
        order = self.env["sale.order"].create(
            {
                "partner_id": self.client.id,
                "order_line": [(0, 0, {"product_id": product.id})],
            }
        )
        order.action_confirm()
        entry = self._work(date(2026, 3, 2), 2.0)
        self.assertEqual(self._parts(entry), [("included", 2.0, 0.0)])
        entry.sudo().so_line = order.order_line
        self.assertEqual(self._parts(entry), [("sale", 2.0, 0.0)])
        entry.sudo().write({"so_line": False, "is_so_line_edited": True})
        self.assertEqual(self._parts(entry), [("included", 2.0, 0.0)])

    def test_a_task_gets_another_order_line(self):
        """The entry is not written by anybody: decided before the transaction ends."""
        self._create_covered("included")
        product = self.env["product.product"].create(
            {"name": "Hour", "type": "service", "service_policy": "delivered_timesheet"}
        )
        order = self.env["sale.order"].create(
            {
                "partner_id": self.client.id,
                "order_line": [(0, 0, {"product_id": product.id})],
            }
        )
        order.action_confirm()
        entry = self._create_entry(date=date(2026, 3, 2))
        self.assertEqual(entry.psa_coverage, "included")
        self.task.sale_line_id = order.order_line
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.assertEqual(entry.psa_coverage, "sale")

    def test_dates_of_the_contract(self):
        """The last day counts to its last minute; before and after there is a gap."""
        self._create_covered(
            contract={"date_start": date(2026, 2, 1), "date_end": date(2026, 3, 31)}
        )
        self._create_covered(contract={"date_start": date(2026, 5, 1)})
        days = [(1, 31), (2, 1), (3, 31), (4, 1), (4, 30), (5, 1)]
        covered = [
            self._work(date(2026, month, day), 1.0).psa_coverage for month, day in days
        ]
        self.assertEqual(
            covered,
            ["billable", "included", "included", "billable", "billable", "included"],
        )

    def test_the_last_minute_of_a_term(self):
        """The date counts that the work has where the technician is."""
        self._create_covered(contract={"date_end": date(2026, 3, 31)})
        entry = self._work(
            date(2026, 3, 31),
            1.0,
            psa_date_start=datetime(2026, 3, 31, 21),
            psa_date_end=datetime(2026, 3, 31, 22),
        )
        self.assertEqual(self._parts(entry), [("included", 1.0, 0.0)])

    def test_29_february(self):
        line = self._create_covered(
            "included",
            hours=12,
            recurrence_unit="year",
            contract={"date_start": date(2024, 2, 29)},
        )
        self._work(date(2025, 2, 27), 12.0)
        later = self._work(date(2025, 2, 28), 12.0)
        self.assertEqual(self._sums(later), {"included": 12.0})
        self.assertEqual(
            line.grant_ids.sorted("date_start").mapped("date_start"),
            [date(2024, 2, 29), date(2025, 2, 28)],
        )

    def test_first_period_is_a_part(self):
        """From the 17th on the 1st of the month: 15 of 31 days of ten hours."""
        line = self._create_covered(
            anchor_day=1, contract={"date_start": date(2026, 1, 17)}
        )
        entry = self._work(date(2026, 1, 20), 10.0)
        self.assertEqual(
            self._parts(entry), [("included", 4.8333, 0.0), ("billable", 5.1667, 85.0)]
        )
        self.assertEqual(line.grant_ids.date_end, date(2026, 1, 31))

    def test_suspended(self):
        line = self._create_covered()
        before = self._work(date(2026, 3, 2), 10.0)
        self.env["psa.contract.suspension"].create(
            {
                "contract_id": line.contract_id.id,
                "date_start": date(2026, 3, 17),
                "date_end": date(2026, 3, 31),
                "reason": "Not paid",
            }
        )
        line.contract_id._request_coverage()
        within = self._work(date(2026, 3, 20), 1.0)
        self.assertEqual(self._parts(within), [("billable", 1.0, 85.0)])
        # 16 of 31 days are left of March.
        self.assertEqual(
            self._parts(before), [("included", 5.1667, 0.0), ("billable", 4.8333, 85.0)]
        )

    def test_overlapping_contracts_in_their_order(self):
        second = self._create_covered(hours=3, contract={"name": "B", "sequence": 2})
        first = self._create_covered(hours=2, contract={"name": "A", "sequence": 1})
        entry = self._work(date(2026, 3, 2), 7.0).sudo()
        self.assertEqual(
            [(part.line_id, part.hours) for part in entry.psa_coverage_part_ids],
            [(first, 2.0), (second, 3.0), (first, 2.0)],
        )
        self.assertEqual(entry.psa_coverage, "mixed")
        self.assertEqual(entry.psa_contract_id, first.contract_id)

    def test_scope_of_work_types_and_contacts(self):
        site = self.env["res.partner"].create(
            {"name": "Plant", "parent_id": self.client.id, "type": "delivery"}
        )
        worker = self.env["res.partner"].create(
            {"name": "Worker", "parent_id": site.id}
        )
        self._create_covered(
            work_type_ids=self.plain.ids, contract={"covered_partner_ids": site.ids}
        )
        covered = [
            self._work(date(2026, 3, 2), 1.0, work_type, partner=partner).psa_coverage
            for work_type, partner in [
                (self.plain, self.contact),
                (self.plain, site),
                (self.plain, worker),
                (self.work_type_project, worker),
            ]
        ]
        self.assertEqual(covered, ["billable", "included", "included", "billable"])

    def test_a_work_type_in_a_scope_cannot_be_deleted(self):
        """Without it the line would cover everything."""
        work_type = self.env["psa.work.type"].create({"name": "Cabling"})
        self._create_covered(work_type_ids=work_type.ids)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            work_type.unlink()

    def test_service_hours_divide_an_entry(self):
        """From 17:00 to 19:00 in Rome, covered until 18:00; billed 1.5 for 1."""
        calendar = self.env["resource.calendar"].create(
            {
                "name": "Office",
                "tz": "Europe/Rome",
                "attendance_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "Day",
                            "dayofweek": str(day),
                            "hour_from": 9,
                            "hour_to": 18,
                        },
                    )
                    for day in range(5)
                ],
            }
        )
        self._create_covered(calendar_id=calendar.id)
        times = {
            "psa_date_start": datetime(2026, 3, 2, 16),
            "psa_date_end": datetime(2026, 3, 2, 18),
        }
        entry = self._work(date(2026, 3, 2), 2.0, **times)
        self.assertEqual(
            self._parts(entry), [("included", 1.0, 0.0), ("billable", 1.0, 85.0)]
        )
        entry.sudo().psa_work_type_id = self.work_type_after_hours
        self.assertEqual(
            self._parts(entry), [("included", 1.5, 0.0), ("billable", 1.5, 85.0)]
        )
        untimed = self._work(date(2026, 3, 3), 1.0)
        self.assertEqual(self._parts(untimed), [("included", 1.0, 0.0)])

    def test_corrections_give_back_whenever_they_are_dated(self):
        self._create_covered()
        entries = self._work(date(2026, 3, 2), 8.0) | self._work(date(2026, 3, 9), 4.0)
        self.assertEqual(self._sums(entries), {"included": 10.0, "billable": 2.0})
        correction = self._work(date(2026, 3, 30), -3.0)
        self.assertEqual(self._parts(correction), [("included", -3.0, 0.0)])
        self.assertEqual(self._sums(entries), {"included": 12.0})
        correction.sudo().unlink()
        self.assertEqual(self._sums(entries), {"included": 10.0, "billable": 2.0})

    def test_a_correction_without_a_contract_is_billable(self):
        correction = self._work(date(2026, 3, 2), -1.0)
        self.assertEqual(self._parts(correction), [("billable", -1.0, 85.0)])

    def test_moved_entries_leave_their_hours_to_others(self):
        self._create_covered(hours=2)
        first = self._work(date(2026, 3, 2), 2.0)
        second = self._work(date(2026, 3, 3), 2.0)
        self.assertEqual(second.psa_coverage, "billable")
        first.sudo().date = date(2026, 4, 2)
        self.assertEqual(second.psa_coverage, "included")
        other = self.env["res.partner"].create({"name": "Other", "is_company": True})
        third = self._work(date(2026, 3, 4), 1.0)
        self.assertEqual(third.psa_coverage, "billable")
        second.sudo().partner_id = other
        self.assertEqual(third.psa_coverage, "included")
        self.assertDecided(first | second | third)

    def test_first_to_expire_comes_first(self):
        line = self._create_covered("prepaid", hours=5)
        grants = self.env["psa.contract.grant"].create(
            [
                {"line_id": line.id, "hours": 5, "date_start": date(2026, 1, 1)} | dates
                for dates in (
                    {"date_end": date(2026, 12, 31)},
                    {"date_end": date(2026, 3, 31)},
                )
            ]
        )
        forever = line.grant_ids - grants
        entry = self._work(date(2026, 3, 2), 12.0).sudo()
        self.assertEqual(
            [(part.grant_id, part.hours) for part in entry.psa_coverage_part_ids],
            [(grants[1], 5.0), (grants[0], 5.0), (forever, 2.0)],
        )

    def test_further_blocks(self):
        line = self._create_covered(
            "prepaid", hours=4, overage="next_block", price_unit=320.0
        )
        entries = self._work(date(2026, 3, 2), 3.0) | self._work(date(2026, 3, 9), 3.0)
        self.assertEqual(self._sums(entries), {"prepaid": 6.0})
        self.assertEqual(
            self._blocks(line),
            [("purchase", date(2026, 1, 1)), ("next_block", date(2026, 3, 9))],
        )
        late = self._work(date(2026, 2, 2), 3.0)
        self.assertEqual(self._sums(entries | late), {"prepaid": 9.0})
        self.assertEqual(
            self._blocks(line),
            [
                ("purchase", date(2026, 1, 1)),
                ("next_block", date(2026, 3, 2)),
                ("next_block", date(2026, 3, 9)),
            ],
        )
        (entries | late).sudo().unlink()
        self.assertEqual(self._blocks(line), [("purchase", date(2026, 1, 1))])

    def test_further_block_used_and_given_back_by_other_work(self):
        """A block is not spare while parts point at it, whatever they add up to."""
        line = self._create_covered(
            "prepaid", hours=4, overage="next_block", price_unit=320.0
        )
        self._work(date(2026, 3, 2), 4.0)
        billed = self._work(date(2026, 3, 9), 1.0).sudo()
        block = billed.psa_coverage_part_ids.grant_id
        billed.psa_coverage_part_ids.copy({"hours": -1.0, "is_correction": True})
        with patch.object(
            type(billed), "_psa_is_coverage_billed", lambda entry: entry == billed
        ):
            later = self._work(date(2026, 3, 10), 2.0)
            self.assertEqual(later.sudo().psa_coverage_part_ids.grant_id, block)
            later.unlink()
        self.assertFalse(billed.psa_coverage_error)
        self.assertEqual(
            self._blocks(line),
            [("purchase", date(2026, 1, 1)), ("next_block", date(2026, 3, 9))],
        )

    def _blocks(self, line):
        grants = line.grant_ids.sorted("date_start")
        return [(grant.origin, grant.date_start) for grant in grants]

    def test_beyond_has_to_be_approved(self):
        self._create_covered(hours=1, overage="stop")
        entry = self._work(date(2026, 3, 2), 2.0)
        self.assertTrue(entry.psa_is_to_approve)
        found = self.env["account.analytic.line"].search(
            [("psa_is_to_approve", "=", True), ("psa_client_id", "=", self.client.id)]
        )
        self.assertEqual(found.ids, entry.ids)

    def test_without_limit(self):
        self._create_covered(is_unlimited=True)
        entry = self._work(date(2026, 3, 2), 100.0)
        self.assertEqual(self._parts(entry), [("included", 100.0, 0.0)])

    def test_other_currency(self):
        currency = (
            self.env["res.currency"]
            .with_context(active_test=False)
            .search([("name", "=", "CHF")])
        )
        currency.active = True
        contract = self._create_contract()
        contract.sudo().currency_id = currency
        self._create_line(contract, "time")
        self.env["psa.rate"].create({"contract_id": contract.id, "price": 120})
        self._activate(contract)
        part = self._work(date(2026, 3, 2), 2.0).sudo().psa_coverage_part_ids
        self.assertEqual(
            (part.price_unit, part.amount, part.currency_id), (120.0, 240.0, currency)
        )

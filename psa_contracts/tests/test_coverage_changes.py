# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import freeze_time
from odoo.tools import mute_logger

from ..models.coverage_engine import CoverageEngine
from .common_coverage import PsaCoverageCommon


@freeze_time("2026-06-15")
class TestCoverageChanges(PsaCoverageCommon):
    """What becomes of coverage when something changes, fails or is forged."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["psa.rate"].create({"price": 85, "company_id": cls.company.id})

    def test_a_failure_keeps_the_work_and_is_tried_again(self):
        self._create_covered()
        with (
            patch.object(CoverageEngine, "decide", side_effect=ValueError("broken")),
            mute_logger("odoo.addons.psa_contracts.models.account_analytic_line"),
        ):
            entry = self._work(date(2026, 3, 2), 1.0).sudo()
        self.assertTrue(entry.exists())
        self.assertEqual(
            (entry.psa_coverage, entry.psa_coverage_error),
            (False, "ValueError: broken"),
        )
        with self.enter_registry_test_mode():
            self.env.ref("psa_contracts.ir_cron_coverage").method_direct_trigger()
        self.assertEqual(entry.psa_coverage, "included")
        self.assertDecided(entry)

    def test_a_contract_changed_for_the_past(self):
        line = self._create_covered(hours=2)
        entry = self._work(date(2026, 3, 2), 5.0)
        self.assertEqual(self._sums(entry), {"included": 2.0, "billable": 3.0})
        line.with_user(self.billing).term_ids.create(
            {"line_id": line.id, "date_start": date(2026, 3, 1), "hours": 4.0}
        )
        self.assertEqual(self._sums(entry), {"included": 4.0, "billable": 1.0})

    def test_moved_periods_leave_no_hours_behind(self):
        line = self._create_covered(contract={"date_start": date(2026, 1, 10)})
        entry = self._work(date(2026, 2, 15), 25.0)
        self.assertEqual(self._sums(entry), {"included": 10.0, "billable": 15.0})
        line.contract_id.with_user(self.billing).date_start = date(2026, 1, 5)
        self.assertEqual(self._sums(entry), {"included": 10.0, "billable": 15.0})
        self.assertEqual(line.grant_ids.mapped("date_start"), [date(2026, 2, 5)])

    def test_a_correction_of_long_ago(self):
        self._create_covered(hours=2)
        self._create_covered("prepaid", hours=10, contract={"name": "B"})
        first = self._work(date(2026, 2, 3), 4.0)
        correction = self._work(date(2026, 6, 3), -1.0)
        self.assertEqual(self._sums(first), {"included": 2.0, "prepaid": 2.0})
        self.assertEqual(self._sums(correction), {"included": -1.0})
        self.assertDecided(first | correction)

    def test_banner_shows_what_rolled_over(self):
        self._create_covered(
            rollover_share=50, contract={"date_start": date(2026, 5, 1)}
        )
        self._work(date(2026, 5, 4), 1.0)
        self._work(date(2026, 6, 4), 1.0)
        entry = self.env["account.analytic.line"].new(
            self._prepare_work(date(2026, 6, 15), 1.0) | {"company_id": self.company.id}
        )
        banner = entry.psa_coverage_banner
        # Half of 9 h, of which one was used; then the 10 h of June.
        self.assertIn("03:30 h left", banner)
        self.assertIn("10:00 h left", banner)

    def test_hours_roll_over_without_work(self):
        line = self._create_covered(
            rollover_share=50, contract={"date_start": date(2026, 5, 1)}
        )
        with self.enter_registry_test_mode():
            cron = self.env.ref("psa_contracts.ir_cron_roll_over")
            cron.method_direct_trigger()
            cron.method_direct_trigger()
        self.assertEqual(
            line.grant_ids.sorted(
                lambda grant: (grant.date_start, grant.origin)
            ).mapped(lambda grant: (grant.origin, grant.date_start, grant.hours)),
            [
                ("period", date(2026, 5, 1), 10.0),
                ("period", date(2026, 6, 1), 10.0),
                ("rollover", date(2026, 6, 1), 5.0),
            ],
        )

    def test_a_manager_bills_at_the_rate_of_the_contract(self):
        line = self._create_covered()
        self.env["psa.rate"].create({"contract_id": line.contract_id.id, "price": 60})
        entry = self._work(date(2026, 3, 2), 1.0).sudo()
        entry.psa_decision = "billable"
        self.assertEqual(self._parts(entry), [("billable", 1.0, 60.0)])
        self.assertEqual(entry.psa_contract_id, line.contract_id)

    def test_list_prices_stay_when_others_work(self):
        product = self.env["product.product"].create(
            {"name": "Hour", "type": "service", "list_price": 95.0}
        )
        product.uom_id = self.env.ref("uom.product_uom_hour")
        self.plain.product_id = product
        self.env["psa.rate"].search([]).unlink()
        self._create_covered(hours=1)
        entry = self._work(date(2026, 3, 10), 2.0)
        self.assertEqual(self._parts(entry)[1], ("billable", 1.0, 95.0))
        product.list_price = 120.0
        self._work(date(2026, 3, 1), 0.5)
        self.assertEqual(self._parts(entry)[1], ("billable", 1.5, 95.0))

    def test_the_role_of_the_day(self):
        junior, senior = self.env["hr.job"].create(
            [{"name": "Junior"}, {"name": "Senior"}]
        )
        self.employee.sudo().version_id.write(
            {"date_version": date(2026, 1, 1), "job_id": junior.id}
        )
        self.employee.sudo().create_version(
            {"date_version": date(2026, 5, 1), "job_id": senior.id}
        )
        self.env["psa.rate"].create(
            [
                {"job_id": job.id, "price": price}
                for job, price in [(junior, 70), (senior, 140)]
            ]
        )
        entries = self._work(date(2026, 3, 2), 1.0) | self._work(date(2026, 6, 1), 1.0)
        self.assertEqual(
            self._parts(entries), [("billable", 1.0, 70.0), ("billable", 1.0, 140.0)]
        )

    def test_deleting_while_coverage_fails(self):
        self._create_covered(hours=2)
        first = self._work(date(2026, 3, 2), 2.0)
        second = self._work(date(2026, 3, 3), 2.0).sudo()
        with (
            patch.object(CoverageEngine, "decide", side_effect=ValueError("broken")),
            mute_logger("odoo.addons.psa_contracts.models.account_analytic_line"),
        ):
            first.sudo().unlink()
        self.assertTrue(second.psa_coverage_due)
        with self.enter_registry_test_mode():
            self.env.ref("psa_contracts.ir_cron_coverage").method_direct_trigger()
        self.assertEqual(self._parts(second), [("included", 2.0, 0.0)])

    def test_analytic_account_of_the_contract(self):
        line = self._create_covered()
        entry = self._work(date(2026, 3, 2), 1.0).sudo()
        plan = self.env.ref("psa_contracts.analytic_plan_contracts")
        self.assertEqual(
            entry[plan._column_name()], line.contract_id.analytic_account_id
        )
        self.assertEqual(entry.account_id, self.support.sudo().account_id)

    def test_technicians_cannot_forge_it(self):
        entry = self._work(date(2026, 3, 2), 1.0)
        for name, value in [
            ("psa_coverage", "goodwill"),
            ("psa_decision", "goodwill"),
            ("psa_coverage_due", False),
            ("psa_contract_id", False),
        ]:
            with self.assertRaises(AccessError):
                entry.with_user(self.technician).write({name: value})
        with self.assertRaises(AccessError):
            self.env["psa.coverage.part"].with_user(self.manager).create(
                {"entry_id": entry.id, "kind": "goodwill", "hours": 1, "sequence": 1}
            )

    def test_queries_do_not_grow(self):
        self._create_covered()
        self._create_covered("prepaid", contract={"name": "B"})
        counts = []
        # The first time fills the host's caches, and makes the hours of the period.
        for number in (20, 20, 40):
            values = [
                self._prepare_work(date(2026, 3, 1 + n % 20), 0.0625)
                for n in range(number)
            ]
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["account.analytic.line"].create(values)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])

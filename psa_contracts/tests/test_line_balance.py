# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date

from odoo.tests import freeze_time

from .common import PsaContractsCommon


@freeze_time("2026-03-16 09:00:00")
class TestLineBalance(PsaContractsCommon):
    """Hours that a line gives today."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._create_contract()
        cls.included = cls._create_line(cls.contract, "included", hours=10.0)
        cls.prepaid = cls._create_line(cls.contract, "prepaid", hours=20.0)

    def _buy(self, hours, **kwargs):
        grants = self.env["psa.contract.grant"].with_user(self.billing)
        values = {"date_start": "2026-01-10", **kwargs}
        return grants.create({"line_id": self.prepaid.id, "hours": hours, **values})

    def _figures(self, line):
        line = line.with_user(self.technician)
        line.invalidate_recordset()
        return (
            line.granted_hours,
            line.used_hours,
            line.left_hours,
            line.left_until or None,
            line.is_running_low,
        )

    def test_a_draft_gives_nothing(self):
        self.assertEqual(self._figures(self.included), (0.0, 0.0, 0.0, None, False))
        self.assertEqual(self.contract.left_hours, 0.0)

    def test_included_hours_are_those_of_the_period(self):
        self._activate(self.contract)
        last = date(2026, 3, 31)
        self.assertEqual(self._figures(self.included), (10.0, 0.0, 10.0, last, False))
        self._create_entry(unit_amount=7.0, date="2026-02-27")
        self._create_entry(unit_amount=2.5)
        self.assertEqual(self._figures(self.included), (10.0, 2.5, 7.5, last, False))
        self._create_entry(unit_amount=5.5)
        self.assertEqual(self._figures(self.included), (10.0, 8.0, 2.0, last, True))

    def test_without_limit_there_is_nothing_to_count(self):
        self.included.is_unlimited = True
        self._activate(self.contract)
        self._create_entry()
        self.assertEqual(self._figures(self.included), (0.0, 0.0, 0.0, None, False))

    def test_prepaid_hours_are_those_that_may_be_used(self):
        self.included.work_type_ids = self.work_type_remote
        self._activate(self.contract)
        # The first block comes with the contract.
        self.assertEqual(self._figures(self.prepaid), (20.0, 0.0, 20.0, None, False))
        self._buy(5.0, date_end="2026-06-30")
        self._buy(8.0, date_end="2026-02-28")
        self._buy(8.0, date_start="2026-04-01")
        end = date(2026, 6, 30)
        self.assertEqual(self._figures(self.prepaid), (25.0, 0.0, 25.0, end, False))
        self._create_entry(unit_amount=5.0)
        # What is used up is history.
        self.assertEqual(self._figures(self.prepaid), (20.0, 0.0, 20.0, None, False))
        self._create_entry(unit_amount=16.0)
        self.assertEqual(self._figures(self.prepaid), (20.0, 16.0, 4.0, None, True))
        self.assertEqual(self.contract.left_hours, 14.0)
        self._create_entry(unit_amount=4.0)
        self.assertEqual(self._figures(self.prepaid), (0.0, 0.0, 0.0, None, True))

    def test_contracts_that_run_low_are_found(self):
        self.prepaid.unlink()
        self._activate(self.contract)
        other = self._create_contract(name="Other", sequence=20)
        self._create_line(other, "included")
        contracts = self.env["psa.contract"].with_user(self.technician)
        ours = [("client_id", "=", self.client.id)]
        self.assertFalse(contracts.search([*ours, ("is_running_low", "=", True)]))
        self._create_entry(unit_amount=9.0)
        found = contracts.search([*ours, ("is_running_low", "=", True)])
        self.assertEqual(found, self.contract)
        found = contracts.search([*ours, ("is_running_low", "=", False)])
        self.assertEqual(found, other)

    def test_queries_do_not_depend_on_the_lines(self):
        def add(number):
            for _n in range(number):
                client = self.env["res.partner"].create(
                    {"name": "Client", "is_company": True}
                )
                contract = self._create_contract(client_id=client.id)
                self._create_line(contract, "included")
                self._create_line(contract, "prepaid")
                self._activate(contract)

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            contracts = self.env["psa.contract"].with_user(self.technician)
            found = contracts.search([("name", "=", "Care")])
            before = self.env.cr.sql_log_count
            found.mapped("left_hours")
            return self.env.cr.sql_log_count - before

        add(3)
        count()
        few = count()
        add(3)
        self.assertEqual(count(), few)

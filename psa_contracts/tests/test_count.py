# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date

from freezegun import freeze_time

from odoo.fields import Command

from odoo.addons.psa_core.tests.common import MONDAY, at

from .common import PsaContractsCommon

APRIL = date(2026, 4, 1)


@freeze_time(at(9))
class TestCount(PsaContractsCommon):
    """Quantities that are counted every day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        partners = cls.env["res.partner"]
        cls.site = partners.create(
            {"name": "Milan", "parent_id": cls.client.id, "type": "other"}
        )
        partners.create(
            [
                {"name": "Bruno", "parent_id": cls.site.id},
                {"name": "Carla", "parent_id": cls.site.id},
                {"name": "Gone", "parent_id": cls.site.id, "active": False},
                {"name": "Bills", "parent_id": cls.client.id, "type": "invoice"},
            ]
        )
        with freeze_time(at(9)):
            cls.contract = cls._create_contract()
            cls.line = cls._create_line(
                cls.contract, "unit", count_source="contact", price_unit=20
            )

    def _run_job(self, day):
        with freeze_time(at(9, day=day)), self.enter_registry_test_mode():
            self.env.ref("psa_contracts.ir_cron_contract_count").method_direct_trigger()

    def _get_rows(self, line=None):
        return [
            (term.date_start, term.quantity, term.price_unit, term.source)
            for term in (line or self.line)._get_sorted_terms()
        ]

    def test_activation_counts_for_the_days_before(self):
        self._activate(self.contract)
        self.assertEqual(self._get_rows(), [(False, 3.0, 20.0, "count")])
        self.assertFalse(self.contract.amendment_ids)

    def test_a_row_only_when_the_number_changed(self):
        self._activate(self.contract)
        self._run_job(APRIL)
        self.assertEqual(len(self.line.term_ids), 1)
        self.contact.active = False
        self._run_job(date(2026, 4, 2))
        self._run_job(date(2026, 4, 3))
        self.assertEqual(
            self._get_rows(),
            [(False, 3.0, 20.0, "count"), (date(2026, 4, 2), 2.0, 20.0, "count")],
        )
        self.assertFalse(self.contract.amendment_ids)

    def test_a_price_of_before_reaches_counted_rows(self):
        self._activate(self.contract)
        self.contact.active = False
        self._run_job(APRIL)
        self.line._change_terms(MONDAY, {self.line: {"price_unit": 25.0}})
        self.assertEqual(
            self._get_rows(),
            [
                (False, 3.0, 20.0, "count"),
                (MONDAY, 3.0, 25.0, "manual"),
                (APRIL, 2.0, 25.0, "count"),
            ],
        )

    def test_only_those_of_the_scope(self):
        self.line.covered_partner_ids = self.site
        self._activate(self.contract)
        self.assertEqual(self.line.quantity, 2)
        self.contract.covered_partner_ids = self.contact
        self._run_job(APRIL)
        with freeze_time(at(9, day=APRIL)):
            self.env.invalidate_all()
            self.assertEqual(self.line.quantity, 0)

    def test_drafts_and_what_has_ended_are_not_counted(self):
        self._run_job(APRIL)
        self.assertEqual(self._get_rows(), [(False, 1.0, 20.0, "manual")])
        self._activate(self.contract)._end(MONDAY, "Moves")
        self.contract.date_end = date(2026, 3, 1)
        self.contact.active = False
        self._run_job(APRIL)
        self.assertEqual(len(self.line.term_ids), 1)

    def test_a_source_of_another_addon(self):
        model = type(self.env["psa.contract.line"])
        count = model._get_counted_quantities
        numbers = {}

        def count_more(lines):
            return {
                **count(lines),
                **{
                    line: numbers[line.name]
                    for line in lines
                    if line.count_source == "device" and line.name in numbers
                },
            }

        sources = model._selection_count_source
        self.patch(
            model,
            "_selection_count_source",
            lambda lines: [*sources(lines), ("device", "Devices")],
        )
        self.patch(model, "_get_counted_quantities", count_more)
        servers, unknown = (
            self._create_line(
                self.contract, "unit", name=name, count_source="device", quantity=9
            )
            for name in ("Servers", "Unknown")
        )
        numbers["Servers"] = 4
        self._activate(self.contract)
        numbers["Servers"] = 6
        self._run_job(APRIL)
        self.assertEqual(
            self._get_rows(servers),
            [(False, 4.0, 100.0, "count"), (APRIL, 6.0, 100.0, "count")],
        )
        # Whoever does not know says nothing, and the quantity stays.
        self.assertEqual(self._get_rows(unknown), [(False, 9.0, 100.0, "manual")])

    def test_a_source_that_fails_stops_no_other(self):
        other = self._create_contract()
        line = self._create_line(other, "unit", name="Broken", count_source="contact")
        self._activate(self.contract | other)
        self.contact.active = False
        model = type(self.env["psa.contract.line"])
        count = model._get_counted_quantities

        def fail(lines):
            if line in lines:
                raise ValueError("No answer")
            return count(lines)

        self.patch(model, "_get_counted_quantities", fail)
        clock = "odoo.addons.psa_contracts.models.psa_contract_clock"
        with self.assertLogs(clock, "ERROR"):
            self._run_job(APRIL)
        self.assertEqual(len(self.line.term_ids), 2)
        self.assertEqual(len(line.term_ids), 1)
        self.assertEqual(other.life_error, "No answer")

    def test_as_many_queries_for_twice_as_many(self):
        counts = []
        for number in (2, 5, 10):
            contracts = self.env["psa.contract"].create(
                [
                    self._prepare_contract(
                        line_ids=[
                            Command.create(
                                self._prepare_line("unit", count_source="contact")
                            )
                        ]
                    )
                    for _number in range(number)
                ]
            )
            contracts.action_activate()
            self.contact.active = not self.contact.active
            self.env.flush_all()
            self.env.invalidate_all()
            queries = self.cr.sql_log_count
            contracts.line_ids._count_quantities()
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - queries)
        self.assertEqual(counts[1], counts[2])

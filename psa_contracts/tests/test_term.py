# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date

from freezegun import freeze_time
from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import Form
from odoo.tools import mute_logger

from odoo.addons.psa_core.tests.common import MONDAY, at

from .common import FIRST_DAY, PsaContractsCommon

MARCH_15 = date(2026, 3, 15)


@freeze_time(at(9))
class TestTerm(PsaContractsCommon):
    """Quantity, hours and price over time."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time(at(9)):
            cls.contract = cls._create_contract()
            cls.line = cls._create_line(cls.contract, "unit", quantity=5, price_unit=20)

    def _get_rows(self, line=None):
        return [
            (term.date_start, term.quantity, term.price_unit)
            for term in (line or self.line).term_ids.sorted(
                lambda term: term.date_start or date.min
            )
        ]

    # ------------------------------------------------------------
    # Drafts
    # ------------------------------------------------------------

    def test_lines_of_one_call(self):
        contract = self._create_contract(
            line_ids=[
                Command.create({"kind": "flat", "name": "Fee", "price_unit": 50}),
                Command.create({"kind": "included", "name": "Help", "hours": 10}),
                Command.create({"kind": "time", "name": "Rest"}),
                Command.create(
                    {
                        "kind": "unit",
                        "name": "Users",
                        "quantity": 0,
                        "price_mode": "discount",
                        "discount": 15,
                    }
                ),
            ]
        )
        self.env.flush_all()
        self.env.invalidate_all()
        expected = [
            ("Fee", 1.0, 0.0, "fixed", 50.0, 0.0),
            ("Help", 1.0, 10.0, "fixed", 0.0, 0.0),
            ("Rest", 1.0, 0.0, "fixed", 0.0, 0.0),
            ("Users", 0.0, 0.0, "discount", 0.0, 15.0),
        ]
        names = ("name", "quantity", "hours", "price_mode", "price_unit", "discount")
        for line, values in zip(contract.line_ids, expected, strict=True):
            self.assertEqual(tuple(line[name] for name in names), values)
            self.assertEqual(len(line.term_ids), 1)
            self.assertFalse(line.term_ids.date_start)

    def test_a_draft_edits_its_first_row(self):
        self.line.quantity = 7
        self.line.write({"price_unit": 22, "quantity": 8})
        self.assertEqual(self._get_rows(), [(False, 8.0, 22.0)])

    def test_a_draft_shows_its_first_row_whatever_comes_later(self):
        self.line.term_ids = [
            Command.create({"date_start": date(2026, 2, 1), "quantity": 9})
        ]
        self.assertEqual(self.line.quantity, 5)
        self.line.quantity = 6
        self.assertEqual(
            self._get_rows(), [(False, 6.0, 20.0), (date(2026, 2, 1), 9.0, 0.0)]
        )

    def test_a_line_without_any_row(self):
        self.line.term_ids.unlink()
        self.assertEqual((self.line.quantity, self.line.price_mode), (1.0, "fixed"))
        self.line.price_unit = 3
        self.assertEqual(self._get_rows(), [(False, 1.0, 3.0)])
        self._activate(self.contract)
        self.line.term_ids.unlink()
        self.line.quantity = 2
        self.assertEqual(self._get_rows(), [(MONDAY, 2.0, 0.0)])

    def test_rows_that_are_given(self):
        line = self._create_line(
            self.contract,
            quantity=3,
            term_ids=[
                Command.create({"quantity": 4, "price_unit": 1}),
                Command.create({"quantity": 6, "date_start": MARCH_15}),
            ],
        )
        self.assertEqual(
            self._get_rows(line), [(False, 4.0, 1.0), (MARCH_15, 6.0, 0.0)]
        )
        line = self._create_line(
            self.contract,
            quantity=3,
            term_ids=[Command.create({"quantity": 6, "date_start": MARCH_15})],
        )
        self.assertEqual(
            self._get_rows(line), [(False, 3.0, 100.0), (MARCH_15, 6.0, 0.0)]
        )

    def test_copy(self):
        self._activate(self.contract)
        self.line._change_terms(MARCH_15, {self.line: {"quantity": 8.0}})
        copy = self.contract.copy()
        self.assertRecordValues(
            copy,
            [
                {
                    "state": "draft",
                    "date_start": MONDAY,
                    "date_end": False,
                    "analytic_account_id": False,
                    "version": 0,
                    "signed_at": False,
                    "template_id": False,
                }
            ],
        )
        self.assertNotEqual(copy.number, self.contract.number)
        self.assertEqual(self._get_rows(copy.line_ids), self._get_rows())

    def test_form(self):
        with Form(self.env["psa.contract"].with_user(self.billing)) as form:
            form.name = "Care"
            form.client_id = self.client
            with form.line_ids.new() as line:
                line.kind = "unit"
                line.name = "Users"
                self.assertEqual(line.quantity, 1.0)
                line.quantity = 4
                line.price_unit = 12
        contract = form.record
        self.assertEqual(self._get_rows(contract.line_ids), [(False, 4.0, 12.0)])
        with (
            Form(contract.with_user(self.billing)) as form,
            form.line_ids.edit(0) as line,
        ):
            line.quantity = 6
        self.assertEqual(self._get_rows(contract.line_ids), [(False, 6.0, 12.0)])

    def test_bad_input(self):
        for model, values in (
            ("line", {"quantity": -1}),
            ("line", {"hours": -1}),
            ("line", {"discount": 101}),
            ("line", {"anchor_day": 32}),
            ("line", {"recurrence_interval": 0}),
            ("line", {"date_start": MONDAY, "date_end": FIRST_DAY}),
            ("contract", {"term_months": -1}),
            ("contract", {"date_end": date(2025, 12, 31)}),
        ):
            record = getattr(self, model)
            with (
                self.subTest(**values),
                self.assertRaises(CheckViolation),
                mute_logger("odoo.sql_db"),
            ):
                record.write(values)
                self.env.flush_all()

    def test_two_rows_of_a_day(self):
        terms = self.env["psa.contract.line.term"]
        for day in (False, MARCH_15):
            values = {"line_id": self.line.id, "date_start": day}
            if day:
                terms.create(values)
            with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
                terms.create(values)
                self.env.flush_all()

    # ------------------------------------------------------------
    # In force
    # ------------------------------------------------------------

    def test_in_force_a_change_begins_today(self):
        self._activate(self.contract)
        self.line.write({"quantity": 7, "price_unit": 21})
        self.assertEqual(self._get_rows(), [(False, 5.0, 20.0), (MONDAY, 7.0, 21.0)])
        self.line.quantity = 8
        self.assertEqual(self._get_rows(), [(False, 5.0, 20.0), (MONDAY, 8.0, 21.0)])
        self.assertEqual(self.line.quantity, 8)
        self.assertEqual(self.line._get_term(date(2026, 3, 1)).quantity, 5)

    def test_change_by_dialog(self):
        self._activate(self.contract)
        lines = self.line.with_user(self.billing)
        action = lines.action_change_terms()
        wizards = self.env["psa.contract.change"].with_user(self.billing)
        form = Form(wizards.with_context(**action["context"]))
        self.assertEqual((form.quantity, form.price_unit), (5.0, 20.0))
        form.date_start = date(2026, 2, 1)
        form.quantity = 9
        form.note = "Four more people"
        form.save().action_change()
        self.assertEqual(
            self._get_rows(), [(False, 5.0, 20.0), (date(2026, 2, 1), 9.0, 20.0)]
        )
        self.assertEqual(self.line.term_ids[-1].note, "Four more people")
        self.assertEqual(self.contract.version, 1)

    def test_the_dialog_needs_the_right_to_change(self):
        self._activate(self.contract)
        with self.assertRaises(AccessError):
            self.env["psa.contract.change"].with_user(self.manager).create(
                {"line_id": self.line.id, "note": "x"}
            )

    def test_later_rows_follow_until_they_were_changed(self):
        self._activate(self.contract)
        days = [date(2026, month, 1) for month in (4, 5, 6)]
        for day, values in zip(
            days,
            ({"quantity": 6.0}, {"price_unit": 30.0}, {"quantity": 7.0}),
            strict=True,
        ):
            self.line._change_terms(day, {self.line: values})
        self.line._change_terms(MARCH_15, {self.line: {"price_unit": 25.0}})
        self.assertEqual(
            self._get_rows(),
            [
                (False, 5.0, 20.0),
                (MARCH_15, 5.0, 25.0),
                (days[0], 6.0, 25.0),
                (days[1], 6.0, 30.0),
                (days[2], 7.0, 30.0),
            ],
        )

    def test_work_in_the_past_is_decided_upon_again(self):
        line = self._create_line(self.contract, "included", hours=10)
        self._activate(self.contract)
        entry = self._create_entry(date=date(2026, 2, 10), unit_amount=2.0)
        self.assertEqual(entry.sudo().psa_coverage, "included")
        line._change_terms(FIRST_DAY, {line: {"hours": 0.0}})
        self.assertEqual(entry.sudo().psa_coverage, "billable")

    def test_a_line_added_in_force(self):
        self._activate(self.contract)
        prepaid = self._create_line(
            self.contract, "prepaid", hours=20, date_start=MARCH_15
        )
        self.assertRecordValues(
            prepaid.grant_ids, [{"date_start": MARCH_15, "hours": 20.0}]
        )

    def test_technician_reads_all_but_the_price(self):
        self._activate(self.contract)
        self.env.invalidate_all()
        line = self.line.with_user(self.technician)
        self.assertEqual(
            line.read(["quantity", "hours", "price_mode"]),
            [{"id": line.id, "quantity": 5.0, "hours": 0.0, "price_mode": "fixed"}],
        )
        for name in ("price_unit", "discount"):
            with self.assertRaises(AccessError), mute_logger("odoo.models"):
                line.read([name])

    def test_as_many_queries_for_twice_as_many(self):
        counts = []
        for number in (2, 5, 10):
            contract = self._create_contract()
            self.env.flush_all()
            self.env.invalidate_all()
            queries = self.cr.sql_log_count
            lines = self.env["psa.contract.line"].create(
                [
                    self._prepare_line("unit", contract_id=contract.id, quantity=number)
                    for _number in range(number)
                ]
            )
            self.assertEqual(lines.mapped("quantity"), [number] * number)
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - queries)
        self.assertEqual(counts[1], counts[2])

    # ------------------------------------------------------------
    # Dates, companies, currencies
    # ------------------------------------------------------------

    def test_term_and_last_day(self):
        for first, months, last in (
            (FIRST_DAY, 12, date(2026, 12, 31)),
            (FIRST_DAY, 0, False),
            (date(2028, 2, 29), 12, date(2029, 2, 27)),
            (date(2026, 1, 31), 1, date(2026, 2, 27)),
            (date(2027, 3, 1), 12, date(2028, 2, 29)),
        ):
            contract = self._create_contract(date_start=first, term_months=months)
            self.assertEqual(contract.date_end, last, first)

    def test_a_last_day_without_a_term_stays(self):
        contract = self._create_contract(date_end=MARCH_15)
        contract.date_start = date(2026, 2, 1)
        self.assertEqual(contract.date_end, MARCH_15)

    def test_no_term_any_more(self):
        contract = self._create_contract(term_months=12)
        with Form(contract) as form:
            form.term_months = 0
        self.assertFalse(contract.date_end)

    def test_contracts_may_overlap(self):
        other = self._create_contract()
        self._create_line(other)
        self._activate(self.contract | other)
        self.assertEqual((self.contract | other).mapped("state"), ["active"] * 2)

    def test_currency_of_the_pricelist(self):
        dollar = self.env.ref("base.USD")
        euro = self.env.ref("base.EUR")
        foreign = (dollar | euro) - self.company.currency_id
        foreign[:1].active = True
        pricelist = self.env["product.pricelist"].create(
            {"name": "Abroad", "currency_id": foreign[:1].id}
        )
        self.contract.pricelist_id = pricelist
        self.assertEqual(self.contract.currency_id, foreign[:1])
        self._activate(self.contract)
        # Its prices are in that currency, with whatever list.
        self.contract.pricelist_id = False
        self.assertEqual(self.contract.currency_id, foreign[:1])

    def test_who_does_not_belong_to_the_client(self):
        stranger = self.env["res.partner"].create({"name": "Luca"})
        for values in (
            {"contact_id": stranger.id},
            {"covered_partner_ids": [Command.set(stranger.ids)]},
        ):
            with self.assertRaisesRegex(ValidationError, "does not belong to"):
                self.contract.write(values)

    def test_records_of_another_company(self):
        other = self.env["res.company"].create({"name": "Branch"})
        calendar = self.env["resource.calendar"].create(
            {"name": "Branch", "company_id": other.id}
        )
        product = self.env["product.product"].create(
            {"name": "Branch", "type": "service", "company_id": other.id}
        )
        for record, values in (
            (self.contract, {"calendar_id": calendar.id}),
            (self.line, {"calendar_id": calendar.id}),
            (self.line, {"product_id": product.id}),
        ):
            with self.assertRaisesRegex(Exception, "company"):
                record.write(values)

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date
from unittest.mock import patch

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError
from odoo.tests import freeze_time
from odoo.tools import mute_logger

from .common import PsaContractsCommon


@freeze_time("2026-03-16 09:00:00")
class TestRate(PsaContractsCommon):
    """Prices of an hour: which are refused, which replace others, what they change."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rates = cls.env["psa.rate"].with_user(cls.billing)
        cls.other_client = cls.env["res.partner"].create(
            {"name": "Studio Verdi", "is_company": True}
        )

    def _create_rate(self, **kwargs):
        return self.rates.create({"price": 85.0, **kwargs})

    def _prices(self, *entries):
        parts = self.env["psa.coverage.part"].sudo()
        found = dict(
            parts._read_group(
                [("entry_id", "in", [entry.id for entry in entries])],
                ["entry_id"],
                ["price_unit:max"],
            )
        )
        return [found.get(entry.sudo()) for entry in entries]

    # ------------------------------------------------------------
    # What a rate says
    # ------------------------------------------------------------

    def test_company_and_currency_are_those_of_what_it_belongs_to(self):
        dollar = self.env.ref("base.USD")
        euro = self.env.ref("base.EUR")
        (dollar | euro).active = True
        other = dollar if self.company.currency_id == euro else euro
        pricelist = self.env["product.pricelist"].create(
            {"name": "Abroad", "currency_id": other.id}
        )
        contract = self._create_contract(pricelist_id=pricelist.id)
        self.other_client.property_product_pricelist = pricelist
        rates = (
            self._create_rate()
            | self._create_rate(contract_id=contract.id)
            | self._create_rate(client_id=self.other_client.id)
        )
        self.assertEqual(rates.company_id, self.company)
        self.assertEqual(
            rates.mapped("currency_id.id"), [self.company.currency_id.id, other.id]
        )
        self.assertEqual(rates[1].currency_id, other)
        self.assertEqual(rates[2].currency_id, other)

    def test_a_rate_is_named_by_what_it_is_for(self):
        general = self._create_rate()
        remote = self._create_rate(
            work_type_id=self.work_type_remote.id, employee_id=self.employee.id
        )
        self.assertEqual(general.display_name, "All work")
        self.assertEqual(
            remote.display_name,
            f"{self.employee.name} · {self.work_type_remote.name}",
        )

    def test_two_rates_of_the_same_work_do_not_begin_on_the_same_day(self):
        self._create_rate()
        self._create_rate(date_start="2026-02-01")
        self._create_rate(work_type_id=self.work_type_remote.id)
        self._create_rate(client_id=self.client.id)
        for values in ({}, {"date_start": "2026-02-01"}, {"client_id": self.client.id}):
            with (
                self.subTest(values=values),
                mute_logger("odoo.sql_db"),
                self.assertRaises(UniqueViolation),
                self.env.cr.savepoint(),
            ):
                self._create_rate(**values)

    def test_a_later_rate_replaces_an_earlier_one(self):
        first = self._create_rate()
        second = self._create_rate(price=95.0, date_start="2026-04-01")
        offer = self._create_rate(
            price=60.0, date_start="2026-05-01", date_end="2026-05-31"
        )
        client = self._create_rate(client_id=self.client.id, price=70.0)
        amount = self.company.currency_id.format
        rates = first | second | offer | client
        self.assertEqual(
            rates.mapped("overlap"),
            [
                f"{amount(95.0)} from 04/01/2026",
                f"{amount(60.0)} from 05/01/2026 to 05/31/2026",
                False,
                False,
            ],
        )
        first.date_end = date(2026, 3, 31)
        second.write({"mode": "discount", "discount": 10.0})
        self.assertEqual(
            rates.mapped("overlap"),
            [False, f"{amount(60.0)} from 05/01/2026 to 05/31/2026", False, False],
        )

    def test_queries_do_not_depend_on_the_rates(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            found = self.rates.search([("client_id", "in", clients.ids)])
            before = self.env.cr.sql_log_count
            found.mapped("overlap")
            return self.env.cr.sql_log_count - before

        def add(number):
            made = self.env["res.partner"].create(
                [{"name": f"Client {n}", "is_company": True} for n in range(number)]
            )
            self.rates.create(
                [
                    {"client_id": client.id, "price": 80.0, "date_start": day}
                    for client in made
                    for day in (False, "2026-02-01")
                ]
            )
            return made

        clients = add(5)
        count()
        few = count()
        clients |= add(5)
        self.assertEqual(count(), few)

    # ------------------------------------------------------------
    # Work that was recorded before
    # ------------------------------------------------------------

    def test_a_rate_changes_the_price_of_work_it_is_for(self):
        early = self._create_entry(date="2026-02-27")
        late = self._create_entry(date="2026-03-10")
        before, at_first = self._prices(early), self._prices(late)
        rate = self._create_rate(date_start="2026-03-01", price=85.0)
        self.assertEqual(self._prices(early), before)
        self.assertEqual(self._prices(late), [85.0])
        rate.price = 95.0
        self.assertEqual(self._prices(late), [95.0])
        rate.date_start = date(2026, 2, 1)
        self.assertEqual(self._prices(early, late), [95.0, 95.0])
        rate.date_end = date(2026, 2, 28)
        self.assertEqual(self._prices(early), [95.0])
        self.assertEqual(self._prices(late), at_first)
        rate.unlink()
        self.assertEqual(self._prices(early), before)

    def test_the_rate_of_a_client_is_no_matter_of_others(self):
        ours = self._create_entry()
        theirs = self._create_entry(
            task_id=False, project_id=self.project.id, partner_id=self.other_client.id
        )
        self._create_rate(price=85.0)
        rate = self._create_rate(client_id=self.client.id, price=70.0)
        self.assertEqual(self._prices(ours, theirs), [70.0, 85.0])
        rate.client_id = self.other_client
        self.assertEqual(self._prices(ours, theirs), [85.0, 70.0])

    def test_the_rate_of_a_contract_is_for_what_it_bills(self):
        contract = self._create_contract()
        self._create_line(contract, "time")
        self._activate(contract)
        ours = self._create_entry()
        theirs = self._create_entry(
            task_id=False, project_id=self.project.id, partner_id=self.other_client.id
        )
        self._create_rate(price=85.0)
        self._create_rate(contract_id=contract.id, price=60.0)
        self.assertEqual(self._prices(ours, theirs), [60.0, 85.0])

    def test_a_note_changes_no_price(self):
        rate = self._create_rate()
        self._create_entry()
        entries = type(self.env["account.analytic.line"])
        with patch.object(entries, "_psa_request_coverage") as request:
            rate.note = "Agreed with Anna"
            request.assert_not_called()
            rate.price = 86.0
            request.assert_called_once()

    def test_who_writes_rates(self):
        rate = self._create_rate()
        for user in (self.technician, self.manager):
            self.assertEqual(rate.with_user(user).price, 85.0)
            with self.assertRaises(AccessError):
                rate.with_user(user).price = 1.0

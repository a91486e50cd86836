# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What an hour of billable work costs the client, for many parts at once."""

from bisect import bisect_right
from collections import defaultdict
from datetime import datetime, time

from odoo.tools import SQL

from odoo.addons.psa_core.tools.rounding import seconds_to_hours

from ..tools.rate import Rate, best

PRICE_DIGITS = 6


class CoveragePrices:
    """Collect billable parts by :meth:`put`; :meth:`finish` gives each its price."""

    def __init__(self, env):
        self.env = env
        self._wanted = []
        self._kept = {}

    def keep(self, parts):
        """Leave work that was not asked for at the list price it was decided at.

        A sales price has no date: work recorded beside it would change it otherwise.

        :param parts: {entry's id: parts}
        """
        self._kept = {
            (
                entry_id,
                part.contract_id,
                part.rate_id,
                part.currency_id,
            ): part.price_unit
            for entry_id, found in parts.items()
            for part in found
            if part.kind == "billable" and not part.is_correction
        }

    def put(self, part, fact, line):
        """Have the price of a part found.

        :param line: the contract line it is billed under, or None
        """
        self._wanted.append((part, fact, line))

    def finish(self, put_worker=None):
        """Find the prices of all parts.

        :param put_worker: fills in who works, called only if a rate names persons
        """
        if not self._wanted:
            return
        self._read_rates()
        if put_worker and any(
            rate.employee or rate.job
            for rates in self._rates.values()
            for rate in rates
        ):
            put_worker([fact for _part, fact, _line in self._wanted])
        self._read_pricelists()
        self._read_products()
        asked = []
        for part, fact, line in self._wanted:
            part.currency_id = self._currency(fact, line)
            part.source, rate = self._find(fact, line)
            part.rate_id = rate and rate.id
            if rate and rate.price is not None:
                part.price_unit = self._convert(
                    rate.price, rate.currency, part.currency_id, fact
                )
            elif (kept := self._kept.get(_key(part, fact))) is not None:
                part.price_unit = kept
            else:
                asked.append((part, fact, line, rate))
        self._put_list_prices(asked)
        currencies = self.env["res.currency"]
        for part, _fact, _line in self._wanted:
            currency = currencies.browse(part.currency_id)
            hours = seconds_to_hours(part.seconds)
            # As the database keeps it: what is read again has to be the same.
            part.price_unit = round(part.price_unit, PRICE_DIGITS)
            part.amount = currency.round(hours * part.price_unit)
        self._wanted.clear()

    # ------------------------------------------------------------
    # Rates
    # ------------------------------------------------------------

    def _read_rates(self):
        self.env["psa.rate"].flush_model()
        self._rates = defaultdict(list)
        for contract, client, company, *values in self.env.execute_query(
            SQL(
                """
                SELECT contract_id, client_id, company_id, id,
                       CASE mode WHEN 'price' THEN COALESCE(price, 0) END,
                       COALESCE(discount, 0), work_type_id, job_id, employee_id,
                       date_start, date_end + 1, currency_id
                  FROM psa_rate
                 WHERE company_id = ANY(%s)
                   AND (contract_id = ANY(%s) OR client_id = ANY(%s)
                        OR (contract_id IS NULL AND client_id IS NULL))
                """,
                list({fact.company_id for _part, fact, _line in self._wanted}),
                [line.contract_id for _part, _fact, line in self._wanted if line],
                [fact.client_id for _part, fact, _line in self._wanted],
            )
        ):
            values = [
                float(value) if n in (1, 2) and value is not None else value
                for n, value in enumerate(values)
            ]
            if contract:
                key = "contract", contract
            elif client:
                key = "client", client, company
            else:
                key = "company", company
            self._rates[key].append(Rate(*values))

    def _find(self, fact, line):
        """Return where the price comes from, and the rate if it is one."""
        keys = [("contract", line.contract_id)] if line else []
        if fact.client_id:
            keys.append(("client", fact.client_id, fact.company_id))
        keys.append(("company", fact.company_id))
        about = fact.day, fact.work_type_id, fact.job_id, fact.employee_id
        for key in keys:
            if rate := best(self._rates.get(key, ()), *about):
                return key[0], rate
        has_product = self._products.get((fact.work_type_id, fact.company_id))
        return ("pricelist" if has_product else "none"), None

    def _convert(self, price, currency_id, target_id, fact):
        if currency_id == target_id or not currency_id:
            return price
        currencies = self.env["res.currency"]
        return currencies.browse(currency_id)._convert(
            price,
            currencies.browse(target_id),
            self.env["res.company"].browse(fact.company_id),
            fact.day,
            round=False,
        )

    # ------------------------------------------------------------
    # Pricelists
    # ------------------------------------------------------------

    def _read_pricelists(self):
        """Ask which pricelist each client has, once per company."""
        clients = defaultdict(set)
        for _part, fact, line in self._wanted:
            if fact.client_id and not (line and line.pricelist_id):
                clients[fact.company_id].add(fact.client_id)
        self._pricelists = {}
        for company_id, ids in clients.items():
            company = self.env["res.company"].browse(company_id)
            partners = self.env["res.partner"].with_company(company).browse(ids)
            for partner in partners:
                pricelist = partner.property_product_pricelist
                self._pricelists[partner.id, company_id] = pricelist

    def _pricelist(self, fact, line):
        pricelists = self.env["product.pricelist"]
        if line and line.pricelist_id:
            return pricelists.browse(line.pricelist_id)
        return self._pricelists.get((fact.client_id, fact.company_id), pricelists)

    def _currency(self, fact, line):
        if line:
            return line.currency_id
        pricelist = self._pricelist(fact, line)
        company = self.env["res.company"].browse(fact.company_id)
        return (pricelist.currency_id or company.currency_id).id

    def _read_products(self):
        """Find the service of each work type, for each company."""
        work_types = self.env["psa.work.type"].browse(
            {fact.work_type_id for _part, fact, _line in self._wanted} - {None}
        )
        companies = {fact.company_id for _part, fact, _line in self._wanted}
        self._products = {
            (work_type.id, company): work_type.with_company(company).product_id
            for work_type in work_types
            for company in companies
            if work_type.product_id
        }

    def _put_list_prices(self, asked):
        """Give parts the price of the pricelist, less the discount of their rate.

        A list has one price for all days between two of its changes; only where money
        has to be converted each day has its own.
        """
        groups = defaultdict(list)
        for part, fact, line, rate in asked:
            product = self._products.get((fact.work_type_id, fact.company_id))
            if product:
                pricelist = self._pricelist(fact, line)
                groups[pricelist, part.currency_id, fact.company_id].append(
                    (part, fact, product, rate)
                )
        changes = self._read_changes([pricelist.id for pricelist, *_rest in groups])
        for (pricelist, currency_id, company_id), found in groups.items():
            currency = self.env["res.currency"].browse(currency_id)
            products = self.env["product.product"].browse(
                {product.id for _part, _fact, product, _rate in found}
            )
            products = products.with_company(company_id)
            is_plain = products.currency_id <= currency
            by_span = defaultdict(list)
            for part, fact, product, rate in found:
                noon = datetime.combine(fact.day, time(12))
                span = bisect_right(changes.get(pricelist.id, []), noon)
                by_span[span if is_plain else fact.day].append(
                    (noon, part, product, rate)
                )
            for parts in by_span.values():
                day = min(noon for noon, *_rest in parts)
                prices = self._list_prices(pricelist, products, currency, day)
                for _noon, part, product, rate in parts:
                    discount = rate.discount if rate else 0.0
                    part.price_unit = prices[product.id] * (1 - discount / 100)

    def _list_prices(self, pricelist, products, currency, day):
        """Return {product's id: price of an hour}; without a list, the sales price."""
        hour = self.env.ref("uom.product_uom_hour")
        timed = products.filtered(
            lambda product: product.uom_id._has_common_reference(hour)
        )
        prices = {}
        for some, uom in ((timed, hour), (products - timed, None)):
            found = pricelist._compute_price_rule(
                some, 1.0, currency=currency, uom=uom, date=day
            )
            prices |= {
                product_id: price for product_id, (price, _rule) in found.items()
            }
        return prices

    def _read_changes(self, pricelist_ids):
        """Return {pricelist's id: when one of its prices begins or ends, ascending}."""
        changes = defaultdict(list)
        if not any(pricelist_ids):
            return changes
        self.env["product.pricelist.item"].flush_model()
        for pricelist_id, instant in self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT pricelist_id, instant
                  FROM product_pricelist_item,
                       unnest(ARRAY[date_start, date_end]) AS instant
                 WHERE pricelist_id = ANY(%s) AND instant IS NOT NULL
              ORDER BY instant
                """,
                [pricelist_id for pricelist_id in pricelist_ids if pricelist_id],
            )
        ):
            changes[pricelist_id].append(instant)
        return changes


def _key(part, fact):
    return fact.id, part.contract_id, part.rate_id, part.currency_id

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from collections import defaultdict
from hashlib import sha256

from babel.dates import get_day_names

from odoo import fields, models
from odoo.tools import format_date, is_html_empty
from odoo.tools.misc import babel_locale_parse, format_duration, get_lang

REPORT = "psa_contracts.action_report_contract"


class PsaContractPrint(models.AbstractModel):
    """What the client reads and signs: lines with prices, terms, rates.

    Not in sudo: who may not read prices cannot print them.
    """

    _name = "psa.contract.print"
    _description = "Print of Contracts"

    def _get_client_lang(self):
        """Return the language in which the client is written to."""
        self.ensure_one()
        return (
            self.contact_id.lang
            or self.client_id.lang
            or self.company_id.partner_id.lang
            or self.env.lang
            or "en_US"
        )

    def _get_timezone(self):
        """Return the time zone in which times are printed."""
        self.ensure_one()
        return self.company_id.resource_calendar_id.tz or "UTC"

    def _get_file_name(self):
        self.ensure_one()
        # In the client's language, as the contract itself.
        contract = self.with_context(lang=self._get_client_lang())
        return contract.env._("Contract %s", self.number)

    # ------------------------------------------------------------
    # Text
    # ------------------------------------------------------------

    def _get_text(self):
        """Return what the client reads above the signature, as HTML.

        What was sent stays as it was sent; before, it is what it would be now.
        """
        self.ensure_one()
        if self.signed_at or self._is_offered():
            return self.agreed_text
        return self._render_text()

    def _render_text(self):
        self.ensure_one()
        contract = self.with_context(lang=self._get_client_lang())
        return contract.env["ir.qweb"]._render(
            "psa_contracts.contract_content", {"contract": contract}
        )

    def _has_description(self):
        self.ensure_one()
        return not is_html_empty(self.description)

    def _prepare_agreed_values(self):
        """Return the values that keep what is sent as it is now."""
        text = self._render_text()
        return {
            "agreed_text": text,
            "agreed_digest": sha256(text.encode()).hexdigest(),
        }

    def _print_pdf(self):
        """Return the content of the PDF."""
        self.ensure_one()
        content, _kind = self.env["ir.actions.report"]._render_qweb_pdf(
            REPORT, self.ids
        )
        return content

    def action_print(self):
        return self.env.ref(REPORT).report_action(self)

    # ------------------------------------------------------------
    # Lines
    # ------------------------------------------------------------

    def _get_printed_lines(self):
        """Return the lines as the client reads them, with the prices of today.

        :return: list of dicts with name, details (texts), quantity, price (of one),
            amount (of a period), period and terms (text in place of a price); what does
            not apply is None
        """
        self.ensure_one()
        prices = self._get_line_prices()
        return [
            {
                "name": line._get_printed_name(),
                "details": [
                    *line._get_printed_details(),
                    *line._get_printed_changes(),
                ],
                **line._get_printed_price(prices[line]),
            }
            for line in self.line_ids
        ]

    def _get_line_prices(self):
        """Return {line: price of one unit today}; the pricelist is asked once per
        quantity."""
        self.ensure_one()
        today = fields.Date.context_today(self)
        listed = defaultdict(self.line_ids.browse)
        for line in self.line_ids:
            if line.price_mode != "fixed" and line.product_id:
                listed[line.quantity or 1.0] |= line
        prices = {line: line.price_unit or 0.0 for line in self.line_ids}
        for quantity, lines in listed.items():
            found = self.pricelist_id._compute_price_rule(
                lines.product_id, quantity, currency=self.currency_id, date=today
            )
            for line in lines:
                price, _rule = found[line.product_id.id]
                share = line.discount if line.price_mode == "discount" else 0.0
                prices[line] = price * (1 - share / 100)
        return prices

    def _get_printed_totals(self, rows):
        """Return what is paid each period: dicts with period and amount.

        Empty when there is nothing to add up.

        :param rows: of ``_get_printed_lines``
        """
        totals = defaultdict(list)
        for row in rows:
            if row["is_recurring"]:
                totals[row["period"]].append(row["amount"])
        return [
            {"period": period, "amount": sum(amounts)}
            for period, amounts in totals.items()
            if len(amounts) > 1
        ]

    def _get_printed_rates(self):
        """Return the rates of the contract from today on: dicts with name, price and
        dates (a text, or empty)."""
        self.ensure_one()
        today = fields.Date.context_today(self)
        return [
            {
                "name": self._describe_rate(rate),
                "price": rate._describe(),
                "is_price": rate.mode == "price",
                "dates": self._describe_dates(rate.date_start, rate.date_end),
            }
            for rate in self.rate_ids
            if not rate.date_end or rate.date_end >= today
        ]

    def _describe_rate(self, rate):
        """Return what a rate is the price of, as the client reads it."""
        # In sudo: who prints contracts need not read employees.
        rate = rate.sudo()
        names = [
            (rate.employee_id.name or "").partition(" ")[0],
            rate.job_id.name,
            rate.work_type_id and rate.work_type_id._get_customer_name(),
        ]
        return " · ".join(filter(None, names)) or self.env._("All work")

    def _get_printed_service_hours(self):
        """Return the service hours of the contract: dicts with days and hours.

        Empty when they are not the same each week.
        """
        self.ensure_one()
        calendar = self.calendar_id
        if calendar.two_weeks_calendar or calendar.flexible_hours:
            return []
        by_day = defaultdict(list)
        for attendance in calendar.attendance_ids:
            if attendance.day_period != "lunch":
                by_day[int(attendance.dayofweek)].append(
                    (attendance.hour_from, attendance.hour_to)
                )
        spans = []
        for day in sorted(by_day):
            hours = _join_hours(by_day[day])
            if spans and spans[-1][1] == day - 1 and spans[-1][2] == hours:
                spans[-1][1] = day
            else:
                spans.append([day, day, hours])
        names = get_day_names(
            "wide", locale=babel_locale_parse(get_lang(self.env).code)
        )
        return [
            {
                "days": names[first]
                if first == last
                else f"{names[first]} – {names[last]}",
                "hours": ", ".join(
                    f"{format_duration(start)}–{format_duration(stop)}"
                    for start, stop in hours
                ),
            }
            for first, last, hours in spans
        ]

    def _describe_dates(self, first, last):
        """Return from when to when, in words; empty without dates."""
        values = {
            "first": format_date(self.env, first),
            "last": format_date(self.env, last),
        }
        if first and last:
            return self.env._("from %(first)s to %(last)s", **values)
        if first:
            return self.env._("from %(first)s", **values)
        return self.env._("until %(last)s", **values) if last else ""


def _join_hours(spans):
    """Return the spans in order, those that touch each other as one."""
    joined = []
    for start, stop in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(stop, joined[-1][1])
        else:
            joined.append((start, stop))
    return joined

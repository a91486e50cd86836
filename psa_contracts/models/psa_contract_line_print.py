# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.tools.misc import format_duration

from ..tools.period_text import strip_period
from .psa_contract_terms import COVERING, RECURRING


class PsaContractLinePrint(models.AbstractModel):
    """What the client reads of a contract line."""

    _name = "psa.contract.line.print"
    _description = "Print of Contract Lines"

    @api.depends("name")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line._get_printed_name()

    def _get_printed_name(self):
        """Return the description without the markers of the period that is billed."""
        self.ensure_one()
        return strip_period(self.name)

    def _get_printed_price(self, price):
        """Return what is said about the price, see ``_get_printed_lines``.

        :param price: of one unit
        """
        self.ensure_one()
        values = dict.fromkeys(("quantity", "price", "amount", "period", "terms"))
        values["is_recurring"] = self.kind in RECURRING
        if self.kind in RECURRING:
            return {
                **values,
                "quantity": self.quantity,
                "price": price,
                "amount": self.currency_id.round(price * self.quantity),
                "period": self.period_label,
            }
        if self.kind == "prepaid":
            return {
                **values,
                "price": price,
                "terms": self.env._(
                    "for %s hours, when bought", _format_hours(self.hours)
                ),
            }
        if self.kind == "fixed":
            # In sudo: who reads contracts need not read sales orders.
            order_line = self.sudo().sale_line_id
            amount = order_line.price_subtotal if order_line else price
            return {**values, "amount": amount, "period": self.env._("Once")}
        return {**values, "terms": self.env._("By the hour, at our rates")}

    def _get_printed_details(self):
        """Return what else was agreed about the line: a list of texts."""
        self.ensure_one()
        details = []
        if self.kind in COVERING:
            details += self._get_printed_hours()
        if self.work_type_ids:
            names = [each._get_customer_name() for each in self.work_type_ids]
            details.append(self.env._("For: %s", ", ".join(names)))
        if self.covered_partner_ids:
            # In sudo: the names of the client's own people and sites.
            names = self.covered_partner_ids.sudo().mapped("name")
            details.append(self.env._("Only for: %s", ", ".join(filter(None, names))))
        if self.calendar_id:
            details.append(self.env._("Service hours: %s", self.calendar_id.name))
        if dates := self.contract_id._describe_dates(self.date_start, self.date_end):
            details.append(dates)
        if self.kind in RECURRING:
            details.append(
                self.env._("Paid in advance")
                if self.billing_timing == "advance"
                else self.env._("Paid in arrears")
            )
        return details

    def _get_printed_changes(self):
        """Return what is agreed for later days already: a list of texts."""
        self.ensure_one()
        terms = self._get_sorted_terms()
        shown = self._get_shown_term(fields.Date.context_today(self))
        later = terms[terms.ids.index(shown.id) + 1 :] if shown else terms
        details = []
        for term in later:
            texts = self._get_printed_term(term)
            if texts:
                dates = self.contract_id._describe_dates(term.date_start, False)
                details.append(f"{dates}: {', '.join(texts)}")
        return details

    def _get_printed_term(self, term):
        """Return price and hours of terms, in words: a list of texts."""
        if self.kind == "time" or (self.kind == "fixed" and self.sale_line_id):
            return []
        price = self.currency_id.format(self._get_term_price(term))
        if self.kind not in RECURRING:
            hours = _format_hours(term.hours)
            bought = self.env._("for %s hours, when bought", hours)
            return [f"{price} {bought}" if self.kind == "prepaid" else price]
        period = self.period_label or ""
        texts = [f"{term.quantity:g} × {price} ({period})"]
        if self.kind == "included" and not self.is_unlimited:
            texts.append(
                self.env._(
                    "Hours: %(hours)s (%(period)s)",
                    hours=_format_hours(term.hours),
                    period=period,
                )
            )
        return texts

    def _get_term_price(self, term):
        """Return the price of one unit from the first day of terms on."""
        if term.price_mode == "fixed" or not self.product_id:
            return term.price_unit
        price = self.contract_id.pricelist_id._get_product_price(
            self.product_id,
            term.quantity or 1.0,
            currency=self.currency_id,
            date=term.date_start,
        )
        share = term.discount if term.price_mode == "discount" else 0.0
        return price * (1 - share / 100)

    def _get_printed_hours(self):
        """Return what was agreed about the hours of a line, in words."""
        if self.kind == "included" and self.is_unlimited:
            return [self.env._("Without a limit of hours")]
        hours = _format_hours(self.hours)
        details = []
        if self.kind == "included":
            details.append(
                self.env._(
                    "Hours: %(hours)s (%(period)s)",
                    hours=hours,
                    period=self.period_label or "",
                )
            )
        elif self.validity_months:
            details.append(
                self.env._("Hours are valid for %s months", self.validity_months)
            )
        else:
            details.append(self.env._("Hours do not expire"))
        if self.rollover_share:
            details.append(self._get_printed_rollover())
        details.append(
            {
                "billable": self.env._("Work beyond these hours is billed"),
                "stop": self.env._("Work beyond these hours is agreed with you first"),
                "next_block": self.env._(
                    "Work beyond these hours takes another block of hours"
                ),
            }[self.overage]
        )
        return details

    def _get_printed_rollover(self):
        values = {
            "share": f"{self.rollover_share:g}",
            "months": self.rollover_months,
            "cap": _format_hours(self.rollover_cap),
        }
        if self.rollover_cap:
            return self.env._(
                "%(share)s %% of the hours left, at most %(cap)s hours, may be used "
                "for another %(months)s months",
                **values,
            )
        return self.env._(
            "%(share)s %% of the hours left may be used for another %(months)s months",
            **values,
        )


def _format_hours(hours):
    """Return 20 as "20" and 1.5 as "1:30"."""
    if hours % 1 == 0:
        return f"{hours:g}"
    return format_duration(hours).removeprefix("0")

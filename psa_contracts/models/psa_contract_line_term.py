# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.tools import format_date

from .psa_contract_terms import DATED_FIELDS, PRICE_GROUPS, PRICE_MODES

#: what a line without any row is taken to have
DEFAULTS = {
    "quantity": 1.0,
    "hours": 0.0,
    "price_mode": "fixed",
    "price_unit": 0.0,
    "discount": 0.0,
}


class PsaContractLineTerm(models.Model):
    """Quantity, hours and price of a contract line from a day on."""

    _name = "psa.contract.line.term"
    _description = "Terms of a Contract Line From a Day On"
    _inherit = ["psa.contract.amended"]
    _order = "line_id, date_start nulls first, id"

    line_id = fields.Many2one(
        "psa.contract.line", required=True, index=True, ondelete="cascade"
    )
    contract_id = fields.Many2one(related="line_id.contract_id")
    company_id = fields.Many2one(related="line_id.company_id")
    currency_id = fields.Many2one(related="line_id.currency_id")
    date_start = fields.Date(
        string="From", help="Empty: from the beginning of the line."
    )
    quantity = fields.Float(default=1.0, digits="Product Unit")
    hours = fields.Float()
    price_mode = fields.Selection(PRICE_MODES, required=True, default="fixed")
    price_unit = fields.Float(
        string="Price",
        digits="Product Price",
        groups=PRICE_GROUPS,
    )
    discount = fields.Float(
        string="Discount %",
        digits="Discount",
        groups=PRICE_GROUPS,
    )
    source = fields.Selection(
        [("manual", "By hand"), ("count", "Counted")],
        required=True,
        default="manual",
        readonly=True,
    )
    note = fields.Char(string="Reason", help="Why the terms changed.")

    _one_a_day = models.UniqueIndex(
        "(line_id, COALESCE(date_start, DATE '0001-01-01'))",
        "Terms of this line that begin on this day exist already.",
    )
    _quantity_positive = models.Constraint(
        "CHECK (quantity >= 0)", "A quantity cannot be negative."
    )
    _hours_positive = models.Constraint(
        "CHECK (hours >= 0)", "Hours cannot be negative."
    )
    _discount_percent = models.Constraint(
        "CHECK (discount <= 100)", "A discount cannot be more than the price."
    )

    @api.depends("line_id.display_name", "date_start")
    def _compute_display_name(self):
        for term in self:
            name = term.line_id.display_name or ""
            if term.date_start:
                day = format_date(self.env, term.date_start)
                name = self.env._("%(line)s from %(day)s", line=name, day=day)
            term.display_name = name

    def _get_dated_values(self):
        """Return {name: value} of the row, or of a line that has none."""
        return {name: self[name] if self else DEFAULTS[name] for name in DATED_FIELDS}

    @api.model
    def _get_amended_fields(self):
        return ["date_start", *DATED_FIELDS]

    @api.model
    def _get_neutral_fields(self):
        return {"quantity", "price_mode", "price_unit", "discount"}

    @api.model
    def _get_printed_fields(self):
        return [
            "date_start",
            "discount",
            "hours",
            "price_mode",
            "price_unit",
            "quantity",
        ]

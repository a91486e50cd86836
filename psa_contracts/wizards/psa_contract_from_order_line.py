# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models

from ..models.psa_contract_terms import KINDS


class PsaContractFromOrderLine(models.TransientModel):
    """A contract line as it will be; only shown."""

    _name = "psa.contract.from.order.line"
    _description = "Preview of a Contract Line"

    wizard_id = fields.Many2one("psa.contract.from.order", ondelete="cascade")
    currency_id = fields.Many2one(related="wizard_id.currency_id")
    contract_name = fields.Char(string="Contract")
    sale_line_id = fields.Many2one(
        "sale.order.line",
        string="Order Line",
        help="Quantity and price come from it. Empty: from the package.",
    )
    name = fields.Char(string="Description")
    kind = fields.Selection(KINDS)
    product_id = fields.Many2one("product.product")
    quantity = fields.Float(digits="Product Unit")
    hours = fields.Float()
    price_unit = fields.Float(
        string="Price", digits="Product Price", help="After discount, without taxes."
    )
    recurrence_interval = fields.Integer(string="Every")
    recurrence_unit = fields.Selection(
        selection=lambda self: self.env[
            "psa.contract.line"
        ]._selection_recurrence_unit()
    )

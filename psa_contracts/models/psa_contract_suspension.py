# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class PsaContractSuspension(models.Model):
    """Days on which a contract covers and costs nothing."""

    _name = "psa.contract.suspension"
    _description = "Suspension of a Contract"
    _order = "contract_id, date_start"

    contract_id = fields.Many2one(
        "psa.contract", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="contract_id.company_id")
    date_start = fields.Date(string="From", required=True)
    date_end = fields.Date(string="Last Day", help="Empty: until it is resumed.")
    reason = fields.Char(required=True)

    _dates_in_order = models.Constraint(
        "CHECK (date_end IS NULL OR date_end >= date_start)",
        "A suspension cannot end before it starts.",
    )
    _one_open = models.UniqueIndex(
        "(contract_id) WHERE date_end IS NULL", "The contract is suspended already."
    )

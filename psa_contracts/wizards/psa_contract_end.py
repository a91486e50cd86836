# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class PsaContractEnd(models.TransientModel):
    """Asks with which day contracts end, and why."""

    _name = "psa.contract.end"
    _description = "End Contracts"

    contract_ids = fields.Many2many("psa.contract", required=True)
    last_day = fields.Date(required=True, default=fields.Date.context_today)
    reason = fields.Char(required=True)

    def action_end(self):
        self.contract_ids._end(self.last_day, self.reason)

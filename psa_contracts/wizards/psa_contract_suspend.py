# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class PsaContractSuspend(models.TransientModel):
    """Asks from when on contracts are suspended, and why."""

    _name = "psa.contract.suspend"
    _description = "Suspend Contracts"

    contract_ids = fields.Many2many("psa.contract", required=True)
    date_start = fields.Date(
        string="From", required=True, default=fields.Date.context_today
    )
    date_end = fields.Date(string="Last Day", help="Empty: until it is resumed.")
    reason = fields.Char(required=True)

    def action_suspend(self):
        self.contract_ids._suspend(self.date_start, self.reason, self.date_end)

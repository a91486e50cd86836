# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class PsaContractCancel(models.TransientModel):
    """Asks why drafts are cancelled."""

    _name = "psa.contract.cancel"
    _description = "Cancel Contracts"

    contract_ids = fields.Many2many("psa.contract", required=True)
    reason = fields.Char(required=True)

    def action_cancel(self):
        self.contract_ids._cancel(self.reason)

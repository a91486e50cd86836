# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

from odoo import api, fields, models


class PsaContractResume(models.TransientModel):
    """Asks which was the last suspended day."""

    _name = "psa.contract.resume"
    _description = "Resume Contracts"

    contract_ids = fields.Many2many("psa.contract", required=True)
    last_day = fields.Date(
        string="Last Suspended Day",
        required=True,
        default=lambda self: self._default_last_day(),
    )
    is_never = fields.Boolean(
        compute="_compute_is_never",
        help="No day is left: they are not suspended at all.",
    )

    def _default_last_day(self):
        return fields.Date.context_today(self) - timedelta(days=1)

    @api.depends("contract_ids", "last_day")
    def _compute_is_never(self):
        for wizard in self:
            suspensions = self.env["psa.contract.suspension"]
            for contract in wizard.contract_ids._origin:
                suspensions |= contract._get_next_suspension()
            wizard.is_never = bool(wizard.last_day) and any(
                wizard.last_day < found.date_start for found in suspensions
            )

    def action_resume(self):
        self.contract_ids._resume(self.last_day)

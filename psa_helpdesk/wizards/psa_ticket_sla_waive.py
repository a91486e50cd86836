# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class PsaTicketSlaWaive(models.TransientModel):
    """Asks why an SLA shall not count."""

    _name = "psa.ticket.sla.waive"
    _description = "Waive an SLA"

    sla_ids = fields.Many2many("psa.ticket.sla", string="SLA Targets", required=True)
    reason = fields.Char(required=True)

    def action_waive(self):
        """Let the targets not count.

        :raise AccessError: unless the user is a service manager
        """
        self.sla_ids._waive(self.reason)

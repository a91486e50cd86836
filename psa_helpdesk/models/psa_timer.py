# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models

SUGGESTED_TICKETS = 6


class PsaTimer(models.Model):
    _inherit = "psa.timer"

    @api.model
    def _get_suggestions(self):
        """Put the current user's open tickets before the tasks."""
        tickets = self.env["psa.ticket"].search(
            [("user_id", "=", self.env.uid), ("is_open", "=", True)],
            order=self.env["psa.ticket"]._get_queue_order(),
            limit=SUGGESTED_TICKETS,
        )
        return [
            {
                "res_model": ticket._name,
                "res_id": ticket.id,
                "name": ticket.display_name,
                "client": ticket.client_id.name or "",
            }
            for ticket in tickets
        ] + super()._get_suggestions()

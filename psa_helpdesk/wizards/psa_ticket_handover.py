# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class PsaTicketHandover(models.TransientModel):
    """Passes tickets on with what the next technician has to know."""

    _name = "psa.ticket.handover"
    _description = "Hand Over Tickets"

    ticket_ids = fields.Many2many(
        "psa.ticket", default=lambda self: self._default_ticket_ids(), required=True
    )
    team_id = fields.Many2one("psa.ticket.team", help="Empty: it stays in its team.")
    user_id = fields.Many2one(
        "res.users",
        string="To",
        domain="[('share', '=', False)]",
        help="Empty: the team decides.",
    )
    note = fields.Html(
        required=True,
        help="What was tried, what is next, what the customer was told. Internal.",
    )

    def _default_ticket_ids(self):
        return self.env["psa.ticket"].browse(self.env.context.get("active_ids", []))

    def action_hand_over(self):
        self.ensure_one()
        self.ticket_ids._hand_over(self.note, self.team_id, self.user_id)
        return {"type": "ir.actions.act_window_close"}

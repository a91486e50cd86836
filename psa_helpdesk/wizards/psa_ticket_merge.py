# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class PsaTicketMerge(models.TransientModel):
    """Chooses the ticket that goes on with what its duplicates have."""

    _name = "psa.ticket.merge"
    _description = "Merge Tickets"

    ticket_ids = fields.Many2many(
        "psa.ticket",
        string="Tickets",
        required=True,
        default=lambda self: self._default_ticket_ids(),
    )
    client_id = fields.Many2one("res.partner", compute="_compute_from_tickets")
    company_id = fields.Many2one("res.company", compute="_compute_from_tickets")
    target_id = fields.Many2one(
        "psa.ticket",
        string="Go On With",
        compute="_compute_target_id",
        store=True,
        readonly=False,
        required=True,
        domain="[('client_id', '=', client_id), ('company_id', '=', company_id),"
        " ('merged_into_id', '=', False)]",
        help="Gets the messages, files, people and time of the others, which are "
        "cancelled.",
    )

    def _default_ticket_ids(self):
        return self.env["psa.ticket"].browse(self.env.context.get("active_ids", []))

    @api.depends("ticket_ids")
    def _compute_from_tickets(self):
        for wizard in self:
            first = wizard.ticket_ids[:1]
            wizard.client_id = first.client_id
            wizard.company_id = first.company_id

    @api.depends("ticket_ids")
    def _compute_target_id(self):
        """Propose the open one that came first; a single ticket is the duplicate."""
        for wizard in self:
            tickets = wizard.ticket_ids
            first = tickets.sorted(
                lambda ticket: (not ticket.is_open, ticket.opened_at, ticket._origin.id)
            )[:1]
            wizard.target_id = first if len(tickets) > 1 else wizard.target_id

    def action_merge(self):
        """Merge the tickets and open the one that goes on."""
        self.ensure_one()
        self.ticket_ids._merge(self.target_id)
        return self.target_id._get_form_action()

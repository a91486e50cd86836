# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

from .psa_ticket_priority_rule import IMPACTS, PRIORITIES, URGENCIES


class PsaTicketPriority(models.AbstractModel):
    """How much a ticket matters, and why."""

    _name = "psa.ticket.priority"
    _description = "Priority of a Ticket"

    client_class_id = fields.Many2one(
        "psa.client.class",
        compute="_compute_client_class_id",
        store=True,
        precompute=True,
        help="The class the client had when the ticket was open.",
    )
    impact = fields.Selection(IMPACTS, required=True, default="2")
    urgency = fields.Selection(URGENCIES, required=True, default="2")
    priority = fields.Selection(
        PRIORITIES,
        compute="_compute_priority",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        tracking=True,
        help="From impact and urgency, raised by the client's class. It can be changed "
        "by hand and is worked out again when one of them changes.",
    )
    priority_explanation = fields.Char(compute="_compute_priority_explanation")

    # Not when the class of the client changes: closed tickets keep theirs.
    @api.depends("client_id")
    def _compute_client_class_id(self):
        for ticket in self:
            ticket.client_class_id = ticket.client_id.psa_client_class_id

    @api.depends("impact", "urgency", "client_class_id")
    def _compute_priority(self):
        rule = self.env["psa.ticket.priority.rule"]
        for ticket in self:
            ticket.priority = rule._get_priority(
                ticket.impact, ticket.urgency, ticket.client_class_id
            )

    @api.depends("impact", "urgency", "client_class_id", "priority")
    def _compute_priority_explanation(self):
        rule = self.env["psa.ticket.priority.rule"]
        labels = dict(self._fields["priority"]._description_selection(self.env))
        none = self.env["psa.client.class"]
        for ticket in self:
            client_class = ticket.client_class_id
            base = rule._get_priority(ticket.impact, ticket.urgency, none)
            due = rule._get_priority(ticket.impact, ticket.urgency, client_class)
            if ticket.priority != due:
                text = self.env._("Set by hand; the matrix says %s.", labels[due])
            elif due != base:
                text = self.env._(
                    "%(base)s from impact and urgency, raised by class %(class)s.",
                    base=labels[base],
                    **{"class": client_class.name},
                )
            else:
                text = self.env._("From impact and urgency.")
            ticket.priority_explanation = text

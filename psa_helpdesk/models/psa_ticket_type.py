# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class PsaTicketType(models.Model):
    """What kind of request a ticket is: incident, service request, problem…"""

    _name = "psa.ticket.type"
    _description = "Ticket Type"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [
            ("incident", "Incident"),
            ("request", "Service Request"),
            ("problem", "Problem"),
            ("change", "Change"),
        ],
        required=True,
        default="request",
        help="A problem is the common cause of incidents, which are linked to it.",
    )
    template_id = fields.Many2one(
        "psa.ticket.template",
        string="Checklist From",
        ondelete="set null",
        help="New tickets of this type get the checklist of this template.",
    )
    is_on_portal = fields.Boolean(
        string="On the Portal",
        default=True,
        help="Customers can choose this type when they open a ticket.",
    )

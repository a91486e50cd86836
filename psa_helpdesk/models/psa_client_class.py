# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class PsaClientClass(models.Model):
    """How much a client counts: Gold, Silver… First in the list, first served."""

    _name = "psa.client.class"
    _description = "Client Class"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(
        default=10, help="Of two equal tickets the one of the first class comes first."
    )
    color = fields.Integer()
    priority_raise = fields.Integer(
        string="Raise Priority By",
        default=0,
        help="Levels by which the priority of the client's tickets is raised.",
    )

    _raise_bounded = models.Constraint(
        "CHECK (priority_raise BETWEEN 0 AND 3)",
        "The priority can be raised by 0 to 3 levels.",
    )

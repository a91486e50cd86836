# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from random import randint

from odoo import fields, models


class PsaTicketTag(models.Model):
    _name = "psa.ticket.tag"
    _description = "Ticket Tag"
    _order = "name"

    name = fields.Char(required=True, translate=True)
    color = fields.Integer(default=lambda self: self._default_color())

    _name_unique = models.Constraint("UNIQUE (name)", "This tag exists already.")

    def _default_color(self):
        return randint(1, 11)

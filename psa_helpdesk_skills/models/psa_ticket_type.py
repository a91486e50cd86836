# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class PsaTicketType(models.Model):
    _inherit = "psa.ticket.type"

    skill_ids = fields.Many2many(
        "hr.skill",
        string="Skills",
        help="What a technician must know to get tickets of this type, in teams that "
        "assign by skill.",
    )

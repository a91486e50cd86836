# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class PsaTicketCategory(models.Model):
    _inherit = "psa.ticket.category"

    skill_ids = fields.Many2many(
        "hr.skill",
        string="Skills",
        help="What a technician must know to get tickets of this category and of those "
        "below it, in teams that assign by skill.",
    )

    def _get_required_skills(self):
        """Return the skills this category and those above it ask for."""
        skills = self.skill_ids
        category = self.parent_id
        while category:
            skills |= category.skill_ids
            category = category.parent_id
        return skills

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models

from ..cost_groups import COST_GROUPS


class ProjectProject(models.Model):
    _inherit = "project.project"

    psa_work_type_id = fields.Many2one(
        "psa.work.type",
        string="Work Type",
        check_company=True,
        help="Work type of entries on this project; empty: the first work type.",
    )

    def _show_profitability(self):
        return super()._show_profitability() and self.env.user.has_groups(COST_GROUPS)

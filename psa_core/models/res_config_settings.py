# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    psa_support_project_id = fields.Many2one(
        related="company_id.psa_support_project_id", readonly=False
    )
    psa_timer_cap_hours = fields.Float(
        related="company_id.psa_timer_cap_hours", readonly=False
    )
    psa_timer_overrun_hours = fields.Float(
        related="company_id.psa_timer_overrun_hours", readonly=False
    )
    psa_long_entry_hours = fields.Float(
        related="company_id.psa_long_entry_hours", readonly=False
    )

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    psa_sla_policy_id = fields.Many2one(
        related="company_id.psa_sla_policy_id", readonly=False
    )
    psa_work_report_days = fields.Integer(
        related="company_id.psa_work_report_days", readonly=False
    )

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class PsaContractTemplateLine(models.Model):
    _name = "psa.contract.template.line"
    _description = "Contract Template Line"
    _inherit = ["psa.contract.terms"]

    template_id = fields.Many2one(
        "psa.contract.template", required=True, index=True, ondelete="cascade"
    )
    name = fields.Char(translate=True)

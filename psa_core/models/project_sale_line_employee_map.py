# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models

from ..cost_groups import COST_GROUPS


class ProjectSaleLineEmployeeMap(models.Model):
    _inherit = "project.sale.line.employee.map"

    # The host hides the cost it displays, but not the one it stores.
    cost = fields.Monetary(groups=COST_GROUPS)

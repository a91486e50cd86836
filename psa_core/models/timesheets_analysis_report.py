# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models

from ..cost_groups import COST_GROUPS


class TimesheetsAnalysisReport(models.Model):
    _inherit = "timesheets.analysis.report"

    amount = fields.Monetary(groups=COST_GROUPS)
    margin = fields.Monetary(groups=COST_GROUPS)
    timesheet_revenues = fields.Monetary(groups=COST_GROUPS)

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models

from ..models.psa_coverage_part import COVERAGE


class PsaCoveragePreviewTotal(models.TransientModel):
    """Hours and amounts of one kind of coverage, as they are and would be."""

    _name = "psa.coverage.preview.total"
    _description = "Total of a Preview of Coverage"
    _order = "id"

    preview_id = fields.Many2one(
        "psa.coverage.preview", required=True, index=True, ondelete="cascade"
    )
    kind = fields.Selection(COVERAGE, string="Coverage", required=True)
    currency_id = fields.Many2one("res.currency", required=True)
    hours_before = fields.Float(string="Hours Now")
    hours_after = fields.Float(string="Hours Then")
    amount_before = fields.Monetary(string="Amount Now")
    amount_after = fields.Monetary(string="Amount Then")

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class PsaCoveragePreviewRow(models.TransientModel):
    """A work entry that would be covered otherwise."""

    _name = "psa.coverage.preview.row"
    _description = "Change of Coverage in a Preview"
    _order = "date, id"

    preview_id = fields.Many2one(
        "psa.coverage.preview", required=True, index=True, ondelete="cascade"
    )
    entry_id = fields.Many2one(
        "account.analytic.line", string="Work Entry", required=True, ondelete="cascade"
    )
    date = fields.Date(related="entry_id.date", store=True)
    employee_id = fields.Many2one(related="entry_id.employee_id")
    client_id = fields.Many2one(related="entry_id.psa_client_id")
    is_billed = fields.Boolean(
        string="Billed", help="It stays as it is; a correction is proposed."
    )
    before = fields.Text()
    after = fields.Text()

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class PsaWorkReportCancel(models.TransientModel):
    """Asks why a report is cancelled."""

    _name = "psa.work.report.cancel"
    _description = "Cancel Work Reports"

    report_ids = fields.Many2many(
        "psa.work.report",
        default=lambda self: self._default_report_ids(),
        required=True,
    )
    reason = fields.Char(required=True, help="Kept with the report.")

    def _default_report_ids(self):
        return self.env.context.get("active_ids", [])

    def action_cancel(self):
        """Cancel the reports and free their work."""
        self.ensure_one()
        self.report_ids._cancel(self.reason)
        return {"type": "ir.actions.act_window_close"}

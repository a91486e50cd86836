# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class PsaWorkReportSign(models.TransientModel):
    """The technician's screen, handed to the customer: read, write a name, sign."""

    _name = "psa.work.report.sign"
    _description = "Sign a Work Report"

    report_id = fields.Many2one(
        "psa.work.report", required=True, readonly=True, ondelete="cascade"
    )
    version = fields.Integer(
        compute="_compute_version",
        store=True,
        readonly=False,
        precompute=True,
        export_string_translation=False,
        help="Of the report as it is shown: not read again when the screen is saved.",
    )
    summary = fields.Html(
        compute="_compute_summary", sanitize=False, help="What the customer signs."
    )
    signed_by = fields.Char(
        string="Your Name",
        compute="_compute_signed_by",
        store=True,
        readonly=False,
        precompute=True,
    )
    signature = fields.Binary(attachment=False)

    @api.depends("report_id")
    def _compute_version(self):
        for wizard in self:
            wizard.version = wizard.report_id.version

    @api.depends("report_id")
    def _compute_summary(self):
        for wizard in self:
            wizard.summary = wizard.report_id._get_summary()

    @api.depends("report_id")
    def _compute_signed_by(self):
        for wizard in self:
            wizard.signed_by = wizard.report_id.partner_id.name

    def action_sign(self):
        """Keep the signature.

        :raise UserError: when it is missing, or the report changed since it was shown
        """
        self.ensure_one()
        self.report_id.check_access("write")
        self.report_id._sign(self.signed_by, self.signature, self.version)
        return {"type": "ir.actions.act_window_close"}

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.tools import is_html_empty


class PsaTicketWorkReport(models.AbstractModel):
    """The work reports of a ticket.

    Stands before ``psa.ticket.duplicate`` and ``psa.ticket.portal``, whose methods it
    extends.
    """

    _name = "psa.ticket.work.report"
    _description = "Work Reports of a Ticket"
    _inherit = ["psa.work.report.source"]

    _work_report_field = "ticket_id"
    _work_entry_field = "psa_ticket_id"

    work_report_ids = fields.One2many("psa.work.report", "ticket_id")
    work_report_count = fields.Integer(
        string="Work Reports", compute="_compute_work_report_count"
    )

    def _compute_work_report_count(self):
        counts = dict(
            self.env["psa.work.report"]._read_group(
                [("ticket_id", "in", self.ids), ("state", "!=", "cancelled")],
                ["ticket_id"],
                ["__count"],
            )
        )
        for ticket in self:
            ticket.work_report_count = counts.get(ticket._origin, 0)

    def _prepare_work_report(self):
        values = super()._prepare_work_report()
        # The text of each entry stands beside its hours.
        if not is_html_empty(self.resolution):
            values["description"] = self.resolution
        return values

    def action_open_work_reports(self):
        self.ensure_one()
        reports = self.env["psa.work.report"].search([("ticket_id", "=", self.id)])
        return reports._get_open_action()

    def _get_portal_documents(self):
        documents = super()._get_portal_documents()
        reports = self.work_report_ids.filtered(
            lambda report: report.state in ("to_sign", "signed")
        )
        documents += [report._get_portal_document() for report in reports]
        return sorted(documents, key=lambda document: document["date"], reverse=True)

    def _merge_into(self, target):
        # In sudo: signed reports move, too. Before their entries, which stay on them.
        self.sudo().work_report_ids.ticket_id = target.id
        return super()._merge_into(target)

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.fields import Domain


class PsaWorkReportSource(models.AbstractModel):
    """What a work report can be made of: a ticket, a task."""

    _name = "psa.work.report.source"
    _description = "Source of Work Reports"

    #: the field of a report, and that of a work entry, that refer to this model
    _work_report_field = None
    _work_entry_field = None

    def write(self, vals):
        if not {"client_id", "parent_id", "partner_id", "project_id"} & vals.keys():
            return super().write(vals)
        # In sudo: who corrects the customer need not read the reports.
        reports = self.env["psa.work.report"].sudo()
        reports = reports.search(
            [
                (self._work_report_field, "in", self.ids),
                ("state", "in", ("draft", "to_sign")),
            ]
        )
        with reports._withdraw_from_strangers():
            return super().write(vals)

    def _get_unreported_domain(self):
        """Return the domain of the work of these records that can go on a report.

        What is invoiced was agreed upon elsewhere.
        """
        return (
            Domain(self._work_entry_field, "in", self.ids)
            & Domain("project_id", "!=", False)
            & Domain("psa_work_report_id", "=", False)
            & (
                Domain("timesheet_invoice_id", "=", False)
                | Domain("timesheet_invoice_id.state", "=", "cancel")
            )
        )

    def _get_unreported_entries(self):
        """Return everybody's work on these records that is on no report, in sudo."""
        # In sudo: technicians read their own entries only, and the customer signs once
        # for what was done.
        entries = self.env["account.analytic.line"].sudo()
        return entries.search(self._get_unreported_domain())

    def _prepare_work_report(self):
        """Return the values of a new report on this record.

        Extend: add what your record knows of the work.
        """
        self.ensure_one()
        return {self._work_report_field: self.id}

    def _prepare_automatic_mail(self, subject):
        """Return who writes to the customer when no person does, and the subject.

        The customer's answer has to come back to this record.
        """
        self.ensure_one()
        company = self.company_id or self.env.company
        # A company without an address lets its technician write.
        default = company.email_formatted or self.env.user.email_formatted
        sender = self._notify_get_reply_to(default=default)[self.id]
        return {"subject": subject, "email_from": sender, "reply_to": sender}

    @api.private
    def create_work_reports(self):
        """Create a report of the current user for each of these records.

        All work that is on no report goes on it.
        """
        found = self._get_unreported_entries().grouped(self._work_entry_field)
        reports = self.env["psa.work.report"].create(
            [record._prepare_work_report() for record in self]
        )
        for record, report in zip(self, reports, strict=True):
            if entries := found.get(record.sudo()):
                entries.psa_work_report_id = report.id
        return reports

    def action_work_report(self):
        """Open the unsigned report of the current user on this record, or make one."""
        reports = self.env["psa.work.report"].search(
            [
                (self._work_report_field, "in", self.ids),
                ("user_id", "=", self.env.uid),
                ("state", "in", ("draft", "to_sign")),
            ]
        )
        missing = self - reports.mapped(self._work_report_field)
        reports |= missing.create_work_reports()
        return reports._get_open_action()

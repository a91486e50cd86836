# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from hashlib import sha256

from pytz import timezone, utc

from odoo import fields, models
from odoo.tools import format_time

REPORT = "psa_helpdesk.action_report_work_report"


class PsaWorkReportPrint(models.AbstractModel):
    """The report on paper, and what stands on it."""

    _name = "psa.work.report.print"
    _description = "Print of Work Reports"

    signed_summary = fields.Html(
        sanitize=False,
        readonly=True,
        copy=False,
        help="What the customer has signed, word for word: it is printed and shown "
        "whatever becomes of the ticket and its work.",
    )
    signed_digest = fields.Char(
        string="SHA-256",
        readonly=True,
        copy=False,
        help="Checksum of what the customer has signed.",
    )

    def _get_printed_work(self):
        """Return the work by kind, as the customer reads it: travel stands by itself.

        :return: list of dicts with name, hours and rows; a row has date, span (from and
            to, where the technician is), technician, name and hours
        """
        self.ensure_one()
        lang = self.env.context.get("lang")
        groups = []
        by_type = (
            self._get_entries().with_context(lang=lang).grouped("psa_work_type_id")
        )
        for work_type in sorted(by_type, key=_get_type_order):
            entries = by_type[work_type]
            groups.append(
                {
                    "name": work_type._get_customer_name()
                    if work_type
                    else self.env._("Work"),
                    "hours": sum(entries.mapped("unit_amount")),
                    "rows": [self._get_printed_row(entry) for entry in entries],
                }
            )
        return groups

    def _get_printed_row(self, entry):
        """Return what is printed of a work entry. No cost, no internal note."""
        return {
            "date": entry.date,
            "span": self._get_printed_span(entry),
            "technician": entry.employee_id.name,
            # The host writes a slash where there is no text.
            "name": "" if entry.name == "/" else entry.name,
            "hours": entry.unit_amount,
        }

    def _get_printed_span(self, entry):
        """Return from when to when the work lasted, where it was recorded."""
        if not (entry.psa_date_start and entry.psa_date_end):
            return ""
        zone = timezone(entry.employee_id.tz or self._get_timezone())
        return "–".join(
            format_time(
                self.env,
                utc.localize(instant).astimezone(zone).time(),
                time_format="short",
            )
            for instant in (entry.psa_date_start, entry.psa_date_end)
        )

    def _get_timezone(self):
        """Return the time zone in which times are printed."""
        self.ensure_one()
        return (
            self.user_id.tz or self.company_id.resource_calendar_id.tz or "Europe/Rome"
        )

    def _get_file_name(self):
        self.ensure_one()
        # In the customer's language, as the report itself.
        return self.with_context(lang=self._get_customer_lang()).env._(
            "Work Report %s", self.number
        )

    def _prepare_signed_values(self):
        """Return the values that keep what is signed as it is now."""
        summary = self._get_summary()
        return {
            "signed_summary": summary,
            "signed_digest": sha256(summary.encode()).hexdigest(),
        }

    def _get_summary(self):
        """Return the body of the report as HTML, in the customer's language."""
        self.ensure_one()
        if self.signed_summary:
            return self.signed_summary
        return (
            self.env["ir.qweb"]
            .with_context(lang=self._get_customer_lang())
            ._render(
                "psa_helpdesk.work_report_content",
                {"report": self.with_context(lang=self._get_customer_lang())},
            )
        )

    def _create_pdf(self):
        """Print the report and return the file, attached to it. In sudo."""
        self.ensure_one()
        content, _kind = self.env["ir.actions.report"]._render_qweb_pdf(
            REPORT, self.ids
        )
        return self.env["ir.attachment"].create(
            {
                "name": f"{self._get_file_name()}.pdf",
                "raw": content,
                "mimetype": "application/pdf",
                "res_model": self._name,
                "res_id": self.id,
            }
        )

    def _get_signed_pdf(self):
        """Return the file the customer has, printing it if need be. In sudo."""
        self.ensure_one()
        if not self.pdf_id:
            self.pdf_id = self._create_pdf()
        return self.pdf_id

    def action_print(self):
        return self.env.ref(REPORT).report_action(self)


def _get_type_order(work_type):
    return (work_type.sequence, work_type.id)

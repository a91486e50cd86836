# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.tests import tagged

from .common_portal import PsaPortalCommon


@tagged("post_install", "-at_install")
class TestWorkReportTours(PsaPortalCommon):
    """Signed in the browser, on the technician's screen and on the portal."""

    def _print(self, report):
        """Let the job run, and return the file the customer got."""
        self.env.ref("psa_helpdesk.ir_cron_work_report").method_direct_trigger()
        report.invalidate_recordset()
        self.assertEqual(report.send_state, "sent")
        return report.pdf_id

    def test_sign_here(self):
        self.start_tour(
            f"/odoo/psa.ticket/{self.ticket.id}",
            "psa_helpdesk_work_report_tour",
            login=self.technician.login,
        )
        report = self.ticket.work_report_ids
        self.assertRecordValues(
            report,
            [
                {
                    "state": "signed",
                    "signed_by": "Anna Bellini",
                    "user_id": self.technician.id,
                    "hours": 0.5,
                }
            ],
        )
        self.assertEqual(report.material_ids.name, "Roller kit")
        self.assertEqual(self._print(report).name, f"Work Report {report.number}.pdf")

    def test_real_pdf(self):
        printer = self.env["ir.actions.report"].with_context(
            force_report_rendering=True
        )
        if printer.get_wkhtmltopdf_state() in ("install", "broken"):
            self.skipTest("wkhtmltopdf is not installed")
        report = self.ticket.with_user(self.technician).create_work_reports()
        content, kind = printer._render_qweb_pdf(
            "psa_helpdesk.action_report_work_report", report.ids
        )
        self.assertEqual((content[:5], kind), (b"%PDF-", "pdf"))

    def test_sign_on_the_portal(self):
        report = self.ticket.with_user(self.technician).create_work_reports()
        report.sudo().state = "to_sign"
        self.start_tour(
            "/my/work-reports",
            "psa_helpdesk_portal_sign_tour",
            login=self.anna.login,
        )
        self.assertRecordValues(
            report, [{"state": "signed", "signed_by": "Anna Bellini"}]
        )
        self.assertTrue(self._print(report))

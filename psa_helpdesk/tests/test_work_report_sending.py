# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import ConcurrencyError, UserError
from odoo.fields import Command

from odoo.addons.psa_core.tests.common import MONDAY, at

from .common_work_report import PsaWorkReportCommon


class TestWorkReportSending(PsaWorkReportCommon):
    """What the customer gets: the mail and the paper."""

    # ------------------------------------------------------------
    # Sending
    # ------------------------------------------------------------

    def _send(self):
        with self.enter_registry_test_mode():
            cron = self.env.ref("psa_helpdesk.ir_cron_work_report")
            cron.method_direct_trigger()

    def _get_mails(self, report):
        record = report._get_record()
        return self.env["mail.mail"].search(
            [("model", "=", record._name), ("res_id", "=", record.id)]
        )

    def test_signed_report_is_mailed_once(self):
        report = self._create_report()
        self._sign(report)
        self._send()
        self.assertEqual(report.send_state, "sent")
        self.assertEqual(report.pdf_id.name, f"Work Report {report.number}.pdf")
        mail = self._get_mails(report)
        self.assertEqual(len(mail), 1)
        self.assertEqual(mail.attachment_ids, report.pdf_id)
        self.assertIn("anna@bellini.example", mail.email_to)
        self.assertIn(report.number, mail.subject)
        self._send()
        self.assertEqual(self._get_mails(report), mail)
        report.with_user(self.technician).action_send()
        self._send()
        self.assertEqual(len(self._get_mails(report)), 2)

    def test_no_address_and_no_printer_lose_no_signature(self):
        self.contact.email = False
        self.ticket.sudo().email_from = False
        report = self._create_report()
        self._sign(report)
        self._send()
        self.assertRecordValues(report, [{"send_state": "skipped", "state": "signed"}])
        self.assertTrue(report.pdf_id)
        other = self._create_report(self.task, self.manager)
        other.description = "Something"
        self._sign(other)
        with (
            patch.object(
                type(report), "_create_pdf", side_effect=UserError("No printer")
            ),
            self.assertLogs("odoo.addons.psa_helpdesk", "WARNING"),
        ):
            self._send()
            self.assertRecordValues(
                other, [{"send_state": "pending", "send_error": "No printer"}]
            )
            other.sudo().signed_at -= timedelta(days=2)
            self._send()
        self.assertRecordValues(
            other,
            [{"send_state": "failed", "send_error": "No printer", "state": "signed"}],
        )
        self.contact.email = "anna@bellini.example"
        other.with_user(self.manager).action_send()
        self._send()
        self.assertRecordValues(other, [{"send_state": "sent", "send_error": False}])

    def test_mail_that_cannot_be_written_loses_no_file(self):
        report = self._create_report()
        self._sign(report)
        with (
            patch.object(type(report), "_write_mail", side_effect=UserError("No mail")),
            self.assertLogs("odoo.addons.psa_helpdesk", "WARNING"),
        ):
            self._send()
        self.assertRecordValues(
            report, [{"send_state": "pending", "send_error": "No mail"}]
        )
        pdf = report.pdf_id
        self.assertTrue(pdf)
        self._send()
        self.assertRecordValues(report, [{"send_state": "sent", "pdf_id": pdf.id}])

    def test_somebody_else_at_work_is_no_failure(self):
        report = self._create_report()
        self._sign(report)
        with (
            patch.object(type(report), "_write_mail", side_effect=ConcurrencyError()),
            self.assertRaises(ConcurrencyError),
        ):
            report.sudo()._send_safely()

    def test_mail_that_does_not_arrive_is_noted(self):
        report = self._create_report()
        self._sign(report)
        self._send()
        mail = self._get_mails(report)
        with patch.object(
            type(self.env["ir.mail_server"]),
            "_connect__",
            side_effect=OSError("No route"),
        ):
            mail.send()
        self.assertEqual(mail.state, "exception")
        self.assertEqual(report.send_state, "failed")
        self.assertIn("No route", report.send_error)

    def test_cancelled_report_is_not_sent(self):
        report = self._create_report()
        self._sign(report)
        report.with_user(self.manager)._cancel("Wrong hours")
        self._send()
        self.assertEqual(report.send_state, "none")
        self.assertFalse(self._get_mails(report))
        report.sudo().send_state = "pending"
        self._send()
        self.assertFalse(self._get_mails(report))

    def test_customer_is_asked_once(self):
        report = self._create_report()
        report.action_request_signature()
        with self.assertRaisesRegex(UserError, "less than a day ago"):
            report.action_request_signature()
        self.assertEqual(len(self._get_mails(report)), 1)
        # There is something new to sign.
        report.distance = 12
        report.action_request_signature()
        self.assertEqual(len(self._get_mails(report)), 2)
        # The mail did not arrive.
        report.sudo().send_state = "failed"
        report.action_request_signature()
        self.assertEqual(len(self._get_mails(report)), 3)
        # A reminder.
        report.sudo().requested_at -= timedelta(days=2)
        report.action_request_signature()
        self.assertEqual(len(self._get_mails(report)), 4)

    def test_nobody_is_asked_who_signs_meanwhile(self):
        report = self._create_report()
        wait = type(report)._wait_for_lock

        def sign_before(reports):
            wait(reports)
            # As whoever held the lock did.
            reports.sudo().write({"state": "signed", "signed_by": "Anna Bellini"})

        with (
            patch.object(type(report), "_wait_for_lock", sign_before),
            self.assertRaisesRegex(UserError, "was signed by Anna"),
        ):
            report.action_request_signature()
        self.assertFalse(self._get_mails(report))

    def test_ask_for_signature(self):
        report = self._create_report()
        report.action_request_signature()
        self.assertEqual(report.state, "to_sign")
        mail = self._get_mails(report)
        self.assertIn(report.access_url, mail.body_html)
        self.assertIn(report.access_token, mail.body_html)
        self.assertEqual(len(mail.attachment_ids), 1)
        message = mail.mail_message_id
        self.assertNotIn(report.access_token, message.body)
        self.assertIn(self.ticket.number, mail.subject)
        self.assertEqual(mail.email_from, self.ticket._get_helpdesk_sender())
        self.assertEqual(mail.reply_to, mail.email_from)
        report.distance = 7
        self.contact.email = False
        self.ticket.sudo().email_from = False
        with self.assertRaisesRegex(UserError, "no mail address"):
            report.action_request_signature()

    def test_mail_about_a_task(self):
        self._create_entry()
        report = self._create_report(self.task)
        report.action_request_signature()
        mail = self._get_mails(report)
        self.assertIn(report.access_token, mail.body_html)
        self.assertNotIn(report.access_token, mail.mail_message_id.body)
        self.assertTrue(mail.email_from and mail.reply_to)

    # ------------------------------------------------------------
    # Paper
    # ------------------------------------------------------------

    def _render(self, report):
        content, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "psa_helpdesk.action_report_work_report", report.ids
        )
        return " ".join(content.decode().split())

    def test_paper(self):
        self.entry.write(
            {
                "psa_date_start": at(9),
                "psa_date_end": at(10),
                "psa_internal_note": "SECRET",
            }
        )
        report = self._create_report()
        report.write(
            {
                "distance": 18.5,
                "material_ids": [Command.create({"name": "<b>Roller</b>"})],
            }
        )
        groups = report._get_printed_work()
        self.assertEqual(
            [(group["name"], group["hours"]) for group in groups],
            [("Remote support", 2.0), ("Travel", 0.5)],
        )
        self.assertEqual(
            groups[0]["rows"][0],
            {
                "date": MONDAY,
                "span": "10:00\u202fAM–11:00\u202fAM",
                "technician": self.employee.name,
                "name": "Cleaned the rollers",
                "hours": 1.0,
            },
        )
        self._sign(report, "Anna <i>Bellini</i>")
        paper = self._render(report)
        for text in (
            report.number,
            self.ticket.number,
            "Officine Bellini",
            "Cleaned the rollers",
            "Ordered a new roller",
            self.employee_colleague.name,
            "02:30",
            "18.5",
            "&lt;b&gt;Roller&lt;/b&gt;",
            "Anna &lt;i&gt;Bellini&lt;/i&gt;",
            "Signed by",
        ):
            self.assertIn(text, paper)
        self.assertNotIn("SECRET", paper)

    def test_paper_is_in_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("it_IT")
        self.work_type_travel.customer_name = "Travel"
        self.work_type_travel.with_context(lang="it_IT").customer_name = "Trasferta"
        report = self._create_report()
        self.assertIn("Travel", self._render(report))
        self.contact.lang = "it_IT"
        paper = self._render(report)
        self.assertIn("Trasferta", paper)
        self.assertNotIn("Travel", paper)
        self.assertIn("02/03/2026", paper)

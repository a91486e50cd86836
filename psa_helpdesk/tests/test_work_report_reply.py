# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from .common_mail import PsaMailCommon
from .common_work_report import draw_signature


class TestWorkReportReply(PsaMailCommon):
    """Who answers the mail with a report writes to its ticket."""

    def test_answer_to_a_report(self):
        ticket = self._receive_ticket()
        ticket.user_id = self.technician
        ticket._move_to("in_progress")
        report = ticket.with_user(self.technician).create_work_reports()
        report.description = "<p>Cleaned the rollers.</p>"
        for state in ("to_sign", "signed"):
            if state == "to_sign":
                report.action_request_signature()
            else:
                report._sign("Anna Bellini", draw_signature())
                report.sudo()._send_safely()
            message = report.sudo().sent_message_id
            mail = self.env["mail.mail"].search([("mail_message_id", "=", message.id)])
            with self.mock_mail_gateway():
                mail.send()
            [sent] = self._mails
            self.assertIn(f"[{ticket.number}]", sent["subject"])
            self.assertIn(self.address, sent["email_from"])
            self.assertEqual(
                sent["email_to"], ['"Anna Bellini" <anna@bellini.example>']
            )
            # As the host does at night.
            mail.unlink()
            self.assertTrue(message.exists())
            self.assertNotIn(report.access_token, message.body)
            answer = self._receive(answers=message, subject="Something is wrong")
            self._assert_mail(answer, decision="reply", ticket_id=ticket)
            by_number = self._receive(subject=f"Re: {sent['subject']}")
            self.assertEqual(by_number.ticket_id, ticket)

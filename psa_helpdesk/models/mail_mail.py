# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        # Here, whoever sends: the job of the helpdesk, or the queue of the host later.
        self.filtered(lambda mail: mail.state == "exception")._psa_note_failures()
        return super()._postprocess_sent_message(
            success_pids,
            success_emails,
            failure_reason=failure_reason,
            failure_type=failure_type,
        )

    def _psa_note_failures(self):
        """Note on tickets and reports that the customer did not get a mail."""
        if not self:
            return
        subtype_id = self.env["ir.model.data"]._xmlid_to_res_id(
            "psa_helpdesk.mt_ticket_acknowledgement"
        )
        failed = self.filtered(
            lambda mail: mail.model == "psa.ticket" and mail.subtype_id.id == subtype_id
        )
        for reason, mails in failed.grouped("failure_reason").items():
            # Users cannot set it themselves.
            tickets = self.env["psa.ticket"].sudo().browse(mails.mapped("res_id"))
            tickets.exists()._note_acknowledgement("failed", reason)
        # Those who run the queue need not see reports.
        reports = self.env["psa.work.report"].sudo()
        messages = self.mail_message_id
        for report in reports.search([("sent_message_id", "in", messages.ids)]):
            mail = self.filtered(
                lambda one, report=report: one.mail_message_id == report.sent_message_id
            )
            report._note_sending("failed", mail[:1].failure_reason)

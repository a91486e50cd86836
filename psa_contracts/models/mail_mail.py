# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        failed = self.filtered(
            lambda mail: (
                mail.state == "exception"
                and mail.model == "psa.contract"
                and mail.message_type == "auto_comment"
            )
        )
        for reason, mails in failed.grouped("failure_reason").items():
            # In sudo: those who run the queue need not see contracts.
            contracts = self.env["psa.contract"].sudo().browse(mails.mapped("res_id"))
            contracts.exists()._note_mail_failure(reason)
        return super()._postprocess_sent_message(
            success_pids,
            success_emails,
            failure_reason=failure_reason,
            failure_type=failure_type,
        )

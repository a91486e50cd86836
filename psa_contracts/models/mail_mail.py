# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        self._psa_note_contract_mails()
        return super()._postprocess_sent_message(
            success_pids,
            success_emails,
            failure_reason=failure_reason,
            failure_type=failure_type,
        )

    def _psa_note_contract_mails(self):
        """Note on contracts what became of their mails."""
        # In sudo: those who run the queue need not see contracts.
        contracts = self.env["psa.contract"].sudo()
        messages = self.mail_message_id
        for contract in contracts.search([("delivery_message_id", "in", messages.ids)]):
            mail = self.filtered(
                lambda mail, found=contract: (
                    mail.mail_message_id == found.delivery_message_id
                )
            )[:1]
            if mail.state == "sent":
                contract.write({"delivery_state": "sent", "delivery_error": False})
            elif mail.state == "exception":
                error = (mail.failure_reason or "")[:200]
                contract.write({"delivery_state": "failed", "delivery_error": error})
        comment_id = self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_comment")
        for mail in self:
            if (
                mail.state != "exception"
                or mail.model != "psa.contract"
                or mail.message_type != "auto_comment"
            ):
                continue
            contract = contracts.browse(mail.res_id).exists()
            reason = mail.failure_reason
            if mail.mail_message_id == contract.offer_message_id:
                contract._remind_of_fault(
                    lambda speaking: speaking.env._(
                        "The client did not get the contract to sign"
                    ),
                    reason,
                )
            elif mail.subtype_id.id == comment_id:
                contract._remind_of_fault(
                    lambda speaking: speaking.env._(
                        "The client was not told that hours run low"
                    ),
                    reason,
                )

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models


class MailMail(models.Model):
    _inherit = "mail.mail"

    @api.model
    def _psa_queue(self, record, subtype, address, headers, **values):
        """Queue a mail that no person wrote, with its message on a ticket or task.

        Not by message_post(), which notifies followers and asks about them at length.

        :param subtype: XML id; public, so that an answer to it is public
        :param values: sender, subject and texts
        """
        company = record.company_id
        return self.create(
            {
                "model": record._name,
                "res_id": record.id,
                "message_type": "auto_comment",
                "subtype_id": self.env["ir.model.data"]._xmlid_to_res_id(subtype),
                "author_id": company.partner_id.id,
                "record_company_id": company.id,
                "record_alias_domain_id": company.alias_domain_id.id,
                "outgoing_email_to": address,
                "email_to": address,
                "headers": repr(headers),
                # Deleted at night and many at once, see _gc_sent_mails.
                "is_notification": True,
                **values,
            }
        )

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

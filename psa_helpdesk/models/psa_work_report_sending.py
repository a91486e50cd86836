# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import split_every

from .mail_thread import CONCURRENCY_ERRORS

_logger = logging.getLogger(__name__)

_CHUNK = 10
_HEADERS = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
#: how long after the signature the job tries what fails again
_TRY_FOR = timedelta(days=1)
#: how long the customer is left in peace with a report that has not changed
_ASK_AGAIN = timedelta(days=1)


class PsaWorkReportSending(models.AbstractModel):
    """Reports in the customer's mail: to be signed, and signed."""

    _name = "psa.work.report.sending"
    _description = "Sending of Work Reports"

    send_state = fields.Selection(
        [
            ("none", "Not Yet"),
            ("pending", "Waiting"),
            ("sent", "Sent"),
            ("skipped", "No Address"),
            ("failed", "Failed"),
        ],
        string="Mail",
        required=True,
        default="none",
        readonly=True,
        copy=False,
        help="What became of the last mail with the report.",
    )
    send_error = fields.Char(readonly=True, copy=False)
    pdf_id = fields.Many2one(
        "ir.attachment",
        string="Signed PDF",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    requested_at = fields.Datetime(
        string="Asked On",
        readonly=True,
        copy=False,
        help="When the customer was last asked to sign.",
    )
    requested_version = fields.Integer(
        readonly=True,
        copy=False,
        export_string_translation=False,
        help="The version that the customer was asked to sign.",
    )
    sent_message_id = fields.Many2one(
        "mail.message",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        export_string_translation=False,
        help="The last mail to the customer: when it does not arrive, that is noted.",
    )

    # Few wait at a time among many that were sent.
    _pending_idx = models.Index("(id) WHERE send_state = 'pending'")

    # ------------------------------------------------------------
    # Mail
    # ------------------------------------------------------------

    def _get_customer_address(self):
        """Return where the customer gets mail, or False."""
        self.ensure_one()
        return self.partner_id.email_formatted or self.ticket_id.email_from

    def _get_customer_lang(self):
        """Return the language in which the customer is written to."""
        self.ensure_one()
        return (
            self.partner_id.lang
            or self.client_id.lang
            or self.company_id.partner_id.lang
            or self.env.lang
            or "en_US"
        )

    def _write_mail(self, template, note, attachment):
        """Put a mail to the customer into the queue, and a note on the ticket or task.

        Whoever has the link can sign: it is in the mail, and not in the message that
        colleagues read. The message stays, so that an answer finds its way. In sudo.

        :param note: what the message says
        """
        self.ensure_one()
        record = self._get_record()
        template = template.with_context(lang=self._get_customer_lang())
        body = template._render_field(
            "body_html", self.ids, options={"post_process": True}
        )[self.id]
        subject = template._render_field("subject", self.ids)[self.id]
        address = self._get_customer_address()
        mail = self.env["mail.mail"]._psa_queue(
            record,
            "psa_helpdesk.mt_work_report",
            address,
            _HEADERS,
            **record._prepare_automatic_mail(subject),
            # A task may have no company.
            author_id=self.company_id.partner_id.id,
            record_company_id=self.company_id.id,
            record_alias_domain_id=self.company_id.alias_domain_id.id,
            body=note,
            body_html=body,
            attachment_ids=attachment.ids,
        )
        self.sent_message_id = mail.mail_message_id

    def _note_sending(self, state, reason=False):
        self.write({"send_state": state, "send_error": reason and reason[:200]})

    # ------------------------------------------------------------
    # To be signed
    # ------------------------------------------------------------

    def _request_signature(self):
        """Send the customer the report and a link to sign it.

        :raise UserError: when it is empty, signed already, nobody can be written to, or
            the customer has just been asked
        """
        self.ensure_one()
        self.check_access("write")
        # The button is pressed twice, or while the customer signs on the portal.
        self._wait_for_lock()
        self._check_unlocked()
        self._check_may_sign()
        address = self._get_customer_address()
        if not address:
            raise UserError(
                self.env._(
                    "Nobody can be asked for a signature: %s has no mail address.",
                    self.partner_id.display_name or self._get_record().display_name,
                )
            )
        if self._is_just_asked():
            raise UserError(
                self.env._(
                    "The customer was asked to sign %s less than a day ago, and it has "
                    "not changed since.",
                    self.number,
                )
            )
        # In sudo: the state is not set by hand, the PDF shows everybody's work.
        report = self.sudo()
        report.write(
            {
                "state": "to_sign",
                "requested_at": fields.Datetime.now(),
                "requested_version": report.version,
            }
        )
        note = self.env._("Sent for signature to %s.", address)
        report._write_mail(
            self.env.ref("psa_helpdesk.mail_template_work_report_to_sign").sudo(),
            f"{self.number}: {note}",
            report._create_pdf(),
        )
        report._note_sending("none")
        self._message_log(body=note)

    def _is_just_asked(self):
        """Is the customer to be left in peace? Not when the mail did not arrive."""
        return (
            self.state == "to_sign"
            and self.send_state != "failed"
            and self.requested_version == self.version
            and self.requested_at + _ASK_AGAIN > fields.Datetime.now()
        )

    def action_request_signature(self):
        """Ask the customers of the reports for their signature by mail."""
        for report in self:
            report._request_signature()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("The customer has been asked to sign."),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # ------------------------------------------------------------
    # Signed
    # ------------------------------------------------------------

    def _request_sending(self):
        """Let the signed reports be printed and sent as soon as they are committed."""
        self.sudo()._note_sending("pending")
        self.env.ref("psa_helpdesk.ir_cron_work_report").sudo()._trigger()

    @api.model
    def _cron_send(self):
        """Print and send the signed reports that wait for it, some at a time."""
        cron = self.env["ir.cron"]
        waiting = [("send_state", "=", "pending"), ("state", "=", "signed")]
        ids = self.search(waiting, order="id").ids
        cron._commit_progress(remaining=len(ids))
        for chunk in split_every(_CHUNK, ids):
            # Locked, so that each is sent once, whoever else runs.
            reports = self.browse(chunk).try_lock_for_update()
            for report in reports.filtered_domain(waiting):
                report._send_safely()
            if not cron._commit_progress(len(chunk)):
                break

    def _send_safely(self):
        """Print and send, each for itself; what fails is tried again for a day.

        It says so on the report and holds up nobody.
        """
        try:
            with self.env.cr.savepoint():
                attachment = self._get_signed_pdf()
            with self.env.cr.savepoint():
                self._send_signed(attachment)
        except CONCURRENCY_ERRORS:
            raise
        except Exception as error:
            _logger.warning("Work report %s was not sent", self.id, exc_info=True)
            is_over = fields.Datetime.now() > self.signed_at + _TRY_FOR
            self._note_sending(
                "failed" if is_over else "pending", str(error) or type(error).__name__
            )

    def _send_signed(self, attachment):
        address = self._get_customer_address()
        if not address:
            self._note_sending("skipped")
            return
        self._write_mail(
            self.env.ref("psa_helpdesk.mail_template_work_report_signed"),
            self.env._(
                "%(report)s: signed by %(name)s, sent to %(address)s.",
                report=self.number,
                name=self.signed_by,
                address=address,
            ),
            attachment,
        )
        self._note_sending("sent")

    def action_send(self):
        """Send signed reports again, for one to whom the mail did not get."""
        self.check_access("read")
        if self.filtered(lambda report: report.state != "signed"):
            raise UserError(self.env._("Only signed reports are sent."))
        self._request_sending()

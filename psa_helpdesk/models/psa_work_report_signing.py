# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import base64
import binascii
import logging
from io import BytesIO

from PIL import Image, UnidentifiedImageError

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import is_html_empty
from odoo.tools.misc import split_every

_logger = logging.getLogger(__name__)

_CHUNK = 10
_MAX_SIGNATURE = 1_000_000
_MAX_NAME = 100


class PsaWorkReportSigning(models.AbstractModel):
    """From the draft to the signed report in the customer's mail, or its end.

    Signing keeps the signature and nothing else; the PDF and the mail are a step of
    their own, so that no mail server or printer loses a signature.
    """

    _name = "psa.work.report.signing"
    _description = "Signing of Work Reports"

    signature = fields.Binary(attachment=True, readonly=True, copy=False)
    signed_by = fields.Char(
        readonly=True, copy=False, help="The name of who signed, as written there."
    )
    signed_at = fields.Datetime(readonly=True, copy=False)
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
        help="What became of the mail with the signed report.",
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
    cancel_reason = fields.Char(readonly=True, copy=False, tracking=True)

    # Few wait at a time among many that were sent.
    _pending_idx = models.Index("(id) WHERE send_state = 'pending'")

    # ------------------------------------------------------------
    # Signing
    # ------------------------------------------------------------

    def _is_empty(self):
        """Is there nothing on the report that could be signed?"""
        self.ensure_one()
        return not (self.material_ids or self._get_entries() or self._has_text())

    def _has_text(self):
        self.ensure_one()
        return not is_html_empty(self.description)

    def _check_may_sign(self, version=None):
        """Raise a UserError when the report cannot be signed as it was read.

        :param version: of the report whoever signs has seen
        """
        self.ensure_one()
        if self.state == "cancelled":
            raise UserError(self.env._("%s is cancelled.", self.number))
        if self._is_empty():
            raise UserError(
                self.env._(
                    "There is nothing on %s to sign: no work, no material, no text.",
                    self.number,
                )
            )
        if version is not None and version != self.version:
            raise UserError(
                self.env._(
                    "%s has been changed meanwhile. Please read it again before you "
                    "sign.",
                    self.number,
                )
            )

    def _sign(self, name, signature, version=None, signer=None):
        """Keep the customer's signature and lock the report. Signed twice does nothing.

        :param name: who signs, as he writes himself
        :param signature: an image, base64
        :param version: of the report he has seen; empty: the current one
        :param signer: the contact who signs, if known
        :return: whether the report was signed now
        :raise UserError: when there is nothing to sign, or it was changed meanwhile
        """
        self.ensure_one()
        self._wait_for_lock()
        if self.state == "signed":
            return False
        self._check_may_sign(version)
        name = " ".join((name if isinstance(name, str) else "").split())[:_MAX_NAME]
        if not name:
            raise UserError(self.env._("Please write the name of who signs."))
        self._check_signature(signature)
        # In sudo: nobody sets these values by hand.
        report = self.sudo()
        if signer:
            report._track_set_author(signer)
        report.write(
            {
                "state": "signed",
                "signature": signature,
                "signed_by": name,
                "signed_at": fields.Datetime.now(),
            }
        )
        report._request_sending()
        return True

    @api.model
    def _check_signature(self, signature):
        """Raise a UserError unless this is an image with something drawn on it."""
        missing = self.env._("The signature is missing.")
        if not signature or len(signature) > _MAX_SIGNATURE:
            raise UserError(missing)
        try:
            raw = base64.b64decode(signature, validate=True)
            with Image.open(BytesIO(raw)) as image:
                drawn = image.convert("RGBA").getextrema()
        except (
            binascii.Error,
            TypeError,
            ValueError,
            OSError,
            UnidentifiedImageError,
            Image.DecompressionBombError,
        ) as error:
            raise UserError(self.env._("The signature cannot be read.")) from error
        if all(low == high for low, high in drawn):
            raise UserError(missing)

    def _wait_for_lock(self):
        """Lock the rows, waiting for whoever holds them.

        A report that was changed meanwhile raises a serialization failure, on which the
        host repeats the request, which then sees the change.
        """
        self.flush_recordset()
        self.env.cr.execute(
            "SELECT id FROM psa_work_report WHERE id IN %s"
            " ORDER BY id FOR NO KEY UPDATE",
            [tuple(self.ids)],
        )
        self.invalidate_recordset()

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

    def _send_mail(self, template, attachment):
        """Send the report to the customer, whose answer goes to the ticket or task."""
        self.ensure_one()
        record = self._get_record()
        reply_to = record._notify_get_reply_to()[record.id]
        template.send_mail(
            self.id,
            email_values={
                "model": record._name,
                "res_id": record.id,
                "reply_to": reply_to,
                "attachment_ids": attachment.ids,
                "email_to": self._get_customer_address(),
                "recipient_ids": [],
            },
            email_layout_xmlid="mail.mail_notification_light",
        )

    def _request_signature(self):
        """Send the customer the report and a link to sign it.

        :raise UserError: when it is empty, signed already, or nobody can be written to
        """
        self.ensure_one()
        self.check_access("write")
        self._check_unlocked()
        self._check_may_sign()
        if not self._get_customer_address():
            raise UserError(
                self.env._(
                    "Nobody can be asked for a signature: %s has no mail address.",
                    self.partner_id.display_name or self._get_record().display_name,
                )
            )
        # In sudo: the state is not set by hand, the PDF shows everybody's work.
        report = self.sudo()
        report.state = "to_sign"
        template = self.env.ref("psa_helpdesk.mail_template_work_report_to_sign")
        report._send_mail(template.sudo(), report._create_pdf())
        self._message_log(
            body=self.env._("Sent for signature to %s.", self._get_customer_address())
        )

    def _request_sending(self):
        """Let the signed reports be printed and sent as soon as they are committed."""
        self.sudo().write({"send_state": "pending", "send_error": False})
        self.env.ref("psa_helpdesk.ir_cron_work_report").sudo()._trigger()

    @api.model
    def _cron_send(self):
        """Print and send the signed reports that wait for it, some at a time."""
        cron = self.env["ir.cron"]
        ids = self.search([("send_state", "=", "pending")], order="id").ids
        cron._commit_progress(remaining=len(ids))
        for chunk in split_every(_CHUNK, ids):
            # Locked, so that each is sent once, whoever else runs.
            reports = self.browse(chunk).try_lock_for_update()
            for report in reports.filtered(lambda one: one.send_state == "pending"):
                report._send_safely()
            if not cron._commit_progress(len(chunk)):
                break

    def _send_safely(self):
        """Print and send; what fails says so on the report and holds up nobody."""
        try:
            with self.env.cr.savepoint():
                self._send_signed()
        except Exception as error:
            _logger.warning("Work report %s was not sent", self.id, exc_info=True)
            self.write(
                {
                    "send_state": "failed",
                    "send_error": str(error) or type(error).__name__,
                }
            )

    def _send_signed(self):
        attachment = self._get_signed_pdf()
        if not self._get_customer_address():
            self.send_state = "skipped"
            return
        template = self.env.ref("psa_helpdesk.mail_template_work_report_signed")
        self._send_mail(template, attachment)
        self.write({"send_state": "sent", "send_error": False})

    # ------------------------------------------------------------
    # Cancelling
    # ------------------------------------------------------------

    def _cancel(self, reason):
        """End the reports and free their work; what was signed stays on record.

        :raise AccessError: for signed reports, unless a service manager does it
        :raise UserError: when one is over already, or its work is invoiced
        """
        self.check_access("read")
        if self.filtered("signed_at"):
            if not self.env.user.has_group("psa_core.group_psa_manager"):
                raise AccessError(
                    self.env._("Only a service manager cancels a signed report.")
                )
        else:
            self.check_access("write")
        self._wait_for_lock()
        for report in self.filtered(lambda one: one.state == "cancelled"):
            raise UserError(self.env._("%s is cancelled.", report.number))
        entries = self._get_entries()
        for entry in entries:
            if not entry._is_not_billed():
                raise UserError(
                    self.env._(
                        "“%(entry)s” on %(report)s is invoiced. Cancel the invoice "
                        "first.",
                        entry=entry.name,
                        report=entry.psa_work_report_id.number,
                    )
                )
        # In sudo: the entries are those of colleagues, too, and locked.
        for report in self.sudo().filtered("signed_at"):
            report._get_signed_pdf()
        self.sudo().write({"state": "cancelled", "cancel_reason": reason})
        entries.psa_work_report_id = False

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

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

    def action_send(self):
        """Send signed reports again, for one to whom the mail did not get."""
        self.check_access("read")
        if self.filtered(lambda report: report.state != "signed"):
            raise UserError(self.env._("Only signed reports are sent."))
        self._request_sending()

    def action_add_entries(self):
        """Put the work of the ticket or task that is on no report on this one."""
        for report in self:
            report.check_access("write")
            report._check_unlocked()
            entries = report._get_record()._get_unreported_entries()
            entries.psa_work_report_id = report.id

    def _get_open_action(self):
        """Return the action that shows these reports."""
        action = self.env["ir.actions.actions"]._for_xml_id(
            "psa_helpdesk.action_work_report"
        )
        if len(self) == 1:
            return {**action, "views": [(False, "form")], "res_id": self.id}
        return {**action, "domain": [("id", "in", self.ids)]}

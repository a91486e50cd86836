# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import is_html_empty

from odoo.addons.psa_core.tools.signature import (
    SignatureMissing,
    SignatureUnreadable,
    clean_name,
    clean_signature,
)


class PsaWorkReportSigning(models.AbstractModel):
    """From the draft to the signed report, or its end.

    Signing keeps the signature and what it stands under; the PDF and the mail are a
    step of their own, so that no mail server or printer loses a signature.
    """

    _name = "psa.work.report.signing"
    _description = "Signing of Work Reports"

    signature = fields.Binary(attachment=True, readonly=True, copy=False)
    signed_by = fields.Char(
        readonly=True, copy=False, help="The name of who signed, as written there."
    )
    signed_at = fields.Datetime(readonly=True, copy=False)
    cancel_reason = fields.Char(readonly=True, copy=False, tracking=True)

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
        name = clean_name(name)
        if not name:
            raise UserError(self.env._("Please write the name of who signs."))
        signature = self._clean_signature(signature)
        # In sudo: nobody sets these values by hand.
        report = self.sudo()
        if signer:
            report._track_set_author(signer)
        report.write(
            {
                **report._prepare_signed_values(),
                "state": "signed",
                "signature": signature,
                "signed_by": name,
                "signed_at": fields.Datetime.now(),
            }
        )
        report._request_sending()
        return True

    @api.model
    def _clean_signature(self, signature):
        """Return what is drawn on an image of a signature, as a small one, base64.

        :raise UserError: unless this is an image with something drawn on it
        """
        try:
            return clean_signature(signature)
        except SignatureMissing as error:
            raise UserError(self.env._("The signature is missing.")) from error
        except SignatureUnreadable as error:
            raise UserError(self.env._("The signature cannot be read.")) from error

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
        values = {"state": "cancelled", "cancel_reason": reason}
        pending = self.sudo().filtered(lambda one: one.send_state == "pending")
        # Who has not got it yet does not get it any more.
        pending.write({**values, "send_state": "none"})
        (self.sudo() - pending).write(values)
        entries.psa_work_report_id = False

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

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

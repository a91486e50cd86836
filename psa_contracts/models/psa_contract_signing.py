# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import base64
import logging
from datetime import timedelta

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.misc import split_every

from odoo.addons.psa_core.tools.signature import (
    SignatureMissing,
    SignatureUnreadable,
    clean_name,
    clean_signature,
)

from .psa_contract_terms import PRICE_GROUPS

_logger = logging.getLogger(__name__)

_CHUNK = 10
#: how long after the signature the job tries what fails again
_TRY_FOR = timedelta(days=1)


class PsaContractSigning(models.AbstractModel):
    """The client signs, the contract is in force, and both have the PDF.

    The PDF and the mail are a step of their own, so that no printer and no mail server
    loses a signature.
    """

    _name = "psa.contract.signing"
    _description = "Signing of Contracts"

    is_signed_by_client = fields.Boolean(
        string="Client Signs",
        help="It becomes active when the client has signed it on the portal.",
    )
    signature = fields.Binary(attachment=True, readonly=True, copy=False)
    signed_by = fields.Char(
        readonly=True, copy=False, help="The name of who signed, as written there."
    )
    signed_at = fields.Datetime(readonly=True, copy=False)
    signed_pdf = fields.Binary(
        string="Signed PDF",
        attachment=True,
        readonly=True,
        copy=False,
        groups=PRICE_GROUPS,
    )
    delivery_state = fields.Selection(
        [
            ("pending", "Waiting"),
            ("queued", "In the Queue"),
            ("sent", "Sent"),
            ("failed", "Failed"),
            ("skipped", "No Mail Address"),
        ],
        string="Signed Copy",
        readonly=True,
        copy=False,
        help="What became of the mail with the signed contract.",
    )
    delivery_error = fields.Char(readonly=True, copy=False)
    delivery_message_id = fields.Many2one(
        "mail.message",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        export_string_translation=False,
    )

    # Few wait at a time among many that were sent.
    _pending_idx = models.Index("(id) WHERE delivery_state = 'pending'")

    # ------------------------------------------------------------
    # Signing
    # ------------------------------------------------------------

    def _can_be_signed_by(self, person, token=None):
        """May he sign? The contact the contract names, and who got its link.

        Others of the client who see it may look. Our own people never sign.
        """
        self.ensure_one()
        if self.env.user._is_internal():
            return False
        if not self._is_offered() or self._is_offer_expired():
            return False
        is_contact = person == self.contact_id and self._is_contact_of_client()
        return bool((person and is_contact) or self._has_token(token))

    def _check_can_be_signed(self, digest):
        """Raise a UserError when the contract cannot be signed as it was read.

        :param digest: of the text whoever signs has seen
        """
        self.ensure_one()
        if not self._is_offered():
            raise UserError(
                self.env._("This offer is no longer open. You will get a new one.")
            )
        if self._is_offer_expired():
            raise UserError(
                self.env._("This offer is no longer valid. Please ask for a new one.")
            )
        if digest != self.agreed_digest:
            raise UserError(
                self.env._(
                    "This offer has been changed meanwhile. Please read it again "
                    "before you sign."
                )
            )

    def _sign(self, name, signature, digest, signer=None):
        """Keep the client's signature and put the contract in force. In sudo.

        Signed twice does nothing.

        :param name: who signs, as he writes himself
        :param signature: an image, base64
        :param digest: of the text he has seen
        :param signer: the contact who signs, if known
        :return: whether the contract was signed now
        :raise UserError: when it cannot be signed, or nothing is drawn
        """
        self.ensure_one()
        self._wait_for_lock()
        if self.signed_at:
            return False
        self._check_can_be_signed(digest)
        name = clean_name(name)
        if not name:
            raise UserError(self.env._("Please write the name of who signs."))
        try:
            signature = clean_signature(signature)
        except SignatureMissing as error:
            raise UserError(self.env._("The signature is missing.")) from error
        except SignatureUnreadable as error:
            raise UserError(self.env._("The signature cannot be read.")) from error
        self.write(
            {
                "signature": signature,
                "signed_by": name,
                "signed_at": fields.Datetime.now(),
                "delivery_state": "pending",
            }
        )
        self._message_log(
            body=self.env._(
                "Signed by %(name)s. SHA-256 of the text: %(digest)s",
                name=name,
                digest=self.agreed_digest,
            ),
            author_id=(signer or self.contact_id).id,
        )
        self._activate_signed()
        self.env.ref("psa_contracts.ir_cron_deliver_signed")._trigger()
        return True

    def _activate_signed(self):
        """Put the signed contract in force; the responsible is told what prevents it.

        The client has signed: he need not know, and his signature is not lost.
        """
        try:
            with self.env.cr.savepoint():
                # In sudo: clients have no right to it, their signature is what counts.
                self.action_activate()
        except UserError as error:
            self._remind_of_fault(
                lambda speaking: speaking.env._("Signed, but not in force"), str(error)
            )

    def _wait_for_lock(self):
        """Lock the row, waiting for whoever holds it.

        A contract that was changed meanwhile raises a serialization failure, on which
        the host repeats the request, which then sees the change.
        """
        self.flush_recordset()
        self.env.cr.execute(
            "SELECT id FROM psa_contract WHERE id IN %s ORDER BY id FOR NO KEY UPDATE",
            [tuple(self.ids)],
        )
        self.invalidate_recordset()

    # ------------------------------------------------------------
    # The signed copy
    # ------------------------------------------------------------

    @api.model
    def _cron_deliver_signed(self):
        """Print and send the signed contracts that wait for it, some at a time."""
        cron = self.env["ir.cron"]
        waiting = Domain("delivery_state", "=", "pending")
        ids = self.search(waiting, order="id").ids
        cron._commit_progress(remaining=len(ids))
        for chunk in split_every(_CHUNK, ids):
            # Locked, so that each is sent once, whoever else runs.
            contracts = self.browse(chunk).try_lock_for_update()
            for contract in contracts.filtered_domain(waiting):
                contract._deliver_safely()
            if not cron._commit_progress(len(chunk)):
                break

    def _deliver_safely(self):
        """Print and send, each for itself; what fails is tried again for a day.

        It says so on the contract and holds up nobody.
        """
        try:
            with self.env.cr.savepoint():
                content = self._get_signed_pdf()
            with self.env.cr.savepoint():
                self._mail_signed(content)
        except psycopg2.OperationalError:
            raise
        except Exception as error:
            _logger.warning("Contract %s was not sent", self.id, exc_info=True)
            is_over = fields.Datetime.now() > self.signed_at + _TRY_FOR
            self.write(
                {
                    "delivery_state": "failed" if is_over else "pending",
                    "delivery_error": (str(error) or type(error).__name__)[:200],
                }
            )

    def _get_signed_pdf(self):
        """Return the content of the signed PDF, printing it if need be. In sudo."""
        self.ensure_one()
        if not self.signed_pdf:
            self.signed_pdf = base64.b64encode(self._print_pdf())
        return base64.b64decode(self.signed_pdf)

    def _mail_signed(self, content):
        """Send the client the signed contract.

        Belongs to no record: whoever reads the contract would read prices in the file.
        """
        if not self.contact_id.email:
            self.write({"delivery_state": "skipped", "delivery_error": False})
            return
        template = self.env.ref("psa_contracts.mail_template_contract_signed")
        mail_id = template.send_mail(
            self.id,
            email_values={
                "model": False,
                "res_id": False,
                "attachments": [
                    (f"{self._get_file_name()}.pdf", base64.b64encode(content))
                ],
            },
        )
        mail = self.env["mail.mail"].browse(mail_id)
        self.write(
            {
                "delivery_state": "queued",
                "delivery_error": False,
                "delivery_message_id": mail.mail_message_id.id,
            }
        )

    def action_deliver_again(self):
        """Send the signed copies again, for one that did not arrive."""
        self.check_access("write")
        if self.filtered(lambda contract: not contract.signed_at):
            raise UserError(self.env._("Only signed contracts are sent."))
        # In sudo: nobody sets it by hand, nor may everybody wake up a job.
        self.sudo().write({"delivery_state": "pending", "delivery_error": False})
        self.env.ref("psa_contracts.ir_cron_deliver_signed").sudo()._trigger()

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from .psa_contract_terms import PRICE_GROUPS


class PsaContractOffer(models.AbstractModel):
    """A draft that was sent to the client, to be signed as it is."""

    _name = "psa.contract.offer"
    _description = "Offer of a Contract"

    sent_at = fields.Datetime(
        string="Sent for Signature",
        compute="_compute_sent_at",
        store=True,
        copy=False,
        tracking=True,
        help="When the client was asked to sign. A change of what he reads takes the "
        "offer back: it has to be sent again.",
    )
    offer_valid_until = fields.Date(
        copy=False, help="Last day on which the client can sign. Empty: no limit."
    )
    agreed_text = fields.Html(
        sanitize=False,
        readonly=True,
        copy=False,
        groups=PRICE_GROUPS,
        help="What was sent for signature, word for word: it is shown and printed "
        "whatever becomes of the contract.",
    )
    agreed_digest = fields.Char(
        string="SHA-256",
        readonly=True,
        copy=False,
        help="Checksum of what was sent for signature.",
    )
    # To tell its mail from others.
    offer_message_id = fields.Many2one(
        "mail.message",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        export_string_translation=False,
    )

    @api.depends(lambda self: self._get_printed_paths())
    def _compute_sent_at(self):
        """Take back what the client has not signed; sending it writes the field."""
        for contract in self:
            is_open = contract.state == "draft" and not contract.signed_at
            contract.sent_at = False if is_open else contract.sent_at

    @api.model
    def _get_printed_paths(self):
        """Return the paths of all that the client reads above the signature."""
        return [
            f"{path}{name}"
            for path, model in (
                ("", "psa.contract"),
                ("line_ids.", "psa.contract.line"),
                ("line_ids.term_ids.", "psa.contract.line.term"),
                ("rate_ids.", "psa.rate"),
            )
            for name in self.env[model]._get_printed_fields()
        ]

    def _is_offered(self):
        """Does the contract wait for the client's signature?"""
        self.ensure_one()
        return bool(self.state == "draft" and self.sent_at and not self.signed_at)

    def _is_offer_expired(self):
        self.ensure_one()
        today = self._get_company_today(self.company_id)
        return bool(self.offer_valid_until and self.offer_valid_until < today)

    # ------------------------------------------------------------
    # Sending
    # ------------------------------------------------------------

    def action_send_for_signature(self):
        """Ask the clients by mail to sign these drafts, as they are now."""
        self.check_access("write")
        for contract in self:
            contract._check_can_be_sent()
        for contract in self:
            contract._send_for_signature()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("The client has been asked to sign."),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_withdraw_offer(self):
        """Take offers back: nobody can sign them any more."""
        self.check_access("write")
        if signed := self.filtered("signed_at")[:1]:
            raise UserError(
                self.env._(
                    "%(contract)s was signed by %(name)s already.",
                    contract=signed.display_name,
                    name=signed.signed_by,
                )
            )
        # In sudo: nobody sets it by hand.
        self.sudo().sent_at = False

    def _drop_signature(self):
        """Take back the signatures of contracts, and say so where they are read."""
        # In sudo: nobody sets it by hand.
        signed = self.sudo().filtered("signed_at")
        for contract in signed:
            contract._message_log(
                body=self.env._(
                    "No longer signed: %(name)s signed on %(day)s. SHA-256 of the "
                    "text: %(digest)s",
                    name=contract.signed_by,
                    day=format_datetime(
                        self.env, contract.signed_at, tz=contract._get_timezone()
                    ),
                    digest=contract.agreed_digest,
                ),
                author_id=self.env.user.partner_id.id,
            )
        signed.write(
            dict.fromkeys(
                (
                    "signature",
                    "signed_by",
                    "signed_at",
                    "signed_pdf",
                    "delivery_state",
                    "delivery_error",
                    "delivery_message_id",
                ),
                False,
            )
        )

    def _check_can_be_sent(self):
        """Raise a UserError when the client could not sign the contract."""
        self.ensure_one()
        if self.state != "draft" or self.signed_at:
            raise UserError(
                self.env._(
                    "%s is no draft any more: there is nothing to sign.",
                    self.display_name,
                )
            )
        if not self.line_ids:
            raise UserError(
                self.env._("There is nothing in %s to sign.", self.display_name)
            )
        # Afterwards nothing could be added any more.
        self.line_ids._check_products()
        if not self._is_contact_of_client():
            raise UserError(
                self.env._(
                    "Choose a contact of %(client)s who signs %(contract)s.",
                    client=self.client_id.display_name,
                    contract=self.display_name,
                )
            )
        if not self.contact_id.email:
            raise UserError(
                self.env._(
                    "%s has no mail address and cannot be asked to sign.",
                    self.contact_id.display_name,
                )
            )
        if self._is_offer_expired():
            raise UserError(
                self.env._(
                    "The offer of %s is not valid any more. Choose a later day.",
                    self.display_name,
                )
            )

    def _send_for_signature(self):
        """Keep what the client reads from now on, and send him the way to it."""
        self.ensure_one()
        # What is still to be worked out would take the offer back again.
        self.env.flush_all()
        # In sudo: these values are not set by hand.
        contract = self.sudo()
        contract.write(
            {
                **contract._prepare_agreed_values(),
                "sent_at": fields.Datetime.now(),
                "is_signed_by_client": True,
            }
        )
        contract._mail_offer()

    def _mail_offer(self):
        """Queue the mail with the link, and a note without it: it lets people sign.

        In sudo.
        """
        self.ensure_one()
        template = self.env.ref("psa_contracts.mail_template_contract_to_sign")
        template = template.with_context(lang=self._get_client_lang())
        values = {
            name: template._render_field(name, self.ids, options=options)[self.id]
            for name, options in (
                ("subject", None),
                ("email_from", None),
                ("body_html", {"post_process": True}),
            )
        }
        mail = self.env["mail.mail"].create(
            {
                **values,
                "model": self._name,
                "res_id": self.id,
                "message_type": "auto_comment",
                "subtype_id": self.env.ref("mail.mt_note").id,
                "author_id": self.env.user.partner_id.id,
                "recipient_ids": self.contact_id.ids,
                "record_company_id": self.company_id.id,
                "record_alias_domain_id": self.company_id.alias_domain_id.id,
                "body": self.env._(
                    "Sent for signature to %s.", self.contact_id.email_formatted
                ),
                # Keeps the note when the mail is gone.
                "is_notification": True,
            }
        )
        self.offer_message_id = mail.mail_message_id

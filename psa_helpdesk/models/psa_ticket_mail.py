# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import (
    email_normalize,
    email_normalize_all,
    formataddr,
    parse_contact_from_email,
)
from odoo.tools.mail import email_split_and_format_normalize

from ..tools.mail_domain import domain_of, is_public_domain
from ..tools.mail_quote import visible_text
from ..tools.mail_subject import clean_subject, is_forward


class PsaTicketMail(models.AbstractModel):
    """Tickets that come in by mail: whose they are, and who is to get the answers."""

    _name = "psa.ticket.mail"
    _description = "Mail of a Ticket"
    _inherit = [
        "psa.ticket.gateway",
        "psa.ticket.conversation",
        "psa.ticket.acknowledgement",
        "mail.thread.cc",
    ]

    is_unknown_sender = fields.Boolean(
        string="Unknown Sender",
        compute="_compute_is_unknown_sender",
        store=True,
        precompute=True,
        index="btree_not_null",
        help="The mail came from an address that belongs to no client, or to several. "
        "Choose the client, or create the contact.",
    )

    @api.depends("email_from", "client_id")
    def _compute_is_unknown_sender(self):
        for ticket in self:
            ticket.is_unknown_sender = ticket.email_from and not ticket.client_id

    # ------------------------------------------------------------
    # Gateway
    # ------------------------------------------------------------

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        incoming = self.env.context.get("psa_incoming")
        teams = self.env["psa.ticket.team"].sudo()
        team = teams.browse((custom_values or {}).get("team_id"))
        team = team or teams._get_default(self.env.company)
        values = {
            **self._prepare_mail_values(msg_dict, team),
            **(custom_values or {}),
            "team_id": team.id,
        }
        if incoming:
            values.update(
                self._prepare_incoming_values(incoming, team, values["reported_by_id"])
            )
        msg_dict = {**msg_dict, "cc": self._leave_out_own(msg_dict.get("cc"))}
        gateway = self.with_context(psa_only_name=True)
        ticket = super(PsaTicketMail, gateway).message_new(msg_dict, values)
        ticket = ticket.with_env(self.env)
        if incoming:
            incoming.ticket_id = ticket.id
            ticket._wake_acknowledgement()
        return ticket

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        # The host describes all fields of a model to see whether it has a name, which
        # takes a tenth of the time of a mail.
        if allfields is None and self.env.context.get("psa_only_name"):
            allfields, attributes = [self._rec_name], ["type"]
        return super().fields_get(allfields, attributes)

    @api.model
    def _prepare_mail_values(self, msg_dict, team):
        """Return the values of a ticket that a mail opens; their number is no matter.

        Extend: read more out of the mail (a serial number, for one).
        """
        partners = self.env["res.partner"].sudo()
        author = partners.browse(msg_dict.get("author_id"))
        company = team.company_id
        if author.company_id and author.company_id != company:
            # Somebody else's contact, in a database of several companies.
            author = partners
        client = author.commercial_partner_id or self._find_client(msg_dict, company)
        reporter = partners
        if author and not author.partner_share and is_forward(msg_dict.get("subject")):
            # A technician passes on what a customer wrote; whose it is, is to be found.
            author, client, reporter = partners, partners, author
        body = msg_dict.get("body") or ""
        subject = clean_subject(msg_dict.get("subject"))
        if not subject:
            subject = clean_subject(visible_text(body).partition("\n")[0], length=80)
        return {
            "name": subject or self.env._("Without subject"),
            "description": body,
            "email_from": msg_dict.get("email_from"),
            "email_normalized": email_normalize(msg_dict.get("email_from") or ""),
            "channel": "mail",
            "partner_id": author.id,
            "client_id": client.id,
            "reported_by_id": reporter.id,
            "last_customer_message_at": fields.Datetime.now(),
        }

    @api.model
    def _find_client(self, msg_dict, company):
        """Return the one client that the domain of the sender belongs to, or none."""
        clients = self.env["res.partner"]._psa_find_clients(
            msg_dict.get("email_from"), company
        )
        return clients if len(clients) == 1 else clients.browse()

    @api.model
    def _prepare_incoming_values(self, incoming, team, reporter_id=False):
        """Return what the kind of a mail says about its ticket."""
        values = {}
        kind = incoming.kind
        if kind.is_automatic and not incoming.is_released:
            values["channel"] = "alert"
        if incoming.related_ticket_id:
            values["related_ids"] = [Command.link(incoming.related_ticket_id)]
        if not team.acknowledge or reporter_id:
            values["acknowledgement_state"] = "none"
        elif kind.may_acknowledge:
            values["acknowledgement_state"] = "pending"
        else:
            values["acknowledgement_state"] = "skipped"
            values["acknowledgement_reason"] = kind.reason
        return values

    def message_update(self, msg_dict, update_vals=None):
        incoming = self.env.context.get("psa_incoming")
        # Who is in CC belongs to the ticket. A stranger's mail lets nobody in.
        lets_in = not incoming or incoming.decision == "reply"
        copies = self._leave_out_own(msg_dict.get("cc")) if lets_in else ""
        msg_dict = {**msg_dict, "cc": copies}
        return super().message_update(msg_dict, update_vals=update_vals)

    @api.model
    def _leave_out_own(self, addresses):
        """Return addresses without our own ones, which answers would come back to."""
        own = self.env["mail.alias"]._psa_get_addresses()[2]
        return ",".join(
            address
            for address in email_split_and_format_normalize(addresses or "")
            if email_normalize(address) not in own
        )

    @api.model
    def _detect_loop_sender_domain(self, email_from_normalized):
        return [("email_normalized", "=", email_from_normalized)]

    def _creation_subtype(self):
        # Followers of the team are told of what comes in, not of what a technician
        # records, whose list may be long.
        if self.channel in ("mail", "alert", "portal", "web"):
            subtype_id = self.env["ir.model.data"]._xmlid_to_res_id(
                "psa_helpdesk.mt_ticket_new"
            )
            return self.env["mail.message.subtype"].browse(subtype_id)
        return super()._creation_subtype()

    def _creation_message(self):
        return self.env._("Ticket opened")

    # ------------------------------------------------------------
    # Answers
    # ------------------------------------------------------------

    def _notify_get_reply_to_batch(self, defaults=None, author_ids=None):
        # The alias of the team wins over the address that catches all.
        addresses = {
            ticket.id: address
            for ticket in self.sudo()
            for address in [ticket.team_id._get_mail_address(ticket.team_id.id)]
            if address
        }
        rest = self.filtered(lambda ticket: ticket.id not in addresses)
        reply_to = {}
        if rest or not self:
            keys = rest.ids or [False]
            reply_to = super(PsaTicketMail, rest)._notify_get_reply_to_batch(
                defaults={key: (defaults or {}).get(key) for key in keys},
                author_ids={key: (author_ids or {}).get(key) for key in keys},
            )
        for ticket_id, address in addresses.items():
            reply_to[ticket_id] = self._notify_get_reply_to_formatted_email(
                address, author_id=(author_ids or {}).get(ticket_id)
            )
        return reply_to

    def _get_helpdesk_sender(self):
        """Return the address that writes to the customer when no person does."""
        self.ensure_one()
        company = self.company_id
        address = self.team_id._get_mail_address(self.team_id.id)
        return (
            formataddr((company.name, address)) if address else company.email_formatted
        )

    def _prepare_automatic_mail(self, subject):
        """Return who writes to the customer when no person does, and the subject."""
        sender = self._get_helpdesk_sender()
        return {
            "subject": self._add_number(subject),
            "email_from": sender,
            "reply_to": sender,
        }

    def _get_customer_information(self):
        """Put a contact that is created for an answer below the client."""
        information = super()._get_customer_information()
        for ticket in self.sudo():
            if not ticket.client_id or ticket.partner_id:
                continue
            own = domain_of(ticket.email_normalized)
            values = {
                "parent_id": ticket.client_id.id,
                "company_id": ticket.client_id.company_id.id,
                "lang": ticket.team_id.lang,
            }
            for email in email_normalize_all(
                f"{ticket.email_from or ''},{ticket.email_cc or ''}"
            ):
                is_colleague = domain_of(email) == own and not is_public_domain(own)
                if email == ticket.email_normalized or is_colleague:
                    information.setdefault(email, {}).update(values)
        return information

    def _get_customer_lang(self):
        """Return the language in which the customer is written to."""
        self.ensure_one()
        return (
            self.partner_id.lang
            or self.team_id.lang
            or self.company_id.partner_id.lang
            or self.env.lang
            or "en_US"
        )

    def _get_customer_timezone(self):
        """Return the time zone in which times are written to the customer."""
        self.ensure_one()
        return self.partner_id.tz or self.company_id.partner_id.tz or "UTC"

    # ------------------------------------------------------------
    # Contacts
    # ------------------------------------------------------------

    def action_create_contact(self):
        """Make contacts of who wrote, below their clients, and let them be the authors.

        Where the address has become a contact's meanwhile, that one is taken.

        :raise UserError: when a ticket has no usable address
        """
        self.check_access("write")
        for ticket in self.filtered(lambda ticket: not ticket.partner_id):
            email = ticket.email_normalized
            if not email:
                raise UserError(
                    self.env._(
                        "%(ticket)s has no mail address.", ticket=ticket.display_name
                    )
                )
            # A technician may register who wrote without being allowed to edit
            # contacts at large.
            partner = ticket.sudo()._find_or_create_contact()
            ticket.partner_id = partner
            ticket.sudo()._claim_messages(partner)

    def _find_or_create_contact(self):
        self.ensure_one()
        found = self._partner_find_from_emails_single(
            [self.email_from],
            filter_found=lambda partner: (
                partner.company_id in (self.company_id, partner.company_id.browse())
            ),
            no_create=True,
        )
        if found:
            return found[0]
        name, email = parse_contact_from_email(self.email_from)
        return self.env["res.partner"].create(
            {
                "name": name or email,
                "email": email,
                "parent_id": self.client_id.id,
                "company_id": self.client_id.company_id.id,
                "lang": self._get_customer_lang(),
            }
        )

    def _claim_messages(self, partner):
        """Make the partner the author of what came from the ticket's address."""
        messages = self.env["mail.message"].search(
            [
                ("model", "=", self._name),
                ("res_id", "=", self.id),
                ("author_id", "=", False),
                ("message_type", "=", "email"),
            ]
        )
        messages.filtered(
            lambda message: email_normalize(message.email_from) == self.email_normalized
        ).author_id = partner

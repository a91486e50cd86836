# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.mail import email_normalize, email_split_and_format_normalize

from ..tools.mail_domain import domain_of

MAX_COLLEAGUES = 500
MAX_WATCHERS = 20


class PsaTicketColleague(models.AbstractModel):
    """Colleagues of the customer who read along.

    Who is known as a contact follows the ticket; other addresses are in CC.
    """

    _name = "psa.ticket.colleague"
    _description = "Customer's Colleagues on a Ticket"

    def _get_watchers(self):
        """Return the client's people who get the messages, beside the contact.

        :return: list of dicts with key (to remove it by) and name
        """
        self.ensure_one()
        people = self.message_partner_ids.filtered(
            lambda partner: (
                partner.partner_share
                and partner.commercial_partner_id == self.client_id
                and partner != self.partner_id
            )
        )
        known = [
            {"key": str(partner.id), "name": partner.name or partner.email}
            for partner in people.sorted("name")
        ]
        addresses = email_split_and_format_normalize(self.email_cc or "")
        return known + [{"key": address, "name": address} for address in addresses]

    @api.model
    def _find_watcher(self, address, contact, client):
        """Return the colleague with an address, or nobody, and the plain address.

        :param contact: the ticket's, whose mail domain counts as the client's
        :raise UserError: when the address is none, or of somebody else's
        """
        email = email_normalize(address)
        if not email:
            raise UserError(
                self.env._("“%s” is not a mail address.", (address or "")[:100])
            )
        colleague = self._get_colleagues(client, [("email_normalized", "=", email)])[:1]
        domains = {client.psa_mail_domain, contact.psa_mail_domain} - {False}
        if not colleague and domain_of(email) not in domains:
            raise UserError(
                self.env._(
                    "%s is not an address of your company, and only those can be "
                    "added. Ask us to add somebody else.",
                    email,
                )
            )
        return colleague, email

    def _add_watcher(self, address):
        """Let a colleague of the customer get the messages of the ticket.

        :raise UserError: as ``_find_watcher``, or when there are too many
        """
        self.ensure_one()
        colleague, email = self._find_watcher(address, self.partner_id, self.client_id)
        if len(self._get_watchers()) >= MAX_WATCHERS:
            raise UserError(
                self.env._("%s people read along already: no more can.", MAX_WATCHERS)
            )
        addresses = email_split_and_format_normalize(self.email_cc or "")
        if colleague:
            self.message_subscribe(partner_ids=colleague.ids)
        elif email not in addresses:
            self.email_cc = ", ".join([*addresses, email])

    def _remove_watcher(self, key):
        """Stop somebody of ``_get_watchers`` from getting the messages."""
        self.ensure_one()
        if key not in {watcher["key"] for watcher in self._get_watchers()}:
            return
        if key.isdecimal():
            self.message_unsubscribe(partner_ids=[int(key)])
        else:
            addresses = email_split_and_format_normalize(self.email_cc or "")
            self.email_cc = ", ".join(
                address for address in addresses if address != key
            )

    @api.model
    def _get_colleagues(self, client, domain=None):
        """Return the people of a client: nobody for no client."""
        if not client:
            return client
        return client.search(
            Domain("id", "child_of", client.commercial_partner_id.id)
            & Domain("type", "=", "contact")
            & Domain("is_company", "=", False)
            & Domain(domain or Domain.TRUE),
            order="name, id",
            limit=MAX_COLLEAGUES,
        )

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from uuid import uuid4

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import consteq

MAX_ID = 2**31 - 1


class PsaContractPortal(models.AbstractModel):
    """Who is a client of a contract. As of tickets: nobody has an access right.

    Every way in goes through ``_get_portal_access`` and ends in a record in sudo.
    """

    _name = "psa.contract.portal"
    _description = "Contract on the Portal"
    _inherit = ["portal.mixin", "mail.thread"]

    # Another contact gets another link, and the one of who signed before is dead.
    access_token = fields.Char(
        compute="_compute_access_token",
        store=True,
        # Who has it signs for the client: nobody of us may.
        groups=fields.NO_ACCESS,
    )

    @api.depends("client_id", "contact_id")
    def _compute_access_token(self):
        for contract in self:
            contract.access_token = str(uuid4())

    def _compute_access_url(self):
        for contract in self:
            contract.access_url = f"/my/contracts/{contract.id}"

    # ------------------------------------------------------------
    # Who sees a contract
    # ------------------------------------------------------------

    @api.model
    def _get_portal_domain(self, partner):
        """Return the domain of the contracts a client's contact sees.

        Those he signs or follows; if he may see the contracts of his company, all of
        them, in the companies he has a login for.
        """
        # In sudo: clients may not read who sees what.
        partner = partner.sudo()
        # Our own people follow contracts, too, and need not see prices.
        if not partner or not partner.partner_share:
            return Domain.FALSE
        of_client = Domain("client_id", "=", partner.commercial_partner_id.id)
        domain = (of_client & Domain("contact_id", "=", partner.id)) | Domain(
            "message_partner_ids", "in", partner.ids
        )
        if partner.psa_sees_contracts:
            if companies := partner.user_ids.company_ids:
                of_client &= Domain("company_id", "in", companies.ids)
            domain |= of_client
        return domain & self._get_shown_domain()

    @api.model
    def _get_shown_domain(self):
        """Return the domain of the contracts that clients may see at all.

        Those in force and those that were, and drafts that wait for a signature. One
        that was signed stays: the client has it.
        """
        return (
            Domain("state", "in", ("active", "suspended", "ended"))
            | Domain("signed_at", "!=", False)
            | (Domain("state", "=", "draft") & Domain("sent_at", "!=", False))
        )

    @api.model
    def _get_portal_access(self, contract_id, token=None):
        """Return the contract in sudo and who comes to it.

        :param token: of the link in the mail, which lets its contact in
        :return: two records, both empty when there is no such way to the contract
        """
        nothing = self.browse(), self.env["res.partner"]
        if not 0 < contract_id <= MAX_ID:
            return nothing
        # In sudo: public and portal users read little of a partner.
        user = self.env.user.sudo()
        person = self.env["res.partner"] if user._is_public() else user.partner_id
        # In sudo: the domains are the only way in for clients.
        contracts = self.sudo()
        this = Domain("id", "=", contract_id)
        if contract := contracts.search(this & self._get_portal_domain(person)):
            return contract, person
        contract = contracts.search(this & self._get_shown_domain())
        if contract._has_token(token):
            return contract, person or contract.contact_id
        return nothing

    def _has_token(self, token):
        """Is it the one of the link that the client's contact got?"""
        return bool(
            self.access_token
            and isinstance(token, str)
            and token.isascii()
            and consteq(self.access_token, token)
            and self._is_contact_of_client()
        )

    def _is_contact_of_client(self):
        """Does the contact who signs belong to the client still?"""
        return bool(
            self.contact_id and self.contact_id.commercial_partner_id == self.client_id
        )

    @api.model
    def _get_former_offer(self, contract_id, token):
        """Return a draft whose offer was withdrawn, in sudo, for who had its link."""
        if not 0 < contract_id <= MAX_ID:
            return self.browse()
        # In sudo: as above, the token is the way in.
        contract = self.sudo().search(
            [
                ("id", "=", contract_id),
                ("state", "in", ("draft", "cancelled")),
                ("agreed_digest", "!=", False),
            ]
        )
        return contract if contract._has_token(token) else self.browse()

    @api.model
    def _get_thread_with_access(
        self, thread_id, *, mode="read", hash=None, pid=None, token=None, **kwargs
    ):
        # Not by a link: it would open all files and notes of the contract.
        if not 0 < thread_id <= MAX_ID:
            return self.browse()
        return super()._get_thread_with_access(thread_id, mode=mode, **kwargs)

    # ------------------------------------------------------------
    # What a client sees
    # ------------------------------------------------------------

    def _get_portal_state(self):
        """Return the state as the client reads it, and its colour."""
        self.ensure_one()
        if self.state == "draft" and not self.signed_at:
            return (
                (self.env._("Offer expired"), "secondary")
                if self._is_offer_expired()
                else (self.env._("To be signed"), "warning")
            )
        return {
            "draft": (self.env._("Signed"), "success"),
            "active": (self.env._("In force"), "success"),
            "suspended": (self.env._("Suspended"), "warning"),
            "ended": (self.env._("Ended"), "secondary"),
            "cancelled": (self.env._("Cancelled"), "secondary"),
        }[self.state]

    def _get_portal_documents(self, token=None):
        """Return what a client may download: dicts with name and url.

        Extend: add your documents.

        :param token: that has to stay in the links of a visitor's page
        """
        self.ensure_one()
        if not self.signed_at:
            return []
        query = f"?access_token={token}" if token else ""
        return [
            {
                "name": self.env._("Contract %s, signed", self.number),
                "url": f"{self.access_url}/pdf{query}",
            }
        ]

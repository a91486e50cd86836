# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import re
from uuid import uuid4

from werkzeug.urls import url_encode

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import consteq, html2plaintext

MAX_ID = 2**31 - 1
INLINE_IMAGE = re.compile(r"/web/(?:image|content)/(\d+)")


class PsaTicketPortal(models.AbstractModel):
    """Who is a customer of a ticket, and what customers see of it.

    Customers have no access right to tickets: the host gives whoever may read a record
    all of its attachments, those of internal notes included. Every way in goes through
    ``_get_portal_access`` instead and ends in a record in sudo, of which the pages show
    what is listed here and in the templates.
    """

    _name = "psa.ticket.portal"
    _description = "Ticket on the Portal"
    _inherit = ["psa.ticket.customer", "portal.mixin", "mail.thread"]

    # Made with the ticket: looking at a page or sending a mail need not write it.
    access_token = fields.Char(default=lambda self: self._default_access_token())

    def _default_access_token(self):
        return str(uuid4())

    def _compute_access_url(self):
        for ticket in self:
            ticket.access_url = f"/my/tickets/{ticket.id}"

    # ------------------------------------------------------------
    # Who sees a ticket
    # ------------------------------------------------------------

    @api.model
    def _get_portal_domain(self, partner):
        """Return the domain of the tickets a customer sees.

        Those he needs help with, opened for a colleague or follows, in any company; as
        a responsible contact all of his company, with the companies he has a login for.
        """
        if not partner:
            return Domain.FALSE
        # In sudo: customers may not read who is responsible.
        partner = partner.sudo()
        domain = Domain.OR(
            [
                Domain("partner_id", "=", partner.id),
                Domain("reported_by_id", "=", partner.id),
                Domain("message_partner_ids", "in", partner.ids),
            ]
        )
        if partner.psa_is_ticket_responsible:
            of_client = Domain("client_id", "=", partner.commercial_partner_id.id)
            companies = partner.user_ids.company_ids
            if companies:
                of_client &= Domain("company_id", "in", companies.ids)
            domain |= of_client
        return domain

    @api.model
    def _get_portal_ticket(self, ticket_id, partner):
        """Return the ticket in sudo when the partner is a customer of it."""
        # In sudo: the domain is the only way in for customers.
        return (
            self.sudo()
            .with_context(active_test=False)
            .search(
                Domain("id", "=", ticket_id) & self._get_portal_domain(partner), limit=1
            )
        )

    @api.model
    def _get_portal_access(self, ticket_id, token=None, pid=None, signature=None):
        """Return the ticket in sudo and the customer who comes to it.

        A logged-in customer needs nothing more. Others come by a link of a mail: with
        the ticket's token as its contact, or signed for one person, who has to be a
        customer of the ticket still.

        :param pid: id of the partner the link was signed for
        :param signature: what ``_sign_token`` gave for this partner
        :return: two records, both empty when there is no such way to the ticket
        """
        nothing = self.browse(), self.env["res.partner"]
        if not 0 < ticket_id <= MAX_ID:
            return nothing
        # In sudo: public and portal users read little of a partner.
        user = self.env.user.sudo()
        person = self.env["res.partner"] if user._is_public() else user.partner_id
        ticket = self._get_portal_ticket(ticket_id, person)
        if ticket:
            return ticket, person
        ticket = ticket.browse(ticket_id).exists()
        signer = ticket._get_signer(pid, signature)
        if signer or ticket._has_token(token):
            return ticket, person or signer or ticket.partner_id
        return nothing

    def _has_token(self, token):
        return bool(
            self.access_token
            and isinstance(token, str)
            and token.isascii()
            and consteq(self.access_token, token)
        )

    def _get_signer(self, pid, signature):
        """Return the customer a link was signed for, if he is one still."""
        nobody = self.env["res.partner"]
        if not self.access_token or not isinstance(signature, str):
            return nobody
        pid = str(pid)
        if not pid.isdecimal() or len(pid) > len(str(MAX_ID)):
            return nobody
        signed = self._sign_token(int(pid))
        if not signature.isascii() or not consteq(signed, signature):
            return nobody
        signer = nobody.sudo().browse(int(pid)).exists()
        return signer if self._get_portal_ticket(self.id, signer) else nobody

    @api.model
    def _get_thread_with_access(
        self, thread_id, *, mode="read", hash=None, pid=None, token=None, **kwargs
    ):
        # Not by a link: for the host who comes by one comes to all there is, internal
        # files and planned messages, too. Customers come by ``_get_portal_access``.
        if not 0 < thread_id <= MAX_ID:
            return self.browse()
        return super()._get_thread_with_access(thread_id, mode=mode, **kwargs)

    def _get_survivor(self):
        """Return the ticket that goes on with what this one had, or this one."""
        survivor = self
        seen = self.browse()
        while survivor.merged_into_id and survivor not in seen:
            seen |= survivor
            survivor = survivor.merged_into_id
        return survivor

    # ------------------------------------------------------------
    # Links
    # ------------------------------------------------------------

    def _get_personal_url(self, partner):
        """Return the address of the page, signed for a customer without a login."""
        self.ensure_one()
        signature = {"pid": partner.id, "hash": self._sign_token(partner.id)}
        return f"{self.access_url}?{url_encode(signature)}"

    def _notify_get_recipients_groups(self, message, model_description, msg_vals=False):
        groups = super()._notify_get_recipients_groups(
            message, model_description, msg_vals=msg_vals
        )
        if len(self) != 1:
            return groups
        # In sudo: who may answer may tell all customers who follow where to look.
        ticket = self.sudo()
        watchers = ticket.message_partner_ids.filtered("partner_share")
        personal = [
            (
                f"psa_watcher_{watcher.id}",
                lambda pdata, watcher=watcher: pdata["id"] == watcher.id,
                {
                    "active": True,
                    "button_access": {
                        "url": self.get_base_url() + ticket._get_personal_url(watcher)
                    },
                    "has_button_access": True,
                },
            )
            for watcher in watchers - ticket.partner_id
        ]
        return [*personal, *groups]

    # ------------------------------------------------------------
    # What a customer sees
    # ------------------------------------------------------------

    @api.model
    def _get_portal_states(self):
        """Return {state: what a customer reads}."""
        return {
            "new": self.env._("Received"),
            "in_progress": self.env._("In progress"),
            "waiting_client": self.env._("Waiting for you"),
            "waiting_third_party": self.env._("Waiting for a supplier"),
            "resolved": self.env._("Resolved"),
            "closed": self.env._("Closed"),
            "cancelled": self.env._("Cancelled"),
        }

    def _get_portal_message_domain(self):
        """Return the domain of the messages that customers of these tickets read."""
        return (
            Domain(self._fields["website_message_ids"].get_comodel_domain(self))
            & Domain("res_id", "in", self.ids)
            & Domain("subtype_id", "=", self.env.ref("mail.mt_comment").id)
            & Domain("is_internal", "=", False)
        )

    def _is_request_a_message(self):
        """Is the description among the messages, too, as that of a mail is?"""
        self.ensure_one()
        mails = self.env["mail.message"].search(
            self._get_portal_message_domain() & Domain("message_type", "=", "email"),
            order="id",
            limit=10,
        )
        words = html2plaintext(self.description or "").split()
        return any(html2plaintext(mail.body or "").split() == words for mail in mails)

    def _get_portal_attachments(self):
        """Return the files of messages customers read, and those they put here."""
        self.ensure_one()
        messages = self.env["mail.message"].search(
            self._get_portal_message_domain() & Domain("attachment_ids", "!=", False)
        )
        inline = {
            int(found)
            for body in [self.description, *messages.mapped("body")]
            for found in INLINE_IMAGE.findall(body or "")
        }
        own = self.env["ir.attachment"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "=", self.id),
                ("res_field", "=", False),
                ("create_uid.share", "=", True),
            ]
        )
        in_messages = self.env["mail.message"].search(
            [("attachment_ids", "in", own.ids)]
        )
        found = messages.attachment_ids | (own - in_messages.attachment_ids)
        return found.filtered(lambda attachment: attachment.id not in inline)

    def _get_portal_documents(self):
        """Return what a customer may download, newest first.

        Extend: add your documents (signed reports, for one).

        :return: list of dicts with name, url, date and size (bytes, or None)
        """
        self.ensure_one()
        documents = [
            {
                "name": attachment.name,
                # A token of this file only, which nothing has to be written for.
                "url": f"/web/content/{attachment.id}?download=true"
                f"&access_token={attachment._get_raw_access_token()}",
                "date": attachment.create_date,
                "size": attachment.file_size,
            }
            for attachment in self._get_portal_attachments()
        ]
        return sorted(documents, key=lambda document: document["date"], reverse=True)

    def _get_portal_entries(self):
        """Return the work a customer sees: dicts with date, name and hours.

        Empty unless the team shows its time.
        """
        self.ensure_one()
        if not self.team_id.portal_show_time:
            return []
        return [
            {"date": entry.date, "name": entry.name, "hours": entry.unit_amount}
            for entry in self.timesheet_ids.sorted(lambda line: (line.date, line.id))
        ]

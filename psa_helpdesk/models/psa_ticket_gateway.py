# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import re
from html import unescape

from odoo import api, models
from odoo.tools import email_normalize, email_normalize_all

from ..tools.mail_domain import domain_of, is_public_domain
from ..tools.mail_quote import mark_quotes
from ..tools.mail_subject import is_forward
from ..tools.ticket_number import numbers_in

#: what a team for alerts makes tickets of
ALERT_KINDS = ("bulk", "automatic")
# Message-IDs that the host gives to what is written on a ticket.
_OWN_REFERENCE = re.compile(r"<[^<>\s]{1,200}-psa\.ticket@[^<>\s]{1,200}>")


class PsaTicketGateway(models.AbstractModel):
    """Where an incoming mail belongs, and whether its sender may write there."""

    _name = "psa.ticket.gateway"
    _description = "Routing of Mail to Tickets"

    @api.model
    def _route_mail(self, incoming, message, message_dict, routes):
        """Decide about the routes that lead to tickets; leave the others alone.

        One mail makes one ticket, even when it was sent to several teams.

        :param incoming: the mail and what was decided so far; gets the decision
        :param message_dict: as the host has read the mail; changed where the decision
            says so
        :return: routes for the host to follow
        """
        others = [route for route in routes if route[0] != "psa.ticket"]
        own = self.env["mail.alias"]._psa_get_addresses()[2]
        if message_dict.get("is_bounce"):
            return others + self._route_bounce(incoming, message, message_dict, own)
        tickets = [route for route in routes if route[0] == "psa.ticket"]
        if not tickets:
            if incoming.is_for_tickets and not routes:
                incoming.hold("refused")
            return routes
        incoming.classify(message, own)
        incoming.body = message_dict["body"] = mark_quotes(message_dict["body"])
        route = self._choose_route(incoming, tickets)
        team = self._get_team_of(route)
        incoming.team_id, incoming.company_id = team.id, team.company_id.id
        incoming.is_author_known = bool(route[4])
        route = (*route[:4], self._take_alias(route[4]))
        if route[1]:
            ticket = self.browse(route[1]).sudo()._get_survivor()
            return others + self._route_reply(incoming, message_dict, route, ticket)
        ticket = self._find_by_number(message_dict.get("subject"), team.company_id)
        if ticket:
            return others + self._route_number(incoming, message_dict, route, ticket)
        return others + self._route_new(incoming, message_dict, route, team)

    @api.model
    def _choose_route(self, incoming, routes):
        """Return the route of the team that the sender wrote to first."""
        if len(routes) == 1:
            return routes[0]
        recipients = incoming.recipients()

        def position(route):
            address = route[4] and route[4].alias_full_name
            return (
                recipients.index(address) if address in recipients else len(recipients)
            )

        return min(routes, key=position)

    @api.model
    def _take_alias(self, alias):
        """Return the alias for the host to go on with: none.

        When a ticket cannot be made, the host would call the alias broken and tell the
        customer so, while the mail is only held.
        """
        if alias and alias.alias_status != "valid":
            alias.sudo().alias_status = "valid"

    @api.model
    def _get_team_of(self, route):
        """Return the team that a route leads to; its company is the mail's."""
        if route[1]:
            return self.browse(route[1]).sudo().team_id
        teams = self.env["psa.ticket.team"].sudo()
        team = teams.browse((route[2] or {}).get("team_id") or [])
        if team.active:
            return team
        return teams._get_default(team.company_id or self.env.company) or team

    # ------------------------------------------------------------
    # Cases
    # ------------------------------------------------------------

    @api.model
    def _route_bounce(self, incoming, message, message_dict, own):
        """Keep a bounce on the ticket whose mail did not arrive, else hold it."""
        ticket = self._find_bounced(incoming, message_dict)
        if not ticket:
            if incoming.is_for_tickets:
                incoming.body = message_dict["body"]
                incoming.hold("automatic")
            return []
        incoming.classify(message, own)
        incoming.team_id = ticket.team_id.id
        incoming.company_id = ticket.company_id.id
        if incoming.kind.kind == "bounce" and not incoming.kind.temporary:
            # What was written did not arrive: somebody has to see to it.
            ticket.filtered("is_open").has_unread_reply = True
        return self._route_note(incoming, message_dict, ticket, "automatic")

    @api.model
    def _route_reply(self, incoming, message_dict, route, ticket):
        """An answer to something that was written on a ticket."""
        if incoming.kind.is_automatic:
            return self._route_note(incoming, message_dict, ticket, "automatic")
        if not ticket._has_sender(incoming, message_dict):
            return ticket._hold_stranger(incoming)
        return self._route_known(incoming, message_dict, route, ticket)

    def _hold_stranger(self, incoming):
        """Hold a mail for this ticket by somebody who does not belong to it, visibly.

        It may be the customer, writing from another address.
        """
        incoming.hold("stranger", self.id)
        self._message_log(
            body=self.env._(
                "A mail from %s is held: the sender does not belong to this ticket.",
                incoming.text_header("From")[:200],
            )
        )
        return []

    @api.model
    def _route_number(self, incoming, message_dict, route, ticket):
        """A new mail with the number of a ticket in its subject."""
        if incoming.kind.is_automatic:
            incoming.hold("automatic", ticket.id)
            return []
        if not ticket._has_sender(incoming, message_dict):
            return ticket._hold_stranger(incoming)
        # A number is easily guessed: it lets nobody else in, and no mail that seems to
        # be a technician's goes out to the customer.
        message_dict["cc"] = ""
        if not ticket._is_by_customer(message_dict.get("author_id")):
            return self._route_note(incoming, message_dict, ticket, False)
        return self._route_known(incoming, message_dict, route, ticket)

    @api.model
    def _route_new(self, incoming, message_dict, route, team):
        kind = incoming.kind
        is_alert = team.accept_automatic and kind.kind in ALERT_KINDS
        if kind.is_automatic and not is_alert:
            incoming.hold("automatic")
            return []
        incoming.decide("ticket")
        return [("psa.ticket", 0, {**(route[2] or {}), "team_id": team.id}, *route[3:])]

    @api.model
    def _route_known(self, incoming, message_dict, route, ticket):
        """A person who belongs to the ticket wrote to it."""
        if ticket._is_by_customer(message_dict.get("author_id")):
            # Whatever it answers, it is for us and from the customer.
            message_dict["is_internal"] = False
            if ticket._is_over():
                email = email_normalize(message_dict["email_from"] or "")
                following = ticket.related_ids.filtered(
                    lambda other: other.is_open and other.email_normalized == email
                )[:1]
                if following:
                    incoming.decide("reply", ticket=following.id)
                    return [("psa.ticket", following.id, None, route[3], None)]
                incoming.decide("ticket")
                incoming.related_ticket_id = ticket.id
                values = {"team_id": ticket.team_id.id}
                return [("psa.ticket", 0, values, route[3], None)]
        elif is_forward(message_dict.get("subject")):
            # What a technician passes on is not for the customer.
            return self._route_note(incoming, message_dict, ticket, False)
        decision = "note" if message_dict.get("is_internal") else "reply"
        incoming.decide(decision, ticket=ticket.id)
        return [("psa.ticket", ticket.id, None, route[3], None)]

    @api.model
    def _route_note(self, incoming, message_dict, ticket, cause):
        """Add a mail to a ticket where only technicians see it."""
        incoming.decide("note", cause, ticket.id)
        # Nobody is told: the host would write to who wrote what is answered.
        message_dict.update(is_internal=True, parent_id=False)
        return [("psa.ticket", ticket.id, None, self.env.uid, None)]

    @api.model
    def _route_released(self, incoming, message_dict):
        """Do what a person has decided about a held mail."""
        message_dict["body"] = mark_quotes(message_dict["body"])
        message_dict.update(is_internal=incoming.decision == "note", parent_id=False)
        user = self.env["mail.thread"]._mail_find_user_for_gateway(
            message_dict["email_from"]
        )
        values = {"team_id": incoming.team_id}
        uid = user.id or self.env.uid
        return [("psa.ticket", incoming.ticket_id or 0, values, uid, None)]

    # ------------------------------------------------------------
    # Finding tickets
    # ------------------------------------------------------------

    @api.model
    def _find_by_number(self, subject, company):
        """Return the ticket of the company that is named in a subject, or none."""
        numbers = numbers_in(subject)
        if not numbers:
            return self.browse()
        written = [
            subject[found.start() : found.end()]
            for number in numbers
            for found in [re.search(re.escape(number), subject, re.IGNORECASE)]
            if found
        ]
        tickets = self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("number", "in", [*numbers, *map(str.lower, numbers), *written]),
            ]
        )
        by_number = {ticket.number.upper(): ticket for ticket in tickets}
        found = next(filter(None, map(by_number.get, numbers)), self.sudo().browse())
        return found._get_survivor()

    @api.model
    def _find_bounced(self, incoming, message_dict):
        """Return the ticket whose mail came back, or none."""
        messages = self.env["mail.message"].sudo()
        bounced = message_dict.get("bounced_message") or messages
        parent = messages.browse(message_dict.get("parent_id") or [])
        for message in (bounced.sudo(), parent):
            if message.model == "psa.ticket" and message.res_id:
                return self.browse(message.res_id).sudo().exists()._get_survivor()
        # Bounces that follow no standard quote the headers of what came back.
        text = unescape(str(message_dict["body"])) + incoming.raw.decode("latin-1")
        references = set(_OWN_REFERENCE.findall(text))
        if not references:
            return self.browse()
        message = messages.search(
            [
                ("message_id", "in", sorted(references)[:32]),
                ("model", "=", "psa.ticket"),
            ],
            limit=1,
        )
        return self.browse(message.res_id or []).sudo().exists()._get_survivor()

    # ------------------------------------------------------------
    # Who belongs to a ticket
    # ------------------------------------------------------------

    def _has_sender(self, incoming, message_dict):
        """Does the sender of a mail belong to the ticket?

        The contact, a follower, whoever is in CC, an internal user, and anybody of
        the same client. Notes the author in ``message_dict``, too.
        """
        self.ensure_one()
        email = email_normalize(message_dict["email_from"] or "")
        if not email:
            return False
        partners = self.env["res.partner"].sudo()
        author = partners.browse(message_dict.get("author_id"))
        if not author and not incoming.is_author_known:
            author = self._partner_find_from_emails_single(
                [message_dict["email_from"]], no_create=True
            )[:1].sudo()
        message_dict["author_id"] = author.id
        incoming.is_author_known = True
        return bool(
            email == self.email_normalized
            or (author and self._has_partner(author))
            or email in email_normalize_all(self.email_cc or "")
            or self._has_domain(email)
        )

    def _has_partner(self, partner):
        """Is the partner internal, of the client, or a follower?"""
        return (
            self.company_id in partner.user_ids.filtered("active").company_ids
            if not partner.partner_share
            else partner == self.partner_id
            or (self.client_id and partner.commercial_partner_id == self.client_id)
            or partner in self.message_partner_ids
        )

    def _has_domain(self, email):
        """Is the address at the mail domain of the client, and of nobody else's?"""
        domain = domain_of(email)
        if is_public_domain(domain):
            return False
        clients = self.env["res.partner"]._psa_find_clients(email, self.company_id)
        if self.client_id:
            return clients == self.client_id
        # Colleagues of somebody who is not known yet.
        return not clients and domain == domain_of(self.email_normalized)

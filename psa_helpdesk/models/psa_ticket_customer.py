# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from psycopg2.errors import UniqueViolation

from odoo import Command, api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.tools import html2plaintext, plaintext2html


class PsaTicketCustomer(models.AbstractModel):
    """What a customer does with a ticket on the portal.

    The methods run in sudo after ``_get_portal_access`` has let the customer in. Called
    twice they do their work once: forms are sent twice. At the same time, too: each one
    writes the ticket, and the host repeats the request that comes second.
    """

    _name = "psa.ticket.customer"
    _description = "Actions of a Ticket's Customer"
    _inherit = ["psa.ticket.colleague"]

    portal_key = fields.Char(
        readonly=True,
        copy=False,
        export_string_translation=False,
        help="Of the form the ticket was sent with: sent twice it makes one ticket.",
    )
    rated_round = fields.Integer(
        readonly=True,
        copy=False,
        export_string_translation=False,
        help="Times reopened plus one when the customer rated: once per closing.",
    )

    _portal_key_unique = models.UniqueIndex(
        "(create_uid, portal_key) WHERE portal_key IS NOT NULL"
    )

    # ------------------------------------------------------------
    # What is allowed
    # ------------------------------------------------------------

    def _is_merged_or_archived(self):
        return bool(self.merged_into_id) or not self.active

    def _can_customer_reopen(self):
        """Is the ticket over, for not longer than its team takes it back?"""
        self.ensure_one()
        return not (self.is_open or self._is_merged_or_archived() or self._is_over())

    def _can_customer_write(self):
        self.ensure_one()
        if self._is_merged_or_archived():
            return False
        return self.is_open or self._can_customer_reopen()

    def _can_customer_close(self):
        self.ensure_one()
        done = not self.is_open and self.state != "resolved"
        return not done and not self._is_merged_or_archived()

    def _can_customer_rate(self):
        self.ensure_one()
        return (
            self.state in ("resolved", "closed")
            and self.rated_round <= self.reopen_count
            and not self._is_merged_or_archived()
        )

    # ------------------------------------------------------------
    # Close, reopen, rate
    # ------------------------------------------------------------

    def _close_for_customer(self, person):
        """Close a ticket whose customer says that it is solved.

        While mandatory steps are open only the technician is told.

        :return: whether the ticket is over
        """
        self.ensure_one()
        if not self._can_customer_close():
            return not self.is_open
        if self.is_open and self.checklist_ids.filtered(
            lambda item: item.is_mandatory and not item.is_done
        ):
            self._tell_technician(
                person,
                self.env._(
                    "The customer says that it is solved. Some mandatory steps are "
                    "still to be done."
                ),
            )
            self.has_unread_reply = True
            return False
        self._tell_technician(
            person, self.env._("The customer says that it is solved.")
        )
        values = {}
        if not self.hours_spent and not self.no_time_reason:
            values["no_time_reason"] = self.env._("Closed by the customer.")
        self._track_as(person)
        self._move_to("closed", **values)
        return True

    def _reopen_for_customer(self, person, text):
        """Take a ticket back that is not solved, with what its customer writes.

        :param text: plain text
        :return: the ticket that goes on: a new one when this is over for too long
        """
        self.ensure_one()
        if not self.is_open and not self._can_customer_reopen():
            return self._follow_up_for_customer(person, text)
        if self.is_open and self._has_written_last(person, text):
            return self
        self.message_post(
            body=plaintext2html(text),
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            **self._get_author_values(person),
        )
        self._track_as(person)
        self._reopen()
        return self

    def _rate_for_customer(self, person, rate, feedback):
        """Keep how content the customer is, once per closing.

        :param rate: 1, 3 or 5, as the host's smileys
        :return: whether the rating was taken
        """
        self.ensure_one()
        if not self._can_customer_rate():
            return False
        # The one of the mail that asked, if there is: its links are used up, too.
        self.rating_apply(
            rate, token=self._rating_get_access_token(person), feedback=feedback
        )
        return True

    def _get_author_values(self, person):
        """Return the author of a message: a person, or the address of an unknown."""
        if person:
            return {"author_id": person.id}
        return {"author_id": False, "email_from": self.email_from}

    def _track_as(self, person):
        """Let the history name the customer, not the public user."""
        if person:
            self._track_set_author(person)

    def _tell_technician(self, person, text):
        self.message_post(
            body=text,
            message_type="comment",
            subtype_xmlid="mail.mt_note",
            partner_ids=self.user_id.partner_id.ids,
            **self._get_author_values(person),
        )

    def _has_written_last(self, person, text):
        last = self.env["mail.message"].search(
            self._get_portal_message_domain(), order="id desc", limit=1
        )
        return last.author_id == person and (
            html2plaintext(last.body or "").split() == text.split()
        )

    # ------------------------------------------------------------
    # New tickets
    # ------------------------------------------------------------

    @api.model
    def _get_portal_choices(self, user):
        """Return what a customer can choose from when he opens a ticket, in sudo.

        :return: dict of records: teams, types, and colleagues to ask for help for
        """
        # In sudo: customers have no access right to any of them.
        user = user.sudo()
        person = user.partner_id
        colleagues = person.browse()
        if person.psa_is_ticket_responsible:
            colleagues = self._get_colleagues(person.commercial_partner_id) - person
        return {
            "teams": self.env["psa.ticket.team"]
            .sudo()
            .search(
                [
                    ("is_on_portal", "=", True),
                    ("company_id", "in", user.company_ids.ids),
                ]
            ),
            "types": self.env["psa.ticket.type"]
            .sudo()
            .search([("is_on_portal", "=", True)]),
            "colleagues": colleagues,
        }

    @api.model
    def _create_for_customer(self, values, reporter, watchers=(), files=()):
        """Create a ticket a customer opened, acknowledge it and return it.

        :param values: with the partner; the reporter is kept when he is somebody else
        :param watchers: addresses of colleagues
        :param files: pairs of name and content
        :raise ConcurrencyError: when the same form is at work elsewhere; the host
            repeats the request, which then finds the ticket
        """
        key = values.get("portal_key")
        sent = key and self.search(
            [("create_uid", "=", self.env.uid), ("portal_key", "=", key)]
        )
        if sent:
            return sent
        if reporter.id != values["partner_id"]:
            values = {**values, "reported_by_id": reporter.id}
        try:
            with self.env.cr.savepoint():
                ticket = self.create({**values, "channel": "portal"})
        except UniqueViolation as error:
            raise ConcurrencyError("The form was sent twice.") from error
        ticket.message_subscribe(
            partner_ids=(ticket.partner_id | ticket.reported_by_id).ids
        )
        for address in watchers:
            ticket._add_watcher(address)
        self.env["ir.attachment"].create(
            [
                {
                    "name": name,
                    "raw": content,
                    "res_model": ticket._name,
                    "res_id": ticket.id,
                }
                for name, content in files
            ]
        )
        ticket._request_acknowledgement()
        return ticket

    def _follow_up_for_customer(self, person, text):
        """Return the ticket that goes on with one that is over for too long.

        A new one that is linked, unless the last one is still open.
        """
        self.ensure_one()
        before = self.related_ids.filtered(
            lambda ticket: (ticket.portal_key or "").startswith(f"after-{self.id}-")
        )
        going_on = before.filtered("is_open")[:1]
        if going_on:
            return going_on._reopen_for_customer(person, text)
        return self._create_for_customer(
            {
                "name": self.name,
                "description": plaintext2html(text),
                "team_id": self.team_id.id,
                "partner_id": self.partner_id.id,
                "client_id": self.client_id.id,
                "email_from": self.email_from,
                "type_id": self.type_id.id,
                "category_id": self.category_id.id,
                "related_ids": [Command.link(self.id)],
                "portal_key": f"after-{self.id}-{len(before)}",
            },
            person or self.partner_id,
        )

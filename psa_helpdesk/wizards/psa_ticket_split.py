# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

#: what people wrote; what happened to the ticket stays with it
MOVABLE = ("comment", "email", "email_outgoing")


class PsaTicketSplit(models.TransientModel):
    """Makes a second ticket of a second request in the same conversation."""

    _name = "psa.ticket.split"
    _description = "Split a Ticket"

    ticket_id = fields.Many2one(
        "psa.ticket", required=True, default=lambda self: self._default_ticket_id()
    )
    name = fields.Char(string="Subject", required=True)
    message_ids = fields.Many2many(
        "mail.message",
        string="Messages",
        domain="[('model', '=', 'psa.ticket'), ('res_id', '=', ticket_id),"
        " ('message_type', 'in', ('comment', 'email', 'email_outgoing'))]",
        help="Go to the new ticket with their files; answers to them follow.",
    )

    def _default_ticket_id(self):
        return self.env["psa.ticket"].browse(self.env.context.get("active_id"))

    def action_split(self):
        """Create the new ticket, move the messages and open it.

        :raise UserError: when a message is not one that people wrote on this ticket
        """
        self.ensure_one()
        ticket = self.ticket_id
        ticket.check_access("write")
        # In sudo: the checked messages are moved whoever wrote them.
        messages = self.message_ids.sudo().sorted("id")
        self._check_messages(messages)
        new = ticket.create(self._prepare_ticket_values(messages))
        # In sudo: nobody sets these by hand.
        new.sudo().write(self._prepare_times(messages, new))
        messages.write({"res_id": new.id})
        ids = [message_id for message_id in messages.mapped("message_id") if message_id]
        self.env["psa.incoming.mail"].sudo().search(
            [("ticket_id", "=", ticket.id), ("message_id", "in", ids)]
        ).ticket_id = new
        messages.attachment_ids.filtered(
            lambda file: (file.res_model, file.res_id) == (ticket._name, ticket.id)
        ).write({"res_id": new.id})
        self._note_split(new)
        return new._get_form_action()

    def _check_messages(self, messages):
        ticket = self.ticket_id
        foreign = messages.filtered(
            lambda message: (
                (message.model, message.res_id) != (ticket._name, ticket.id)
                or message.message_type not in MOVABLE
            )
        )
        if foreign:
            raise UserError(
                self.env._("Only messages of %s can be moved.", ticket.display_name)
            )

    def _prepare_ticket_values(self, messages):
        """Return the values of the new ticket.

        Extend: add what of yours both tickets have in common.
        """
        ticket = self.ticket_id
        contact = self._get_contact(messages)
        first = messages[:1]
        return {
            "name": self.name,
            "description": first.body,
            "team_id": ticket.team_id.id,
            "user_id": ticket.user_id.id,
            "type_id": ticket.type_id.id,
            "category_id": ticket.category_id.id,
            "tag_ids": [Command.set(ticket.tag_ids.ids)],
            "channel": ticket.channel,
            "impact": ticket.impact,
            "urgency": ticket.urgency,
            "partner_id": contact.id,
            "client_id": ticket.client_id.id,
            "email_from": contact.email_formatted or ticket.email_from,
            "email_cc": ticket.email_cc,
            "project_id": ticket.project_id.id,
            "task_id": ticket.task_id.id,
            "related_ids": [Command.link(ticket.id)],
        }

    def _prepare_times(self, messages, new):
        """Return when the customer asked and was answered, by the moved messages."""
        asked, answered = [], []
        for message in messages.filtered(lambda message: not message.is_internal):
            is_by_customer = new._is_by_customer(message.author_id.id)
            (asked if is_by_customer else answered).append(message.date)
        values = {"opened_at": messages[:1].date or new.opened_at}
        if answered:
            values.update(first_answer_at=min(answered), last_answer_at=max(answered))
        if asked:
            values["last_customer_message_at"] = max(asked)
        return values

    def _get_contact(self, messages):
        """Return the colleague of the customer who wrote first, or the contact."""
        ticket = self.ticket_id
        client = ticket.client_id
        authors = messages.author_id.filtered(
            lambda author: client and author.commercial_partner_id == client
        )
        return authors[:1].with_env(self.env) or ticket.partner_id

    def _note_split(self, new):
        note = {"message_type": "comment", "subtype_xmlid": "mail.mt_note"}
        ticket = self.ticket_id
        new.message_post(
            body=Markup("<p>%s</p>")
            % self.env._("Split off %s.", ticket._get_html_link()),
            **note,
        )
        ticket.message_post(
            body=Markup("<p>%s</p>")
            % self.env._("A part goes on as %s.", new._get_html_link()),
            **note,
        )

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.tools import email_normalize_all

from ..tools.mail_subject import clean_subject


class PsaTicketConversation(models.AbstractModel):
    """Who wrote last, what that means for the ticket, and who is told."""

    _name = "psa.ticket.conversation"
    _description = "Conversation of a Ticket"
    _inherit = ["mail.thread"]

    has_unread_reply = fields.Boolean(
        string="Customer Replied",
        copy=False,
        help="The customer wrote last and nobody has answered or read it.",
    )
    first_answer_at = fields.Datetime(
        string="First Answer",
        readonly=True,
        copy=False,
        help="When a person first answered; the acknowledgement does not count.",
    )
    last_answer_at = fields.Datetime(string="Last Answer", readonly=True, copy=False)
    answer_count = fields.Integer(
        string="Answers",
        readonly=True,
        copy=False,
        help="Messages of technicians to the customer: how many touches it took.",
    )
    last_customer_message_at = fields.Datetime(
        string="Last Message of the Customer", readonly=True, copy=False
    )

    def action_mark_read(self):
        """Note that the customer's last message needs no answer."""
        self.filtered("has_unread_reply").write({"has_unread_reply": False})

    # ------------------------------------------------------------
    # After a message
    # ------------------------------------------------------------

    def _message_post_after_hook(self, message, msg_values):
        result = super()._message_post_after_hook(message, msg_values)
        incoming = self.env.context.get("psa_incoming")
        if incoming and incoming.decision == "ticket":
            # It is the ticket itself; all that may be missing are its pictures.
            if "cid:" in incoming.body:
                self.description = message.body
        elif self._is_conversation(msg_values):
            # Who wrote may have no right on tickets: a customer, or the gateway.
            ticket = self.sudo()
            if ticket._is_by_customer(msg_values.get("author_id")):
                ticket._note_customer_message()
            else:
                ticket._note_answer()
        return result

    def _is_conversation(self, msg_values):
        """Did a person write something that the customer may read?"""
        if msg_values.get("message_type") not in ("email", "comment"):
            return False
        if msg_values.get("is_internal"):
            return False
        subtype_id = msg_values.get("subtype_id")
        if subtype_id == self._get_comment_subtype_id():
            return True
        subtypes = self.env["mail.message.subtype"].sudo()
        return not subtypes.browse(subtype_id).internal

    def _get_comment_subtype_id(self):
        return self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_comment")

    def _is_by_customer(self, author_id):
        """Is this author one of the customer's people? An unknown address is."""
        author = self.env["res.partner"].browse(author_id or [])
        return not author or author.partner_share or author == self.partner_id

    def _note_customer_message(self):
        """The customer wrote: somebody has to read it, and the work goes on."""
        if not self.active:
            # Nobody would see it.
            self.active = True
        if not self.is_open:
            self._reopen()
        self._write_conversation(
            "waiting_client",
            {
                "has_unread_reply": True,
                "last_customer_message_at": fields.Datetime.now(),
            },
        )

    def _note_answer(self):
        """A technician wrote to the customer."""
        now = fields.Datetime.now()
        values = {
            "has_unread_reply": False,
            "last_answer_at": now,
            "answer_count": self.answer_count + 1,
        }
        if not self.first_answer_at:
            values["first_answer_at"] = now
        self._write_conversation("new", values)

    def _write_conversation(self, state, values):
        """Write values; tickets in this state are in progress by what was written."""
        if self.state == state:
            self._move_to("in_progress", **values)
        else:
            # Nothing of it is tracked; to find that out costs a query.
            self.with_context(mail_notrack=True).write(values)

    def _message_compute_author(self, author_id=None, email_from=None):
        incoming = self.env.context.get("psa_incoming")
        if incoming and incoming.is_author_known and not self.partner_id and email_from:
            # Nobody's address, when it is none's yet: that has been found out.
            author_id = author_id or False
        return super()._message_compute_author(author_id, email_from)

    def _message_compute_parent_id(self, parent_id):
        incoming = self.env.context.get("psa_incoming")
        if incoming and incoming.decision == "ticket":
            # The first message; to look for others costs a query.
            return False
        return super()._message_compute_parent_id(parent_id)

    # ------------------------------------------------------------
    # Who is told
    # ------------------------------------------------------------

    def message_post(self, **kwargs):
        if self._is_answer(kwargs):
            kwargs = self._add_customer(kwargs)
        if kwargs.get("subject") and kwargs.get("message_type") != "notification":
            kwargs = {**kwargs, "subject": self._add_number(kwargs["subject"])}
        return super().message_post(**kwargs)

    def _add_number(self, subject):
        """Write the number into a subject, so that answers without thread arrive.

        A subject that says nothing new becomes the ticket's name, which the timeline
        need not repeat.
        """
        ticket = self.sudo()
        mark = f"[{ticket.number}]"
        if clean_subject(subject, numbers=[ticket.number]) == ticket.name:
            return f"{mark} {ticket.name}"
        return subject if mark in subject else f"{mark} {subject}"

    def _is_answer(self, kwargs):
        """Is this a message by a technician to the customer?"""
        if kwargs.get("message_type") not in ("comment", "email"):
            return False
        if kwargs.get("subtype_xmlid"):
            public = kwargs["subtype_xmlid"] == "mail.mt_comment"
        else:
            public = kwargs.get("subtype_id") == self._get_comment_subtype_id()
        if not public or kwargs.get("is_internal"):
            return False
        if "author_id" in kwargs and kwargs["author_id"] is not None:
            author_id = kwargs["author_id"]
        else:
            author_id = self.env.user.partner_id.id
        # Portal users may post without reading partners.
        return not self.sudo()._is_by_customer(author_id)

    def _add_customer(self, kwargs):
        """Let the customer get what a technician writes, follower or not.

        Whoever is in CC gets it, too, unless the technician chose whom to write to.
        """
        ticket = self.sudo()
        chosen = set(kwargs.get("partner_ids") or ())
        emails = email_normalize_all(kwargs.get("outgoing_email_to") or "")
        told = email_normalize_all(
            f"{kwargs.get('incoming_email_to') or ''},"
            f"{kwargs.get('incoming_email_cc') or ''}"
        )
        added = []
        if ticket.partner_id.email_normalized:
            chosen.add(ticket.partner_id.id)
        elif ticket.email_normalized not in (*emails, *told, False):
            added.append(ticket.email_from)
        if not kwargs.get("partner_ids") and not emails:
            added += [
                email
                for email in email_normalize_all(ticket.email_cc or "")
                if email not in (*told, ticket.email_normalized)
            ]
        outgoing = [kwargs.get("outgoing_email_to") or "", *added]
        return {
            **kwargs,
            "partner_ids": sorted(chosen),
            "outgoing_email_to": ",".join(filter(None, outgoing)) or False,
        }

    def _notify_thread_by_email(self, message, recipients_data, **kwargs):
        thread = self
        customer = self.sudo().partner_id
        if not any(data["id"] == customer.id for data in recipients_data):
            # The link for the customer takes tokens, which nobody would get.
            thread = thread.with_context(psa_without_customer=True)
        if self.sudo().acknowledgement_state == "pending":
            # Goes out with the acknowledgement, while the gateway reads on.
            thread = thread.with_context(mail_notify_force_send=False)
            kwargs["mail_auto_delete"] = False
        return super(PsaTicketConversation, thread)._notify_thread_by_email(
            message, recipients_data, **kwargs
        )

    def _mail_get_partners(self, introspect_fields=False):
        if self.env.context.get("psa_without_customer"):
            return {ticket.id: self.env["res.partner"] for ticket in self}
        return super()._mail_get_partners(introspect_fields=introspect_fields)

    def _notify_thread_with_out_of_office(
        self, message, recipients_data, msg_vals=False, **kwargs
    ):
        incoming = self.env.context.get("psa_incoming")
        # A new ticket is nobody's yet, and two machines that are both away would write
        # to each other for ever.
        if incoming and (incoming.decision != "reply" or incoming.kind.is_automatic):
            return self.env["mail.message"]
        return super()._notify_thread_with_out_of_office(
            message, recipients_data, msg_vals=msg_vals, **kwargs
        )

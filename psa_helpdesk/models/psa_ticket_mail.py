# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class PsaTicketMail(models.AbstractModel):
    """The conversation with the customer by mail."""

    _name = "psa.ticket.mail"
    _description = "Conversation of a Ticket"
    _inherit = ["mail.thread.cc"]

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
    last_customer_message_at = fields.Datetime(
        string="Last Message of the Customer", readonly=True, copy=False
    )

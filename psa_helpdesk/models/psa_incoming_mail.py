# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import logging
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import escape

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools.mail_header import opening
from ..tools.mail_quote import storable

_logger = logging.getLogger(__name__)

KINDS = [
    ("human", "Written by a Person"),
    ("bounce", "Not Delivered"),
    ("auto_reply", "Automatic Reply"),
    ("report", "Receipt or Report"),
    ("bulk", "Mailing List"),
    ("automatic", "Written by a Program"),
    ("own", "Own Address"),
]
DECISIONS = [
    ("held", "Held"),
    ("ticket", "New Ticket"),
    ("reply", "Reply"),
    ("note", "Internal Note"),
    ("dismissed", "Dismissed"),
]
CAUSES = [
    ("automatic", "Not Written by a Person"),
    ("stranger", "Sender Does Not Belong to the Ticket"),
    ("loop", "Too Many From This Sender"),
    ("refused", "Refused by the Mail Alias"),
    ("error", "Could Not Be Processed"),
]


class PsaIncomingMail(models.Model):
    """A mail that came in for the helpdesk, and what became of it.

    Held ones wait for somebody to make a ticket of them, add them to one or dismiss
    them.
    """

    _name = "psa.incoming.mail"
    _description = "Incoming Mail"
    _rec_name = "subject"
    _order = "id desc"

    message_id = fields.Char(
        string="Message-ID", required=True, readonly=True, copy=False
    )
    subject = fields.Char(readonly=True)
    email_from = fields.Char(string="From", readonly=True)
    kind = fields.Selection(KINDS, readonly=True)
    kind_reason = fields.Char(
        string="Recognized By", readonly=True, help="The header or the rule."
    )
    decision = fields.Selection(DECISIONS, required=True, readonly=True)
    cause = fields.Selection(
        CAUSES, readonly=True, help="Why it was held or is an internal note."
    )
    error = fields.Text(readonly=True, help="What went wrong, for the administrator.")
    team_id = fields.Many2one(
        "psa.ticket.team", readonly=True, index="btree_not_null", ondelete="set null"
    )
    company_id = fields.Many2one("res.company", readonly=True, index=True)
    ticket_id = fields.Many2one(
        "psa.ticket", readonly=True, index="btree_not_null", ondelete="set null"
    )
    suggested_ticket_id = fields.Many2one(
        "psa.ticket",
        string="Add To",
        index="btree_not_null",
        ondelete="set null",
        help="The ticket to add the mail to; filled in when the mail names one.",
    )
    body = fields.Html(readonly=True, help="What it says, as long as it is held.")
    raw = fields.Binary(
        string="Raw Mail",
        attachment=True,
        readonly=True,
        groups="psa_core.group_psa_manager",
    )
    raw_name = fields.Char(compute="_compute_raw_name", export_string_translation=False)
    handled_by_id = fields.Many2one("res.users", readonly=True)
    handled_at = fields.Datetime(string="Handled", readonly=True)

    _message_id_unique = models.UniqueIndex(
        "(message_id)", "This mail has come in already."
    )
    _held_idx = models.Index("(id DESC) WHERE decision = 'held'")

    @api.depends("message_id")
    def _compute_raw_name(self):
        for mail in self:
            mail.raw_name = f"mail-{mail.id}.eml"

    def write(self, vals):
        if not self.env.su and vals.keys() - {"suggested_ticket_id"}:
            raise AccessError(
                self.env._("What came in by mail is not changed, only dealt with.")
            )
        return super().write(vals)

    # ------------------------------------------------------------
    # Gateway
    # ------------------------------------------------------------

    @api.model
    def _record(self, incoming):
        """Keep a mail that the gateway is done with, and its raw file.

        Nothing is kept of a mail that no decision was needed for: it is not for the
        helpdesk, or came twice.

        :return: the row, or none
        """
        if not incoming.decision or incoming.is_released:
            return self.browse()
        # The gateway may run as anybody.
        mails = self.sudo()
        if incoming.decision == "held" and mails.search_count(
            [("message_id", "=", incoming.key)], limit=1
        ):
            _logger.info("Mail %s came twice", incoming.message_id)
            return self.browse()
        mail = mails.create(self._prepare_values(incoming))
        self.env["ir.attachment"].sudo().create(
            {
                "name": mail.raw_name,
                "raw": incoming.raw,
                # Not "text": the host would keep the words of the file twice.
                "mimetype": "message/rfc822",
                "res_model": self._name,
                "res_field": "raw",
                "res_id": mail.id,
            }
        )
        mail.invalidate_recordset(["raw"])
        return mail

    @api.model
    def _prepare_values(self, incoming):
        kind = incoming.kind
        is_held = incoming.decision == "held"
        return {
            "message_id": incoming.key,
            "subject": incoming.text_header("Subject")[:500],
            "email_from": incoming.text_header("From")[:500],
            "kind": kind and kind.kind,
            "kind_reason": kind and storable(kind.reason),
            "decision": incoming.decision,
            "cause": incoming.cause or False,
            "error": incoming.error or False,
            "team_id": incoming.team_id,
            "company_id": incoming.company_id,
            "ticket_id": incoming.ticket_id,
            "suggested_ticket_id": incoming.suggested_ticket_id,
            "body": incoming.body if is_held else False,
        }

    @api.model
    def _hold_after(self, incoming, error):
        """Keep a mail that could not be processed, and what went wrong."""
        _logger.warning(
            "Mail %s is held: %s", incoming.message_id, error, exc_info=error
        )
        text = ""
        try:
            message = message_from_bytes(incoming.raw, policy=policy.SMTP)
            incoming.classify(message, ())
            text = storable(escape(opening(message)))
        except Exception:
            # To read it may be what went wrong; its headers and the file are kept.
            _logger.info("Mail %s cannot be read", incoming.message_id, exc_info=True)
        incoming.hold("error", incoming.suggested_ticket_id)
        incoming.error = storable(f"{type(error).__name__}: {error}")[:2000]
        incoming.body = Markup("<pre>%s</pre>") % Markup(text)
        if not incoming.company_id:
            incoming.company_id = self.env.company.id
        self._record(incoming)

    # ------------------------------------------------------------
    # Actions on held mail
    # ------------------------------------------------------------

    def action_make_ticket(self):
        """Make tickets of held mails, as if they had just come in."""
        return self._release("ticket")

    def action_add_as_reply(self):
        """Add held mails to their ticket, as messages of the customer."""
        return self._release("reply")

    def action_add_as_note(self):
        """Add held mails to their ticket, where the customer does not see them."""
        return self._release("note")

    def action_dismiss(self):
        self._get_held()._note_handled(decision="dismissed")

    def _get_held(self):
        """Return the mails that are still held, locked.

        :raise UserError: when somebody else has dealt with one of them
        """
        self.check_access("write")
        mails = self.sudo()
        mails.lock_for_update()
        mails.invalidate_recordset(["decision"])
        done = mails.filtered(lambda mail: mail.decision != "held")
        if done:
            raise UserError(
                self.env._(
                    "“%(mail)s” has been dealt with already.", mail=done[0].display_name
                )
            )
        return mails

    def _note_handled(self, **values):
        # What happens to a held mail is decided here; technicians cannot write the
        # outcome themselves.
        self.sudo().write(
            {
                **values,
                "body": False,
                "handled_by_id": self.env.uid,
                "handled_at": fields.Datetime.now(),
            }
        )

    def _release(self, decision):
        """Let held mails pass the gateway with a decision that a person has made."""
        tickets = self.env["psa.ticket"]
        for mail in self._get_held():
            if decision != "ticket" and not mail.suggested_ticket_id:
                raise UserError(self.env._("Choose the ticket to add the mail to."))
            if decision != "ticket":
                mail.suggested_ticket_id.with_env(self.env).check_access("write")
            ticket = mail._process_again(decision)
            mail.with_env(self.env)._note_handled(
                decision=decision, ticket_id=ticket.id
            )
            tickets |= ticket
        return self._open_tickets(tickets.with_env(self.env))

    def _process_again(self, decision):
        """Give the mail to the gateway once more, if need be in a simpler form."""
        self.ensure_one()
        attachment = self.env["ir.attachment"].search(
            [
                ("res_model", "=", self._name),
                ("res_field", "=", "raw"),
                ("res_id", "=", self.id),
            ],
            limit=1,
        )
        for raw in filter(None, (attachment.raw, self._get_simple_form())):
            ticket_id = self.env["mail.thread"]._psa_release(
                raw,
                decision,
                self.team_id or self._get_default_team(),
                decision != "ticket" and self.suggested_ticket_id,
            )
            if ticket_id:
                return self.env["psa.ticket"].browse(ticket_id)
        raise UserError(
            self.env._("“%(mail)s” cannot be processed.", mail=self.display_name)
        )

    def _get_default_team(self):
        return self.env["psa.ticket.team"]._get_default(
            self.company_id or self.env.company
        )

    def _get_simple_form(self):
        """Return a mail that can be processed, with what could be read of this one."""
        message = EmailMessage(policy=policy.SMTP)
        message["Message-Id"] = self.message_id
        message["From"] = self.email_from or "unknown"
        message["Subject"] = self.subject or ""
        message.set_content(str(self.body or ""), subtype="html")
        return message.as_bytes()

    def _open_tickets(self, tickets):
        action = {
            "type": "ir.actions.act_window",
            "res_model": "psa.ticket",
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", tickets.ids)],
            "name": self.env._("Tickets"),
        }
        if len(tickets) == 1:
            action.update(res_id=tickets.id, views=[(False, "form")])
        return action

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import logging
from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models, modules
from odoo.tools import split_every

from .mail_thread import CONCURRENCY_ERRORS

_logger = logging.getLogger(__name__)

#: how many acknowledgements an address gets, and in how many minutes
LIMIT_COUNT = 5
LIMIT_MINUTES = 60
#: and in a day: a robot that nothing gives away stays below the first for ever
DAILY_LIMIT = 10
#: acknowledged between two commits
_CHUNK = 10
GC_LIMIT = 1000
_HEADERS = {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}


class PsaTicketAcknowledgement(models.AbstractModel):
    """The answer that a customer gets at once: we have it, here is its number."""

    _name = "psa.ticket.acknowledgement"
    _description = "Acknowledgement of a Ticket"
    _inherit = ["mail.thread"]

    acknowledgement_state = fields.Selection(
        [
            ("none", "None"),
            ("pending", "To Send"),
            ("sent", "Sent"),
            ("skipped", "Left Out"),
            ("failed", "Failed"),
        ],
        string="Acknowledgement",
        default="none",
        readonly=True,
        copy=False,
        help="The answer with the number that the customer gets at once.",
    )
    acknowledgement_reason = fields.Char(
        readonly=True, copy=False, help="Why the customer got no acknowledgement."
    )
    acknowledged_at = fields.Datetime(string="Acknowledged", readonly=True, copy=False)

    _acknowledgement_idx = models.Index("(id) WHERE acknowledgement_state = 'pending'")
    _acknowledged_idx = models.Index(
        "(email_normalized, acknowledged_at) WHERE acknowledged_at IS NOT NULL"
    )

    def _request_acknowledgement(self):
        """Let the customers of new tickets be written to, where the team does that.

        Asked twice it is sent once.
        """
        due = self.filtered(
            lambda ticket: (
                ticket.acknowledgement_state == "none" and ticket.team_id.acknowledge
            )
        )
        # Users cannot set it themselves.
        due.sudo().with_context(mail_notrack=True).write(
            {"acknowledgement_state": "pending"}
        )
        due._wake_acknowledgement()

    def _wake_acknowledgement(self):
        """Start the job at once when one of these tickets waits for it."""
        if "pending" in self.mapped("acknowledgement_state"):
            cron_id = self.env["ir.model.data"]._xmlid_to_res_id(
                "psa_helpdesk.ir_cron_acknowledge"
            )
            # Whoever opens a ticket may wake up the job.
            self.env["ir.cron"].sudo().browse(cron_id)._trigger()

    # ------------------------------------------------------------
    # Sending
    # ------------------------------------------------------------

    @api.model
    def _cron_acknowledge(self):
        """Acknowledge the tickets that wait for it, some at a time."""
        cron = self.env["ir.cron"]
        ids = self.search([("acknowledgement_state", "=", "pending")], order="id").ids
        cron._commit_progress(remaining=len(ids))
        for chunk in split_every(_CHUNK, ids):
            # Locked, so that each is acknowledged once, whoever else runs.
            tickets = self.browse(chunk).try_lock_for_update()
            tickets = tickets.filtered(
                lambda ticket: ticket.acknowledgement_state == "pending"
            )
            tickets._acknowledge()
            # What is written is sure to be sent now: the host's queue has it, too.
            seconds_left = cron._commit_progress(len(chunk))
            tickets._send_waiting_mails()
            if not seconds_left:
                break

    def _acknowledge(self):
        """Write to the customers of tickets, or note why not."""
        recent = self._count_recent_acknowledgements()
        for ticket in self:
            email = ticket.email_normalized or ticket.partner_id.email_normalized
            reason = ticket._get_acknowledgement_hindrance(email, recent[email])
            if reason:
                ticket._note_acknowledgement("skipped", reason)
                continue
            try:
                with self.env.cr.savepoint():
                    ticket._write_acknowledgement()
                recent[email].append(ticket.acknowledged_at)
            except CONCURRENCY_ERRORS:
                raise
            except Exception as error:
                # One that cannot be written must not keep the others waiting.
                _logger.warning(
                    "Ticket %s was not acknowledged", ticket.id, exc_info=True
                )
                ticket._note_acknowledgement("failed", str(error))

    def _count_recent_acknowledgements(self):
        """Return how many each of the addresses got lately: {address: [times]}."""
        addresses = {*self.mapped("email_normalized")}
        since = fields.Datetime.now() - timedelta(hours=24)
        return defaultdict(
            list,
            self.with_context(active_test=False)._read_group(
                [
                    ("email_normalized", "in", sorted(addresses - {False})),
                    ("acknowledged_at", ">", since),
                ],
                ["email_normalized"],
                ["acknowledged_at:array_agg"],
            ),
        )

    def _get_acknowledgement_hindrance(self, email, recent):
        """Return why the customer of this ticket is not written to, or nothing."""
        self.ensure_one()
        if not email:
            return self.env._("No mail address")
        since = fields.Datetime.now() - timedelta(minutes=LIMIT_MINUTES)
        within = sum(sent > since for sent in recent)
        if within >= LIMIT_COUNT:
            return self.env._(
                "%(number)s acknowledgements within %(minutes)s minutes",
                number=within,
                minutes=LIMIT_MINUTES,
            )
        if len(recent) >= DAILY_LIMIT:
            return self.env._("%s acknowledgements within a day", len(recent))
        return ""

    def _note_acknowledgement(self, state, reason=False):
        values = {
            "acknowledgement_state": state,
            "acknowledgement_reason": reason and reason[:200],
        }
        if state == "sent":
            values["acknowledged_at"] = fields.Datetime.now()
        # Nothing of it is tracked; to find that out costs a query.
        self.with_context(mail_notrack=True).write(values)

    def _write_acknowledgement(self):
        """Put the acknowledgement into the conversation and the queue of mails."""
        self.ensure_one()
        lang = self._get_customer_lang()
        template = self.env["mail.template"].browse(
            self.env["ir.model.data"]._xmlid_to_res_id(
                "psa_helpdesk.mail_template_ticket_acknowledgement"
            )
        )
        template = template.with_context(lang=lang)
        body = template._render_field(
            "body_html", self.ids, options={"post_process": True}
        )[self.id]
        subject = template._render_field("subject", self.ids)[self.id]
        address = self.email_from or self.partner_id.email_formatted
        self.env["mail.mail"]._psa_queue(
            self,
            "psa_helpdesk.mt_ticket_acknowledgement",
            address,
            _HEADERS,
            **self._prepare_automatic_mail(subject),
            body=body,
            body_html=body,
            references=self._get_opening_reference(),
        )
        self._note_acknowledgement("sent")

    def _get_opening_reference(self):
        """Return the Message-ID of what opened the ticket: programs group by it."""
        opening = self.env["mail.message"].search_fetch(
            [
                ("model", "=", self._name),
                ("res_id", "=", self.id),
                ("message_type", "=", "email"),
            ],
            ["message_id"],
            order="id",
            limit=1,
        )
        return opening.message_id

    def _send_waiting_mails(self):
        """Send the acknowledgements and what else was left to go out with them."""
        # The host reads one field after the other.
        mails = self.env["mail.mail"].search_fetch(
            [
                ("state", "=", "outgoing"),
                ("model", "=", self._name),
                ("res_id", "in", self.ids),
            ]
        )
        mails.mail_message_id.fetch()
        # As the host's queue does: what was sent stays sent, whatever comes after.
        mails.send(auto_commit=not modules.module.current_test)

    @api.autovacuum
    def _gc_sent_mails(self):
        """Delete sent acknowledgements from the queue; the messages stay."""
        mails = self.env["mail.mail"].search(
            [
                ("model", "=", "psa.ticket"),
                ("is_notification", "=", True),
                ("auto_delete", "=", False),
                ("state", "=", "sent"),
            ],
            limit=GC_LIMIT,
        )
        mails.unlink()
        return len(mails), len(mails) == GC_LIMIT

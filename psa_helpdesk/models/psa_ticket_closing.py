# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import logging
from contextlib import suppress
from datetime import timedelta

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.fields import Domain

_logger = logging.getLogger(__name__)

#: tickets per transaction of the cron
CHUNK = 50


class PsaTicketClosing(models.AbstractModel):
    """Resolved tickets close by themselves, after their customer was told.

    What is due is read off the ticket and never off the day the cron runs: a run that
    was missed, repeated or killed neither loses a warning nor sends a second one.
    """

    _name = "psa.ticket.closing"
    _description = "Closing of a Ticket"
    _inherit = ["psa.ticket.life"]

    close_error = fields.Char(
        string="Not Closed",
        readonly=True,
        copy=False,
        help="Why the ticket could not be closed by itself; it is tried again.",
    )

    _resolved_idx = models.Index("(resolved_at) WHERE state = 'resolved'")

    def _prepare_move_values(self, state):
        values = super()._prepare_move_values(state)
        if state == "resolved":
            # Every resolution deserves its own warning.
            values["close_warned_at"] = False
        if self.close_error:
            values["close_error"] = False
        return values

    # ------------------------------------------------------------
    # What is due
    # ------------------------------------------------------------

    @api.model
    def _get_closing_domain(self, due):
        """Return the domain of the tickets of all teams that are due.

        :param due: gets the days until closing and those of the warning before it;
            returns what has to hold for a ticket of such a team
        """
        teams = self.env["psa.ticket.team"].with_context(active_test=False)
        stages = self.env["psa.ticket.stage"]
        closing = teams.search([("auto_close_days", ">", 0)]).filtered(
            # Without a stage for it, a team's tickets stay resolved.
            lambda team: (
                stages.browse(stages._get_stage_id(team.id, "closed")).state
                != "resolved"
            )
        )
        by_days = closing.grouped(
            lambda team: (team.auto_close_days, team.close_warning_days)
        )
        return (
            Domain("state", "=", "resolved")
            # The customer has the last word: this one has not been answered.
            & Domain("has_unread_reply", "=", False)
            & Domain.OR(
                Domain("team_id", "in", teams.ids) & due(*days)
                for days, teams in by_days.items()
            )
        )

    @api.model
    def _get_warning_domain(self):
        """Return the domain of the tickets whose customer has to be told now."""
        now = fields.Datetime.now()

        def due(close_days, warning_days):
            if not warning_days:
                return Domain.FALSE
            wait = timedelta(days=max(0, close_days - warning_days))
            return Domain("close_warned_at", "=", False) & Domain(
                "resolved_at", "<=", now - wait
            )

        return self._get_closing_domain(due)

    @api.model
    def _get_close_domain(self):
        """Return the domain of the tickets whose time is over.

        However late the warning was sent, its days pass before the ticket is closed.
        """
        now = fields.Datetime.now()

        def due(close_days, warning_days):
            over = Domain("resolved_at", "<=", now - timedelta(days=close_days))
            if not warning_days:
                return over
            warned = now - timedelta(days=warning_days)
            return over & Domain("close_warned_at", "<=", warned)

        return self._get_closing_domain(due)

    # ------------------------------------------------------------
    # Cron
    # ------------------------------------------------------------

    @api.model
    def _cron_close(self):
        """Warn customers of tickets that will be closed, and close what is due.

        In chunks that are committed one by one: what is done stays done.
        """
        cron = self.env["ir.cron"]
        steps = [
            ("_warn_of_closing", self._get_warning_domain()),
            ("_close_resolved", self._get_close_domain()),
        ]
        remaining = sum(self.search_count(domain) for _method, domain in steps)
        cron._commit_progress(remaining=remaining)
        for method, domain in steps:
            last_id = 0
            while chunk := self.search(
                domain & Domain("id", ">", last_id), order="id", limit=CHUNK
            ):
                last_id = chunk[-1].id
                chunk._close_safely(method)
                if not cron._commit_progress(len(chunk)):
                    return

    def _close_safely(self, method):
        """Call a method on these tickets; when it fails, on each of them.

        One that fails alone says why on itself and holds up nobody.
        """
        try:
            with self.env.cr.savepoint():
                # Who is at work on a ticket keeps it from being closed under his hands.
                tickets = self.try_lock_for_update(allow_referencing=True)
                getattr(tickets, method)()
                self.env.flush_all()
        except SerializationFailure:
            # Just changed by somebody; the next run looks at it again.
            self._close_each(method)
        except Exception as error:
            if len(self) == 1:
                _logger.exception("%s failed on ticket %s", method, self.id)
                self._report_not_closed(str(error) or type(error).__name__)
            self._close_each(method)

    def _report_not_closed(self, reason):
        """Say it on the ticket, unless somebody is changing it right now."""
        with suppress(SerializationFailure), self.env.cr.savepoint():
            self.try_lock_for_update(allow_referencing=True).close_error = reason
            self.env.flush_all()

    def _close_each(self, method):
        if len(self) > 1:
            for ticket in self:
                ticket._close_safely(method)

    def _close_resolved(self):
        self._move_to("closed")

    # ------------------------------------------------------------
    # Warning
    # ------------------------------------------------------------

    def _warn_of_closing(self):
        """Tell the customers of these tickets that they will be closed.

        The mails are queued: nothing is sent before this transaction is committed.
        """
        template = self.env.ref("psa_helpdesk.mail_template_closing")
        languages = self.grouped(lambda ticket: ticket._get_customer_lang())
        for lang, tickets in languages.items():
            translated = template.with_context(lang=lang)
            subjects = translated._render_field("subject", tickets.ids)
            bodies = translated._render_field("body_html", tickets.ids)
            for ticket in tickets:
                ticket._post_closing_warning(
                    subjects[ticket.id], bodies[ticket.id], lang
                )
        self.write({"close_warned_at": fields.Datetime.now(), "close_error": False})

    def _post_closing_warning(self, subject, body, lang):
        customers = self.partner_id | self.message_partner_ids.filtered("partner_share")
        known = set(customers.mapped("email_normalized"))
        unknown = self.email_normalized
        sender = self._get_helpdesk_sender()
        self.message_post(
            subject=subject,
            body=body,
            email_from=sender,
            reply_to=sender,
            author_id=self.company_id.partner_id.id,
            message_type="auto_comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=customers.ids,
            outgoing_email_to=unknown not in known and unknown,
            email_add_signature=False,
            # The colleagues who follow see it on the ticket.
            notify_skip_followers=True,
            force_send=False,
            force_email_lang=lang,
            mail_headers={"Auto-Submitted": "auto-generated"},
        )

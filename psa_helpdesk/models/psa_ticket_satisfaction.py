# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import logging
from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models, modules
from odoo.exceptions import AccessError
from odoo.tools import email_normalize, plaintext2html, split_every

from odoo.addons.rating.models.rating_data import RATING_LIMIT_OK

from .mail_thread import CONCURRENCY_ERRORS

_logger = logging.getLogger(__name__)

#: tickets asked about between two commits
_CHUNK = 20
_HEADERS = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
STATES = [
    ("none", "Not Asked"),
    ("pending", "To Ask"),
    ("sent", "Asked"),
    ("skipped", "Left Out"),
    ("failed", "Failed"),
]


class PsaTicketSatisfaction(models.AbstractModel):
    """How content the customer is: asked by mail when a ticket is closed.

    Whether to ask is noted in the write that closes the ticket; a job asks, once, and
    nobody more often than the team wants. An answer counts once per closing, whether it
    comes by the mail or on the portal; a bad one is told to the team leader.
    """

    _name = "psa.ticket.satisfaction"
    _description = "Satisfaction With a Ticket"
    _inherit = ["psa.ticket.life", "psa.ticket.customer"]

    csat_state = fields.Selection(
        STATES,
        string="Satisfaction Mail",
        default="none",
        readonly=True,
        copy=False,
        help="Whether the customer was asked how content he is with the help.",
    )
    csat_reason = fields.Char(
        string="Why Not Asked", readonly=True, copy=False, help="Or why it failed."
    )
    csat_asked_at = fields.Datetime(string="Asked On", readonly=True, copy=False)
    csat_email = fields.Char(
        readonly=True,
        copy=False,
        export_string_translation=False,
        help="The normalized address that was asked.",
    )

    _csat_pending_idx = models.Index("(id) WHERE csat_state = 'pending'")
    _csat_asked_idx = models.Index(
        "(csat_email, csat_asked_at) WHERE csat_email IS NOT NULL"
    )

    # ------------------------------------------------------------
    # When to ask
    # ------------------------------------------------------------

    def _prepare_move_values(self, state):
        values = super()._prepare_move_values(state)
        if state == "closed" and self.state != "closed" and self._is_csat_wanted():
            return {**values, "csat_state": "pending", "csat_reason": False}
        if state != "closed" and self.csat_state == "pending":
            # Nobody is asked about a ticket that is being worked on again.
            return {**values, "csat_state": "none"}
        return values

    def _is_csat_wanted(self):
        """Did a customer ask for help, of a team that wants to know how it was?"""
        self.ensure_one()
        return bool(
            self.team_id.csat
            and self.channel != "alert"
            and not self.recurrence_id
            and not self._is_merged_or_archived()
        )

    def write(self, vals):
        result = super().write(vals)
        stage = self.env["psa.ticket.stage"].browse(vals.get("stage_id") or [])
        if stage.state == "closed" and "pending" in self.mapped("csat_state"):
            cron_id = self.env["ir.model.data"]._xmlid_to_res_id(
                "psa_helpdesk.ir_cron_satisfaction"
            )
            # Whoever closes a ticket may wake up the job.
            self.env["ir.cron"].sudo().browse(cron_id)._trigger()
        return result

    # ------------------------------------------------------------
    # Asking
    # ------------------------------------------------------------

    @api.model
    def _cron_ask_satisfaction(self):
        """Ask the customers of closed tickets that wait for it, some at a time."""
        cron = self.env["ir.cron"]
        ids = self.search([("csat_state", "=", "pending")], order="id").ids
        cron._commit_progress(remaining=len(ids))
        for chunk in split_every(_CHUNK, ids):
            # Locked, so that each is asked about once, whoever else runs.
            tickets = self.browse(chunk).try_lock_for_update(allow_referencing=True)
            tickets = tickets.filtered(lambda ticket: ticket.csat_state == "pending")
            mails = tickets._ask_satisfaction()
            # The queue of mails has them now: they are sent whatever comes next.
            seconds_left = cron._commit_progress(len(chunk))
            tickets._send_satisfaction_mails(mails)
            if not seconds_left:
                break

    def _ask_satisfaction(self):
        """Write to the customers of these tickets, or note why not.

        :return: the mails
        """
        mails = self.env["mail.mail"]
        asked = self._get_last_asked()
        for ticket in self:
            email = email_normalize(ticket._get_csat_address() or "")
            reason = ticket._get_csat_hindrance(email, asked.get(email))
            if reason:
                ticket._note_csat("skipped", reason)
                continue
            try:
                with self.env.cr.savepoint():
                    mails |= ticket._write_satisfaction_mail(email)
                    asked[email] = ticket.csat_asked_at
            except CONCURRENCY_ERRORS:
                raise
            except Exception as error:
                # One that cannot be written must not keep the others waiting.
                _logger.warning("Ticket %s: not asked", ticket.id, exc_info=True)
                ticket._note_csat("failed", str(error))
        return mails

    def _get_csat_address(self):
        self.ensure_one()
        return self.partner_id.email_formatted or self.email_from

    def _get_last_asked(self):
        """Return when the addresses of these tickets were last asked: {address: UTC}.

        Whatever the ticket, and its company: it is the same person.
        """
        addresses = {
            email_normalize(ticket._get_csat_address() or "") for ticket in self
        }
        return dict(
            self.with_context(active_test=False)._read_group(
                [("csat_email", "in", sorted(filter(None, addresses)))],
                ["csat_email"],
                ["csat_asked_at:max"],
            )
        )

    def _get_csat_hindrance(self, email, last_asked):
        """Return why the customer of this ticket is not asked, or nothing.

        :param last_asked: when this address was asked before (UTC), or None
        """
        self.ensure_one()
        if self.state != "closed" or self._is_merged_or_archived():
            return self.env._("Not closed any more")
        if not email:
            return self.env._("No mail address")
        if not self._can_customer_rate():
            return self.env._("Rated already")
        days = self.team_id.csat_pause_days
        pause = timedelta(days=days)
        if days and last_asked and fields.Datetime.now() < last_asked + pause:
            return self.env._(
                "Asked within the last %(days)s days, on %(date)s",
                days=days,
                date=fields.Date.to_string(last_asked),
            )
        return ""

    def _note_csat(self, state, reason=False, **values):
        # Nothing of it is tracked; to find that out costs a query.
        self.with_context(mail_notrack=True).write(
            {**values, "csat_state": state, "csat_reason": reason and reason[:200]}
        )

    def _write_satisfaction_mail(self, email):
        """Put the question into the queue of mails, and a note of it on the ticket.

        Whoever has the links can rate: they are in the mail, and not in the message
        that technicians read.
        """
        self.ensure_one()
        lang = self._get_customer_lang()
        template = self.env.ref("psa_helpdesk.mail_template_satisfaction")
        template = template.with_context(lang=lang)
        body = template._render_field(
            "body_html", self.ids, options={"post_process": True}
        )[self.id]
        subject = template._render_field("subject", self.ids)[self.id]
        address = self._get_csat_address()
        reader_lang = self.company_id.partner_id.lang or self.env.lang
        mail = self.env["mail.mail"]._psa_queue(
            self,
            "psa_helpdesk.mt_ticket_satisfaction",
            address,
            _HEADERS,
            **self._prepare_automatic_mail(subject),
            body=self.with_context(lang=reader_lang).env._(
                "%s was asked how content the customer is.", email
            ),
            body_html=body,
        )
        self._note_csat("sent", csat_asked_at=fields.Datetime.now(), csat_email=email)
        return mail

    def _send_satisfaction_mails(self, mails):
        mails.send(auto_commit=not modules.module.current_test)
        failed = defaultdict(self.browse)
        for mail in mails:
            if mail.state == "exception":
                failed[mail.failure_reason] |= self.browse(mail.res_id)
        for reason, tickets in failed.items():
            tickets._note_csat("failed", reason)

    # ------------------------------------------------------------
    # The answer
    # ------------------------------------------------------------

    def _rating_apply_get_default_subtype_id(self):
        # As a note: a message of the customer would reopen the ticket.
        return self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_note")

    def rating_apply(
        self,
        rate,
        token=None,
        rating=None,
        feedback=None,
        subtype_xmlid=None,
        notify_delay_send=False,
    ):
        """Keep an answer once per closing; a link that was used changes nothing.

        :raise AccessError: for users: customers rate, in sudo
        """
        if not self.env.su:
            raise AccessError(self.env._("Only customers say how content they are."))
        if token:
            rating = self.env["rating.rating"].search([("access_token", "=", token)])
        if rating and not self._can_be_rated_by(rating):
            return rating
        if rating:
            # Also keeps a second request at the same time from being taken.
            self.rated_round = self.reopen_count + 1
        rating = super().rating_apply(
            rate,
            rating=rating,
            feedback=feedback,
            subtype_xmlid=subtype_xmlid,
            notify_delay_send=notify_delay_send,
        )
        if rate < RATING_LIMIT_OK:
            self._alert_bad_rating(rating)
        return rating

    def message_post(self, **kwargs):
        # The host makes a rating of it, in sudo and whoever writes.
        if kwargs.get("rating_value"):
            raise AccessError(self.env._("Only customers say how content they are."))
        return super().message_post(**kwargs)

    def _can_be_rated_by(self, rating):
        """Is the answer still to be given, and the ticket over?"""
        return not rating.consumed and self._can_customer_rate()

    def _alert_bad_rating(self, rating):
        """Ask those who answer for the team to call a customer who is not content."""
        words = plaintext2html(rating.feedback or "")
        author = rating.partner_id.name or self.email_from
        for user in self._get_bad_rating_users():
            translated = self.with_context(lang=user.lang)
            translated.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=translated.env._("Unhappy customer: %s", author or ""),
                note=words,
                user_id=user.id,
            )

    def _get_bad_rating_users(self):
        """Return the team leader, unless it is his own work; else the managers."""
        self.ensure_one()
        leader = self.team_id.leader_id.filtered(
            lambda user: user.active and self.company_id in user.company_ids
        )
        if leader and leader != self.user_id:
            return leader
        managers = self._get_managers()
        return (managers - self.user_id) or leader or managers

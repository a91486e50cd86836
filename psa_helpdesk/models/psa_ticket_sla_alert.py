# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import logging
from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain

from .psa_ticket_sla import OPEN_STATES

_logger = logging.getLogger(__name__)

#: rows that the job looks at between two commits
CHUNK = 200


class PsaTicketSla(models.Model):
    """The job that notes breaches and tells people before and when they happen."""

    _inherit = "psa.ticket.sla"

    @api.model
    def _cron_check(self):
        """Look at what is due, some at a time; what is done stays done.

        First the tickets whose policy or working hours changed, then the rows whose
        threshold or deadline has come. Rows that somebody else works on are left to him.
        """
        cron = self.env["ir.cron"]
        tickets = self.env["psa.ticket"]
        now = fields.Datetime.now()
        requested = [("sla_sync_requested", "=", True)]
        cron._commit_progress(
            remaining=tickets.search_count(requested)
            + self.search_count(self._get_due_domain(now))
        )
        while done := tickets._sync_requested_sla():
            if not cron._commit_progress(done):
                return
        last_id = 0
        while ids := self._get_due_ids(now, last_id):
            last_id = ids[-1]
            done = self._check_safely(self.browse(ids), now)
            if not cron._commit_progress(done):
                return

    @api.model
    def _get_due_domain(self, now):
        return Domain("next_check_at", "<=", now)

    @api.model
    def _get_due_ids(self, now, last_id):
        domain = self._get_due_domain(now) & Domain("id", ">", last_id)
        return self.search(domain, order="id", limit=CHUNK).ids

    @api.model
    def _check_safely(self, rows, now):
        """Check rows together, or one by one when that fails; return how many."""
        try:
            with self.env.cr.savepoint():
                rows._check(now)
        except Exception:
            _logger.warning("SLA rows are checked one by one", exc_info=True)
            for row in rows:
                row._check_alone(now)
        return len(rows)

    def _check_alone(self, now):
        try:
            with self.env.cr.savepoint():
                self._check(now)
        except Exception:
            # One that cannot be told must not keep the others waiting.
            _logger.exception("SLA %s was not checked", self.id)

    def _check(self, now):
        """Note breaches and thresholds that have come, and tell who has to know.

        All of it in one transaction with the rows locked: each threshold is told once,
        however many jobs run or are killed.
        """
        rows = self.try_lock_for_update().filtered(
            lambda row: (
                row.state in OPEN_STATES
                and row.next_check_at
                and row.next_check_at <= now
            )
        )
        sync = self.env["psa.ticket"]._get_sla_sync(rows.ticket_id, now)
        told = defaultdict(list)
        for row in rows:
            before = row._get_timer()
            clock = sync.clock_of(row)
            timer = before.settle(clock, now)
            percents = sync.percents(row.ticket_id.company_id)
            due = timer.due_percents(clock, now, percents, row.warned_percent)
            if due:
                row._put(warned_percent=due[-1])
                told[row] = due
            sync.put(row, timer, before, clock)
            for percent in due:
                sync.log(row, "warn", detail=f"{percent} %")
        sync.save()
        self._tell(told)

    # ------------------------------------------------------------
    # Telling
    # ------------------------------------------------------------

    @api.model
    def _tell(self, told):
        """Tell people about thresholds.

        After an outage several thresholds of a row have come at once: whoever would be
        told more than once hears of the highest only, by each of his channels.

        :param told: {row: [percent, ...]}
        """
        messages = {}
        warnings = self.env["psa.sla.warning"]
        managers = {}
        for row, percents in told.items():
            company = row.ticket_id.company_id
            if company not in managers:
                managers[company] = self._get_managers(company)
            for percent, recipient, channel in warnings._get_warnings(company.id):
                if percent not in percents:
                    continue
                for user in row._get_recipients(recipient, managers[company]):
                    key = row, user, channel
                    messages[key] = max(percent, messages.get(key, 0))
        by_channel = defaultdict(list)
        for (row, user, channel), percent in messages.items():
            by_channel[channel].append((row, user, percent))
        for channel, found in by_channel.items():
            getattr(self, f"_tell_by_{channel}")(found)

    @api.model
    def _get_managers(self, company):
        """Return the service managers of a company."""
        group = self.env.ref("psa_core.group_psa_manager")
        return group.all_user_ids.filtered(
            lambda user: user.active and not user.share and company in user.company_ids
        )

    def _get_recipients(self, recipient, managers):
        """Return who is told; the next one stands in for who is not there."""
        self.ensure_one()
        ticket = self.ticket_id
        chain = [
            ("assignee", ticket.user_id),
            ("leader", ticket.team_id.leader_id),
            ("manager", managers),
        ]
        names = [name for name, _users in chain]
        for _name, users in chain[names.index(recipient) :]:
            if found := users.filtered("active"):
                return found
        return self.env["res.users"]

    def _get_warning_text(self, user, percent):
        """Return what a user is told, in his language."""
        self.ensure_one()
        row = self.with_context(lang=user.lang)
        kind = dict(row._fields["kind"]._description_selection(row.env))[row.kind]
        if row.breached_at:
            return row.env._("SLA missed: %s", kind)
        return row.env._(
            "SLA: %(percent)s %% of %(kind)s used", percent=percent, kind=kind
        )

    @api.model
    def _tell_by_bus(self, found):
        for row, user, percent in found:
            user._bus_send(
                "simple_notification",
                {
                    "type": "danger" if row.breached_at else "warning",
                    "title": row._get_warning_text(user, percent),
                    "message": row.ticket_id.display_name,
                    "sticky": True,
                },
            )

    @api.model
    def _tell_by_activity(self, found):
        model_id = self.env["ir.model"]._get_id("psa.ticket")
        todo = self.env.ref("mail.mail_activity_data_todo", raise_if_not_found=False)
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(
            [
                {
                    "res_model_id": model_id,
                    "res_id": row.ticket_id.id,
                    "user_id": user.id,
                    "activity_type_id": todo.id if todo else False,
                    "automated": True,
                    "summary": row._get_warning_text(user, percent),
                    "date_deadline": fields.Date.context_today(
                        row.with_context(tz=user.tz)
                    ),
                }
                for row, user, percent in found
            ]
        )

    @api.model
    def _tell_by_mail(self, found):
        mails = defaultdict(lambda: self.env["res.users"])
        for row, user, percent in found:
            mails[row, percent, user.lang] |= user
        for (row, percent, _lang), users in mails.items():
            text = row._get_warning_text(users[0], percent)
            ticket = row.ticket_id
            # Sent by the host's queue: a mail server must not keep the row locked.
            ticket.with_context(mail_notify_force_send=False).message_notify(
                partner_ids=users.partner_id.ids,
                subject=f"{text} · {ticket.display_name}",
                body=text,
            )

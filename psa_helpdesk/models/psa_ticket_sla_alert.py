# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

#: rows or tickets that the job looks at between two commits
CHUNK = 500


class PsaTicketSla(models.Model):
    """The job that notes breaches and tells people before and when they happen."""

    _inherit = "psa.ticket.sla"

    @api.model
    def _cron_check(self):
        """Look at what is due, some at a time; what is done stays done.

        First the tickets whose policy or working hours changed, then the rows whose
        threshold or deadline has come. What somebody else works on is left to him.
        """
        cron = self.env["ir.cron"]
        tickets = self.env["psa.ticket"]
        now = fields.Datetime.now()
        work = (
            (tickets, Domain("sla_sync_requested", "=", True), "_sync_requested_sla"),
            (self, Domain("next_check_at", "<=", now), "_check"),
        )
        cron._commit_progress(
            remaining=sum(model.search_count(domain) for model, domain, _do in work)
        )
        for model, domain, method in work:
            last_id = 0
            while found := model.search(
                domain & Domain("id", ">", last_id), order="id", limit=CHUNK
            ):
                last_id = found[-1].id
                tickets._watch(found, method, now)
                if not cron._commit_progress(len(found)):
                    return

    def _check(self, now):
        """Note breaches and thresholds that have come, and tell who has to know.

        All of it in one transaction with the rows locked: each threshold is told once,
        however many jobs run or are killed.
        """
        # With the tickets, which are written, too; neither is waited for.
        self.env.cr.execute(
            SQL(
                """
                SELECT sla.id, ticket.id
                  FROM psa_ticket_sla AS sla
                  JOIN psa_ticket AS ticket ON ticket.id = sla.ticket_id
                 WHERE sla.id = ANY(%s)
                   FOR NO KEY UPDATE SKIP LOCKED
                """,
                self.ids,
            ),
            # What somebody has changed meanwhile is no fault: the next run takes it.
            log_exceptions=False,
        )
        locked = dict(self.env.cr.fetchall())
        tickets = self.env["psa.ticket"].browse(set(locked.values()))
        sync = tickets._get_sla_sync(tickets, now)
        told = {}
        for row, ticket in sync.rows_of(locked):
            if row.next_check_at and row.next_check_at <= now:
                if due := sync.watch(row, ticket.company_id):
                    told[self.browse(row.id)] = due
                ticket._put_sla(sla_error=False)
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
        for row, percents in told.items():
            ticket = row.ticket_id
            found = warnings._get_warnings(ticket.company_id.id)
            for percent, recipient, channel in found:
                if percent in percents:
                    for user in ticket._get_reminded(recipient):
                        key = row, user, channel
                        messages[key] = max(percent, messages.get(key, 0))
        by_channel = defaultdict(list)
        for (row, user, channel), percent in messages.items():
            by_channel[channel].append((row, user, percent))
        for channel, found in by_channel.items():
            getattr(self, f"_tell_by_{channel}")(found)

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
        self.env["psa.ticket"]._remind(
            (row.ticket_id, user, row._get_warning_text(user, percent))
            for row, user, percent in found
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

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

#: tickets between two commits
CHUNK = 100


class PsaTicketStale(models.AbstractModel):
    """Open tickets to which nothing happens, and who is reminded of them."""

    _name = "psa.ticket.stale"
    _description = "Stale Tickets"
    _inherit = ["psa.ticket.reminder"]

    last_activity_at = fields.Datetime(
        string="Last Activity",
        compute="_compute_last_activity_at",
        store=True,
        precompute=True,
        copy=False,
        help="When somebody last wrote, worked on it or moved it.",
    )
    stale_told_at = fields.Datetime(
        compute="_compute_last_activity_at",
        store=True,
        precompute=True,
        copy=False,
        export_string_translation=False,
        help="When somebody was reminded; empty again after the next activity.",
    )

    _stale_idx = models.Index("(last_activity_at) WHERE is_open IS TRUE")

    @api.depends("stage_id", "user_id", "team_id", "priority")
    def _compute_last_activity_at(self):
        for ticket in self:
            ticket.last_activity_at = fields.Datetime.now()
            ticket.stale_told_at = False

    def _message_post_after_hook(self, message, msg_values):
        if msg_values.get("message_type") in ("email", "comment"):
            # Who wrote may have no right on tickets: a customer, or the gateway.
            self.sudo()._note_activity()
        return super()._message_post_after_hook(message, msg_values)

    def _note_activity(self):
        """Somebody wrote, or recorded work."""
        for ticket in self:
            ticket._put_sla(last_activity_at=fields.Datetime.now(), stale_told_at=False)

    @api.model
    def _get_stale_domain(self):
        """Return the domain of the tickets whose technician has to be reminded.

        Once for each time in which nothing happened, whatever the number of runs.
        """
        now = fields.Datetime.now()
        teams = self.env["psa.ticket.team"].search([("stale_days", ">", 0)])
        stale = Domain.OR(
            Domain("team_id", "in", found.ids)
            & Domain("last_activity_at", "<", now - timedelta(days=days))
            for days, found in teams.grouped("stale_days").items()
        )
        return (
            Domain("is_open", "=", True) & Domain("stale_told_at", "=", False) & stale
        )

    @api.model
    def _cron_remind_of_stale(self):
        """Remind technicians, team leaders or managers of tickets that lie around."""
        cron = self.env["ir.cron"]
        now = fields.Datetime.now()
        domain = self._get_stale_domain()
        cron._commit_progress(remaining=self.search_count(domain))
        last_id = 0
        while chunk := self.search(
            domain & Domain("id", ">", last_id), order="id", limit=CHUNK
        ):
            last_id = chunk[-1].id
            self._watch(chunk, "_remind_of_stale", now)
            if not cron._commit_progress(len(chunk)):
                return

    def _remind_of_stale(self, now):
        tickets = self.try_lock_for_update(allow_referencing=True)
        reminders = []
        for ticket in tickets:
            days = (now - ticket.last_activity_at).days
            for user in ticket._get_reminded():
                speaking = self.with_context(lang=user.lang)
                text = speaking.env._("Nothing has happened for %s days", days)
                reminders.append((ticket, user, text))
            ticket._put_sla(stale_told_at=now, sla_error=False)
        self._remind(reminders)

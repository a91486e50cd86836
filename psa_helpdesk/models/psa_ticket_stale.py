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
        """Remind technicians, else team leaders, of tickets that lie around."""
        cron = self.env["ir.cron"]
        domain = self._get_stale_domain()
        cron._commit_progress(remaining=self.search_count(domain))
        while chunk := self.search(domain, order="id", limit=CHUNK):
            chunk = chunk.try_lock_for_update()
            if not chunk:
                return
            chunk._remind_of_stale()
            if not cron._commit_progress(len(chunk)):
                return

    def _remind_of_stale(self):
        now = fields.Datetime.now()
        activities = []
        model_id = self.env["ir.model"]._get_id("psa.ticket")
        todo = self.env.ref("mail.mail_activity_data_todo", raise_if_not_found=False)
        for ticket in self:
            user = ticket.user_id or ticket.team_id.leader_id
            if user:
                speaking = ticket.with_context(lang=user.lang)
                activities.append(
                    {
                        "res_model_id": model_id,
                        "res_id": ticket.id,
                        "user_id": user.id,
                        "activity_type_id": todo.id if todo else False,
                        "automated": True,
                        "summary": speaking.env._(
                            "Nothing has happened for %s days",
                            (now - ticket.last_activity_at).days,
                        ),
                        "date_deadline": fields.Date.context_today(
                            ticket.with_context(tz=user.tz)
                        ),
                    }
                )
            ticket._put_sla(stale_told_at=now)
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(
            activities
        )

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

from odoo import api, fields, models


class PsaTimerOverdue(models.AbstractModel):
    """When a running timer was probably forgotten, and what happens then.

    It never becomes an entry by itself: its user says how long the work really was.
    """

    _name = "psa.timer.overdue"
    _description = "Forgotten Timer"

    def _get_latest_stop(self):
        """Return until when (UTC) the running segment counts as work.

        That is the end of the working day it began in, if it began before it, else the
        cap after its start. None when nothing runs.
        """
        self.ensure_one()
        segment = self.segment_ids.filtered(lambda segment: not segment.date_stop)
        if not segment:
            return None
        company = self.company_id
        cap = segment.date_start + timedelta(hours=company.psa_timer_cap_hours)
        employee = self._get_employee()
        day_end = self.env["psa.work.day"]._get_day_end(employee, segment.date_start)
        return min(cap, day_end) if day_end else cap

    def _is_overdue(self):
        """Whether the running segment is so long that it was probably forgotten."""
        self.ensure_one()
        segment = self.segment_ids.filtered(lambda segment: not segment.date_stop)
        if not segment:
            return False
        now = fields.Datetime.now()
        company = self.company_id
        if now - segment.date_start > timedelta(hours=company.psa_timer_cap_hours):
            return True
        day_end = self.env["psa.work.day"]._get_day_end(
            self._get_employee(), segment.date_start
        )
        overrun = timedelta(hours=company.psa_timer_overrun_hours)
        return bool(day_end) and now > day_end + overrun

    def _mark_forgotten(self):
        """Stop the clock where the work probably ended and ask for the real time."""
        for timer in self:
            timer._close_segment(at=timer._get_latest_stop())
            timer.suggested_minutes = round(timer.segment_ids._get_seconds() / 60)
            timer.state = "forgotten"
        self.flush_recordset()

    @api.model
    def _cron_flag_forgotten(self):
        """Flag the running timers that were probably forgotten; tell their users."""
        running = self.search([("state", "=", "running")])
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(running))
        for timer in running:
            locked = timer.try_lock_for_update()
            if locked.state == "running" and locked._is_overdue():
                locked._mark_forgotten()
                locked.with_user(locked.user_id)._publish()
            if not cron._commit_progress(1):
                break

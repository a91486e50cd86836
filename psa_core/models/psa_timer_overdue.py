# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import logging
from datetime import timedelta

from odoo import api, fields, models

_logger = logging.getLogger(__name__)


class PsaTimerOverdue(models.AbstractModel):
    """When a running timer was probably forgotten, and what happens then.

    It never becomes an entry by itself: its user says how long the work really was.
    """

    _name = "psa.timer.overdue"
    _description = "Forgotten Timer"

    def _get_latest_stop(self):
        """Return until when (UTC) the running segment counts as work.

        The end of the working day it began in or the cap, whichever comes first; now,
        when neither applies. None when nothing runs.
        """
        self.ensure_one()
        segment = self.segment_ids.filtered(lambda segment: not segment.date_stop)
        if not segment:
            return None
        limits = [fields.Datetime.now()]
        if cap := self.company_id.psa_timer_cap_hours:
            left = timedelta(hours=cap, seconds=-self.segment_ids._get_seconds())
            limits.append(segment.date_start + left)
        if day_end := self._get_day_end(segment):
            limits.append(day_end)
        return min(limits)

    def _is_overdue(self):
        """Whether the timer runs so long that it was probably forgotten.

        It worked longer than the cap in all, or its running segment goes on past the
        end of the working day it began in by more than the allowed hours.
        """
        self.ensure_one()
        segment = self.segment_ids.filtered(lambda segment: not segment.date_stop)
        if not segment:
            return False
        now, company = fields.Datetime.now(), self.company_id
        open_seconds = (now - segment.date_start).total_seconds()
        cap = company.psa_timer_cap_hours * 3600
        if cap and self.segment_ids._get_seconds() + open_seconds > cap:
            return True
        day_end = self._get_day_end(segment)
        overrun = timedelta(hours=company.psa_timer_overrun_hours)
        return bool(day_end) and now > day_end + overrun

    def _get_day_end(self, segment):
        return self.env["psa.work.day"]._get_day_end(
            self._get_employee(), segment.date_start
        )

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
            try:
                with self.env.cr.savepoint():
                    timer._flag_forgotten()
            except Exception:
                # One broken timer must not keep the others from being flagged.
                _logger.exception("Timer %s could not be looked at", timer.id)
            if not cron._commit_progress(1):
                break

    def _flag_forgotten(self):
        locked = self.try_lock_for_update()
        if locked.state == "running" and locked._is_overdue():
            locked._mark_forgotten()
            locked.with_user(locked.user_id)._publish()

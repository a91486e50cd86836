# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class PsaTimerSegment(models.Model):
    """One uninterrupted run of a timer; a pause closes it, resuming opens the next."""

    _name = "psa.timer.segment"
    _description = "Timer Segment"
    _order = "timer_id, date_start, id"

    timer_id = fields.Many2one(
        "psa.timer", required=True, ondelete="cascade", index=True, readonly=True
    )
    date_start = fields.Datetime(string="Start Time", required=True, readonly=True)
    date_stop = fields.Datetime(
        string="End Time", readonly=True, help="Empty while it runs."
    )

    _open_uniq = models.UniqueIndex(
        "(timer_id) WHERE date_stop IS NULL", "A timer runs once at a time."
    )
    _stop_after_start = models.Constraint(
        "CHECK (date_stop >= date_start)", "A segment cannot stop before it starts."
    )

    def _get_seconds(self):
        """Return the seconds of the closed segments among these."""
        return sum(
            int((segment.date_stop - segment.date_start).total_seconds())
            for segment in self
            if segment.date_stop
        )

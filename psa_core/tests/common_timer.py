# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from .common import PsaCoreCommon


class TimerCommon(PsaCoreCommon):
    """Timers of the technician, in UTC; Rome is an hour ahead."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.timers = cls.env["psa.timer"].with_user(cls.technician)

    def _start(self, record=None, **kwargs):
        record = record or self.task
        self.timers.start_timer(record._name, record.id, **kwargs)
        return self.timers.search([("state", "=", "running")])

    def _entry(self, timer):
        return timer.entry_id.sudo()

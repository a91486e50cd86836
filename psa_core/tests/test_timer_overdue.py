# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import freeze_time
from odoo.tools import mute_logger

from .common import MONDAY, at
from .common_timer import TimerCommon


class TestTimerOverdue(TimerCommon):
    """Timers that somebody forgot to stop."""

    def test_overnight_timer_asks(self):
        with freeze_time(at(15)):
            timer = self._start()
        with freeze_time(at(31)):
            data = timer.stop_timer(description="Backup")
        self.assertEqual(timer.state, "forgotten")
        self.assertFalse(timer.entry_id)
        self.assertEqual(
            data["timers"][0]["suggested_minutes"], 60, "until 17:00 in Rome"
        )
        with freeze_time(at(31, 5)):
            timer.stop_timer()
            self.assertFalse(timer.entry_id, "only an answer writes the entry")
            timer.confirm_timer(45)
        entry = self._entry(timer)
        self.assertAlmostEqual(entry.unit_amount, 0.75)
        self.assertEqual((entry.name, entry.date), ("Backup", MONDAY))
        self.assertFalse(entry.psa_is_too_long)

    def test_confirming_more_than_was_suggested(self):
        with freeze_time(at(15)):
            timer = self._start()
        with freeze_time(at(31)):
            timer.stop_timer()
            timer.confirm_timer(120)
        entry = self._entry(timer)
        self.assertEqual((entry.psa_date_start, entry.psa_date_end), (at(15), at(17)))

    def test_a_little_overtime_is_not_forgotten(self):
        with freeze_time(at(15)):
            timer = self._start()
        with freeze_time(at(17, 30)):  # 18:30 in Rome, within two hours of 17:00
            timer.stop_timer()
        self.assertAlmostEqual(self._entry(timer).unit_amount, 2.5)

    def test_evening_work_has_only_the_cap(self):
        with freeze_time(at(19)):
            timer = self._start()
        with freeze_time(at(23)):
            timer.stop_timer()
        self.assertAlmostEqual(self._entry(timer).unit_amount, 4.0)

    def test_cap_on_a_free_day(self):
        sunday = MONDAY - timedelta(days=1)
        with freeze_time(at(8, day=sunday)):
            timer = self._start()
        with freeze_time(at(16, 1, day=sunday)):
            timer.stop_timer()
        self.assertEqual((timer.state, timer.suggested_minutes), ("forgotten", 480))

    def test_cap_counts_the_whole_timer(self):
        sunday = MONDAY - timedelta(days=1)
        with freeze_time(at(5, day=sunday)):
            timer = self._start()
        with freeze_time(at(12, 50, day=sunday)):
            timer.pause_timer()
            timer.resume_timer()
        with freeze_time(at(20, day=sunday)):
            timer.stop_timer()
        self.assertEqual((timer.state, timer.suggested_minutes), ("forgotten", 480))

    def test_no_cap(self):
        self.company.psa_timer_cap_hours = 0
        sunday = MONDAY - timedelta(days=1)
        with freeze_time(at(5, day=sunday)):
            timer = self._start()
        with freeze_time(at(15, day=sunday)):
            timer.stop_timer()
        self.assertEqual(self._entry(timer).unit_amount, 10.0)

    def test_negative_limits_are_refused(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self.company.psa_timer_cap_hours = -1
            self.env.flush_all()

    def test_night_shift(self):
        shifts = [("0", 22, 24), ("1", 0, 6)]
        self.employee.resource_calendar_id = self.env["resource.calendar"].create(
            {
                "name": "Night",
                "tz": "Europe/Rome",
                "attendance_ids": [Command.clear()]
                + [
                    Command.create(
                        {
                            "name": "Night",
                            "dayofweek": day,
                            "hour_from": start,
                            "hour_to": stop,
                            "day_period": "morning",
                        }
                    )
                    for day, start, stop in shifts
                ],
            }
        )
        with freeze_time(at(21)):  # 22:00 in Rome
            timer = self._start()
        with freeze_time(at(28, 30)):
            timer.stop_timer()
        self.assertAlmostEqual(self._entry(timer).unit_amount, 7.5)

    def test_cron_goes_on_after_a_broken_timer(self):
        with freeze_time(at(15)):
            mine = self._start()
            theirs = self.env["psa.timer"].with_user(self.colleague)
            theirs.start_timer(self.task._name, self.task.id)
        timers = type(mine)
        original = timers._flag_forgotten

        def broken(timer):
            if timer.user_id == self.technician:
                raise ValueError("broken")
            return original(timer)

        with (
            patch.object(timers, "_flag_forgotten", broken),
            mute_logger("odoo.addons.psa_core.models.psa_timer_overdue"),
            freeze_time(at(31)),
            self.enter_registry_test_mode(),
        ):
            self.env.ref("psa_core.ir_cron_flag_forgotten").method_direct_trigger()
        states = theirs.search([("user_id", "=", self.colleague.id)]).mapped("state")
        self.assertEqual((mine.state, states), ("running", ["forgotten"]))

    def test_switching_from_a_forgotten_timer(self):
        other = self._create_task()
        with freeze_time(at(15)):
            first = self._start()
        with freeze_time(at(31)):
            second = self._start(other)
        self.assertEqual((first.state, second.state), ("forgotten", "running"))
        with self.assertRaisesRegex(UserError, "how long"):
            self._start()

    def test_minutes_out_of_range(self):
        with freeze_time(at(15)):
            timer = self._start()
        with freeze_time(at(31)):
            timer.stop_timer()
        for minutes in (0, -5, 24 * 60 + 1, "ten", None):
            with self.subTest(minutes), self.assertRaisesRegex(UserError, "1 minute"):
                timer.confirm_timer(minutes)
        self.assertEqual(timer.state, "forgotten")

    def test_cron_flags_forgotten_timers(self):
        with freeze_time(at(15)):
            timer = self._start()
        cron = self.env.ref("psa_core.ir_cron_flag_forgotten")
        for hour, state in ((16, "running"), (31, "forgotten"), (32, "forgotten")):
            with freeze_time(at(hour)), self.enter_registry_test_mode():
                cron.method_direct_trigger()
            self.assertEqual(timer.state, state)
        self.assertEqual(timer.suggested_minutes, 60)

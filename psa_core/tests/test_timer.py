# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time

from odoo.addons.psa_core.models.psa_timer import BUS_NOTIFICATION

from .common import MONDAY, at
from .common_timer import TimerCommon


class TestTimer(TimerCommon):
    """The life of a timer, as its user and in UTC; Rome is an hour ahead."""

    # ------------------------------------------------------------
    # Start, pause, resume, stop
    # ------------------------------------------------------------

    def test_start_and_stop(self):
        with freeze_time(at(8)):
            timer = self._start(description="Rack")
        self.assertRecordValues(
            timer,
            [
                {
                    "state": "running",
                    "user_id": self.technician.id,
                    "record_name": self.task.name,
                    "client_id": self.client.id,
                }
            ],
        )
        with freeze_time(at(8, 50)):
            data = timer.stop_timer(description="Rack and cabling")
        self.assertFalse(data["timers"])
        self.assertEqual(timer.state, "stopped")
        self.assertRecordValues(
            self._entry(timer),
            [
                {
                    "name": "Rack and cabling",
                    "date": MONDAY,
                    "task_id": self.task.id,
                    "employee_id": self.employee.id,
                    "unit_amount": 50 / 60,
                    "psa_date_start": at(8),
                    "psa_date_end": at(8, 50),
                    "psa_source": "timer",
                    "psa_client_id": self.client.id,
                }
            ],
        )

    def test_pauses_do_not_count(self):
        with freeze_time(at(8)):
            timer = self._start()
        with freeze_time(at(8, 20)):
            timer.pause_timer()
            timer.pause_timer()
        with freeze_time(at(9)):
            timer.resume_timer()
            timer.resume_timer()
        with freeze_time(at(9, 10)):
            timer.stop_timer()
        entry = self._entry(timer)
        self.assertEqual(len(timer.segment_ids), 2)
        self.assertAlmostEqual(entry.unit_amount, 0.5)
        self.assertEqual((entry.psa_date_start, entry.psa_date_end), (at(8), at(9, 10)))

    def test_stop_while_paused(self):
        with freeze_time(at(8)):
            timer = self._start()
        with freeze_time(at(8, 20)):
            timer.pause_timer()
        with freeze_time(at(15)):
            timer.stop_timer()
        self.assertAlmostEqual(self._entry(timer).unit_amount, 20 / 60)
        self.assertEqual(self._entry(timer).psa_date_end, at(8, 20))

    def test_start_while_one_runs_pauses_it(self):
        other = self._create_task(name="Phone call")
        with freeze_time(at(8)):
            first = self._start()
        with freeze_time(at(8, 30)):
            second = self._start(other)
        self.assertEqual((first.state, second.state), ("paused", "running"))
        with freeze_time(at(8, 40)):
            first.resume_timer()
        self.assertEqual((first.state, second.state), ("running", "paused"))
        with freeze_time(at(9)):
            first.stop_timer()
            second.stop_timer()
        self.assertAlmostEqual(self._entry(first).unit_amount, 50 / 60)
        self.assertAlmostEqual(self._entry(second).unit_amount, 10 / 60)
        entries = self._entry(first) | self._entry(second)
        self.assertFalse(entries.filtered("psa_is_overlapping"))

    def test_start_on_the_same_record_resumes(self):
        with freeze_time(at(8)):
            timer = self._start()
        with freeze_time(at(8, 10)):
            timer.pause_timer()
        with freeze_time(at(9)):
            self.assertEqual(self._start(), timer)
            self.assertEqual(self._start(), timer)

    def test_stop_twice_writes_one_entry(self):
        with freeze_time(at(8)):
            timer = self._start()
        with freeze_time(at(9)):
            timer.stop_timer()
        entry = timer.entry_id
        with freeze_time(at(9, 5)):
            timer.stop_timer(description="Again")
            timer.discard_timer()
            timer.resume_timer()
        self.assertEqual((timer.entry_id, timer.state), (entry, "stopped"))
        self.assertEqual(
            self.env["account.analytic.line"].search_count(
                [("task_id", "=", self.task.id)]
            ),
            1,
        )

    def test_somebody_elses_timer(self):
        with freeze_time(at(8)):
            timer = self._start()
        for user in (self.colleague, self.manager):
            for method in ("stop_timer", "pause_timer", "resume_timer"):
                with (
                    self.subTest(user=user.login, method=method),
                    self.assertRaisesRegex(AccessError, "person who started"),
                ):
                    getattr(timer.with_user(user), method)()
        self.assertEqual(timer.state, "running")

    def test_discard_keeps_the_timer_on_file(self):
        with freeze_time(at(8)):
            timer = self._start()
        with freeze_time(at(9)):
            data = timer.discard_timer()
        self.assertFalse(data["timers"] or timer.entry_id)
        self.assertEqual(timer.state, "discarded")
        self.assertEqual(timer.segment_ids._get_seconds(), 3600)

    def test_manager_discards_the_timer_of_someone_who_left(self):
        with freeze_time(at(8)):
            timer = self._start()
        with self.assertRaises(AccessError):
            timer.with_user(self.colleague).discard_timer()
        timer.with_user(self.manager).action_discard()
        self.assertEqual(timer.state, "discarded")

    def test_resumed_on_another_day(self):
        tuesday = MONDAY + timedelta(days=1)
        with freeze_time(at(8)):
            timer = self._start(description="Rack")
        with freeze_time(at(9)):
            timer.pause_timer()
        with freeze_time(at(10, day=tuesday)):
            data = timer.resume_timer()
        self.assertEqual(timer.state, "stopped")
        self.assertRecordValues(
            self._entry(timer), [{"date": MONDAY, "unit_amount": 1.0, "name": "Rack"}]
        )
        (values,) = data["timers"]
        self.assertEqual((values["state"], values["seconds"]), ("running", 0))
        with freeze_time(at(10, 30, day=tuesday)):
            self.timers.browse(values["id"]).stop_timer()
        entry = self._entry(self.timers.browse(values["id"]))
        self.assertEqual((entry.date, entry.unit_amount), (tuesday, 0.5))
        self.assertEqual(entry.name, "Rack")

    def test_clock_set_back(self):
        with freeze_time(at(9)):
            timer = self._start()
        with freeze_time(at(8)):
            timer.stop_timer()
        self.assertEqual(self._entry(timer).unit_amount, 0.0)

    # ------------------------------------------------------------
    # What is timed
    # ------------------------------------------------------------

    def test_record_deleted_meanwhile(self):
        task = self._create_task(name="Old printer")
        with freeze_time(at(8)):
            timer = self._start(task)
        task.unlink()
        with freeze_time(at(9)):
            timer.stop_timer(description="Looked at it")
        entry = self._entry(timer)
        self.assertEqual(entry.project_id, self.company.psa_support_project_id)
        self.assertEqual(entry.psa_client_id, self.client)
        self.assertEqual(entry.name, "Looked at it · Old printer")
        self.assertAlmostEqual(entry.unit_amount, 1.0)

    def test_project_closed_to_time_meanwhile(self):
        with freeze_time(at(8)):
            timer = self._start()
        self.project.allow_timesheets = False
        with freeze_time(at(9)):
            timer.stop_timer()
        self.assertEqual(
            self._entry(timer).project_id, self.company.psa_support_project_id
        )

    def test_record_that_cannot_be_timed(self):
        self.project.allow_timesheets = False
        cases = [
            ((self.task._name, self.task.id), "takes no time"),
            (("res.partner", self.client.id), "cannot be timed"),
            (("no.such.model", 1), "cannot be timed"),
            (("project.task", 2**31 - 1), "deleted"),
        ]
        for args, message in cases:
            with self.subTest(args), self.assertRaisesRegex(UserError, message):
                self.timers.start_timer(*args)

    def test_record_one_may_not_read(self):
        self.project.privacy_visibility = "followers"
        with self.assertRaises(AccessError):
            self._start()

    def test_timer_without_a_record(self):
        with freeze_time(at(8)):
            data = self.timers.start_timer(description="Phone")
        self.assertTrue(data["timers"][0]["needs_client"])
        timer = self.timers.browse(data["timers"][0]["id"])
        with freeze_time(at(8, 30)):
            timer.stop_timer(
                client_id=self.contact.id, work_type_id=self.work_type_remote.id
            )
        self.assertRecordValues(
            self._entry(timer),
            [
                {
                    "name": "Phone",
                    "project_id": self.company.psa_support_project_id.id,
                    "psa_client_id": self.client.id,
                    "psa_work_type_id": self.work_type_remote.id,
                }
            ],
        )

    def test_two_timers_without_a_record(self):
        with freeze_time(at(8)):
            self.timers.start_timer()
        with freeze_time(at(8, 10)):
            data = self.timers.start_timer()
        self.assertEqual([t["state"] for t in data["timers"]], ["paused", "running"])

    def test_user_without_employee(self):
        self.env["hr.employee"].search([("user_id", "=", self.technician.id)]).unlink()
        data = self.timers.get_widget_data()
        self.assertFalse(data["can_record"])
        self.assertIn("no employee", data["message"])
        for call in (
            lambda: self._start(),
            lambda: self.timers.quick_entry(self.client.id, 5, "Fix"),
        ):
            with self.assertRaisesRegex(UserError, "no employee"):
                call()

    # ------------------------------------------------------------
    # Dates
    # ------------------------------------------------------------

    def test_date_is_the_users(self):
        with freeze_time(at(23, 30)):  # half past midnight on Tuesday, in Rome
            timer = self._start()
        with freeze_time(at(24, 30)):
            timer.stop_timer()
        self.assertEqual(self._entry(timer).date, MONDAY + timedelta(days=1))

    def test_date_is_that_of_the_start(self):
        with freeze_time(at(22, 30)):
            timer = self._start()
        with freeze_time(at(24)):
            timer.stop_timer()
        self.assertEqual(self._entry(timer).date, MONDAY)

    # ------------------------------------------------------------
    # What the browser gets
    # ------------------------------------------------------------

    def test_widget_data(self):
        with freeze_time(at(8)):
            self._start()
        with freeze_time(at(8, 10)):
            data = self.timers.get_widget_data()
        self.assertEqual(data["now"], "2026-03-02 08:10:00")
        self.assertEqual(data["today"]["expected"], 8.0)
        self.assertEqual(data["default_work_type_id"], self.work_type_remote.id)
        (timer,) = data["timers"]
        self.assertEqual(
            (timer["state"], timer["seconds"], timer["running_since"], timer["res_id"]),
            ("running", 0, "2026-03-02 08:00:00", self.task.id),
        )

    def test_own_tasks_are_suggested(self):
        mine = self._create_task(name="Mine", user_ids=[self.technician.id])
        self._create_task(name="Theirs", user_ids=[self.colleague.id])
        self._create_task(name="Done", user_ids=[self.technician.id], state="1_done")
        self.assertEqual(
            self.timers.get_widget_data()["suggestions"],
            [
                {
                    "res_model": "project.task",
                    "res_id": mine.id,
                    "name": "Mine",
                    "client": self.client.name,
                }
            ],
        )

    def test_every_change_is_published(self):
        user = type(self.technician)
        with patch.object(user, "_bus_send") as send, freeze_time(at(8)):
            timer = self._start()
            timer.pause_timer()
            timer.resume_timer()
            timer.stop_timer()
            self.timers.quick_entry(self.client.id, 5, "Fix")
        self.assertEqual(
            [call.args[0] for call in send.call_args_list], [BUS_NOTIFICATION] * 5
        )

    # ------------------------------------------------------------
    # Queries
    # ------------------------------------------------------------

    def _fill(self, number):
        """Add finished timers and entries in SQL: only their number counts."""
        self.env.cr.execute(
            """
            INSERT INTO psa_timer (user_id, company_id, state, res_model, res_id)
            SELECT %s, %s, 'stopped', 'project.task', %s FROM generate_series(1, %s)
            """,
            [self.technician.id, self.company.id, self.task.id, number],
        )
        self.env.cr.execute(
            """
            INSERT INTO account_analytic_line
                   (name, date, company_id, currency_id, account_id, project_id,
                    task_id, employee_id, user_id, unit_amount, amount,
                    psa_review_state)
            SELECT 'Past', date '2025-01-01' + n %% 300,
                   %s, %s, %s, %s, %s, %s, %s, 1, 0, 'approved'
              FROM generate_series(1, %s) AS n
            """,
            [
                self.company.id,
                self.company.currency_id.id,
                self.project.account_id.id,
                self.project.id,
                self.task.id,
                self.employee.id,
                self.technician.id,
                number,
            ],
        )

    def _count(self):
        """Return the queries of starting and of stopping a timer."""
        counts = []
        for minute, call in ((0, self._start), (10, lambda: self.running.stop_timer())):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            with freeze_time(at(8, minute)):
                self.running = call() or self.running
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.running = self.timers.search([("state", "=", "running")])
        return counts

    def test_queries_do_not_grow_with_history(self):
        self._fill(100)
        self._count()  # what the host keeps in its caches
        self._count()
        few = self._count()
        self._fill(9_900)
        self.assertEqual(self._count(), few)

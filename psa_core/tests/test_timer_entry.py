# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time

from .common import MONDAY, at
from .common_timer import TimerCommon


class TestQuickEntry(TimerCommon):
    """A line typed in the menu bar."""

    def test_quick_entry(self):
        with freeze_time(at(16, 55)):
            data = self.timers.quick_entry(self.contact.id, 5, " Remote check ")
        entry = self.env["account.analytic.line"].search(
            [("psa_source", "=", "quick")], limit=1
        )
        self.assertRecordValues(
            entry,
            [
                {
                    "name": "Remote check",
                    "date": MONDAY,
                    "project_id": self.company.psa_support_project_id.id,
                    "psa_client_id": self.client.id,
                    "psa_work_type_id": self.work_type_remote.id,
                    "psa_date_start": at(16, 50),
                    "psa_date_end": at(16, 55),
                    "psa_billable_hours": 0.25,
                    "employee_id": self.employee.id,
                }
            ],
        )
        self.assertAlmostEqual(data["today"]["recorded"], 5 / 60)

    def test_quick_entry_on_a_record_goes_where_its_timer_would(self):
        task = ("project.task", self.task.id)
        with freeze_time("2026-03-02 10:00:00"):
            self.timers.quick_entry(
                False, 20, "Disk replaced", res_model=task[0], res_id=task[1]
            )
        entry = self.env["account.analytic.line"].search(
            [("psa_source", "=", "quick")], limit=1
        )
        self.assertRecordValues(
            entry,
            [
                {
                    "name": "Disk replaced",
                    "task_id": self.task.id,
                    "project_id": self.project.id,
                    "psa_client_id": self.client.id,
                    "psa_billable": True,
                    "unit_amount": 20 / 60,
                }
            ],
        )
        for model, record_id in (("res.partner", 1), ("project.task", 2**31 - 1)):
            with self.assertRaises(UserError):
                self.timers.quick_entry(
                    False, 20, "Fix", res_model=model, res_id=record_id
                )

    def test_quick_entry_without_client_is_internal(self):
        with freeze_time(at(16, 55)):
            self.timers.quick_entry(False, 15, "Tidied the lab")
        entry = self.env["account.analytic.line"].search(
            [("psa_source", "=", "quick")], limit=1
        )
        self.assertFalse(entry.psa_client_id or entry.psa_billable)
        self.assertEqual(entry.psa_billable_hours, 0.0)

    def test_quick_entry_over_midnight_is_dated_by_its_start(self):
        with freeze_time(at(23, 10)):  # ten past midnight in Rome
            self.timers.quick_entry(self.client.id, 30, "Night call")
        entry = self.env["account.analytic.line"].search(
            [("psa_source", "=", "quick")], limit=1
        )
        self.assertEqual(entry.date, MONDAY)

    def test_what_a_browser_may_send(self):
        quick, start = self.timers.quick_entry, self.timers.start_timer
        for call, error in (
            (lambda: quick(2**31 - 1, 5, "Fix"), UserError),
            (lambda: quick(self.client.id, True, "Fix"), UserError),
            (lambda: quick(self.client.id, 5, 12), UserError),
            (lambda: start("project.task", "abc"), UserError),
            (lambda: start("project.task", False), UserError),
            (lambda: self.env["psa.work.day"].get_my_day("hello"), UserError),
        ):
            with self.assertRaises(error):
                call()
        with freeze_time(at(8)):
            quick("abc", 5, "Fix", work_type_id=2**31 - 1)

    def test_role_is_needed(self):
        plain = self._create_user("psa-no-role", "base.group_user")
        self._create_employee(plain)
        timers = self.env["psa.timer"].with_user(plain)
        for call in (
            lambda: timers.start_timer(),
            lambda: timers.quick_entry(self.client.id, 5, "Fix"),
        ):
            with self.assertRaises(AccessError):
                call()

    def test_quick_entry_refuses_nonsense(self):
        for minutes, text, message in (
            (0, "Fix", "1 minute"),
            (-5, "Fix", "1 minute"),
            (25 * 60, "Fix", "1 minute"),
            (5, "  ", "few words"),
        ):
            with (
                self.subTest((minutes, text)),
                self.assertRaisesRegex(UserError, message),
            ):
                self.timers.quick_entry(self.client.id, minutes, text)

    def test_support_project_is_made_again(self):
        self.company.psa_support_project_id.active = False
        with freeze_time(at(16, 55)):
            self.timers.quick_entry(self.client.id, 5, "Fix")
        self.assertTrue(self.company.psa_support_project_id.active)

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date, timedelta

from odoo.exceptions import AccessError
from odoo.tests import freeze_time

from .common import MONDAY, PsaCoreCommon, at


class TestWorkDay(PsaCoreCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.days = cls.env["psa.work.day"]

    def _refresh(self, employees=None, date_from=MONDAY, date_to=MONDAY):
        self.days._refresh(employees or self.employee, date_from, date_to)

    def _expected(self, day=MONDAY, employee=None):
        return self.days.search(
            [("employee_id", "=", (employee or self.employee).id), ("date", "=", day)]
        ).expected_hours

    def _report(self, day=MONDAY):
        self.env["psa.work.day.report"].invalidate_model()
        return self.env["psa.work.day.report"].search(
            [("employee_id", "=", self.employee.id), ("date", "=", day)]
        )

    def _leave(self, start, stop):
        return self.env["resource.calendar.leaves"].create(
            {
                "name": "Leave",
                "calendar_id": self.employee.resource_calendar_id.id,
                "resource_id": self.employee.resource_id.id,
                "date_from": start,
                "date_to": stop,
            }
        )

    # ------------------------------------------------------------
    # Expected hours
    # ------------------------------------------------------------

    def test_week(self):
        sunday = MONDAY + timedelta(days=6)
        self._refresh(date_to=sunday)
        hours = [self._expected(MONDAY + timedelta(days=n)) for n in range(7)]
        self.assertEqual(hours, [8, 8, 8, 8, 8, 0, 0])

    def test_leave_approved_late_is_renewed(self):
        self._refresh()
        self._leave(at(12), at(16))
        self._refresh()
        self.assertEqual(self._expected(), 4.0)
        self.assertEqual(
            self.days.search_count([("employee_id", "=", self.employee.id)]), 1
        )

    def test_daylight_saving(self):
        for day in (date(2026, 3, 27), date(2026, 3, 30)):
            self._refresh(date_from=day, date_to=day)
            self.assertEqual(self._expected(day), 8.0)

    def test_time_zone_decides_the_day(self):
        self.employee.resource_calendar_id.tz = "Pacific/Auckland"
        self.employee.tz = "Pacific/Auckland"
        saturday = MONDAY + timedelta(days=5)
        self._refresh(date_from=MONDAY - timedelta(days=1), date_to=saturday)
        self.assertEqual(self._expected(MONDAY), 8.0)
        self.assertEqual(self._expected(saturday), 0.0)
        self.assertEqual(self._expected(MONDAY - timedelta(days=1)), 0.0)

    def test_flexible_hours_expect_nothing(self):
        self.employee.resource_calendar_id = False
        self._refresh()
        self.assertEqual(self._expected(), 0.0)
        self.assertEqual(self.days._get_day_end(self.employee, at(8)), None)

    def test_queries_do_not_depend_on_the_employees(self):
        def count(employees):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._refresh(employees, MONDAY, MONDAY + timedelta(days=6))
            return self.env.cr.sql_log_count - before

        employees = self.env["hr.employee"].create(
            [{"name": f"Employee {n}", "tz": "Europe/Rome"} for n in range(20)]
        )
        count(employees)
        self.assertEqual(count(employees[:10]), count(employees))

    def test_day_end(self):
        self.assertEqual(self.days._get_day_end(self.employee, at(8)), at(16))
        self.assertEqual(self.days._get_day_end(self.employee, at(17)), None)
        self.assertEqual(self.days._get_day_end(self.env["hr.employee"], at(8)), None)

    # ------------------------------------------------------------
    # Report
    # ------------------------------------------------------------

    def test_report_is_live(self):
        self._refresh()
        self.assertEqual(self._report().missing_hours, 8.0)
        self._create_entry(
            unit_amount=2, psa_date_start=at(8), psa_date_end=at(10), psa_billable=False
        )
        self._create_entry(
            unit_amount=1.5, psa_date_start=at(9), psa_date_end=at(10, 30)
        )
        self.assertRecordValues(
            self._report(),
            [
                {
                    "expected_hours": 8.0,
                    "recorded_hours": 3.5,
                    "billable_hours": 1.5,
                    "missing_hours": 4.5,
                    "overlapping_count": 2,
                    "entry_count": 2,
                }
            ],
        )

    def test_overtime_is_not_negative_missing(self):
        self._refresh()
        self._create_entry(unit_amount=10)
        self.assertEqual(self._report().missing_hours, 0.0)

    def test_report_opens_the_entries(self):
        self._refresh()
        entry = self._create_entry()
        action = self._report().action_open_entries()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found, entry)

    def test_technicians_see_their_own_days(self):
        self._refresh(self.employee | self.employee_colleague)
        for model in ("psa.work.day", "psa.work.day.report"):
            for user, expected in (
                (self.technician, self.employee),
                (self.manager, self.employee | self.employee_colleague),
            ):
                with self.subTest(model=model, user=user.login):
                    days = (
                        self.env[model].with_user(user).search([("date", "=", MONDAY)])
                    )
                    self.assertEqual(days.employee_id, expected.with_user(user))
        with self.assertRaises(AccessError):
            self.env["psa.work.day.report"].with_user(self.billing).search([])

    # ------------------------------------------------------------
    # My day
    # ------------------------------------------------------------

    @freeze_time("2026-03-02 16:30:00")
    def test_my_day(self):
        self._create_entry(name="Rack", psa_date_start=at(8), psa_date_end=at(9))
        self._create_entry(name="Note", unit_amount=0.5)
        self._create_entry(user=self.colleague)
        day = self.days.with_user(self.technician).get_my_day()
        self.assertEqual(day["date"], "2026-03-02")
        self.assertEqual((day["previous"], day["next"]), ("2026-03-01", "2026-03-03"))
        self.assertEqual(
            (day["expected"], day["recorded"], day["missing"]), (8.0, 1.5, 6.5)
        )
        self.assertEqual([entry["name"] for entry in day["entries"]], ["Rack", "Note"])
        self.assertEqual(
            day["gaps"],
            [
                ["2026-03-02 07:00:00", "2026-03-02 08:00:00"],
                ["2026-03-02 09:00:00", "2026-03-02 11:00:00"],
                ["2026-03-02 12:00:00", "2026-03-02 16:00:00"],
            ],
        )

    def test_my_day_of_another_date_and_without_employee(self):
        day = self.days.with_user(self.technician).get_my_day("2026-03-01")
        self.assertEqual((day["date"], day["expected"]), ("2026-03-01", 0.0))
        day = self.days.with_user(self.admin).get_my_day("2026-03-02")
        self.assertEqual((day["expected"], day["entries"]), (0.0, []))

    # ------------------------------------------------------------
    # Crons
    # ------------------------------------------------------------

    @freeze_time("2026-03-02 03:00:00")
    def test_cron_refresh(self):
        with self.enter_registry_test_mode():
            self.env.ref("psa_core.ir_cron_work_day_refresh").method_direct_trigger()
        self.assertEqual(self._expected(), 8.0)
        past = MONDAY - timedelta(days=60)  # a Thursday
        self.assertEqual(self._expected(past), 8.0)
        employees = self.days.search([]).employee_id
        self.assertLessEqual(self.employee | self.employee_manager, employees)

    def _remind(self, hour, day=MONDAY):
        with freeze_time(at(hour, day=day)), self.enter_registry_test_mode():
            self.env.ref("psa_core.ir_cron_work_day_remind").method_direct_trigger()
        return self.env["mail.activity"].search(
            [("res_model", "=", "psa.work.day"), ("user_id", "=", self.technician.id)]
        )

    def test_reminder_is_off_by_default(self):
        self.assertFalse(self._remind(18))

    def test_reminder_once_after_working_hours(self):
        self.technician.psa_day_reminder = "activity"
        self._create_entry(unit_amount=6)
        self.assertFalse(self._remind(15), "the day is not over")
        activity = self._remind(17)
        self.assertIn("2.0 h", activity.summary)
        self.assertEqual(self._remind(18), activity, "once a day")
        tuesday = MONDAY + timedelta(days=1)
        self.assertEqual(len(self._remind(17, day=tuesday)), 2)

    def test_no_reminder_when_all_is_recorded_or_the_day_is_free(self):
        self.technician.psa_day_reminder = "activity"
        self._create_entry(unit_amount=7.9)
        self.assertFalse(self._remind(18))
        self.assertFalse(self._remind(18, day=MONDAY - timedelta(days=1)))

    def test_reminder_by_mail(self):
        self.technician.write({"psa_day_reminder": "mail", "email": "tech@example.com"})
        self._remind(18)
        mail = self.env["mail.mail"].search([], order="id desc", limit=1)
        self.assertIn("8.0 h", mail.subject)
        self.assertEqual(mail.recipient_ids, self.technician.partner_id)

    def test_users_choose_their_own_reminder(self):
        self.technician.with_user(self.technician).psa_day_reminder = "mail"
        self.assertEqual(self.technician.psa_day_reminder, "mail")
        with self.assertRaises(AccessError):
            self.colleague.with_user(self.technician).psa_day_reminder = "mail"

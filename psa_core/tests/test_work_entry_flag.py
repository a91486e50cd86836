# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import freeze_time

from .common import MONDAY, PsaCoreCommon, at


@freeze_time("2026-03-02 18:00:00")
class TestWorkEntryFlag(PsaCoreCommon):
    def _timed(self, start, end, hours=None, **kwargs):
        worked = hours if hours is not None else (end - start).total_seconds() / 3600
        return self._create_entry(
            psa_date_start=start, psa_date_end=end, unit_amount=worked, **kwargs
        )

    def _flagged(self):
        return self.env["account.analytic.line"].search(
            [("psa_is_flagged", "=", True), ("task_id", "=", self.task.id)]
        )

    def test_overlap_is_flagged_on_both_sides(self):
        first = self._timed(at(8), at(9))
        second = self._timed(at(8, 30), at(9, 30))
        self.assertTrue(first.psa_is_overlapping)
        self.assertTrue(second.psa_is_overlapping)
        self.assertIn("Overlaps", first.psa_warning)
        self.assertEqual(self._flagged(), first | second)

    def test_overlap_that_is_resolved(self):
        first = self._timed(at(8), at(9))
        second = self._timed(at(8, 30), at(9, 30))
        second.write({"psa_date_start": at(9), "psa_date_end": at(10)})
        self.assertFalse((first | second).filtered("psa_is_overlapping"))
        second.write({"psa_date_start": at(8, 30), "psa_date_end": at(9, 30)})
        self.assertTrue(first.psa_is_overlapping)
        second.unlink()
        self.assertFalse(first.psa_is_overlapping)

    def test_neighbours_and_others_do_not_overlap(self):
        first = self._timed(at(8), at(9))
        cases = {
            "next": {"start": at(9), "end": at(10)},
            "within a minute": {"start": at(8, 59), "end": at(10)},
            "a colleague": {"start": at(8), "end": at(9), "user": self.colleague},
        }
        for name, case in cases.items():
            with self.subTest(name):
                other = self._timed(**case)
                self.assertFalse((first | other).filtered("psa_is_overlapping"))
                other.unlink()

    def test_pause_may_contain_other_work(self):
        long = self._timed(at(8), at(10), hours=1.5)
        call = self._timed(at(9), at(9, 30))
        self.assertFalse((long | call).filtered("psa_is_overlapping"))
        longer_call = self._timed(at(9), at(9, 45))
        self.assertTrue(longer_call.psa_is_overlapping)

    def test_overlap_over_midnight(self):
        tuesday = MONDAY + timedelta(days=1)
        night = self._timed(at(22), at(25))
        morning = self._timed(at(24, 30), at(26), date=tuesday)
        self.assertTrue(night.psa_is_overlapping and morning.psa_is_overlapping)

    def test_too_long(self):
        self.assertFalse(self._create_entry(unit_amount=12.0).psa_is_too_long)
        entry = self._create_entry(unit_amount=25.0)
        self.assertTrue(entry.psa_is_too_long)
        self.assertEqual(self._flagged(), entry)
        self.company.psa_long_entry_hours = 0
        self.assertFalse(self._create_entry(unit_amount=25.0).psa_is_too_long)

    def test_in_the_future(self):
        today, tomorrow = (
            self._create_entry(),
            self._create_entry(date=MONDAY + timedelta(days=1)),
        )
        self.assertFalse(today.psa_is_future)
        self.assertIn("future", tomorrow.psa_warning)
        self.assertEqual(self._flagged(), tomorrow)
        with freeze_time("2026-03-03 18:00:00"):
            self.env.invalidate_all()
            self.assertFalse(self._flagged())

    def test_on_a_closed_period(self):
        before = self._create_entry(date=fields.Date.to_date("2026-01-15"))
        self.env.flush_all()
        self.company.sudo().fiscalyear_lock_date = "2026-01-31"
        after = self._create_entry(date=fields.Date.to_date("2026-01-15"))
        self.assertFalse(before.psa_is_on_closed_period, "recorded in time")
        self.assertTrue(after.psa_is_on_closed_period)
        self.assertIn("closed period", after.psa_warning)

    def test_zero_and_negative_time(self):
        zero, negative = (
            self._create_entry(unit_amount=0.0),
            self._create_entry(unit_amount=-1.0),
        )
        self.assertIn("Under a minute", zero.psa_warning)
        self.assertIn("Negative", negative.psa_warning)
        self.assertEqual(self._flagged(), zero | negative)

    def test_under_a_minute(self):
        entry = self._create_entry(unit_amount=3 / 3600)
        self.assertIn("Under a minute", entry.psa_warning)
        self.assertEqual(self._flagged(), entry)

    def test_times_that_contradict_each_other(self):
        cases = {
            "end before start": {"start": at(9), "end": at(8), "hours": 1},
            "more hours than time": {"start": at(8), "end": at(9), "hours": 5},
            "another date": {
                "start": at(8),
                "end": at(9),
                "date": MONDAY - timedelta(days=30),
            },
        }
        for name, case in cases.items():
            with self.subTest(name):
                entry = self._timed(**case)
                self.assertTrue(entry.psa_is_inconsistent)
                self.assertIn("contradict", entry.psa_warning)
                self.assertEqual(self._flagged(), entry)
                entry.unlink()

    def test_one_person_in_two_companies(self):
        other = self.env["res.company"].create({"name": "Other company"})
        twin = self._create_employee(self.technician, company_id=other.id)
        project = self.project.copy({"company_id": other.id, "name": "Elsewhere"})
        first = self._timed(at(8), at(9))
        second = self.env["account.analytic.line"].create(
            {
                "name": "Elsewhere",
                "date": MONDAY,
                "project_id": project.id,
                "employee_id": twin.id,
                "company_id": other.id,
                "unit_amount": 1,
                "psa_date_start": at(8),
                "psa_date_end": at(9),
            }
        )
        self.assertTrue(first.psa_is_overlapping and second.psa_is_overlapping)

    def test_not_flagged_is_the_rest(self):
        good, zero = self._create_entry(), self._create_entry(unit_amount=0.0)
        found = self.env["account.analytic.line"].search(
            [("psa_is_flagged", "=", False), ("task_id", "=", self.task.id)]
        )
        self.assertEqual(found, good)
        self.assertNotIn(zero, found)

    def test_warnings_can_be_extended(self):
        entry = self._create_entry()
        lines = type(entry)
        original = lines._psa_warnings
        with patch.object(
            lines, "_psa_warnings", lambda self: [*original(self), "No contract"]
        ):
            entry.invalidate_recordset(["psa_warning"])
            self.assertEqual(entry.psa_warning, "No contract")

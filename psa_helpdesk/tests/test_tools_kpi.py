# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import doctest
from dataclasses import replace
from datetime import date, datetime, timedelta

from odoo.tests import BaseCase

from odoo.addons.psa_core.tools.clock import WorkingClock

from ..tools import kpi
from ..tools.kpi import Facts

MONDAY = datetime(2026, 3, 2)


def hours(number):
    return MONDAY + timedelta(hours=number)


class TestToolsKpi(BaseCase):
    """Each figure of the service desk, with what counts and what does not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Monday to Wednesday, nine to five.
        cls.clock = WorkingClock.from_intervals(
            [(hours(24 * day + 9), hours(24 * day + 17)) for day in range(3)],
            start=MONDAY,
            stop=hours(96),
        )
        cls.solved = Facts(
            hours(9),
            "closed",
            hours(12),
            opened_on=MONDAY.date(),
            resolved_on=MONDAY.date(),
            answer_count=1,
            technicians=frozenset({7}),
        )

    def _assert_counts(self, formula, cases):
        """Compare what a formula counts for the solved ticket with these changes."""
        for expected, changes in cases:
            self.assertEqual(
                formula(replace(self.solved, **changes)), expected, changes
            )

    def test_doctests(self):
        self.assertFalse(doctest.testmod(kpi).failed)

    def test_first_response(self):
        for answered, expected in [
            (None, None),
            (hours(10.5), 1.5),
            (hours(20), 8),  # after hours
            (hours(24 + 10), 9),
            (hours(8), 0),  # before it came in: an import
        ]:
            found = kpi.first_response(self.clock, hours(9), answered)
            self.assertEqual(found, expected, answered)

    def test_resolution(self):
        for resolved, waits, expected in [
            (None, [], None),
            (hours(12), [], 3),
            (hours(12), [(hours(10), hours(11))], 2),
            # Nights of waiting are no working time in the first place.
            (hours(24 + 10), [(hours(16), hours(24 + 9))], 8),
            (hours(12), [(hours(0), hours(40))], 0),
            (hours(12), [(hours(13), hours(14))], 3),
            (hours(14), [(hours(9), hours(10)), (hours(11), hours(12))], 3),
        ]:
            found = kpi.resolution(self.clock, hours(9), resolved, waits)
            self.assertEqual(found, expected, (resolved, waits))

    def test_backlog(self):
        for state, is_open, is_solved in [
            ("new", 1, 0),
            ("in_progress", 1, 0),
            ("waiting_client", 1, 0),
            ("resolved", 0, 1),
            ("closed", 0, 1),
            ("cancelled", 0, 0),
        ]:
            ticket = replace(self.solved, state=state)
            self.assertEqual(
                (kpi.is_open(ticket), kpi.is_solved(ticket)), (is_open, is_solved)
            )
        self.assertIsNone(kpi.age_days(self.solved, hours(57)))
        waiting = Facts(hours(9))
        self.assertEqual(kpi.age_days(waiting, hours(57)), 2)

    def test_age_buckets(self):
        for days, key in [
            (0, "a_day"),
            (0.99, "a_day"),
            (1, "a_week"),
            (7, "a_month"),
            (30, "a_quarter"),
            (89.9, "a_quarter"),
            (90, "older"),
            (4000, "older"),
        ]:
            self.assertEqual(kpi.age_bucket(days), key, days)

    def test_reopen_rate(self):
        self._assert_counts(
            kpi.is_reopened,
            [
                (0, {}),
                (1, {"reopen_count": 2}),
                (1, {"reopen_count": 1, "state": "in_progress"}),
                (None, {"state": "in_progress"}),
                (None, {"state": "cancelled"}),
            ],
        )

    def test_touches(self):
        self._assert_counts(
            kpi.touches,
            [(1, {}), (4, {"answer_count": 4}), (None, {"state": "waiting_client"})],
        )

    def test_single_technician(self):
        self._assert_counts(
            kpi.is_single_technician,
            [
                (1, {}),
                (0, {"technicians": frozenset({7, 8})}),
                (None, {"technicians": frozenset()}),
                (None, {"state": "new"}),
            ],
        )

    def test_first_contact(self):
        self._assert_counts(
            kpi.is_first_contact,
            [
                (1, {}),
                (1, {"answer_count": 0}),
                (0, {"answer_count": 2}),
                (0, {"reopen_count": 1}),
                (None, {"state": "cancelled"}),
            ],
        )

    def test_same_day(self):
        self._assert_counts(
            kpi.is_same_day,
            [
                (1, {}),
                (0, {"resolved_on": date(2026, 3, 3)}),
                (0, {"state": "in_progress", "resolved_on": None}),
                (0, {"state": "cancelled", "resolved_on": None}),
            ],
        )

    def test_csat(self):
        self.assertEqual(
            [kpi.is_content(rating) for rating in (0, 1, 3, 4, 5)], [None, 0, 0, 1, 1]
        )
        self.assertEqual(kpi.mean(map(kpi.is_content, (0, 1, 3, 5, 5))), 0.5)

    def test_compliance(self):
        late, waived = hours(10), hours(12)
        rows = [
            (1, "reached", None, None),
            (0, "reached", late, None),
            (None, "reached", late, waived),
            (0, "running", late, None),
            (0, "paused", late, None),
            (0, "stopped", late, None),
            (None, "running", None, None),
            (None, "running", late, waived),
            (None, "stopped", None, None),
        ]
        for expected, *row in rows:
            self.assertEqual(kpi.is_kept(*row), expected, row)
        # One met, four missed.
        kept = kpi.mean(kpi.is_kept(*row) for _expected, *row in rows)
        self.assertAlmostEqual(kept, 1 / 5)

    def test_flows(self):
        self.assertIsNone(kpi.kill_rate(0, 3))
        self.assertEqual(kpi.kill_rate(4, 3), 0.75)
        self.assertIsNone(kpi.backlog_days(5, 0))
        self.assertEqual(kpi.backlog(0, 0, 0, 0, 0), 0)

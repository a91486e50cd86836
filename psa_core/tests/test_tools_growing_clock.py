# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import datetime, timedelta

from odoo.tests import BaseCase

from odoo.addons.psa_core.tools.clock import WorkingClock
from odoo.addons.psa_core.tools.growing_clock import GrowingClock

START = datetime(2026, 1, 1)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


class TestGrowingClock(BaseCase):
    """An hour of work at the end of each day, and a reach of 100 days."""

    def setUp(self):
        super().setUp()
        self.asked = []

        def build(start, stop):
            self.asked.append((start, stop))
            days = (stop - start).days + 1
            return WorkingClock.from_intervals(
                [(start + n * DAY - HOUR, start + n * DAY) for n in range(1, days + 1)],
                start,
                stop,
            )

        self.clock = GrowingClock(build, START, START + 10 * DAY, reach=100 * DAY)

    def test_asks_no_more_than_it_needs(self):
        self.assertEqual(self.clock.add(START, 10 * 3600), START + 10 * DAY)
        self.assertEqual(self.asked, [(START, START + 10 * DAY)])

    def test_grows_forwards(self):
        self.assertEqual(self.clock.add(START, 35 * 3600), START + 35 * DAY)
        self.assertEqual(
            self.asked[1:], [(START, START + 20 * DAY), (START, START + 40 * DAY)]
        )

    def test_grows_backwards(self):
        self.assertEqual(
            self.clock.add(START, -15 * 3600), START - 15 * DAY + DAY - HOUR
        )
        self.assertEqual(self.asked[-1], (START - 30 * DAY, START + 10 * DAY))

    def test_grows_both_ways(self):
        self.assertEqual(
            self.clock.seconds_between(START - 50 * DAY, START + 50 * DAY), 100 * 3600
        )
        self.assertEqual(
            len(self.clock.intervals(START - 60 * DAY, START + 60 * DAY)), 120
        )
        self.assertTrue(self.clock.is_working(START + 70 * DAY - HOUR))
        self.assertEqual(
            self.clock.next_working(START - 80 * DAY), START - 79 * DAY - HOUR
        )

    def test_never(self):
        self.assertEqual(self.clock.add(START, 110 * 3600), START + 110 * DAY)
        self.assertIsNone(self.clock.add(START, 110 * 3600 + 1))
        self.assertIsNone(self.clock.add(START, -101 * 3600))
        self.assertEqual(self.asked[-1], (START - 100 * DAY, START + 110 * DAY))

    def test_nobody_works_beyond_the_reach(self):
        early, late = datetime(202, 1, 1), datetime(9999, 1, 1)
        self.assertEqual(self.clock.seconds_between(early, late), 210 * 3600)
        self.assertEqual(self.clock.intervals(late, late + DAY), [])
        self.assertFalse(self.clock.is_working(early))
        self.assertFalse(self.clock.is_working(START + 110 * DAY))
        self.assertIsNone(self.clock.next_working(late))
        self.assertEqual(self.clock.next_working(early), START - 99 * DAY - HOUR)
        self.assertIsNone(self.clock.add(late, 3600))

    def test_without_hours_the_search_ends(self):
        clock = GrowingClock(
            lambda start, stop: WorkingClock.from_intervals([], start, stop),
            START,
            START + DAY,
        )
        self.assertIsNone(clock.add(START, 1))
        self.assertIsNone(clock.add(START, -1))
        self.assertIsNone(clock.next_working(START))
        self.assertEqual(clock.seconds_between(START, START + 999 * DAY), 0)

    def test_always_has_no_end(self):
        clock = GrowingClock(
            lambda start, stop: WorkingClock.always(), START, START + DAY
        )
        early = datetime(202, 1, 1)
        self.assertTrue(clock.is_working(early))
        self.assertEqual(clock.add(early, 60), early + timedelta(minutes=1))
        self.assertIsNone(clock.add(START, 10**12))

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import doctest
from datetime import date, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from odoo.addons.psa_core.tests.properties import bounded
from odoo.addons.psa_core.tools import recurrence as recurrence_module
from odoo.addons.psa_core.tools.recurrence import UNITS, Period, Recurrence

dates = st.dates(date(1990, 1, 1), date(2090, 12, 31))


@st.composite
def recurrences(draw):
    unit = draw(st.sampled_from(UNITS))
    anchor_day = None
    if unit not in ("day", "week"):
        anchor_day = draw(st.none() | st.integers(1, 31))
    return Recurrence(draw(st.integers(1, 13)), unit, draw(dates), anchor_day)


class TestPeriod(BaseCase):
    def setUp(self):
        super().setUp()
        self.january = Period(date(2026, 1, 1), date(2026, 2, 1))

    def test_doctests(self):
        self.assertFalse(doctest.testmod(recurrence_module).failed)

    def test_days(self):
        self.assertEqual(self.january.days, 31)
        self.assertEqual(self.january.last_day, date(2026, 1, 31))

    def test_contains_its_start_and_not_its_stop(self):
        self.assertIn(date(2026, 1, 1), self.january)
        self.assertIn(date(2026, 1, 31), self.january)
        self.assertNotIn(date(2026, 2, 1), self.january)

    def test_clip(self):
        middle = date(2026, 1, 17)
        self.assertEqual(self.january.clip(), self.january)
        self.assertEqual(self.january.clip(start=middle).days, 15)
        self.assertEqual(self.january.clip(stop=middle).days, 16)
        self.assertEqual(
            self.january.clip(date(2025, 1, 1), date(2027, 1, 1)), self.january
        )
        self.assertIsNone(self.january.clip(start=date(2026, 2, 1)))
        self.assertIsNone(self.january.clip(stop=date(2026, 1, 1)))

    def test_needs_a_day(self):
        for stop in (date(2026, 1, 1), date(2025, 12, 31)):
            with self.assertRaisesRegex(ValueError, "needs a day"):
                Period(date(2026, 1, 1), stop)


class TestRecurrence(BaseCase):
    def test_boundaries(self):
        january_31 = date(2026, 1, 31)
        leap_day = date(2024, 2, 29)
        for expected, recurrence in (
            ("01-31 02-28 03-31 04-30 05-31", Recurrence(1, "month", january_31)),
            ("01-31 04-30 07-31 10-31 01-31", Recurrence(1, "quarter", january_31)),
            ("02-29 02-28 02-28 02-28 02-29", Recurrence(1, "year", leap_day)),
            ("02-29 03-31 04-30 05-31 06-30", Recurrence(1, "month", leap_day, 31)),
            ("02-01 03-01 04-01 05-01 06-01", Recurrence(1, "month", leap_day, 1)),
            ("01-31 02-14 02-28 03-14 03-28", Recurrence(2, "week", january_31)),
            ("01-31 02-10 02-20 03-02 03-12", Recurrence(10, "day", january_31)),
            ("01-31 07-31 01-31 07-31 01-31", Recurrence(6, "month", january_31)),
        ):
            with self.subTest(recurrence=recurrence):
                found = [f"{recurrence.boundary(n):%m-%d}" for n in range(5)]
                self.assertEqual(" ".join(found), expected)

    def test_backwards_from_the_anchor(self):
        recurrence = Recurrence(1, "month", date(2026, 3, 31))
        self.assertEqual(
            recurrence.period(-1), Period(date(2026, 2, 28), date(2026, 3, 31))
        )

    def test_stub_before_the_anchor_day(self):
        recurrence = Recurrence(1, "month", date(2026, 1, 17), anchor_day=20)
        self.assertEqual(
            recurrence.period_containing(date(2026, 1, 17)),
            Period(date(2025, 12, 20), date(2026, 1, 20)),
        )

    def test_next_start(self):
        recurrence = Recurrence(1, "month", date(2026, 1, 31))
        self.assertEqual(recurrence.next_start(date(2026, 1, 30)), date(2026, 1, 31))
        self.assertEqual(recurrence.next_start(date(2026, 1, 31)), date(2026, 2, 28))

    def test_periods_between(self):
        recurrence = Recurrence(1, "month", date(2026, 1, 1))
        begin = date(2026, 1, 17)
        for stop, count in (
            (date(2026, 3, 2), 3),
            (date(2026, 3, 1), 2),
            (date(2026, 1, 18), 1),
            (begin, 0),
            (date(2025, 1, 1), 0),
        ):
            with self.subTest(stop=stop):
                self.assertEqual(len(recurrence.periods_between(begin, stop)), count)

    def test_what_makes_no_sense(self):
        day = date(2026, 1, 1)
        for error, args in (
            (ValueError, (0, "month", day)),
            (ValueError, (-1, "month", day)),
            (ValueError, (1, "fortnight", day)),
            (ValueError, (1, "month", day, 0)),
            (ValueError, (1, "month", day, 32)),
            (ValueError, (1, "week", day, 1)),
            (TypeError, (1, "month", datetime(2026, 1, 1))),
        ):
            with self.subTest(args=args), self.assertRaises(error):
                Recurrence(*args)

    def test_end_of_the_calendar(self):
        for n in (8000, -2100):
            with self.subTest(n=n), self.assertRaises(OverflowError):
                Recurrence(1, "year", date(2026, 1, 1)).boundary(n)


class TestRecurrenceProperties(BaseCase):
    @bounded(300)
    @given(recurrences(), dates)
    def test_every_day_is_in_its_period(self, recurrence, day):
        period = recurrence.period_containing(day)
        self.assertIn(day, period)
        self.assertEqual(recurrence.next_start(day), period.stop)

    @bounded(200)
    @given(recurrences(), dates, st.integers(1, 1500))
    def test_no_gap_and_no_overlap(self, recurrence, start, days):
        stop = start + timedelta(days=days)
        periods = recurrence.periods_between(start, stop)
        self.assertTrue(all(a.stop == b.start for a, b in pairwise(periods)))
        clipped = [period.clip(start, stop) for period in periods]
        self.assertEqual(sum(period.days for period in clipped), days)

    @bounded(200)
    @given(recurrences(), st.integers(-100, 100))
    def test_day_of_the_anchor_is_kept(self, recurrence, n):
        boundary = recurrence.boundary(n)
        if recurrence.unit in ("day", "week"):
            step = recurrence.interval * (7 if recurrence.unit == "week" else 1)
            self.assertEqual((boundary - recurrence.anchor).days, n * step)
            return
        wanted = recurrence.anchor_day or recurrence.anchor.day
        is_month_end = (boundary + timedelta(days=1)).day == 1
        self.assertTrue(
            boundary.day == wanted or (is_month_end and boundary.day < wanted)
        )

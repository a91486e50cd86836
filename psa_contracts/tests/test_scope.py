# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import doctest
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from odoo.addons.psa_contracts.tools import scope as scope_module
from odoo.addons.psa_contracts.tools.scope import divide
from odoo.addons.psa_core.tests.properties import bounded
from odoo.addons.psa_core.tools.clock import WorkingClock
from odoo.addons.psa_core.tools.proration import allocate

# The Saturday before clocks go forward: 02:00 of Sunday in Rome is 01:00 UTC.
START = datetime(2026, 3, 28)
MINUTES = 2 * 24 * 60
STOP = START + timedelta(minutes=MINUTES)
HOUR = 3600
NOBODY = frozenset()


def at(minute):
    return START + timedelta(minutes=minute)


def clock_of(pairs):
    intervals = [(at(first), at(second)) for first, second in pairs if first < second]
    return WorkingClock.from_intervals(intervals, START, STOP)


def rome(*intervals):
    """Return the clock of local times of day, on both days."""
    zone = ZoneInfo("Europe/Rome")
    return WorkingClock.from_intervals(
        [
            tuple(
                START.replace(day=day, hour=hour, tzinfo=zone)
                .astimezone(ZoneInfo("UTC"))
                .replace(tzinfo=None)
                for hour in interval
            )
            for day in (28, 29)
            for interval in intervals
        ],
        START,
        STOP,
    )


def keys(*names):
    return frozenset(names)


minutes = st.integers(0, MINUTES)
clocks = st.dictionaries(
    st.sampled_from("abc"), st.lists(st.tuples(minutes, minutes), max_size=6)
)


class TestDivide(BaseCase):
    def setUp(self):
        super().setUp()
        self.office = rome((8, 18))

    def test_doctests(self):
        self.assertFalse(doctest.testmod(scope_module).failed)

    def test_no_clock(self):
        self.assertEqual(divide(HOUR, at(0), at(60), {}), [(HOUR, NOBODY)])

    def test_no_times(self):
        """Without times, and with times that make no sense, it is inside."""
        inside = [(HOUR, keys("office"))]
        for start, stop in [
            (None, None),
            (at(60), None),
            (None, at(60)),
            (at(60), at(60)),
            (at(60), at(0)),
        ]:
            with self.subTest(start=start, stop=stop):
                self.assertEqual(
                    divide(HOUR, start, stop, {"office": self.office}), inside
                )

    def test_reaches_out(self):
        # 17:30 to 19:00 on Saturday, in winter time
        start, stop = at(16 * 60 + 30), at(18 * 60)
        self.assertEqual(
            divide(9 * HOUR, start, stop, {"office": self.office}),
            [(3 * HOUR, keys("office")), (6 * HOUR, NOBODY)],
        )

    def test_in_summer_time(self):
        # 17:30 to 19:00 on Sunday, when Rome is two hours ahead
        start, stop = at(39 * 60 + 30), at(41 * 60)
        self.assertEqual(
            divide(3 * HOUR, start, stop, {"office": self.office}),
            [(HOUR, keys("office")), (2 * HOUR, NOBODY)],
        )

    def test_the_hour_that_is_skipped(self):
        """From 01:00 to 04:00 there are two hours."""
        start, stop = at(24 * 60), at(26 * 60)
        self.assertEqual(
            divide(2 * HOUR, start, stop, {"night": rome((0, 4))}),
            [(2 * HOUR, keys("night"))],
        )

    def test_touches(self):
        """An end is not inside: 18:00 sharp is after hours."""
        start, stop = at(17 * 60), at(18 * 60)
        self.assertEqual(
            divide(HOUR, start, stop, {"office": self.office}), [(HOUR, NOBODY)]
        )

    def test_before_and_after_is_one_part(self):
        start, stop = at(6 * 60), at(18 * 60)
        self.assertEqual(
            divide(12 * HOUR, start, stop, {"office": self.office}),
            [(2 * HOUR, NOBODY), (10 * HOUR, keys("office"))],
        )

    def test_several_calendars(self):
        found = {"office": self.office, "morning": rome((6, 12)), "none": clock_of([])}
        # 07:00 to 13:00
        self.assertEqual(
            divide(6 * HOUR, at(6 * 60), at(12 * 60), found),
            [
                (HOUR, keys("morning")),
                (4 * HOUR, keys("morning", "office")),
                (HOUR, keys("office")),
            ],
        )

    def test_correction(self):
        start, stop = at(16 * 60 + 30), at(18 * 60)
        self.assertEqual(
            divide(-3 * HOUR, start, stop, {"office": self.office}),
            [(-HOUR, keys("office")), (-2 * HOUR, NOBODY)],
        )

    def test_nothing_billed(self):
        start, stop = at(16 * 60 + 30), at(18 * 60)
        self.assertEqual(
            divide(0, start, stop, {"office": self.office}), [(0, keys("office"))]
        )

    def test_parts_of_a_second(self):
        start = at(16 * 60).replace(microsecond=500_000)
        stop = at(18 * 60).replace(microsecond=999_999)
        self.assertEqual(
            divide(HOUR, start, stop, {"office": self.office}),
            [(HOUR // 2, keys("office")), (HOUR // 2, NOBODY)],
        )

    @bounded()
    @given(clocks, minutes, minutes, st.integers(-(10**5), 10**5))
    def test_minute_by_minute(self, pairs, first, second, seconds):
        """As many as counted, shared by the largest remainder."""
        first, second = sorted((first, second))
        counted = {}
        for minute in range(first, second):
            inside = frozenset(
                key
                for key, found in pairs.items()
                if any(begin <= minute < end for begin, end in found)
            )
            counted[inside] = counted.get(inside, 0) + 1
        counted = counted or {frozenset(pairs): 1}
        shares = allocate(seconds, list(counted.values()), 1)
        expected = [
            (int(share), inside)
            for share, inside in zip(shares, counted, strict=True)
            if share
        ]
        divided = divide(
            seconds,
            at(first),
            at(second),
            {key: clock_of(found) for key, found in pairs.items()},
        )
        self.assertEqual(divided, expected or [(0, next(iter(counted)))])
        self.assertEqual(sum(part for part, _keys in divided), seconds)

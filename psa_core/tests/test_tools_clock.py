# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import doctest
from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from odoo.addons.psa_core.tests.properties import bounded
from odoo.addons.psa_core.tools import clock as clock_module
from odoo.addons.psa_core.tools.clock import ClockHorizonError, WorkingClock

START = datetime(2026, 3, 27)
DAYS = 2
MINUTES = DAYS * 24 * 60
STOP = START + timedelta(days=DAYS)


def at(minute):
    return START + timedelta(minutes=minute)


minutes = st.integers(0, MINUTES)
pairs = st.lists(st.tuples(minutes, minutes), max_size=8)


class Walk:
    """The oracle: which minutes are worked, asked one after the other."""

    def __init__(self, intervals, excluded=()):
        self.worked = [False] * MINUTES
        for working, found in ((True, intervals), (False, excluded)):
            for begin, end in found:
                for minute in range(begin, end):
                    self.worked[minute] = working

    def between(self, first, second):
        return sum(self.worked[first:second]) - sum(self.worked[second:first])

    def next_working(self, minute):
        return next((m for m in range(minute, MINUTES) if self.worked[m]), None)

    def add(self, minute, count):
        if count == 0:
            return self.next_working(minute)
        step = 1 if count > 0 else -1
        left = abs(count)
        while left:
            passed = minute if step > 0 else minute - 1
            if not 0 <= passed < MINUTES:
                return None
            left -= self.worked[passed]
            minute += step
        return minute


def clock_of(intervals, excluded=()):
    return WorkingClock.from_intervals(
        [(at(begin), at(end)) for begin, end in intervals],
        START,
        STOP,
        excluded=[(at(begin), at(end)) for begin, end in excluded],
    )


class TestClockDoctests(BaseCase):
    def test_doctests(self):
        self.assertFalse(doctest.testmod(clock_module).failed)


class TestWorkingClock(BaseCase):
    """A day of 8:00 to 12:00 and 13:00 to 17:00, and the next one."""

    def setUp(self):
        super().setUp()
        self.clock = clock_of([(480, 720), (780, 1020), (1920, 2160), (2220, 2460)])

    def test_four_hours_end_before_lunch(self):
        self.assertEqual(self.clock.add(at(480), 4 * 3600), at(720))

    def test_work_outside_hours_begins_with_the_next_ones(self):
        self.assertEqual(self.clock.add(at(0), 60), at(481))
        self.assertEqual(self.clock.add(at(720), 60), at(781))

    def test_no_work_ends_at_the_next_working_instant(self):
        self.assertEqual(self.clock.add(at(500), 0), at(500))
        self.assertEqual(self.clock.add(at(720), 0), at(780))

    def test_back_to_the_latest_start(self):
        self.assertEqual(self.clock.add(at(1020), -4 * 3600), at(780))
        self.assertEqual(self.clock.add(at(780), -60), at(719))

    def test_is_working_at_the_edges(self):
        working = [self.clock.is_working(at(m)) for m in (479, 480, 719, 720, 780)]
        self.assertEqual(working, [False, True, True, False, True])

    def test_intervals_are_cut(self):
        self.assertEqual(
            self.clock.intervals(at(600), at(800)),
            [(at(600), at(720)), (at(780), at(800))],
        )
        self.assertEqual(self.clock.intervals(at(720), at(780)), [])

    def test_started_seconds_do_not_count(self):
        half = timedelta(milliseconds=500)
        self.assertEqual(self.clock.add(at(480) + half, 60), at(481))
        self.assertEqual(self.clock.seconds_between(at(480) + half, at(481)), 60)

    def test_end_of_day_of_the_host_is_midnight(self):
        day = timedelta(days=1)
        clock = WorkingClock.from_intervals(
            [
                (START + n * day, START + (n + 1) * day - timedelta.resolution)
                for n in range(DAYS)
            ],
            START,
            STOP,
        )
        self.assertEqual((clock.starts, clock.total), ((clock.lower,), DAYS * 86400))

    def test_start_and_stop(self):
        self.assertEqual((self.clock.start, self.clock.stop), (START, STOP))

    def test_repr(self):
        self.assertEqual(
            repr(self.clock),
            "<WorkingClock 2026-03-27 00:00:00 to 2026-03-29 00:00:00: 57600 s>",
        )

    def test_cannot_be_changed(self):
        with self.assertRaises(AttributeError):
            self.clock.lower = 0

    def test_cannot_stop_before_start(self):
        with self.assertRaisesRegex(ValueError, "before it starts"):
            WorkingClock.from_intervals([], STOP, START)

    def test_aware_instants_are_refused(self):
        aware = START.astimezone()
        with self.assertRaises(TypeError):
            self.clock.add(aware, 60)
        with self.assertRaises(TypeError):
            self.clock.is_working(aware)


class TestHorizon(BaseCase):
    def assert_horizon(self, reached, backwards, question, *args):
        with self.assertRaises(ClockHorizonError) as caught:
            question(*args)
        self.assertEqual(caught.exception.reached, reached)
        self.assertIs(caught.exception.backwards, backwards)
        self.assertIn(str(reached), str(caught.exception))

    def test_more_work_than_there_is(self):
        clock = clock_of([(0, 60)])
        self.assertEqual(clock.add(START, 3600), at(60))
        self.assert_horizon(STOP, False, clock.add, START, 3601)
        self.assertEqual(clock.add(STOP, -3600), START)
        self.assert_horizon(START, True, clock.add, STOP, -3601)
        self.assert_horizon(STOP, False, clock.add, at(60), 0)

    def test_instants_outside(self):
        clock = clock_of([(0, MINUTES)])
        early, late = at(-1), at(MINUTES + 1)
        for question, args in (
            (clock.add, (60,)),
            (clock.add, (0,)),
            (clock.add, (-60,)),
            (clock.seconds_between, (at(60),)),
            (clock.intervals, (at(60),)),
            (clock.is_working, ()),
            (clock.next_working, ()),
        ):
            with self.subTest(question=question, args=args):
                self.assert_horizon(START, True, question, early, *args)
                self.assert_horizon(STOP, False, question, late, *args)

    def test_the_last_instant_is_not_covered(self):
        clock = clock_of([(0, MINUTES)])
        self.assert_horizon(STOP, False, clock.is_working, STOP)
        self.assert_horizon(STOP, False, clock.next_working, STOP)
        self.assertEqual(clock.seconds_between(START, STOP), MINUTES * 60)

    def test_without_hours(self):
        clock = clock_of([])
        self.assertEqual(clock.total, 0)
        self.assertEqual(clock.seconds_between(START, STOP), 0)
        self.assertFalse(clock.is_working(START))
        self.assertEqual(clock.intervals(START, STOP), [])
        self.assert_horizon(STOP, False, clock.add, START, 1)
        self.assert_horizon(START, True, clock.add, START, -1)
        self.assert_horizon(STOP, False, clock.next_working, START)

    def test_always(self):
        clock = WorkingClock.always()
        long = timedelta(days=400 * 365)
        self.assertEqual(clock.add(START, 400 * 365 * 86400), START + long)
        self.assertEqual(clock.seconds_between(START, START - long), -400 * 365 * 86400)
        self.assertTrue(clock.is_working(datetime(1, 1, 1)))
        self.assert_horizon(
            datetime.max.replace(microsecond=0), False, clock.add, START, 10**12
        )


class TestClockProperties(BaseCase):
    """The index against a walk from minute to minute."""

    @bounded(100)
    @given(pairs, pairs, minutes, minutes)
    def test_between(self, intervals, excluded, first, second):
        walk = Walk(intervals, excluded)
        self.assertEqual(
            clock_of(intervals, excluded).seconds_between(at(first), at(second)),
            walk.between(first, second) * 60,
        )

    @bounded(150)
    @given(pairs, minutes, st.integers(-MINUTES, MINUTES))
    def test_add(self, intervals, minute, count):
        clock = clock_of(intervals)
        expected = Walk(intervals).add(minute, count)
        if expected is None:
            with self.assertRaises(ClockHorizonError):
                clock.add(at(minute), count * 60)
        else:
            self.assertEqual(clock.add(at(minute), count * 60), at(expected))

    @bounded(100)
    @given(pairs, pairs, st.integers(0, MINUTES - 1))
    def test_is_working(self, intervals, excluded, minute):
        self.assertIs(
            clock_of(intervals, excluded).is_working(at(minute)),
            Walk(intervals, excluded).worked[minute],
        )

    @bounded(100)
    @given(pairs, pairs, minutes, minutes)
    def test_intervals(self, intervals, excluded, first, second):
        clock = clock_of(intervals, excluded)
        found = clock.intervals(at(first), at(second))
        self.assertTrue(all(begin < end for begin, end in found))
        self.assertTrue(all(a[1] < b[0] for a, b in pairwise(found)))
        self.assertEqual(
            sum(int((end - begin).total_seconds()) for begin, end in found),
            max(0, clock.seconds_between(at(first), at(second))),
        )

    @bounded(150)
    @given(pairs, st.integers(0, MINUTES * 60), st.integers(-10_000, 10_000))
    def test_between_undoes_add(self, intervals, second, seconds):
        clock = clock_of(intervals)
        instant = START + timedelta(seconds=second)
        try:
            reached = clock.add(instant, seconds)
        except ClockHorizonError:
            return
        self.assertEqual(clock.seconds_between(instant, reached), seconds)

    @bounded(150)
    @given(pairs, minutes, minutes)
    def test_add_undoes_between_in_working_time(self, intervals, first, second):
        clock = clock_of(intervals)
        worked = clock.seconds_between(at(first), at(second))
        if not worked:
            return
        reached = clock.add(at(first), worked)
        self.assertEqual(clock.seconds_between(reached, at(second)), 0)
        # The minute by which `second` is left on the way to `first` was worked.
        minute = second - 1 if second > first else second
        if Walk(intervals).worked[minute]:
            self.assertEqual(reached, at(second))

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import doctest
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from odoo.addons.psa_core.tests.properties import bounded
from odoo.addons.psa_core.tools.clock import WorkingClock
from odoo.addons.psa_core.tools.growing_clock import GrowingClock

from ..tools import sla as sla_module
from ..tools.sla import SlaTimer

START = datetime(2026, 3, 2, 8)
#: seconds that the clocks of the property tests cover
SPAN = 120


def at(second):
    return START + timedelta(seconds=second)


def clock_of(intervals):
    """Return a clock that answers "never" beyond its end."""
    clock = WorkingClock.from_intervals(
        [(at(begin), at(end)) for begin, end in intervals], at(0), at(SPAN)
    )
    return GrowingClock(lambda *_args: clock, at(0), at(SPAN), timedelta())


class Naive:
    """The oracle: a target that is looked at in every single second."""

    def __init__(self, worked, target, second):
        self.worked = worked
        self.target = target
        self.second = self.run_from = second
        self.used = self.paused = self.used_then = 0
        self.state = "running"
        self.breach = None

    def tick_to(self, second):
        while self.second < second:
            if self.worked[self.second]:
                self.used += self.state == "running"
                self.paused += self.state == "paused"
            self.second += 1

    def deadline(self):
        """Walk to the second in which the target is used up, also backwards."""
        if self.state != "running":
            return None
        left, second = self.target - self.used_then, self.run_from
        if left < 0:
            while left and second > 0:
                second -= 1
                left += self.worked[second]
            return second if not left else None
        while second < SPAN:
            if not left and (self.worked[second] or second > self.run_from):
                return second
            left -= self.worked[second]
            second += 1
        return second if not left and self.worked[SPAN - 1] else None

    def apply(self, second, event, target):
        self.tick_to(second)
        if self.state not in ("running", "paused"):
            return
        deadline = self.deadline()
        is_settling = event != "resume" and (event != "pause" or deadline is not None)
        if is_settling and self.breach is None and deadline is not None:
            self.breach = deadline if second > deadline else None
        if event == "change":
            self.target = target
        elif event != "settle":
            self.state = {
                "pause": "paused",
                "resume": "running",
                "reach": "reached",
                "stop": "stopped",
            }[event]
        if event in ("pause", "change") or (event == "resume" and deadline is None):
            self.run_from, self.used_then = second, self.used


seconds = st.integers(0, SPAN - 1)
intervals = st.lists(st.tuples(seconds, seconds).map(sorted), min_size=1, max_size=5)
steps = st.lists(
    st.tuples(
        st.integers(0, 25),
        st.sampled_from(["pause", "resume", "pause", "resume", "change", "settle"]),
        st.integers(1, 60),
    ),
    max_size=8,
)
ends = st.sampled_from(["reach", "stop", "settle"])


class TestSlaTimer(BaseCase):
    def test_doctests(self):
        self.assertFalse(doctest.testmod(sla_module).failed)

    @bounded(300)
    @given(intervals, st.integers(1, 60), seconds, steps, ends)
    def test_like_looking_every_second(self, found, target, begin, events, end):
        worked = [any(low <= n < high for low, high in found) for n in range(SPAN)]
        clock = clock_of(found)
        naive = Naive(worked, target, begin)
        timer = SlaTimer.start(target, at(begin), clock)
        second = begin
        for wait, event, amount in [*events, (30, end, 0)]:
            before = timer
            second = min(second + wait, SPAN - 1)
            naive.apply(second, event, amount)
            arguments = (amount,) if event == "change" else ()
            timer = getattr(timer, event)(clock, at(second), *arguments)
            due = naive.deadline()
            paused = timer.paused
            if timer.paused_since:
                paused += clock.seconds_between(timer.paused_since, at(second))
            self.assertEqual(
                (
                    timer.state,
                    timer.used(clock, at(second)),
                    timer.target,
                    timer.deadline(clock),
                    timer.breached_at,
                    paused if timer.is_open else None,
                ),
                (
                    naive.state,
                    naive.used,
                    naive.target,
                    None if due is None else at(due),
                    None if naive.breach is None else at(naive.breach),
                    naive.paused if timer.is_open else None,
                ),
            )
            self.assertGreaterEqual(timer.elapsed, before.elapsed)
            if before.breached_at:
                self.assertEqual(timer.breached_at, before.breached_at)

    @bounded(100)
    @given(intervals, st.integers(1, 60), st.sets(st.integers(1, 200), max_size=5))
    def test_looking_when_told_misses_nothing(self, found, target, percents):
        """Who looks only when told sees what he sees who looks every second."""
        clock = clock_of(found)
        seen = {}
        for is_told in (False, True):
            timer, fired, events = SlaTimer.start(target, at(0), clock), 0, []
            for second in range(SPAN):
                check = timer.next_check(clock, percents, fired)
                if is_told and (check is None or check > at(second)):
                    continue
                timer = timer.settle(clock, at(second))
                due = timer.due_percents(clock, at(second), percents, fired)
                fired = max([fired, *due])
                events += [(second, percent) for percent in due]
            seen[is_told] = events, timer.breached_at
        self.assertEqual(seen[True], seen[False])

    def test_lower_targets_are_broken_at_once(self):
        """As if it had been promised from the beginning."""
        clock = WorkingClock.always()
        timer = SlaTimer.start(60, at(0), clock).change(clock, at(40), 30)
        timer = timer.settle(clock, at(41))
        self.assertEqual((timer.elapsed, timer.breached_at), (40, at(30)))

    def test_earlier_start(self):
        clock = WorkingClock.always()
        timer = SlaTimer.start(60, at(30), clock)
        earlier = timer.start_earlier(clock, at(10))
        self.assertEqual(
            (earlier.started_at, earlier.elapsed, earlier.deadline(clock)),
            (at(10), 20, at(70)),
        )
        self.assertIs(timer.start_earlier(clock, at(40)), timer)
        ended = timer.reach(clock, at(35))
        self.assertIs(ended.start_earlier(clock, at(10)), ended)

    def test_born_paused(self):
        clock = WorkingClock.always()
        timer = SlaTimer.start(60, at(0), clock, is_paused=True)
        self.assertEqual((timer.state, timer.deadline(clock)), ("paused", None))
        self.assertEqual(timer.resume(clock, at(90)).deadline(clock), at(150))

    def test_what_is_over_stays(self):
        clock = WorkingClock.always()
        for end in ("reach", "stop"):
            timer = getattr(SlaTimer.start(60, at(0), clock), end)(clock, at(10))
            for event in ("pause", "resume", "reach", "stop", "settle"):
                self.assertIs(getattr(timer, event)(clock, at(99)), timer)
            self.assertIs(timer.change(clock, at(99), 1), timer)
            self.assertIsNone(timer.next_check(clock, [50], 0))

    def test_promised_again(self):
        """What was stopped goes on; meanwhile it stood still."""
        clock = WorkingClock.always()
        running = SlaTimer.start(60, at(0), clock)
        again = running.stop(clock, at(20)).go_on(clock, at(50))
        self.assertEqual(
            (again.state, again.elapsed, again.paused, again.deadline(clock)),
            ("running", 20, 30, at(90)),
        )
        self.assertIs(running.go_on(clock, at(50)), running)

    def test_clocks_of_two_machines(self):
        """The second machine is behind: nothing counts twice, nothing runs back."""
        clock = WorkingClock.always()
        paused = SlaTimer.start(60, at(0), clock).pause(clock, at(20))
        running = paused.resume(clock, at(15))
        self.assertEqual((running.used(clock, at(20)), running.paused), (20, 0))
        self.assertEqual(running.pause(clock, at(18)).elapsed, 20)

    def test_in_time_to_the_second(self):
        clock = WorkingClock.always()
        timer = SlaTimer.start(60, at(0), clock)
        self.assertIsNone(timer.reach(clock, at(60)).breached_at)
        self.assertEqual(timer.reach(clock, at(61)).breached_at, at(60))

    def test_nothing_left_to_happen(self):
        clock = WorkingClock.always()
        timer = SlaTimer.start(60, at(0), clock).settle(clock, at(61))
        self.assertIsNone(timer.next_check(clock, [50, 100], 100))
        self.assertEqual(timer.next_check(clock, [50, 150], 100), at(90))

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Working time as an index that is built once and asked many times.

A calendar is turned into a sorted list of disjoint working intervals, together with
the working seconds that lie before each of them.  "Add four working hours" and
"working seconds between" are then a binary search instead of a walk through the days.

Instants are naive datetimes in UTC, as Odoo stores them; an aware datetime raises
``TypeError``. Durations are whole seconds. Instants are cut to the whole second;
the bounds of intervals are rounded to the nearest one, because the host writes the
end of a day as 23:59:59.999999.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate

EPOCH = datetime(1970, 1, 1)

Interval = tuple[datetime, datetime]


class ClockHorizonError(LookupError):
    """The answer lies outside the time that a clock covers.

    ``reached`` is the end of the clock (UTC) at which the question ran out of it;
    ``backwards`` tells whether that is the early end.
    """

    def __init__(self, reached: datetime, backwards: bool) -> None:
        edge = "starts" if backwards else "ends"
        super().__init__(f"the working clock {edge} at {reached} UTC")
        self.reached = reached
        self.backwards = backwards


@dataclass(frozen=True, slots=True, repr=False)
class WorkingClock:
    """Working intervals of one calendar over ``[start, stop)``, indexed.

    How to use:

    >>> monday = datetime(2026, 3, 2)
    >>> clock = WorkingClock.from_intervals(
    ...     [
    ...         (monday.replace(hour=8), monday.replace(hour=12)),
    ...         (monday.replace(hour=13), monday.replace(hour=17)),
    ...     ],
    ...     start=monday,
    ...     stop=monday + timedelta(days=1),
    ... )
    >>> clock.add(datetime(2026, 3, 2, 10), 4 * 3600)
    datetime.datetime(2026, 3, 2, 15, 0)
    >>> clock.seconds_between(datetime(2026, 3, 2, 10), datetime(2026, 3, 2, 15))
    14400

    How :meth:`add` and :meth:`seconds_between` fit together, for ``n`` seconds:

    - ``seconds_between(a, add(a, n)) == n``
    - ``add(a, seconds_between(a, b)) == b`` when ``b`` is after ``a`` and inside, or
      at the end of, a working interval (before ``a``: inside, or at the start of);
      otherwise it is the last instant at which that much work was done.
    - a clock never guesses: what lies outside ``[start, stop)`` raises
      :class:`ClockHorizonError`, so an empty clock raises instead of searching.

    Build it with :meth:`from_intervals` or :meth:`always`.
    """

    #: first second covered and the one after the last, counted from 1970 in UTC
    lower: int
    upper: int
    #: where each interval starts and stops, ascending and disjoint
    starts: tuple[int, ...]
    stops: tuple[int, ...]
    #: working seconds before each interval, then their total
    cumulative: tuple[int, ...]

    @classmethod
    def from_intervals(
        cls,
        intervals: Iterable[Interval],
        start: datetime,
        stop: datetime,
        excluded: Iterable[Interval] = (),
    ) -> WorkingClock:
        """Index ``intervals`` less ``excluded`` (time off) over ``[start, stop)``.

        Both may overlap, be unsorted, empty or reach outside the bounds.

        :raise ValueError: when ``stop`` is before ``start``
        """
        lower, upper = _nearest_second(start), _nearest_second(stop)
        if upper < lower:
            raise ValueError("a clock cannot stop before it starts")
        work = _subtract(
            _merge(intervals, lower, upper), _merge(excluded, lower, upper)
        )
        return cls(
            lower,
            upper,
            tuple(begin for begin, _end in work),
            tuple(end for _begin, end in work),
            tuple(accumulate((end - begin for begin, end in work), initial=0)),
        )

    @classmethod
    def always(cls) -> WorkingClock:
        """Round the clock, every day, for as long as ``datetime`` itself reaches.

        >>> WorkingClock.always().add(datetime(2026, 12, 31, 23), 7200)
        datetime.datetime(2027, 1, 1, 1, 0)
        """
        end = datetime.max.replace(microsecond=0)
        return cls.from_intervals([(datetime.min, end)], datetime.min, end)

    def __repr__(self) -> str:
        return f"<WorkingClock {self.start} to {self.stop}: {self.total} s>"

    @property
    def start(self) -> datetime:
        """First instant covered."""
        return _to_datetime(self.lower)

    @property
    def stop(self) -> datetime:
        """First instant not covered any more."""
        return _to_datetime(self.upper)

    @property
    def total(self) -> int:
        """All working seconds of the clock; 0 for a calendar without hours."""
        return self.cumulative[-1]

    def add(self, instant: datetime, seconds: int) -> datetime:
        """Return the instant at which ``seconds`` of work are done since ``instant``.

        The earliest such instant, so four hours from 8:00 end at 12:00 and not after
        the lunch break. Outside working time, work begins at the next working
        instant.  0 seconds give that next working instant (``instant`` itself while
        working). Negative seconds go back to the *latest* instant from which that
        much work was done until ``instant``. This is what the host's ``plan_hours``
        does.

        :raise ClockHorizonError: when there is not that much work in the clock
        """
        if not seconds:
            return self.next_working(instant)
        cumulative = self.cumulative
        target = self._worked(_to_seconds(instant)) + seconds
        if seconds > 0:
            if target > cumulative[-1]:
                raise ClockHorizonError(self.stop, backwards=False)
            index = bisect_left(cumulative, target) - 1
        else:
            if target < 0:
                raise ClockHorizonError(self.start, backwards=True)
            index = bisect_right(cumulative, target) - 1
        return EPOCH + timedelta(0, self.starts[index] + target - cumulative[index])

    def seconds_between(self, first: datetime, second: datetime) -> int:
        """Working seconds from ``first`` to ``second``, negative if that is earlier.

        :raise ClockHorizonError: when one of them lies outside the clock
        """
        return self._worked(_to_seconds(second)) - self._worked(_to_seconds(first))

    def is_working(self, instant: datetime) -> bool:
        """Whether work goes on in the second that begins at ``instant``.

        :raise ClockHorizonError: when it lies outside the clock
        """
        second = _to_seconds(instant)
        if second >= self.upper:
            raise ClockHorizonError(self.stop, backwards=False)
        return self._worked(second + 1) > self._worked(second)

    def next_working(self, instant: datetime) -> datetime:
        """First working instant at or after ``instant``.

        :raise ClockHorizonError: when there is none in the clock
        """
        second = _to_seconds(instant)
        if second < self.lower:
            raise ClockHorizonError(self.start, backwards=True)
        index = bisect_right(self.stops, second)
        if index == len(self.stops):
            raise ClockHorizonError(self.stop, backwards=False)
        return _to_datetime(max(second, self.starts[index]))

    def intervals(self, first: datetime, second: datetime) -> list[Interval]:
        """Working intervals from ``first`` to ``second``, cut at them.

        :raise ClockHorizonError: when one of them lies outside the clock
        """
        lower, upper = _to_seconds(first), _to_seconds(second)
        self._require(lower)
        self._require(upper)
        if upper <= lower:
            return []
        found = slice(bisect_right(self.stops, lower), bisect_left(self.starts, upper))
        return [
            (_to_datetime(max(lower, begin)), _to_datetime(min(upper, end)))
            for begin, end in zip(self.starts[found], self.stops[found], strict=True)
        ]

    def _require(self, second: int) -> None:
        if second < self.lower:
            raise ClockHorizonError(self.start, backwards=True)
        if second > self.upper:
            raise ClockHorizonError(self.stop, backwards=False)

    def _worked(self, second: int) -> int:
        """Working seconds between the start of the clock and ``second``."""
        if not self.lower <= second <= self.upper:
            self._require(second)
        index = bisect_right(self.starts, second) - 1
        if index < 0:
            return 0
        stop = self.stops[index]
        if second > stop:
            second = stop
        return self.cumulative[index] + second - self.starts[index]


def _to_seconds(instant: datetime) -> int:
    """Whole seconds since 1970; a started second does not count."""
    delta = instant - EPOCH
    return delta.days * 86400 + delta.seconds


def _nearest_second(instant: datetime) -> int:
    return _to_seconds(instant) + (instant.microsecond >= 500_000)


def _to_datetime(second: int) -> datetime:
    return EPOCH + timedelta(seconds=second)


def _merge(
    intervals: Iterable[Interval], lower: int, upper: int
) -> list[tuple[int, int]]:
    """Cut at the bounds, drop what is empty, sort, join what touches."""
    merged: list[tuple[int, int]] = []
    for begin, end in sorted(
        (max(lower, _nearest_second(begin)), min(upper, _nearest_second(end)))
        for begin, end in intervals
    ):
        if begin >= end:
            continue
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((begin, end))
    return merged


def _subtract(
    intervals: list[tuple[int, int]], excluded: list[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Take one sorted disjoint list out of another."""
    left = []
    position = 0
    for begin, end in intervals:
        while position < len(excluded) and excluded[position][1] <= begin:
            position += 1
        cut = position
        while cut < len(excluded) and excluded[cut][0] < end:
            if begin < excluded[cut][0]:
                left.append((begin, excluded[cut][0]))
            begin = excluded[cut][1]
            cut += 1
        if begin < end:
            left.append((begin, end))
    return left

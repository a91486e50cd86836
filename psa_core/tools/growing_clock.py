# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A working clock without an end to run into."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from .clock import ClockHorizonError, Interval, WorkingClock


class GrowingClock:
    """A working clock that widens itself when a question reaches past its end.

    It has the questions of :class:`WorkingClock` and always answers: beyond ``reach``
    on either side of the first window nobody works any more, so :meth:`add` and
    :meth:`next_working` return ``None`` for "never".

    :param build: makes a clock that covers *at least* the two instants given
    :param reach: how far the clock may grow beyond its first window, on each side
    """

    def __init__(
        self,
        build: Callable[[datetime, datetime], WorkingClock],
        start: datetime,
        stop: datetime,
        reach: timedelta = timedelta(days=20 * 365),
    ) -> None:
        self._build = build
        self._clock = build(start, stop)
        self._earliest = min(start - reach, self._clock.start)
        self._latest = max(stop + reach, self._clock.stop)

    def add(self, instant: datetime, seconds: int) -> datetime | None:
        """See :meth:`WorkingClock.add`; ``None`` when that is never reached."""
        return self._ask(None, WorkingClock.add, self._within(instant), seconds)

    def seconds_between(self, first: datetime, second: datetime) -> int:
        """See :meth:`WorkingClock.seconds_between`."""
        return self._ask(
            0, WorkingClock.seconds_between, self._within(first), self._within(second)
        )

    def is_working(self, instant: datetime) -> bool:
        """See :meth:`WorkingClock.is_working`; ``False`` beyond the reach."""
        if instant != self._within(instant):
            return False
        return self._ask(False, WorkingClock.is_working, instant)

    def next_working(self, instant: datetime) -> datetime | None:
        """See :meth:`WorkingClock.next_working`; ``None`` when there is none."""
        return self._ask(None, WorkingClock.next_working, self._within(instant))

    def intervals(self, first: datetime, second: datetime) -> list[Interval]:
        """See :meth:`WorkingClock.intervals`."""
        return self._ask(
            [], WorkingClock.intervals, self._within(first), self._within(second)
        )

    def _within(self, instant: datetime) -> datetime:
        return min(max(instant, self._earliest), self._latest)

    def _ask(self, never: Any, question: Callable[..., Any], *args: Any) -> Any:
        try:
            return question(self._clock, *args)
        except ClockHorizonError as error:
            if not self._grow(error.backwards):
                return never
        return self._ask(never, question, *args)

    def _grow(self, backwards: bool) -> bool:
        """Double the clock on one side; return whether there was room for it."""
        start, stop = self._clock.start, self._clock.stop
        room = start - self._earliest if backwards else self._latest - stop
        if room <= timedelta():
            return False
        step = min(stop - start, room)
        if backwards:
            start -= step
        else:
            stop += step
        self._clock = self._build(start, stop)
        return True

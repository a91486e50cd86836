# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The clock of one SLA target: how much of what was promised has been used.

It banks what it has used whenever it stands still or is given another clock, and runs
on from there. So nothing that comes later changes what has elapsed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """What is asked of a working clock; see ``psa_core.tools.clock``."""

    def add(self, instant: datetime, seconds: int) -> datetime | None: ...

    def seconds_between(self, first: datetime, second: datetime) -> int: ...


@dataclass(frozen=True, slots=True)
class SlaTimer:
    """A target that runs, is paused, was reached or was stopped.

    Instants are naive UTC, durations whole working seconds of the clock that is given
    to the method. A timer never changes: each method returns the one that comes next.

    >>> from datetime import timedelta
    >>> class Always:
    ...     def add(self, instant, seconds):
    ...         return instant + timedelta(seconds=seconds)
    ...     def seconds_between(self, first, second):
    ...         return int((second - first).total_seconds())
    >>> noon = datetime(2026, 3, 2, 12)
    >>> timer = SlaTimer.start(4 * 3600, noon, Always())
    >>> timer = timer.pause(Always(), noon.replace(hour=13))
    >>> timer = timer.resume(Always(), noon.replace(hour=20))
    >>> timer.deadline(Always())
    datetime.datetime(2026, 3, 2, 23, 0)
    """

    #: what was promised
    target: int
    started_at: datetime
    #: used up before ``running_since``
    elapsed: int = 0
    #: since when it runs; none when it is paused or over
    running_since: datetime | None = None
    paused_since: datetime | None = None
    #: working seconds it stood still before ``paused_since``
    paused: int = 0
    reached_at: datetime | None = None
    stopped_at: datetime | None = None
    #: when the promise was broken, to the second; it stays
    breached_at: datetime | None = None

    @classmethod
    def start(
        cls, target: int, at: datetime, clock: Clock, is_paused: bool = False
    ) -> SlaTimer:
        """Start a timer; it may begin paused."""
        timer = cls(target, at, running_since=at)
        return timer.pause(clock, at) if is_paused else timer

    @property
    def is_open(self) -> bool:
        """Does it run, or may it run again?"""
        return self.reached_at is None and self.stopped_at is None

    @property
    def state(self) -> str:
        """``running``, ``paused``, ``reached`` or ``stopped``."""
        if self.reached_at is not None:
            return "reached"
        if self.stopped_at is not None:
            return "stopped"
        return "paused" if self.running_since is None else "running"

    def used(self, clock: Clock, now: datetime) -> int:
        """Return the working seconds used until ``now``."""
        if self.running_since is None:
            return self.elapsed
        return self.elapsed + max(0, clock.seconds_between(self.running_since, now))

    def instant_of(self, clock: Clock, percent: int) -> datetime | None:
        """Return when so much of the target is used; none while it does not run.

        Rounded up to the second. None, too, when the clock never gets there.
        """
        if self.running_since is None:
            return None
        seconds = -(-self.target * percent // 100)
        return clock.add(self.running_since, seconds - self.elapsed)

    def deadline(self, clock: Clock) -> datetime | None:
        """Return until when the target has to be reached, as things stand."""
        return self.instant_of(clock, 100)

    def settle(self, clock: Clock, now: datetime) -> SlaTimer:
        """Note a breach that has happened until ``now``: at the deadline, not now."""
        if self.breached_at is not None:
            return self
        deadline = self.deadline(clock)
        if deadline is None or now <= deadline:
            return self
        return replace(self, breached_at=deadline)

    def pause(self, clock: Clock, at: datetime) -> SlaTimer:
        """Let it stand still."""
        if self.running_since is None:
            return self
        at = max(at, self.running_since)
        timer = self.settle(clock, at)
        return replace(
            timer,
            elapsed=timer.used(clock, at),
            running_since=None,
            paused_since=at,
        )

    def resume(self, clock: Clock, at: datetime) -> SlaTimer:
        """Let it run on."""
        if self.paused_since is None:
            return self
        # The clocks of two machines may differ: no second counts twice.
        at = max(at, self.paused_since)
        stood = clock.seconds_between(self.paused_since, at)
        return replace(
            self,
            running_since=at,
            paused_since=None,
            paused=self.paused + stood,
        )

    def go_on(self, clock: Clock, at: datetime) -> SlaTimer:
        """Promise again what was stopped; meanwhile it stood still."""
        if self.stopped_at is None:
            return self
        timer = replace(self, stopped_at=None, paused_since=self.stopped_at)
        return timer.resume(clock, at)

    def change(self, clock: Clock, at: datetime, target: int) -> SlaTimer:
        """Promise something else from now on; what has elapsed stays.

        :param clock: the one it ran on so far; from now on it may be another one
        """
        if not self.is_open:
            return self
        timer = self.settle(clock, at)
        if timer.running_since is None:
            return replace(timer, target=target)
        return replace(
            timer, target=target, elapsed=timer.used(clock, at), running_since=at
        )

    def start_earlier(self, clock: Clock, at: datetime) -> SlaTimer:
        """Count from an earlier moment on: the ticket was merged with an older one."""
        if not self.is_open or at >= self.started_at:
            return self
        more = clock.seconds_between(at, self.started_at)
        return replace(self, started_at=at, elapsed=self.elapsed + more)

    def reach(self, clock: Clock, at: datetime) -> SlaTimer:
        """Note that what was promised was done."""
        return self._end(clock, at, reached_at=at)

    def stop(self, clock: Clock, at: datetime) -> SlaTimer:
        """End it without a result: nothing is promised any more."""
        return self._end(clock, at, stopped_at=at)

    def _end(self, clock: Clock, at: datetime, **end: datetime) -> SlaTimer:
        if not self.is_open:
            return self
        timer = self.settle(clock, at)
        return replace(
            timer,
            elapsed=timer.used(clock, at),
            running_since=None,
            paused_since=None,
            **end,
        )

    def due_percents(
        self, clock: Clock, now: datetime, percents: Iterable[int], fired: int
    ) -> list[int]:
        """Return which thresholds above ``fired`` have been passed, ascending."""
        due = []
        for percent in sorted({percent for percent in percents if percent > fired}):
            instant = self.instant_of(clock, percent)
            if instant is None or instant > now:
                break
            due.append(percent)
        return due

    def next_check(
        self, clock: Clock, percents: Iterable[int], fired: int
    ) -> datetime | None:
        """Return when something will happen by itself: a threshold or the breach.

        None while it stands still, when it is over, or when nothing is left to happen.
        """
        ahead = {percent for percent in percents if percent > fired}
        if self.breached_at is None:
            ahead.add(100)
        return self.instant_of(clock, min(ahead)) if ahead else None

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Periods that follow each other for ever and keep the day they are anchored to."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, datetime, timedelta

_DAYS = {"day": 1, "week": 7}
_MONTHS = {"month": 1, "quarter": 3, "year": 12}

#: what a period can be counted in
UNITS = (*_DAYS, *_MONTHS)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Calendar days from ``start`` up to, but without, ``stop``.

    Half-open, so that the stop of one period is the start of the next and no day can
    be lost or counted twice. Print :attr:`last_day` for people.

    :raise ValueError: when it would have no day
    """

    start: date
    stop: date

    def __post_init__(self) -> None:
        if self.stop <= self.start:
            raise ValueError(f"a period needs a day: {self.start} to {self.stop}")

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.stop

    @property
    def days(self) -> int:
        """Number of calendar days."""
        return (self.stop - self.start).days

    @property
    def last_day(self) -> date:
        """Last day that belongs to the period."""
        return self.stop - timedelta(days=1)

    def clip(
        self, start: date | None = None, stop: date | None = None
    ) -> Period | None:
        """Part of the period within ``[start, stop)``; ``None`` when nothing is left.

        An open end (``None``) does not cut.

        >>> Period(date(2026, 1, 1), date(2026, 2, 1)).clip(start=date(2026, 1, 17))
        Period(start=datetime.date(2026, 1, 17), stop=datetime.date(2026, 2, 1))
        """
        begin = max(self.start, start) if start else self.start
        end = min(self.stop, stop) if stop else self.stop
        return Period(begin, end) if begin < end else None


@dataclass(frozen=True, slots=True)
class Recurrence:
    """Every ``interval`` units, counted from ``anchor`` in both directions.

    Each boundary is computed from the anchor and never from the one before it, so a
    short month does not move the day for good:

    >>> monthly = Recurrence(1, "month", date(2026, 1, 31))
    >>> [str(monthly.boundary(n)) for n in range(4)]
    ['2026-01-31', '2026-02-28', '2026-03-31', '2026-04-30']

    ``anchor_day`` bills on another day of the month than that of the anchor (only
    for months, quarters and years). A contract that starts in the middle of a period
    begins with a stub, which is the whole period clipped to the contract:

    >>> first_of_month = Recurrence(1, "month", date(2026, 1, 17), anchor_day=1)
    >>> whole = first_of_month.period_containing(date(2026, 1, 17))
    >>> str(whole.start), str(whole.clip(start=date(2026, 1, 17)).start)
    ('2026-01-01', '2026-01-17')

    Dates are calendar dates, without a time zone.

    :raise ValueError: interval below 1, unknown unit, impossible anchor day
    :raise TypeError: when the anchor is a datetime
    """

    interval: int
    unit: str
    anchor: date
    anchor_day: int | None = None

    def __post_init__(self) -> None:
        if isinstance(self.anchor, datetime):
            raise TypeError("a recurrence is anchored to a date, not to a datetime")
        if self.interval < 1:
            raise ValueError(f"interval must be at least 1: {self.interval}")
        if self.unit not in UNITS:
            raise ValueError(f"unknown unit: {self.unit}")
        if self.anchor_day is not None and not (
            self.unit in _MONTHS and 1 <= self.anchor_day <= 31
        ):
            raise ValueError(f"no anchor day {self.anchor_day} for a {self.unit}")

    def boundary(self, n: int) -> date:
        """Start of period ``n``; period 0 starts at the anchor (or its anchor day).

        :raise OverflowError: outside the years 1 to 9999
        """
        if self.unit in _DAYS:
            return self.anchor + timedelta(days=n * self._step)
        month = self._month(self.anchor) + n * self._step
        year, month = month // 12, month % 12 + 1
        if not MINYEAR <= year <= MAXYEAR:
            raise OverflowError(f"no such year: {year}")
        day = self.anchor_day or self.anchor.day
        return date(year, month, min(day, monthrange(year, month)[1]))

    def period(self, n: int) -> Period:
        """Period number ``n``, which may be negative."""
        return Period(self.boundary(n), self.boundary(n + 1))

    def period_containing(self, day: date) -> Period:
        """The one period in which ``day`` lies."""
        return self.period(self._number(day))

    def periods_between(self, start: date, stop: date) -> list[Period]:
        """Whole periods that have a day in ``[start, stop)``, in order.

        The first and the last may reach outside: clip them for what is due.
        """
        if stop <= start:
            return []
        numbers = range(self._number(start), self._number(stop - timedelta(days=1)) + 1)
        return [self.period(n) for n in numbers]

    def next_start(self, after: date) -> date:
        """First boundary after ``after`` (never ``after`` itself)."""
        return self.boundary(self._number(after) + 1)

    def _number(self, day: date) -> int:
        """Number of the period in which ``day`` lies."""
        if self.unit in _DAYS:
            return (day - self.anchor).days // self._step
        number = (self._month(day) - self._month(self.anchor)) // self._step
        return number if self.boundary(number) <= day else number - 1

    @property
    def _step(self) -> int:
        return self.interval * (_DAYS.get(self.unit) or _MONTHS[self.unit])

    @staticmethod
    def _month(day: date) -> int:
        return day.year * 12 + day.month - 1

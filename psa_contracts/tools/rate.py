# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which of several rates an hour of work has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Rate:
    """A price per hour, or a discount in percent, for what it names.

    ``None`` names everything. ``stop`` is the day after the last one.
    """

    id: int
    price: float | None
    discount: float = 0.0
    work_type: int | None = None
    job: int | None = None
    employee: int | None = None
    start: date | None = None
    stop: date | None = None
    currency: int | None = None

    def applies(
        self, day: date, work_type: int | None, job: int | None, employee: int | None
    ) -> bool:
        """Is this a rate of such work on such a day?"""
        return (
            (self.start is None or self.start <= day)
            and (self.stop is None or day < self.stop)
            and self.work_type in (None, work_type)
            and self.job in (None, job)
            and self.employee in (None, employee)
        )

    @property
    def rank(self) -> tuple:
        """The most specific has the highest; of equals the later one has."""
        return (
            self.employee is not None,
            self.job is not None,
            self.work_type is not None,
            self.start or date.min,
            self.id,
        )


def best(
    rates: Iterable[Rate],
    day: date,
    work_type: int | None,
    job: int | None,
    employee: int | None,
) -> Rate | None:
    """Return the rate of such work: person before role before kind of work.

    >>> senior = Rate(1, 110.0, job=7)
    >>> remote = Rate(2, 85.0, work_type=3)
    >>> best([senior, remote], date(2026, 3, 1), 3, 7, None).price
    110.0
    """
    matching = [rate for rate in rates if rate.applies(day, work_type, job, employee)]
    return max(matching, key=lambda rate: rate.rank, default=None)

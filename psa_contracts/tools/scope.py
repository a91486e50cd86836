# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which part of some work lies in which hours of the week."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from datetime import datetime
from itertools import pairwise

from odoo.addons.psa_core.tools.clock import WorkingClock
from odoo.addons.psa_core.tools.proration import allocate


def divide(
    seconds: int,
    start: datetime | None,
    stop: datetime | None,
    clocks: Mapping[Hashable, WorkingClock],
) -> list[tuple[int, frozenset]]:
    """Divide billable seconds by the hours of the week in which the work was done.

    What is billed may be more or less than the time from start to stop (rounding, a
    multiplier, a break): each part gets its share of it.

    :param start: when the work began, naive UTC; unknown counts as inside all hours
    :param stop: when it ended
    :param clocks: hours of the week by a key
    :return: ``[(seconds, keys of the hours they lie in)]`` in the order of the work,
        adding up to all of it; what lies in the same hours is one part

    >>> noon = datetime(2026, 3, 2, 12)
    >>> morning = WorkingClock.from_intervals(
    ...     [(noon.replace(hour=8), noon)], noon.replace(hour=0), noon.replace(hour=23)
    ... )
    >>> times = noon.replace(hour=11), noon.replace(hour=14)
    >>> [(part, set(keys)) for part, keys in divide(7200, *times, {"am": morning})]
    [(2400, {'am'}), (4800, set())]
    """
    if not clocks or not start or not stop or stop <= start:
        return [(seconds, frozenset(clocks))]
    lasted = _lasted(start, stop, clocks)
    if len(lasted) == 1:
        return [(seconds, keys) for keys in lasted]
    parts = allocate(seconds, list(lasted.values()), 1)
    found = zip(parts, lasted, strict=True)
    # Nothing billed is in one piece, where the work began.
    return [(int(part), keys) for part, keys in found if part] or [
        (seconds, next(iter(lasted)))
    ]


def _lasted(start, stop, clocks):
    """Return how many seconds lie in which hours, in the order of the work."""
    # Clocks know whole seconds.
    start, stop = start.replace(microsecond=0), stop.replace(microsecond=0)
    opened, closed = {}, {}
    for key, clock in clocks.items():
        for begin, end in clock.intervals(start, stop):
            opened.setdefault(begin, set()).add(key)
            closed.setdefault(end, set()).add(key)
    lasted: dict[frozenset, int] = {}
    keys: frozenset = frozenset()
    for begin, end in pairwise(sorted({start, stop, *opened, *closed})):
        keys = keys - closed.get(begin, set()) | opened.get(begin, set())
        lasted[keys] = lasted.get(keys, 0) + int((end - begin).total_seconds())
    return lasted

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which part of some work lies in which hours of the week."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from datetime import datetime

from odoo.addons.psa_core.tools.clock import WorkingClock
from odoo.addons.psa_core.tools.proration import allocate


def divide(
    seconds: int,
    start: datetime | None,
    stop: datetime | None,
    clocks: Mapping[Hashable, WorkingClock],
) -> list[tuple[int, frozenset]]:
    """Divide billable seconds by the hours of the week in which the work was done.

    :param start: when the work began, naive UTC; unknown counts as inside all hours
    :param stop: when it ended
    :param clocks: hours of the week by a key
    :return: ``[(seconds, keys of the hours they lie in)]`` in the order of the work,
        adding up to all of it
    """
    everywhere = frozenset(clocks)
    if not clocks or not start or not stop or stop <= start:
        return [(seconds, everywhere)]
    inside = {key: clock.intervals(start, stop) for key, clock in clocks.items()}
    edges = {start, stop}
    for intervals in inside.values():
        for begin, end in intervals:
            edges |= {begin, end}
    lasted: dict[frozenset, float] = {}
    ordered = sorted(edges)
    for begin, end in zip(ordered, ordered[1:], strict=False):
        keys = frozenset(
            key
            for key, intervals in inside.items()
            if any(first <= begin and end <= last for first, last in intervals)
        )
        lasted[keys] = lasted.get(keys, 0) + (end - begin).total_seconds()
    parts = allocate(seconds, list(lasted.values()), 1)
    return [
        (int(part), keys) for part, keys in zip(parts, lasted, strict=True) if part
    ] or [(seconds, everywhere)]

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How much of the time that was worked is billed.

All durations are whole seconds. Corrections are negative and mirror the positive
case, so an entry and its correction cancel out. There is no grace period: with an
increment, each started one counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import accumulate, pairwise

from .proration import Amount, exact, round_half_up

SECONDS_PER_HOUR = 3600


def billable_seconds(actual: int, minimum: int = 0, increment: int = 0) -> int:
    """Time to bill: at least ``minimum``, then up to a full ``increment``.

    No time is billed for no time.  0 means without minimum, without increment.

    >>> billable_seconds(61 * 60, minimum=30 * 60, increment=15 * 60) // 60
    75
    >>> billable_seconds(-60, minimum=30 * 60) // 60
    -30

    :raise ValueError: when ``minimum`` or ``increment`` is negative
    """
    if minimum < 0 or increment < 0:
        raise ValueError("minimum and increment cannot be negative")
    if not actual:
        return 0
    seconds = max(abs(actual), minimum)
    if increment:
        seconds += -seconds % increment
    return seconds if actual > 0 else -seconds


def billable_seconds_group(
    actuals: Iterable[int], minimum: int = 0, increment: int = 0
) -> list[int]:
    """Time to bill for each of several entries that are rounded once, together.

    Each entry bears what it adds to the rounded running total: the note that opens a
    quarter of an hour pays for it, the notes that fit into it are free. So the parts
    add up to the rounded total, and an entry that is added at the end changes none of
    those before it (put what is already billed first).

    >>> notes = [5 * 60, 5 * 60, 20 * 60]
    >>> [s // 60 for s in billable_seconds_group(notes, increment=15 * 60)]
    [15, 0, 15]

    :raise ValueError: when ``minimum`` or ``increment`` is negative
    """
    totals = (
        billable_seconds(total, minimum, increment)
        for total in accumulate(actuals, initial=0)
    )
    return [after - before for before, after in pairwise(totals)]


def multiplied_seconds(seconds: int, factor: Amount) -> int:
    """Weigh time (1.5 hours for one after hours), to the nearest second.

    >>> multiplied_seconds(50 * 60, 1.5) // 60
    75
    """
    return round_half_up(seconds * exact(factor))


def hours_to_seconds(hours: Amount) -> int:
    """Hours as the host stores them, in whole seconds (the nearest).

    >>> hours_to_seconds(1 / 3)
    1200

    :raise ValueError: not a finite number
    """
    return round_half_up(exact(hours) * SECONDS_PER_HOUR)


def seconds_to_hours(seconds: int) -> float:
    """Hours for the host; :func:`hours_to_seconds` gives the same seconds back."""
    return seconds / SECONDS_PER_HOUR

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Shares of a period and of an amount, exact until the last rounding.

Shares are :class:`~fractions.Fraction`. Money comes in and goes out as the host
stores it, in floats; a float is read as the decimal that it is written as (0.1 is one
tenth), so no binary error enters, and ties are rounded away from zero as the host does.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from .recurrence import Period

#: how a part of a period is priced
METHODS = ("days", "30_360", "none")

Amount = int | float | Decimal | Fraction


def share(part: Period | None, whole: Period, method: str = "days") -> Fraction:
    """Share of ``whole`` that ``part`` is, from 0 to 1; no part is 0.

    - ``days``: calendar days of the part by those of the period (actual/actual).
    - ``30_360``: every month has 30 days, see :func:`days_30_360`. The parts of a
      period add up to 1 here too. A period without a 30/360 day (the 30th before
      a 31st, billed daily) goes by calendar days.
    - ``none``: a started period is due in full.

    >>> january = Period(date(2026, 1, 1), date(2026, 2, 1))
    >>> share(january.clip(start=date(2026, 1, 17)), january)
    Fraction(15, 31)
    >>> share(january.clip(start=date(2026, 1, 17)), january, "30_360")
    Fraction(7, 15)

    :raise ValueError: unknown method, or a part that reaches outside the period
    """
    if method not in METHODS:
        raise ValueError(f"unknown proration method: {method}")
    if part is None:
        return Fraction(0)
    if part.start < whole.start or part.stop > whole.stop:
        raise ValueError(f"{part} is not a part of {whole}")
    if method == "none":
        return Fraction(1)
    if method == "30_360":
        days = days_30_360(whole.start, whole.stop)
        if days:
            return Fraction(days_30_360(part.start, part.stop), days)
    return Fraction(part.days, whole.days)


def days_30_360(start: date, stop: date) -> int:
    """Days from ``start`` to ``stop`` by 30E/360, the Eurobond basis.

    A 31st counts as a 30th on both sides (2006 ISDA Definitions, section 4.16(g)).
    Unlike the US rule it does not look at both dates together, so it is additive:
    a to b and b to c are a to c, and parts of a period make up the period.

    >>> days_30_360(date(2026, 2, 1), date(2026, 3, 1))
    30
    """
    return (
        360 * (stop.year - start.year)
        + 30 * (stop.month - start.month)
        + min(stop.day, 30)
        - min(start.day, 30)
    )


def prorate(amount: Amount, proportion: Fraction, rounding: Amount) -> float:
    """Proportion of an amount, rounded to a multiple of ``rounding`` (0.01 for cents).

    >>> prorate(100.0, Fraction(1, 3), 0.01)
    33.33

    :raise ValueError: when ``rounding`` is not positive
    """
    unit = _rounding_unit(rounding)
    return float(round_half_up(exact(amount) * proportion / unit) * unit)


def allocate(
    amount: Amount, weights: Sequence[Amount], rounding: Amount
) -> list[float]:
    """Split an amount by weight into multiples of ``rounding`` that add up to it.

    Largest remainder: each part is rounded down, and the units that are left go to the
    parts that lost most, the earlier one first. The amount is rounded before; a
    negative one is split as its opposite; without any weight the parts are equal.

    >>> allocate(100.0, [1, 1, 1], 0.01)
    [33.34, 33.33, 33.33]

    :raise ValueError: no weights, a negative weight, a rounding that is not positive
    """
    unit = _rounding_unit(rounding)
    exact_weights = [exact(weight) for weight in weights]
    if not weights or min(exact_weights) < 0:
        raise ValueError("an amount is split by weights that are not negative")
    if not any(exact_weights):
        exact_weights = [Fraction(1)] * len(weights)
    units = round_half_up(exact(amount) / unit)
    sign = -1 if units < 0 else 1
    total = sum(exact_weights)
    quotas = [abs(units) * weight / total for weight in exact_weights]
    parts = [int(quota) for quota in quotas]
    by_loss = sorted(range(len(parts)), key=lambda i: parts[i] - quotas[i])
    for index in by_loss[: abs(units) - sum(parts)]:
        parts[index] += 1
    return [float(sign * part * unit) for part in parts]


def exact(number: Amount) -> Fraction:
    """Read a number as the decimal that it is written as.

    >>> exact(0.1)
    Fraction(1, 10)

    :raise ValueError: not a finite number
    """
    return Fraction(str(number))


def _rounding_unit(rounding: Amount) -> Fraction:
    unit = exact(rounding)
    if unit <= 0:
        raise ValueError(f"rounding must be positive: {rounding}")
    return unit


def round_half_up(number: Fraction) -> int:
    """Nearest integer, a tie away from zero."""
    whole = int(abs(number) + Fraction(1, 2))
    return -whole if number < 0 else whole

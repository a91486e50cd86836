# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Work poured into pools of hours, in the order of when it was done.

All amounts are whole seconds. The result depends on what was done when, and never on
when it was recorded: whoever pours the same claims into the same pools gets the same.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any


@dataclass(eq=False, slots=True)
class Pool:
    """Hours that can be drawn on. ``left`` is ``None`` when there is no limit.

    A pool with a parent begins, on its ``start``, with what the parent has left then: a
    ``share`` of it, at most ``cap``.
    """

    key: Any
    left: int | None
    parent: Pool | None = None
    start: date | None = None
    share: Fraction = Fraction(1)
    cap: int | None = None
    #: what rolled over, once it is known
    rolled: int | None = None

    def take(self, seconds: int, day: date) -> list[tuple[Pool, int]]:
        """Draw up to so much; return what each pool gave."""
        if self.left is None:
            return [(self, seconds)]
        taken = max(0, min(self.left, seconds))
        self.left -= taken
        return [(self, taken)] if taken else []

    def give_back(self, seconds: int, day: date) -> list[tuple[Pool, int]]:
        """Put so much back; return it as a negative part."""
        if self.left is not None:
            self.left += seconds
        return [(self, -seconds)]

    def roll(self) -> None:
        """Receive what the parent has left."""
        rest = max(0, self.parent.left or 0)
        self.rolled = int(rest * self.share)
        if self.cap is not None:
            self.rolled = min(self.rolled, self.cap)
        self.left += self.rolled


@dataclass(eq=False, slots=True)
class Blocks:
    """As many blocks of hours as work needs, each bought on the day it is needed.

    :param size: function of a day, giving the seconds of a block bought then; without
        any nothing can be drawn
    :param expires: function of the first day, giving the day after the last, or None
    """

    key: Any
    size: Callable[[date], int]
    expires: Callable[[date], date | None]
    opened: list[Pool] = field(default_factory=list)

    def take(self, seconds: int, day: date) -> list[tuple[Pool, int]]:
        """Draw so much, opening blocks where those there are do not suffice."""
        parts = []
        for pool in self.opened:
            stop = self.expires(pool.start)
            if seconds and (stop is None or day < stop):
                parts += pool.take(seconds, day)
                seconds -= sum(part for given, part in parts if given is pool)
        size = self.size(day)
        while seconds and size > 0:
            pool = Pool((self.key, len(self.opened)), size, start=day)
            self.opened.append(pool)
            taken = min(size, seconds)
            parts += pool.take(taken, day)
            seconds -= taken
        return parts

    def give_back(self, seconds: int, day: date) -> list[tuple[Pool, int]]:
        """Put nothing back: what is not needed is not bought."""
        return []


@dataclass(frozen=True, slots=True)
class Claim:
    """Work that asks for hours: pieces of seconds, each with its pools in order.

    The pieces of a claim are all positive, or all negative when hours are given back.

    :param order: when it was done; equal orders are the same work
    """

    key: Hashable
    order: tuple
    day: date
    pieces: tuple[tuple[int, tuple], ...]


def pour(
    claims: Iterable[Claim],
    heirs: Iterable[Pool] = (),
    until: date | None = None,
) -> dict[Hashable, list[tuple[Pool | None, int]]]:
    """Return ``{claim: [(pool, seconds)]}``; no pool is what nothing covered.

    What is given back is there before anything is drawn: a correction counts for all
    the work of its pool, whenever that was done.

    :param heirs: pools that begin with what their parent has left
    :param until: roll over what has to by this day, even if nothing is drawn any more

    >>> ten = Pool("ten hours", 10)
    >>> day = date(2026, 3, 1)
    >>> first = Claim("first", (1,), day, ((8, (ten,)),))
    >>> second = Claim("second", (2,), day, ((5, (ten,)),))
    >>> poured = pour([second, first])
    >>> [(pool.key if pool else None, s) for pool, s in poured["second"]]
    [('ten hours', 2), (None, 3)]
    """
    poured: dict[Hashable, list] = {}
    ordered = sorted(claims, key=lambda claim: claim.order)
    for claim in ordered:
        poured[claim.key] = [
            part
            for seconds, pools in claim.pieces
            if seconds < 0
            for part in _give_back(-seconds, pools, claim.day)
        ]
    waiting = sorted(heirs, key=lambda pool: pool.start, reverse=True)
    for claim in ordered:
        while waiting and waiting[-1].start <= claim.day:
            waiting.pop().roll()
        for seconds, pools in claim.pieces:
            if seconds > 0:
                poured[claim.key] += _draw(seconds, pools, claim.day)
    while waiting and until and waiting[-1].start <= until:
        waiting.pop().roll()
    return {key: _merge(parts) for key, parts in poured.items()}


def _draw(seconds, pools, day):
    parts = []
    for pool in pools:
        given = pool.take(seconds, day)
        parts += given
        seconds -= sum(part for _pool, part in given)
        if not seconds:
            return parts
    return [*parts, (None, seconds)]


def _give_back(seconds, pools, day):
    for pool in pools:
        if parts := pool.give_back(seconds, day):
            return parts
    return [(None, -seconds)]


def _merge(parts):
    """Add up the parts of a pool, in the order of the first of them."""
    merged: dict = {}
    for pool, seconds in parts:
        merged[pool] = merged.get(pool, 0) + seconds
    return list(merged.items())

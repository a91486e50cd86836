# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Work poured into pools of hours, in the order of when it was done.

All amounts are whole seconds. The result depends on what was done when, and never on
when it was recorded: whoever pours the same claims into the same pools gets the same.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any


@dataclass(eq=False, slots=True)
class Pool:
    """Hours that can be drawn on. ``left`` is ``None`` when there is no limit.

    What is left may be below zero to begin with, when more was used than is there:
    then nothing can be drawn before so much was given back.

    A pool with a parent begins, on its ``start``, with what the parent has left then: a
    ``share`` of it, at most ``cap``. Nobody draws on the parent from that day on.
    """

    key: Any
    left: int | None
    parent: Pool | None = None
    start: date | None = None
    share: Fraction = Fraction(1)
    cap: int | None = None
    #: the day after the last one; only what stands beside blocks is asked for it
    stop: date | None = None
    #: what rolled over, once it is known
    rolled: int | None = None

    def take(self, seconds: int, day: date) -> list[tuple[Pool, int]]:
        """Draw up to so much; return what each pool gave."""
        if self.left is None:
            return [(self, seconds)]
        taken = max(0, min(self.left, seconds))
        self.left -= taken
        return [(self, taken)] if taken else []

    def give_back(self, seconds: int, day: date, parts: list) -> None:
        """Put so much back, and add it to the parts as a negative one."""
        if self.left is not None:
            self.left += seconds
        parts.append((self, -seconds))

    def holds(self, day: date) -> bool:
        """Can it be drawn on on that day?"""
        return (self.start is None or self.start <= day) and (
            self.stop is None or day < self.stop
        )

    def open_on(self, day: date) -> list:
        """Return what is drawn on, in order."""
        return [self]

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

    A block belongs to the pools of its line: what expires first is used first, a block
    or another, and blocks after others that expire with them. So a pool that can be
    drawn on besides is named in ``beside``, and does not stand in a claim on its own.

    :param size: function of a day, giving the seconds of a block bought then; without
        any nothing can be drawn
    :param expires: function of the first day, giving the day after the last, or None
    :param beside: other pools, with their ``start`` and ``stop``, in any order
    :param kept: blocks that work which is not poured here has opened
    """

    key: Any
    size: Callable[[date], int]
    expires: Callable[[date], date | None]
    beside: Sequence[Pool] = ()
    kept: Sequence[Pool] = ()
    opened: list[Pool] = field(default_factory=list)
    #: what was given back before there was a block to take it: (day, seconds, parts)
    returned: list[tuple[date, int, list]] = field(default_factory=list)

    def take(self, seconds: int, day: date) -> list[tuple[Pool, int]]:
        """Draw so much, opening blocks where those there are do not suffice."""
        parts = []
        for pool in self._holding(day):
            given = pool.take(seconds, day)
            parts += given
            seconds -= _total(given)
            if not seconds:
                return parts
        while seconds and self.size(day) > 0:
            given = self._open(day).take(seconds, day)
            parts += given
            seconds -= _total(given)
        return parts

    def open_on(self, day: date) -> list:
        """Return what is drawn on, in order: first what there is."""
        return [*self._holding(day), self]

    def _holding(self, day: date) -> list[Pool]:
        pools = [*self.beside, *self.kept, *self.opened]
        # Sorting is stable: of equals, what is there without the work comes first.
        return sorted((pool for pool in pools if pool.holds(day)), key=_expiry)

    def _open(self, day: date) -> Pool:
        """Buy a block; what was given back while it lasts is put into it."""
        pool = Pool(
            (self.key, len(self.opened)),
            self.size(day),
            start=day,
            stop=self.expires(day),
        )
        self.opened.append(pool)
        waiting, self.returned = self.returned, []
        for returned_on, seconds, parts in waiting:
            if pool.holds(returned_on):
                pool.give_back(seconds, returned_on, parts)
            else:
                self.returned.append((returned_on, seconds, parts))
        return pool

    def give_back(self, seconds: int, day: date, parts: list) -> None:
        """Put so much back into the first block of that day, once there is one."""
        kept = [pool for pool in self.kept if pool.holds(day)]
        if kept:
            min(kept, key=lambda pool: pool.start).give_back(seconds, day, parts)
        else:
            self.returned.append((day, seconds, parts))


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
    claims: Collection[Claim],
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
    poured: dict[Hashable, list] = {claim.key: [] for claim in claims}
    ordered = sorted(claims, key=lambda claim: claim.order)
    # In a dictionary: always in the same order.
    asked: dict[Blocks, None] = {}
    for claim, seconds, pools in _pieces(ordered):
        if seconds < 0:
            _give_back(-seconds, pools, claim.day, poured[claim.key])
            asked.update((pool, None) for pool in pools if _is_blocks(pool))
    waiting = sorted(heirs, key=lambda pool: pool.start, reverse=True)
    for claim, seconds, pools in _pieces(ordered):
        _roll(waiting, claim.day)
        if seconds > 0:
            poured[claim.key] += _draw(seconds, pools, claim.day)
    if until:
        _roll(waiting, until)
    for blocks in asked:
        for _day, seconds, parts in blocks.returned:
            parts.append((None, -seconds))
    return {key: _merge(parts) for key, parts in poured.items()}


def _pieces(claims):
    for claim in claims:
        for seconds, pools in claim.pieces:
            yield claim, seconds, pools


def _roll(waiting, day):
    """Roll over what has to by a day; the last one comes first."""
    while waiting and waiting[-1].start <= day:
        waiting.pop().roll()


def _draw(seconds, pools, day):
    parts = []
    for pool in pools:
        given = pool.take(seconds, day)
        parts += given
        seconds -= _total(given)
        if not seconds:
            return parts
    return [*parts, (None, seconds)]


def _give_back(seconds, pools, day, parts):
    """Give back to the first pool; to a block only where there is no other.

    Which blocks there are depends on the work, so they must not come before a pool that
    is there in any case.
    """
    blocks = next(filter(_is_blocks, pools), None)
    for pool in pools:
        others = pool.beside if _is_blocks(pool) else [pool]
        found = [other for other in others if other.holds(day)]
        if found:
            min(found, key=_expiry).give_back(seconds, day, parts)
            return
    if blocks:
        blocks.give_back(seconds, day, parts)
    else:
        parts.append((None, -seconds))


def _is_blocks(pool):
    return isinstance(pool, Blocks)


def _expiry(pool):
    """Sort by what expires first; what never expires comes last.

    Of what expires together, what rolled over comes first: it does not again.
    """
    return (
        pool.stop is None,
        pool.stop or date.max,
        pool.parent is None,
        pool.start or date.min,
    )


def _total(parts):
    return sum(seconds for _pool, seconds in parts)


def _merge(parts):
    """Add up the parts of a pool, in the order of the first of them."""
    merged: dict = {}
    for pool, seconds in parts:
        merged[pool] = merged.get(pool, 0) + seconds
    return list(merged.items())

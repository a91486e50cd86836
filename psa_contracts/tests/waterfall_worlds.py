# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Random lines with pools and random work.

Days are numbers, and hours are units; there are few of both, so that limits are met.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import strategies as st

from odoo.addons.psa_contracts.tools.waterfall import Blocks, Claim, Pool, pour

FIRST_DAY = date(2026, 2, 20)
DAYS = 20


@dataclass(frozen=True)
class Stock:
    """Hours of a line: how many (None: no limit), and when they may be used."""

    limit: int | None
    start: int
    stop: int | None
    #: what rolls over at the end, at most how much, for how many days
    share: Fraction | None
    cap: int | None
    longer: int

    @property
    def has_heir(self):
        return None not in (self.limit, self.stop, self.share)


@dataclass(frozen=True)
class Line:
    stocks: tuple[Stock, ...]
    #: units of a block; None: no further blocks
    block: int | None
    validity: int | None


@dataclass(frozen=True)
class Work:
    number: int
    day: int
    #: (units, numbers of the lines they may draw on)
    pieces: tuple[tuple[int, tuple[int, ...]], ...]

    @property
    def units(self):
        return sum(units for units, _lines in self.pieces)


def day_of(number):
    return None if number is None else FIRST_DAY + timedelta(days=number)


days = st.integers(0, DAYS)
stocks = st.builds(
    lambda limit, start, length, share, cap, longer: Stock(
        limit, start, None if length is None else start + length, share, cap, longer
    ),
    st.none() | st.integers(0, 15),
    st.integers(0, DAYS // 2),
    st.none() | st.integers(1, 10),
    st.none() | st.sampled_from([Fraction(1, 3), Fraction(1, 2), Fraction(1)]),
    st.none() | st.integers(0, 5),
    st.integers(1, 8),
)
lines = st.lists(
    st.builds(
        Line,
        st.lists(stocks, max_size=3).map(tuple),
        st.none() | st.none() | st.integers(0, 8),
        st.none() | st.integers(1, 8),
    ),
    min_size=1,
    max_size=3,
)


@st.composite
def worlds(draw):
    """Draw lines, and work that may draw on them."""
    drawn = draw(lines)
    # In the order of the contracts, as the engine has them.
    chosen = st.sets(st.sampled_from(range(len(drawn)))).map(
        lambda numbers: tuple(sorted(numbers))
    )
    works = []
    for number in range(draw(st.integers(1, 10))):
        sign = draw(st.sampled_from([1, 1, 1, -1]))
        pieces = draw(
            st.lists(st.tuples(st.integers(1, 12), chosen), min_size=1, max_size=2)
        )
        works.append(
            Work(
                number,
                draw(days),
                tuple((sign * units, numbers) for units, numbers in pieces),
            )
        )
    return drawn, works


class World:
    """Pools and claims of lines and work.

    :param used: ``{name of a pool: units}`` that other work has drawn
    :param blocks: first days of the blocks of each line that other work has opened
    """

    def __init__(self, lines, used=(), blocks=()):
        self.lines = lines
        self.used, self.kept = dict(used), dict(blocks)
        self.pools, self.blocks, self.heirs = {}, {}, []
        for number, line in enumerate(lines):
            self._add_line(number, line)

    def _add_line(self, number, line):
        own = []
        for index, stock in enumerate(line.stocks):
            name = (number, index)
            limit = stock.limit
            if limit is not None:
                limit -= self.used.get(name, 0)
            pool = Pool(name, limit, start=day_of(stock.start), stop=day_of(stock.stop))
            own.append(pool)
            if stock.has_heir:
                name = (number, index, "rest")
                heir = Pool(
                    name,
                    -self.used.get(name, 0),
                    pool,
                    day_of(stock.stop),
                    stock.share,
                    stock.cap,
                    day_of(stock.stop + stock.longer),
                )
                own.append(heir)
                self.heirs.append(heir)
        self.pools.update((pool.key, pool) for pool in own)
        if line.block is not None:
            self.blocks[number] = Blocks(
                ("block", number),
                lambda day: line.block,
                lambda day: line.validity and day + timedelta(days=line.validity),
                own,
                [
                    self._kept(number, index, start)
                    for index, start in enumerate(self.kept.get(number, ()))
                ],
            )

    def _kept(self, number, index, start):
        line, name = self.lines[number], (number, "block", index)
        stop = line.validity and start + timedelta(days=line.validity)
        left = line.block - self.used.get(name, 0)
        return Pool(name, left, start=start, stop=stop)

    def pools_of(self, number, day):
        if number in self.blocks:
            return [self.blocks[number]]
        own = [
            pool
            for name, pool in self.pools.items()
            if name[0] == number and pool.holds(day)
        ]
        own.sort(
            key=lambda pool: (
                pool.stop is None,
                pool.stop,
                pool.parent is None,
                pool.start,
            )
        )
        return own

    def pour(self, works, until=None):
        """Pour, and return ``{number of the work: {name of a pool: units}}``."""
        claims = [
            Claim(
                work.number,
                (work.day, work.number),
                day_of(work.day),
                tuple(
                    (
                        units,
                        tuple(
                            pool
                            for line in numbers
                            for pool in self.pools_of(line, day_of(work.day))
                        ),
                    )
                    for units, numbers in work.pieces
                ),
            )
            for work in works
        ]
        return {
            number: {self._name(pool): units for pool, units in parts}
            for number, parts in pour(claims, self.heirs, until).items()
        }

    def _name(self, pool):
        if pool is None or pool.key in self.pools or pool.key[1:2] == ("block",):
            return pool and pool.key
        (_kind, number), index = pool.key
        return (number, "block", len(self.kept.get(number, ())) + index)

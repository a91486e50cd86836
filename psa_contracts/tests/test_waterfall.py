# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import doctest
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from odoo.addons.psa_contracts.tools import waterfall as waterfall_module
from odoo.addons.psa_contracts.tools.waterfall import Blocks, Claim, Pool, pour
from odoo.addons.psa_core.tests.properties import bounded

from .waterfall_slowly import Slowly
from .waterfall_worlds import DAYS, World, day_of, days, worlds

DAY = date(2026, 3, 1)
NEXT_DAY = date(2026, 3, 2)


def claim(key, seconds, *pools, day=DAY, order=None):
    return Claim(key, (day, order or key), day, ((seconds, pools),))


def named(poured):
    """Return what was poured by the keys of the pools."""
    return {
        key: [(pool and pool.key, seconds) for pool, seconds in parts]
        for key, parts in poured.items()
    }


class TestPour(BaseCase):
    def test_doctests(self):
        self.assertFalse(doctest.testmod(waterfall_module).failed)

    def test_nothing_to_draw_on(self):
        self.assertEqual(named(pour([claim("a", 5)])), {"a": [(None, 5)]})

    def test_no_work(self):
        ten = Pool("ten", 10)
        self.assertEqual(named(pour([claim("a", 0, ten)])), {"a": []})
        self.assertEqual(pour([]), {})

    def test_two_pools_and_overage(self):
        poured = pour([claim("a", 9, Pool("five", 5), Pool("three", 3))])
        self.assertEqual(named(poured), {"a": [("five", 5), ("three", 3), (None, 1)]})

    def test_to_the_last_second(self):
        ten = Pool("ten", 10)
        poured = pour([claim("a", 10, ten), claim("b", 1, ten)])
        self.assertEqual(named(poured), {"a": [("ten", 10)], "b": [(None, 1)]})

    def test_no_limit(self):
        poured = pour([claim("a", 10**9, Pool("all", None), Pool("never", 5))])
        self.assertEqual(named(poured), {"a": [("all", 10**9)]})

    def test_pieces_of_one_pool_are_one_part(self):
        ten, five = Pool("ten", 10), Pool("five", 5)
        pieces = ((3, (ten,)), (6, (five, ten)))
        poured = pour([Claim("a", (1,), DAY, pieces)])
        self.assertEqual(named(poured), {"a": [("ten", 4), ("five", 5)]})

    def test_correction_counts_for_earlier_work(self):
        ten = Pool("ten", 10)
        poured = pour([claim("a", 12, ten), claim("b", -3, ten, day=NEXT_DAY)])
        self.assertEqual(named(poured), {"a": [("ten", 12)], "b": [("ten", -3)]})

    def test_correction_without_a_pool(self):
        self.assertEqual(named(pour([claim("a", -3)])), {"a": [(None, -3)]})

    def test_correction_of_a_block_is_for_the_block(self):
        """... whatever was worked before: no second block is bought."""
        blocks = Blocks("five", lambda day: 5, lambda day: None)
        poured = pour(
            [
                claim("a", 5, blocks),
                claim("b", -2, blocks, day=NEXT_DAY),
                claim("c", 2, blocks, day=NEXT_DAY),
            ]
        )
        block = ("five", 0)
        self.assertEqual(
            named(poured), {"a": [(block, 5)], "b": [(block, -2)], "c": [(block, 2)]}
        )
        self.assertEqual([pool.left for pool in blocks.opened], [0])

    def test_correction_before_any_block(self):
        blocks = Blocks("five", lambda day: 5, lambda day: None)
        poured = pour([claim("a", -2, blocks), claim("b", 3, blocks, day=NEXT_DAY)])
        self.assertEqual(named(poured), {"a": [(None, -2)], "b": [(("five", 0), 3)]})

    def test_correction_prefers_what_is_there_anyhow(self):
        blocks = Blocks("five", lambda day: 5, lambda day: None)
        poured = pour([claim("a", -2, blocks, Pool("ten", 10)), claim("b", 1, blocks)])
        self.assertEqual(named(poured), {"a": [("ten", -2)], "b": [(("five", 0), 1)]})

    def test_blocks_as_needed(self):
        blocks = Blocks("five", lambda day: 5, lambda day: day + timedelta(days=1))
        poured = pour([claim("a", 12, blocks), claim("b", 1, blocks, day=NEXT_DAY)])
        first, second, third, fourth = (("five", number) for number in range(4))
        self.assertEqual(
            named(poured),
            {"a": [(first, 5), (second, 5), (third, 2)], "b": [(fourth, 1)]},
        )

    def test_block_without_hours(self):
        blocks = Blocks("none", lambda day: 0, lambda day: None)
        self.assertEqual(named(pour([claim("a", 5, blocks)])), {"a": [(None, 5)]})

    def test_block_that_expires_first_is_used_first(self):
        """Also when other hours were bought after it had been opened."""
        later = Pool("later", 10, start=NEXT_DAY, stop=date(2026, 5, 1))
        blocks = Blocks(
            "five", lambda day: 5, lambda day: date(2026, 4, 1), beside=[later]
        )
        poured = pour([claim("a", 1, blocks), claim("b", 6, blocks, day=NEXT_DAY)])
        block = ("five", 0)
        self.assertEqual(
            named(poured), {"a": [(block, 1)], "b": [(block, 4), ("later", 2)]}
        )

    def test_overdrawn_gives_nothing(self):
        poured = pour([claim("a", 5, Pool("short", -2))])
        self.assertEqual(named(poured), {"a": [(None, 5)]})

    def test_more_used_than_there_is(self):
        short = Pool("short", -2)
        poured = pour([claim("a", 5, short), claim("b", -3, short)])
        self.assertEqual(
            named(poured), {"a": [("short", 1), (None, 4)], "b": [("short", -3)]}
        )


class TestRollover(BaseCase):
    def setUp(self):
        super().setUp()
        self.ten = Pool("ten", 10)

    def heir(self, **kwargs):
        return Pool("rest", 0, self.ten, NEXT_DAY, **kwargs)

    def test_share_rounded_down(self):
        heir = self.heir(share=Fraction(1, 3))
        poured = pour(
            [claim("a", 3, self.ten), claim("b", 5, heir, day=NEXT_DAY)], [heir]
        )
        self.assertEqual(
            named(poured), {"a": [("ten", 3)], "b": [("rest", 2), (None, 3)]}
        )
        self.assertEqual(heir.rolled, 2)

    def test_cap(self):
        heir = self.heir(cap=4)
        pour([claim("a", 1, heir, day=NEXT_DAY)], [heir])
        self.assertEqual((heir.rolled, heir.left), (4, 3))

    def test_correction_rolls_over(self):
        heir = self.heir()
        pour([claim("a", -3, self.ten), claim("b", 4, self.ten)], [heir], NEXT_DAY)
        self.assertEqual(heir.rolled, 9)

    def test_used_already(self):
        """What other work has used of the rest is not there again."""
        heir = self.heir()
        heir.left = -8
        poured = pour([claim("a", 5, heir, day=NEXT_DAY)], [heir])
        self.assertEqual(named(poured), {"a": [("rest", 2), (None, 3)]})

    def test_overdrawn_leaves_nothing(self):
        self.ten.left = -1
        heir = self.heir()
        pour([], [heir], NEXT_DAY)
        self.assertEqual(heir.rolled, 0)

    def test_not_before_its_day(self):
        heir = self.heir()
        pour([claim("a", 1, self.ten)], [heir], DAY)
        self.assertIsNone(heir.rolled)

    def test_rest_of_a_rest(self):
        """In the order of the days, whatever the order of the list."""
        heir = self.heir(cap=6)
        last = Pool("last", 0, heir, date(2026, 3, 3), Fraction(1, 2))
        pour([claim("a", 2, heir, day=NEXT_DAY)], [last, heir], date(2026, 4, 1))
        self.assertEqual((heir.rolled, last.rolled), (6, 2))


class TestPourProperties(BaseCase):
    @bounded(150)
    @given(worlds())
    def test_as_unit_by_unit(self, world):
        lines, works = world
        self.assertEqual(World(lines).pour(works), Slowly(lines).pour(works))

    @bounded(50)
    @given(worlds())
    def test_nothing_lost_or_counted_twice(self, world):
        lines, works = world
        poured = World(lines).pour(works)
        self.assertEqual(
            {number: sum(parts.values()) for number, parts in poured.items()},
            {work.number: work.units for work in works},
        )

    @bounded(50)
    @given(worlds())
    def test_only_its_own_pools(self, world):
        lines, works = world
        poured = World(lines).pour(works)
        for work in works:
            asked = {line for _units, numbers in work.pieces for line in numbers}
            given = {name[0] for name in poured[work.number] if name}
            self.assertLessEqual(given, asked)

    @bounded(50)
    @given(worlds())
    def test_never_overdrawn(self, world):
        lines, works = world
        world = World(lines)
        poured = world.pour(works, until=day_of(10 * DAYS))
        used, returned = {}, {}
        for parts in poured.values():
            for name, units in parts.items():
                found = used if units > 0 else returned
                found[name] = found.get(name, 0) + abs(units)
        for name, units in used.items():
            granted = self._granted(world, name)
            if granted is not None:
                self.assertLessEqual(units, granted + returned.get(name, 0), name)

    def _granted(self, world, name):
        if name is None:
            return None
        line = world.lines[name[0]]
        if "block" in name:
            return line.block
        if "rest" in name:
            return world.pools[name].rolled
        return line.stocks[name[1]].limit

    @bounded(50)
    @given(worlds())
    def test_rollover_is_a_share_up_to_the_cap(self, world):
        lines, works = world
        world = World(lines)
        world.pour(works, until=day_of(10 * DAYS))
        for heir in world.heirs:
            rest = heir.parent.left
            self.assertLessEqual(heir.rolled, max(0, rest) * heir.share)
            if heir.cap is not None:
                self.assertLessEqual(heir.rolled, heir.cap)

    @bounded(50)
    @given(worlds(), st.randoms(use_true_random=False))
    def test_order_of_the_list(self, world, random):
        lines, works = world
        expected = World(lines).pour(works)
        random.shuffle(works)
        self.assertEqual(World(lines).pour(works), expected)

    @bounded(150)
    @given(worlds(), days)
    def test_from_a_day_on(self, world, day):
        """Beginning with what earlier work has left is the same as all at once."""
        lines, works = world
        first = World(lines)
        expected = first.pour(works)
        used, opened = {}, {}
        for work in works:
            if work.day < day:
                for name, units in expected[work.number].items():
                    used[name] = used.get(name, 0) + units
        for number, blocks in first.blocks.items():
            opened[number] = [
                pool.start
                for index, pool in enumerate(blocks.opened)
                if (number, "block", index) in used
            ]
        later = [work for work in works if work.day >= day]
        self.assertEqual(
            World(lines, used, opened).pour(later),
            {work.number: expected[work.number] for work in later},
        )

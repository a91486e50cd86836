# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import doctest
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase
from odoo.tools import float_round

from odoo.addons.psa_core.tests.properties import bounded
from odoo.addons.psa_core.tools import proration as proration_module
from odoo.addons.psa_core.tools.proration import (
    METHODS,
    allocate,
    days_30_360,
    exact,
    prorate,
    share,
)
from odoo.addons.psa_core.tools.recurrence import Period

dates = st.dates(date(2000, 1, 1), date(2050, 12, 31))
cents = st.integers(-(10**9), 10**9).map(lambda units: units / 100)
weights = st.lists(st.integers(0, 10**6), min_size=1, max_size=20)


class TestShare(BaseCase):
    def setUp(self):
        super().setUp()
        self.january = Period(date(2026, 1, 1), date(2026, 2, 1))
        self.stub = Period(date(2026, 1, 17), date(2026, 2, 1))

    def test_doctests(self):
        self.assertFalse(doctest.testmod(proration_module).failed)

    def test_methods(self):
        for method, expected in (
            ("days", Fraction(15, 31)),
            ("30_360", Fraction(14, 30)),
            ("none", Fraction(1)),
        ):
            with self.subTest(method=method):
                self.assertEqual(share(self.stub, self.january, method), expected)
                self.assertEqual(share(self.january, self.january, method), 1)
                self.assertEqual(share(None, self.january, method), 0)

    def test_days_30_360(self):
        for start, stop, expected in (
            # Examples of the Eurobond basis: a month is 30 days, the 31st the 30th.
            (date(2007, 1, 15), date(2007, 1, 30), 15),
            (date(2007, 1, 15), date(2007, 2, 15), 30),
            (date(2007, 1, 15), date(2007, 7, 15), 180),
            (date(2007, 9, 30), date(2008, 3, 31), 180),
            (date(2007, 9, 30), date(2007, 10, 31), 30),
            (date(2007, 9, 30), date(2008, 9, 30), 360),
            (date(2007, 1, 15), date(2007, 1, 31), 15),
            (date(2007, 1, 31), date(2007, 2, 28), 28),
            (date(2007, 2, 28), date(2007, 3, 31), 32),
            (date(2006, 8, 31), date(2007, 2, 28), 178),
            (date(2007, 2, 28), date(2007, 8, 31), 182),
            (date(2007, 2, 14), date(2007, 2, 28), 14),
            (date(2007, 2, 26), date(2008, 2, 29), 363),
            (date(2008, 2, 29), date(2009, 2, 28), 359),
        ):
            with self.subTest(start=start, stop=stop):
                self.assertEqual(days_30_360(start, stop), expected)

    def test_the_30th_alone_goes_by_days(self):
        day = Period(date(2026, 1, 30), date(2026, 1, 31))
        self.assertEqual(days_30_360(day.start, day.stop), 0)
        self.assertEqual(share(day, day, "30_360"), 1)

    def test_what_makes_no_sense(self):
        with self.assertRaisesRegex(ValueError, "unknown proration method"):
            share(self.stub, self.january, "weekly")
        for part in (
            Period(date(2025, 12, 31), date(2026, 1, 2)),
            Period(date(2026, 1, 31), date(2026, 2, 2)),
        ):
            with self.subTest(part=part), self.assertRaisesRegex(ValueError, "part of"):
                share(part, self.january)

    @bounded(300)
    @given(
        dates,
        st.integers(2, 800),
        st.lists(st.integers(0, 800), max_size=5),
        st.sampled_from(("days", "30_360")),
    )
    def test_parts_make_up_the_period(self, start, days, cuts, method):
        whole = Period(start, start + timedelta(days=days))
        bounds = sorted({0, days, *(cut for cut in cuts if cut < days)})
        parts = [
            whole.clip(start + timedelta(days=a), start + timedelta(days=b))
            for a, b in zip(bounds, bounds[1:], strict=False)
        ]
        shares = [share(part, whole, method) for part in parts]
        self.assertEqual(sum(shares), 1)
        self.assertTrue(all(0 <= part <= 1 for part in shares))

    def test_methods_are_all_known(self):
        self.assertEqual({"days", "30_360", "none"}, set(METHODS))


class TestProrate(BaseCase):
    def test_rounding(self):
        for expected, amount, fraction, rounding in (
            (33.33, 100.0, Fraction(1, 3), 0.01),
            (66.67, 100.0, Fraction(2, 3), 0.01),
            (-66.67, -100.0, Fraction(2, 3), 0.01),
            (0.03, 0.05, Fraction(1, 2), 0.01),
            (-0.03, -0.05, Fraction(1, 2), 0.01),
            (33.35, 100.0, Fraction(1, 3), 0.05),
            (33.0, 100, Fraction(1, 3), 1),
            (33.333, Decimal("100"), Fraction(1, 3), Decimal("0.001")),
            (0.0, 0.0, Fraction(1, 3), 0.01),
            # 1.005 is a little less than that in binary, and is still meant.
            (1.01, 1.005, Fraction(1), 0.01),
        ):
            with self.subTest(amount=amount, fraction=fraction, rounding=rounding):
                self.assertEqual(prorate(amount, fraction, rounding), expected)

    def test_rounding_must_be_positive(self):
        for rounding in (0, -0.01):
            with self.subTest(rounding=rounding), self.assertRaises(ValueError):
                prorate(1.0, Fraction(1), rounding)

    def test_numbers_must_be_finite(self):
        for number in (float("nan"), float("inf")):
            with self.subTest(number=number), self.assertRaises(ValueError):
                exact(number)

    @bounded(300)
    @given(cents, st.sampled_from((0.01, 0.05, 0.1, 1.0, 5.0)))
    def test_rounds_as_the_host(self, amount, rounding):
        self.assertAlmostEqual(
            prorate(amount, Fraction(1), rounding),
            float_round(amount, precision_rounding=rounding),
            places=4,
        )


class TestAllocate(BaseCase):
    def test_cases(self):
        for expected, amount, parts in (
            ([33.34, 33.33, 33.33], 100.0, [1, 1, 1]),
            ([-33.34, -33.33, -33.33], -100.0, [1, 1, 1]),
            ([0.01, 0.0, 0.0], 0.01, [1, 1, 1]),
            ([50.0, 50.0], 100.0, [0, 0]),
            ([0.0, 100.0], 100.0, [0, 2]),
            ([66.67, 33.33], 100.0, [2.0, 1.0]),
            ([0.0], 0.0, [1]),
            ([10.01], 10.005, [Fraction(1, 3)]),
        ):
            with self.subTest(amount=amount, parts=parts):
                self.assertEqual(allocate(amount, parts, 0.01), expected)

    def test_what_makes_no_sense(self):
        for parts in ([], [1, -1]):
            with self.subTest(parts=parts), self.assertRaises(ValueError):
                allocate(1.0, parts, 0.01)
        with self.assertRaises(ValueError):
            allocate(1.0, [1], 0)

    @bounded(300)
    @given(cents, weights)
    def test_parts_add_up(self, amount, parts):
        found = allocate(amount, parts, 0.01)
        self.assertEqual(sum(map(exact, found)), exact(amount))

    @bounded(300)
    @given(cents, weights.filter(any))
    def test_each_part_is_less_than_one_unit_off(self, amount, parts):
        for part, weight in zip(allocate(amount, parts, 0.01), parts, strict=True):
            quota = exact(amount) * weight / sum(parts)
            self.assertLess(abs(exact(part) - quota), Fraction(1, 100))

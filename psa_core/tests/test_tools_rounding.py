# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import doctest

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from odoo.addons.psa_core.tests.properties import bounded
from odoo.addons.psa_core.tools import rounding as rounding_module
from odoo.addons.psa_core.tools.rounding import (
    billable_seconds,
    billable_seconds_group,
    hours_to_seconds,
    multiplied_seconds,
    seconds_to_hours,
)

MINUTE = 60
QUARTER = 15 * MINUTE
durations = st.integers(-100_000, 100_000)
rules = st.tuples(st.integers(0, 7200), st.integers(0, 3600))


class TestBillable(BaseCase):
    def test_doctests(self):
        self.assertFalse(doctest.testmod(rounding_module).failed)

    def test_table(self):
        for expected, actual, minimum, increment in (
            (0, 0, 0, 0),
            (0, 0, 30, 15),
            (1, 1, 0, 0),
            (15, 1, 0, 15),
            (15, 15, 0, 15),
            (30, 16, 0, 15),
            (30, 1, 30, 15),
            (45, 31, 30, 15),
            # A minimum that is no multiple of the increment is rounded up too.
            (30, 1, 20, 15),
            (20, 1, 20, 0),
            (-30, -1, 30, 15),
            (-45, -31, 30, 15),
            (25 * 60, 24 * 60 + 1, 0, 60),
        ):
            with self.subTest(actual=actual, minimum=minimum, increment=increment):
                self.assertEqual(
                    billable_seconds(
                        actual * MINUTE, minimum * MINUTE, increment * MINUTE
                    ),
                    expected * MINUTE,
                )

    def test_a_second_more_opens_an_increment(self):
        self.assertEqual(billable_seconds(QUARTER + 1, increment=QUARTER), 2 * QUARTER)

    def test_rules_cannot_be_negative(self):
        for rule in ({"minimum": -1}, {"increment": -1}):
            with self.subTest(rule=rule), self.assertRaises(ValueError):
                billable_seconds(0, **rule)

    @bounded()
    @given(durations, durations, rules)
    def test_more_work_never_costs_less(self, one, other, rule):
        less, more = sorted((one, other))
        self.assertLessEqual(
            billable_seconds(less, *rule), billable_seconds(more, *rule)
        )

    @bounded()
    @given(durations, rules)
    def test_rounding_twice_changes_nothing(self, actual, rule):
        once = billable_seconds(actual, *rule)
        self.assertEqual(billable_seconds(once, *rule), once)

    @bounded()
    @given(durations, rules)
    def test_a_correction_cancels(self, actual, rule):
        self.assertEqual(
            billable_seconds(-actual, *rule), -billable_seconds(actual, *rule)
        )


class TestBillableGroup(BaseCase):
    def test_cases(self):
        for expected, actuals, minimum in (
            ([], [], 0),
            ([15, 0, 0], [5, 5, 5], 0),
            ([15, 0, 0, 15], [5, 5, 5, 1], 0),
            ([30, 0, 15], [5, 25, 1], 30),
            ([15, -15], [5, -5], 0),
            ([0, 15], [0, 5], 0),
        ):
            with self.subTest(actuals=actuals):
                found = billable_seconds_group(
                    [actual * MINUTE for actual in actuals], minimum * MINUTE, QUARTER
                )
                self.assertEqual([seconds // MINUTE for seconds in found], expected)

    @bounded()
    @given(st.lists(durations, max_size=20), rules)
    def test_parts_add_up_to_the_rounded_total(self, actuals, rule):
        self.assertEqual(
            sum(billable_seconds_group(actuals, *rule)),
            billable_seconds(sum(actuals), *rule),
        )

    @bounded()
    @given(st.lists(durations, max_size=20), durations, rules)
    def test_a_later_entry_changes_no_earlier_one(self, actuals, later, rule):
        self.assertEqual(
            billable_seconds_group([*actuals, later], *rule)[:-1],
            billable_seconds_group(actuals, *rule),
        )

    @bounded()
    @given(st.lists(st.integers(0, 10_000), min_size=1, max_size=20), rules)
    def test_never_more_than_each_note_alone(self, actuals, rule):
        self.assertLessEqual(
            sum(billable_seconds_group(actuals, *rule)),
            sum(billable_seconds(actual, *rule) for actual in actuals),
        )


class TestConversion(BaseCase):
    def test_hours_to_seconds(self):
        for seconds, hours in (
            (0, 0.0),
            (5400, 1.5),
            (1200, 1 / 3),
            (2400, 0.67 - 0.01 / 3),
            (360, 0.1),
            (-5400, -1.5),
            (1, 1 / 3600),
            (90_000, 25),
        ):
            with self.subTest(hours=hours):
                self.assertEqual(hours_to_seconds(hours), seconds)

    @bounded(200)
    @given(st.integers(-(10**10), 10**10))
    def test_no_second_is_lost(self, seconds):
        self.assertEqual(hours_to_seconds(seconds_to_hours(seconds)), seconds)

    def test_multiplier(self):
        for expected, seconds, factor in (
            (5400, 3600, 1.5),
            (-5400, -3600, 1.5),
            (0, 3600, 0),
            (3960, 3600, 1.1),
            (2, 1, 1.5),
            (-2, -1, 1.5),
        ):
            with self.subTest(seconds=seconds, factor=factor):
                self.assertEqual(multiplied_seconds(seconds, factor), expected)

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import doctest
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from odoo.addons.psa_contracts.tools import rate as rate_module
from odoo.addons.psa_contracts.tools.rate import Rate, best
from odoo.addons.psa_core.tests.properties import bounded

DAY = date(2026, 3, 1)
WORK_TYPE, JOB, EMPLOYEE = 3, 7, 9

ids = st.none() | st.integers(1, 3)
dates = st.none() | st.dates(date(2026, 2, 25), date(2026, 3, 5))
values = st.fixed_dictionaries(
    {
        "price": st.floats(0, 200),
        "work_type": ids,
        "job": ids,
        "employee": ids,
        "start": dates,
        "stop": dates,
    }
)
tables = st.lists(values, max_size=8).map(
    lambda rows: [Rate(number, **row) for number, row in enumerate(rows, start=1)]
)


class TestBest(BaseCase):
    def find(self, *rates, day=DAY, who=(WORK_TYPE, JOB, EMPLOYEE)):
        """Return the number of the rate that is found, whatever their order."""
        found = {
            rate and rate.id
            for rate in (best(rates, day, *who), best(reversed(rates), day, *who))
        }
        self.assertEqual(len(found), 1)
        return found.pop()

    def test_doctests(self):
        self.assertFalse(doctest.testmod(rate_module).failed)

    def test_none(self):
        self.assertIsNone(self.find())
        self.assertIsNone(self.find(Rate(1, 80.0, work_type=4)))

    def test_person_before_role_before_work(self):
        person = Rate(1, 1.0, employee=EMPLOYEE)
        role = Rate(2, 1.0, job=JOB, work_type=WORK_TYPE)
        work = Rate(3, 1.0, work_type=WORK_TYPE, start=DAY)
        anything = Rate(4, 1.0, start=DAY)
        self.assertEqual(self.find(anything, work, role, person), 1)
        self.assertEqual(self.find(anything, work, role), 2)
        self.assertEqual(self.find(anything, work), 3)
        self.assertEqual(self.find(anything), 4)

    def test_more_conditions_are_more_specific(self):
        person = Rate(5, 1.0, employee=EMPLOYEE)
        person_work = Rate(1, 1.0, employee=EMPLOYEE, work_type=WORK_TYPE)
        self.assertEqual(self.find(person, person_work), 1)

    def test_later_start(self):
        """The last one that began is the one in force; of one day, the last made."""
        always = Rate(4, 1.0)
        old = Rate(3, 1.0, start=date(2026, 1, 1))
        new = Rate(1, 1.0, start=DAY)
        again = Rate(2, 1.0, start=DAY)
        self.assertEqual(self.find(always, old), 3)
        self.assertEqual(self.find(always, old, new), 1)
        self.assertEqual(self.find(always, old, new, again), 2)
        self.assertEqual(self.find(always, old, new, day=date(2026, 2, 28)), 3)
        self.assertEqual(self.find(always, old, day=date(2025, 12, 31)), 4)

    def test_last_day(self):
        """29 February is the last day of what stops on 1 March."""
        leap = Rate(1, 1.0, start=date(2028, 2, 29), stop=date(2028, 3, 1))
        self.assertIsNone(self.find(leap, day=date(2028, 2, 28)))
        self.assertEqual(self.find(leap, day=date(2028, 2, 29)), 1)
        self.assertIsNone(self.find(leap, day=date(2028, 3, 1)))

    def test_work_of_nobody_and_of_no_kind(self):
        rates = [Rate(1, 1.0, work_type=WORK_TYPE), Rate(2, 1.0, employee=EMPLOYEE)]
        self.assertIsNone(self.find(*rates, who=(None, None, None)))
        self.assertEqual(self.find(*rates, Rate(3, 1.0), who=(None, None, None)), 3)

    def test_discount(self):
        rate = best([Rate(1, None, 10.0)], DAY, WORK_TYPE, JOB, EMPLOYEE)
        self.assertEqual((rate.price, rate.discount), (None, 10.0))

    @bounded()
    @given(tables, st.randoms(use_true_random=False), ids, ids, ids)
    def test_order_does_not_matter(self, rates, random, work_type, job, employee):
        found = best(rates, DAY, work_type, job, employee)
        random.shuffle(rates)
        self.assertIs(best(rates, DAY, work_type, job, employee), found)

    @bounded()
    @given(tables, ids, ids, ids)
    def test_as_filtered_step_by_step(self, rates, work_type, job, employee):
        """Leave out what does not apply, then look at one condition at a time."""
        left = [
            rate
            for rate in rates
            if not (rate.start and rate.start > DAY)
            and not (rate.stop and rate.stop <= DAY)
            and rate.work_type in {None, work_type}
            and rate.job in {None, job}
            and rate.employee in {None, employee}
        ]
        for name in ("employee", "job", "work_type"):
            left = [rate for rate in left if getattr(rate, name)] or left
        left.sort(key=lambda rate: (rate.start is not None, rate.start, rate.id))
        found = best(rates, DAY, work_type, job, employee)
        self.assertIs(found, left[-1] if left else None)

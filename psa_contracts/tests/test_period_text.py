# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import doctest

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from odoo.addons.psa_contracts.tools import period_text as period_text_module
from odoo.addons.psa_contracts.tools.period_text import MARKERS, fill_period
from odoo.addons.psa_core.tests.properties import CHARACTERS, bounded

pieces = st.lists(st.sampled_from([*MARKERS, *"{}%"]) | st.text(CHARACTERS, max_size=3))
MARCH = {"start": "01/03/2026", "end": "31/03/2026", "month": "marzo", "year": "2026"}


class TestFillPeriod(BaseCase):
    def test_doctests(self):
        self.assertFalse(doctest.testmod(period_text_module).failed)

    def test_table(self):
        for text, expected in [
            ("Care", "Care"),
            ("{start} - {end}", "01/03/2026 - 31/03/2026"),
            ("{month}{year}{month}", "marzo2026marzo"),
            ("", ""),
            (None, ""),
            # not ours
            ("{", "{"),
            ("}{", "}{"),
            ("{}", "{}"),
            ("{0}", "{0}"),
            ("{Month}", "{Month}"),
            ("{ month }", "{ month }"),
            ("{month", "{month"),
            ("{month!r}", "{month!r}"),
            ("{month:>20}", "{month:>20}"),
            ("{month.upper}", "{month.upper}"),
            ("{start[0]}", "{start[0]}"),
            ("%(month)s %s 100%", "%(month)s %s 100%"),
            ("\\g<0> \\1", "\\g<0> \\1"),
            # braces around a marker stay
            ("{{month}}", "{marzo}"),
        ]:
            with self.subTest(text=text):
                self.assertEqual(fill_period(text, MARCH), expected)

    def test_missing_value(self):
        self.assertEqual(
            fill_period("{start} {end}", {"start": "1 marzo", "end": None}),
            "1 marzo {end}",
        )

    def test_value_is_not_filled_again(self):
        self.assertEqual(
            fill_period("{month}", {"month": "{year} \\1", "year": "2026"}),
            "{year} \\1",
        )

    @bounded()
    @given(pieces.map("".join))
    def test_never_raises(self, text):
        expected = text
        for marker in MARKERS:
            expected = expected.replace("{" + marker + "}", MARCH[marker])
        self.assertEqual(fill_period(text, MARCH), expected)

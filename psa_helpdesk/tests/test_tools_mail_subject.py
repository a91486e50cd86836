# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import doctest

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from odoo.addons.psa_core.tests.properties import CHARACTERS, bounded
from odoo.addons.psa_helpdesk.tools import mail_subject as mail_subject_module
from odoo.addons.psa_helpdesk.tools import ticket_number as ticket_number_module
from odoo.addons.psa_helpdesk.tools.mail_subject import clean_subject, is_forward
from odoo.addons.psa_helpdesk.tools.ticket_number import numbers_in

subjects = st.lists(
    st.sampled_from(["Re: ", "I:", "[T00042]", "[x]", " ", "-", "word ", "\n", "["])
    | st.text(CHARACTERS, max_size=5),
    max_size=15,
).map("".join)


class TestNumbers(BaseCase):
    def test_doctests(self):
        self.assertFalse(doctest.testmod(ticket_number_module).failed)

    def test_cases(self):
        for expected, subject in (
            ([], None),
            ([], ""),
            ([], "T00042"),
            ([], "[] [#] [urgent] [T 42] [T00042"),
            ([], f"[T{'0' * 40}]"),
            (["T00042"], "[T00042] Printer"),
            (["T00042"], "R: [ #t00042 ] Printer [T00042]"),
            (["T2", "T1"], "[T2] and [#T1]"),
            (["T-2026-0042"], "Re: [T-2026-0042] x"),
            (["IT/26/7", "00042"], "[IT/26/7] [#00042]"),
            (["T1"], "Re[2]: [T1]"),
            (["T1"], "[[T1]]"),
        ):
            with self.subTest(subject=subject):
                self.assertEqual(numbers_in(subject), expected)

    def test_long_subject(self):
        for part in ("[", "[T1", "[T1]", "[#" + "x" * 33, "[T" + "-" * 31):
            with self.subTest(part=part):
                self.assertLessEqual(len(numbers_in(part * (10_000 // len(part)))), 1)


class TestSubject(BaseCase):
    def test_doctests(self):
        self.assertFalse(doctest.testmod(mail_subject_module).failed)

    def test_cases(self):
        for expected, subject in (
            ("", None),
            ("", " \n "),
            ("", "Re: R: Fwd:"),
            ("Printer", "Re: RE : re[3]: AW: WG: SV: Antw: TR: RV: I: R: Printer"),
            ("Printer", "回复：Printer"),
            ("Printer", "Re: [T00042] Printer"),
            ("Printer", "[#T00042] - Printer"),
            ("Printer", "[T00042] Re: [t00042] Printer"),
            ("Printer again", "Printer [T00042] again"),
            ("[T00043] Printer", "Re: [T00043] Printer"),
            ("[INC-7] Printer", "[INC-7] Fwd: Printer"),
            ("Area: R: drive full", "Area: R: drive full"),
            ("-5 degrees", "-5 degrees"),
            ("Note: read", "Note: read"),
            ("a b c", "a\r\n\tb\x00\x1f c\u202e"),
            ("\N{FAMILY}\u200d\N{WOMAN}", "\N{FAMILY}\u200d\N{WOMAN}"),
            ("\ufffd", "\udcff"),
        ):
            with self.subTest(subject=subject):
                self.assertEqual(clean_subject(subject, numbers=["T00042"]), expected)

    def test_length(self):
        for expected, subject, length in (
            ("a" * 200, "a" * 200, 200),
            ("a" * 199 + "…", "a" * 201, 200),
            ("one two…", "one two three", 10),
            ("one two…", "one two three", 8),
            ("…", "one", 1),
        ):
            with self.subTest(subject=subject, length=length):
                self.assertEqual(clean_subject(subject, length), expected)
        with self.assertRaisesRegex(ValueError, "at least one"):
            clean_subject("x", 0)

    def test_forward(self):
        for expected, subject in (
            (False, None),
            (False, "Printer"),
            (False, "R: I: Printer"),
            (True, "I: Printer"),
            (True, " WG: Printer"),
            (True, "FW: Re: Printer"),
        ):
            with self.subTest(subject=subject):
                self.assertIs(is_forward(subject), expected)

    @bounded(200)
    @given(subjects, st.integers(1, 40))
    def test_fits_and_is_printable(self, subject, length):
        cleaned = clean_subject(subject, length, ["T00042"])
        self.assertLessEqual(len(cleaned), length)
        self.assertEqual(cleaned, cleaned.strip())
        cleaned.encode()

    def test_long_subject(self):
        for part in ("Re: ", "[T1]", "[x]", "[", "Re", "a "):
            with self.subTest(part=part):
                clean_subject(part * 5_000, numbers=["T1"])

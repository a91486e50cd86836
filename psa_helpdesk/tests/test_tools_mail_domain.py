# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import doctest

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from odoo.addons.psa_core.tests.properties import CHARACTERS, bounded
from odoo.addons.psa_helpdesk.tools import mail_domain as mail_domain_module
from odoo.addons.psa_helpdesk.tools.mail_domain import (
    PUBLIC_DOMAINS,
    PUBLIC_PEC_DOMAINS,
    domain_of,
    is_public_domain,
)


class TestDomain(BaseCase):
    def test_doctests(self):
        self.assertFalse(doctest.testmod(mail_domain_module).failed)

    def test_domain_of(self):
        for expected, address in (
            (None, None),
            (None, ""),
            (None, "ann"),
            (None, "ann@"),
            (None, "ann@."),
            (None, "ann@exa mple.com"),
            (None, "ann@" + "x" * 300),
            (None, "ann@\u2603\ufe0f."),
            ("example.com", "@example.com"),
            ("example.com", " Ann <a@b@EXAMPLE.com> "),
            ("localhost", "root@localhost"),
            ("xn--mnchen-3ya.example", "ann@MÜNCHEN.example"),
            ("xn--mnchen-3ya.example", "ann@münchen。example。"),
            ("xn--mnchen-3ya.example", "ann@xn--mnchen-3ya.example"),
        ):
            with self.subTest(address=address):
                self.assertEqual(domain_of(address), expected)

    @bounded(200)
    @given(st.text(CHARACTERS, max_size=30))
    def test_domain_of_never_raises(self, text):
        domain = domain_of(f"ann@{text}")
        if domain is not None:
            self.assertTrue(domain.isascii())
            self.assertEqual(domain_of(f"ann@{domain}"), domain)

    def test_public(self):
        for domain in (
            "gmail.com",
            "GMAIL.COM",
            "libero.it",
            "alice.it",
            "tiscali.it",
            "hotmail.it",
            "outlook.com.br",
            "yahoo.co.uk",
            "gmx.net",
            "proton.me",
            "pec.it",
            "legalmail.it",
            "cgn.legalmail.it",
            "",
            None,
        ):
            with self.subTest(domain=domain):
                self.assertTrue(is_public_domain(domain))

    def test_not_public(self):
        for domain in (
            "msp.example",
            "pec.customer.example",
            "gmail.com.example",
            "notgmail.com",
            "com",
            "it",
            "outlook.customer.example",
        ):
            with self.subTest(domain=domain):
                self.assertFalse(is_public_domain(domain))

    def test_lists(self):
        for domain in PUBLIC_DOMAINS | PUBLIC_PEC_DOMAINS:
            with self.subTest(domain=domain):
                self.assertEqual(domain_of(f"ann@{domain}"), domain)
                self.assertIn(".", domain)

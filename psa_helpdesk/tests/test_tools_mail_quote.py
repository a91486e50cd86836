# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import doctest
import re
from html import unescape

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from odoo.tests import BaseCase
from odoo.tools import html_sanitize

from odoo.addons.psa_core.tests.properties import bounded
from odoo.addons.psa_helpdesk.tools import mail_lines as mail_lines_module
from odoo.addons.psa_helpdesk.tools import mail_quote as mail_quote_module
from odoo.addons.psa_helpdesk.tools.mail_quote import (
    mark_quotes,
    storable,
    visible_text,
)

HEADERS = {
    "en": "From: Ann <ann@x.example>|Sent: 2 May 2026 09:15|To: us|Subject: Printer",
    "it": "Da: Ann|Inviato: 2 maggio 2026 09:15|A: noi|Oggetto: Stampante",
    "de": "*Von:* Ann|*Gesendet:* Samstag, 2. Mai 2026|*An:* uns|*Betreff:* Drucker",
    "fr": "De : Ann|Envoyé : samedi 2 mai 2026|À : nous"
    "|Objet : Imprimante",  # codespell:ignore objet
    "es": "De: Ann|Enviado el: 2 de mayo|Para: nosotros|CC: x|Asunto: Impresora",
    "date first": "Date: 2 May|Subject: Printer|From: ann@x.example|To: us",
    "folded": "From: Ann|Sent: 2 May 2026|To: us@msp.example;|and others|Subject: x",
}
INTRODUCTIONS = (
    "On 2 May 2026 at 9:15, Ann <ann@x.example> wrote:",
    "On Sat, May 2, 2026 at 9:15 AM Ann with a long name <|ann@x.example> wrote:",
    "Il giorno sab 2 mag 2026 09:15 Ann <ann@x.example> ha|scritto:",
    "Il 02/05/2026 09:15, Ann ha scritto:",
    "Am 02.05.2026 um 09:15 schrieb Ann:",
    "Le 2 mai 2026 à 09:15, Ann a écrit :",
    "El 2 de mayo de 2026, 9:15, Ann escribió:",
)
PIECES = str.split(
    "<p>|</p>|<div>|</div>|<br>|<pre>|</pre>|<b>|</b>|<hr>|<blockquote>|</blockquote>"
    "|<!-- c -->|\n|&gt; quoted|new|&nbsp;|&lt;a@x&gt;|&amp;amp;|From: a@x|To: b|-- \n"
    "|Sent: 1|Subject: c|On 2 May 2026 at 9:15 Ann wrote:|-----Original Message-----",
    "|",
)


def plain(text):
    """Body that the gateway makes of plain text."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"\n<pre>{text}</pre>\n"


def text_of(body):
    return unescape(re.sub("<[^<>]*>", "", body))


class TestQuote(BaseCase):
    def assertShown(self, body, expected):
        """What shows is the same before and after the host sanitizes and stores."""
        marked = mark_quotes(body)
        self.assertEqual(text_of(marked), text_of(body))
        self.assertEqual(mark_quotes(marked), marked)
        self.assertEqual(visible_text(body), expected)
        self.assertEqual(visible_text(html_sanitize(marked)), expected)
        self.assertEqual(visible_text(mark_quotes(html_sanitize(body))), expected)

    def test_doctests(self):
        for module in (mail_lines_module, mail_quote_module):
            self.assertFalse(doctest.testmod(module).failed)

    def test_introductions(self):
        for introduction in INTRODUCTIONS:
            lines = introduction.replace("|", "\n")
            for quote in ("> It is on fire.\n> Ann", "\n\n> It is on fire.\n", "\nOld"):
                with self.subTest(introduction=introduction, quote=quote):
                    self.assertShown(plain(f"Done.\n\n{lines}\n{quote}"), "Done.")
            html = introduction.replace("<", "&lt;").replace(">", "&gt;")
            html = html.replace("|", " ")
            with self.subTest(introduction=introduction):
                self.assertShown(
                    f"<div>Done.<br></div><div>{html}<br></div>"
                    "<blockquote type='cite'><p>It is on fire.</p></blockquote>",
                    "Done.",
                )

    def test_headers(self):
        for language, headers in HEADERS.items():
            lines = headers.split("|")
            for rule in ("", "_" * 32, "-----Original Message-----"):
                text = "\n".join(["Done.", rule, *lines, "", "It is on fire."])
                with self.subTest(language=language, rule=rule):
                    self.assertShown(plain(text), "Done.")
            escaped = [li.replace("<", "&lt;").replace(">", "&gt;") for li in lines]
            with self.subTest(language=language):
                self.assertShown(
                    f"<div><p>Done.</p><div><hr><p>{'<br>'.join(escaped)}</p></div>"
                    "<p>It is on fire.</p></div>",
                    "Done.",
                )

    def test_mark(self):
        self.assertEqual(
            mark_quotes("<div>New<br>&gt; old<br>&gt; older<br>below</div>"),
            '<div>New<br><span data-o-mail-quote="1">&gt; old</span>'
            '<br data-o-mail-quote="1"><span data-o-mail-quote="1">&gt; older</span>'
            '<br data-o-mail-quote="1">below</div>',
        )

    def test_answers_below_and_in_between(self):
        self.assertShown(
            plain("On 2 May 2026 Ann wrote:\n> First?\nYes.\n> Second?\nNo."),
            "Yes.\nNo.",
        )

    def test_whole_document(self):
        body = (
            '<html><head><style>p { color: red }</style></head><body class="x">'
            "<p>Done.</p><p>On 2 May 2026 at 9:15, Ann wrote:</p><p>Old</p></body>"
            "</html>"
        )
        marked = mark_quotes(body)
        self.assertEqual(re.sub(' data-o-mail-quote="1"', "", marked), body)
        self.assertEqual(visible_text(body), "Done.")

    def test_what_is_not_history(self):
        for text in (
            "Hello",
            # A form: nobody sent it.
            "Booking\nFrom: Rome\nTo: Milan\nDate: 2 May 2026",
            "Please note what Ann wrote:\nnothing",
            "Our address\nTo: the office\nSubject: none",
            "See below\n\n---------- Forwarded message ---------\n"
            "From: Ann <ann@x.example>\nDate: 2 May\nSubject: x\nTo: us\n\nFire.",
            # Nothing would be left to read.
            "From: Ann <ann@x.example>\nSent: 2 May\nTo: us\nSubject: x\n\nFire.",
            "> only\n> this",
        ):
            with self.subTest(text=text):
                self.assertEqual(mark_quotes(plain(text)), plain(text))
                self.assertEqual(
                    visible_text(plain(text)),
                    "\n".join(line for line in text.split("\n") if line),
                )

    def test_a_picture_is_something_new(self):
        body = '<p><img src="x"></p><p>On 2 May 2026 at 9:15, Ann wrote:</p><p>Old</p>'
        self.assertNotEqual(mark_quotes(body), body)
        self.assertFalse(re.search("<img[^>]*quote", mark_quotes(body)))

    def test_kind_of_text_is_kept(self):
        body = Markup("<p>New</p><p>On 2 May 2026 at 9:15, Ann wrote:</p><p>Old</p>")
        self.assertIsInstance(mark_quotes(body), Markup)
        self.assertIsInstance(storable(body), Markup)
        for empty in ("", False, None):
            self.assertIs(mark_quotes(empty), empty)
            self.assertIs(storable(empty), empty)
            self.assertEqual(visible_text(empty), "")

    def test_unreadable(self):
        for body in ("\x00", "<", "<!-- -->", "</div>x<div>", "\ud800<p>x</p>", " "):
            with self.subTest(body=body):
                self.assertEqual(mark_quotes(body), body)
                visible_text(body)

    def test_storable(self):
        body = plain("\x1b[31mfailed\x1b[0m\x0b\t\n> old")
        self.assertEqual(storable(body), plain("[31mfailed[0m\t\n> old"))
        # Without it the host stores an error message only.
        self.assertIn("failed", html_sanitize(storable(body)))

    def test_thousands_of_lines(self):
        for line in ("> old", "new", "From: a", "x wrote:", "-" * 200, "On 1:11"):
            text = plain("new\n" + f"{line}\n" * 2_000)
            for body in (text, text.replace("\n", "<br>").replace("pre>", "div>")):
                # Not assertEqual: it takes minutes to tell the difference.
                with self.subTest(line=line):
                    self.assertTrue(text_of(mark_quotes(body)) == text_of(body))

    def test_deep(self):
        for depth in (150, 250, 300, 5_000):
            body = "new" + "<div>" * depth + "x<br>&gt; old" + "</div>" * depth
            with self.subTest(depth=depth):
                self.assertEqual(text_of(mark_quotes(body)), text_of(body))

    @bounded(300)
    @given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
    def test_no_character_is_lost(self, body):
        sanitized = str(html_sanitize(body))
        for tried in (body, sanitized):
            marked = mark_quotes(tried)
            self.assertEqual(text_of(marked), text_of(tried))
            self.assertEqual(mark_quotes(marked), marked)
            visible_text(tried)

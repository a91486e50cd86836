# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import doctest
from email import message_from_string, policy

from odoo.tests import BaseCase

from odoo.addons.psa_helpdesk.tools import mail_bounce as mail_bounce_module
from odoo.addons.psa_helpdesk.tools.mail_bounce import bounce_of, is_daemon
from odoo.addons.psa_helpdesk.tools.mail_kind import classify

STATUS = """\
From: {sender}
Subject: {subject}
Content-Type: {type}; boundary=b

--b

Sorry.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; Bob@customer.example
Action: {action}
Status: 5.1.1

Original-Recipient: rfc822; carl@customer.example
Final-Recipient: rfc822; carl@elsewhere.example
Action: {action} (really)

Final-Recipient: rfc822; dora@customer.example
Action: delivered

--b
Content-Type: text/rfc822-headers

From: support@msp.example
--b--
"""


def parse(text):
    return message_from_string(text, policy=policy.SMTP)


def mail(sender, subject, body):
    return parse(
        f"From: {sender}\nTo: support@msp.example\nSubject: {subject}\n\n{body}"
    )


class TestBounce(BaseCase):
    def test_doctests(self):
        self.assertFalse(doctest.testmod(mail_bounce_module).failed)

    def status(self, action="failed", **values):
        defaults = {
            "sender": "Mail <mta@mx.example>",
            "subject": "Report",
            "type": "multipart/report; report-type=delivery-status",
        }
        return parse(STATUS.format(action=action, **{**defaults, **values}))

    def test_standard(self):
        found = classify(self.status())
        self.assertEqual(
            (found.kind, found.reason, found.failed_addresses, found.temporary),
            (
                "bounce",
                "multipart/report; delivery-status",
                ("bob@customer.example", "carl@customer.example"),
                False,
            ),
        )

    def test_standard_delay(self):
        self.assertTrue(bounce_of(self.status("delayed")).temporary)

    def test_standard_without_type(self):
        message = self.status(type="multipart/report")
        self.assertEqual(bounce_of(message).reason, "message/delivery-status")

    def test_status_in_an_ordinary_mail(self):
        mixed = {"type": "multipart/mixed", "subject": "Why does this come back?"}
        self.assertIsNone(bounce_of(self.status(**mixed)))
        mixed["sender"] = "postmaster@mx.example"
        self.assertEqual(bounce_of(self.status(**mixed)).reason, "From: postmaster")

    def test_customary(self):
        body = "I could not deliver your message to:\n\n<bob@customer.example>: unknown"
        for reason, sender, subject in (
            ("From: mailer-daemon", "Mail System <MAILER-DAEMON@mx.example>", "x"),
            ("From: <>", "Mail System <>", "x"),
            ("From: postmaster", "postmaster@mx.example", "Undeliverable: Printer"),
            ("From: gate", "Mail Delivery System <gate@mx.example>", "Returned mail"),
            ("From: postmaster", "postmaster@mx.example", "Mancata consegna"),
            ("From: postmaster", "postmaster@mx.example", "Unzustellbar: Printer"),
        ):
            with self.subTest(sender=sender, subject=subject):
                found = bounce_of(mail(sender, subject, body))
                self.assertEqual(found.reason, reason)
                self.assertEqual(found.addresses, ("bob@customer.example",))
                self.assertFalse(found.temporary)

    def test_by_subject_and_opening_words(self):
        for subject, body in (
            (
                "Delivery failure",
                "Your message could not be delivered to bob@x.example",
            ),
            ("RE: Printer (delivery failed)", "***\nUnable to deliver your mail."),
            (
                "Mancato recapito",
                "Il messaggio a bob@x.example non ha destinatari",
            ),
            ("Returned mail", "---- Failed recipients ----\n\n<bob@x.example>: full"),
            ("Non remis : Printer", "Votre message n'a pas pu être remis."),
        ):
            with self.subTest(subject=subject):
                found = bounce_of(mail("gate@mx.example", subject, body))
                self.assertEqual(found.reason, "Subject: delivery failure")

    def test_people_write_about_bounces(self):
        opening = "Your message could not be delivered to bob@x.example."
        for subject, body in (
            ("Undeliverable: offer", "Hello, what does this mean?\n" + opening),
            ("Question", opening),
            ("Fwd: Undeliverable: offer", opening),
            ("I: Mancato recapito: offerta", opening),
        ):
            with self.subTest(subject=subject, body=body):
                self.assertIsNone(bounce_of(mail("ann@x.example", subject, body)))
        answer = mail("ann@x.example", "Re: Delivery failure", opening)
        answer["In-Reply-To"] = "<1@msp.example>"
        self.assertIsNone(bounce_of(answer))
        self.assertIsNone(
            bounce_of(mail("postmaster@x.example", "Hello", "A question"))
        )

    def test_delay(self):
        for subject, body in (
            ("Warning: message delayed 24 hours", "It is still in the queue."),
            ("Delivery", "This is a warning only. Attempts will continue."),
        ):
            with self.subTest(subject=subject):
                message = mail("mailer-daemon@mx.example", subject, body)
                self.assertTrue(bounce_of(message).temporary)

    def test_addresses(self):
        for expected, body in (
            (("bob@x.example",), "bob@x.example: unknown\nFrom: eve@x.example"),
            (("bob@x.example",), "Not delivered: [SMTP:bob@x.example]\nSee y.example"),
            (
                ("bob@x.example",),
                "Ask postmaster@mx.example. Failed for the following address:\n"
                " bob@x.example\n\n--- Original message ---\nTo: carl@x.example",
            ),
            ((), "Nobody by that name here."),
        ):
            with self.subTest(body=body):
                found = bounce_of(mail("mailer-daemon@mx.example", "Failed", body))
                self.assertEqual(found.addresses, expected)

    def test_failed_recipients_of_the_header(self):
        message = mail("mailer-daemon@mx.example", "x", "eve@x.example")
        message["X-Failed-Recipients"] = "bob@x.example, carl@x.example"
        self.assertEqual(
            bounce_of(message).addresses, ("bob@x.example", "carl@x.example")
        )

    def test_certified_mail(self):
        for receipt, temporary in (
            ("errore-consegna", False),
            ("preavviso-errore-consegna", True),
        ):
            message = mail("posta-certificata@pec.example", "AVVISO", "x")
            message["X-Ricevuta"] = receipt
            with self.subTest(receipt=receipt):
                found = classify(message)
                self.assertEqual((found.kind, found.temporary), ("bounce", temporary))

    def test_daemon(self):
        for sender, expected in (
            ("Mailer-Daemon@x.example", True),
            ("postmaster@x.example", True),
            ("ann@x.example", False),
        ):
            with self.subTest(sender=sender):
                self.assertIs(is_daemon(mail(sender, "x", "x")), expected)

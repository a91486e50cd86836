# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import doctest
import random
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.tests import BaseCase
from odoo.tools import mute_logger

from ..tools import incoming, mail_repair
from .common_mail import PsaMailCommon

LOGGERS = (
    "odoo.addons.psa_helpdesk.models.psa_incoming_mail",
    "odoo.addons.mail.models.mail_thread",
    "odoo.sql_db",
    "odoo.addons.base.models.ir_attachment",
    "odoo.tools.mail",
)
HEAD = b"From: anna@bellini.example\r\nTo: servicedesk@desk.example\r\n"
MULTIPART = b'Content-Type: multipart/mixed; boundary="x"\r\n\r\n'
ODD = {
    "nothing but headers": HEAD,
    "no message id": HEAD + b"Subject: Hello\r\n\r\nHello",
    "empty body": HEAD + b"Message-ID: <e@x>\r\nSubject: Empty\r\n\r\n",
    "unknown charset": HEAD
    + b"Content-Type: text/plain; charset=x-none\r\n\r\nPerch\xe9",
    "unknown charset of a part": HEAD
    + MULTIPART
    + b"--x\r\nContent-Type: text/html; charset=ansi-9\r\n\r\n<p>Hi</p>\r\n--x--",
    "charset that is none": HEAD
    + b"Content-Type: text/plain; charset=base64\r\n\r\nHello",
    "unknown encoding": HEAD + b"Content-Transfer-Encoding: 9bit\r\n\r\nHello",
    "broken base64": HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n!!!=a",
    "boundary that never comes": HEAD + MULTIPART + b"Hello",
    "multipart without a boundary": HEAD
    + b"Content-Type: multipart/mixed\r\n\r\nHello",
    "part that does not end": HEAD + MULTIPART + b"--x\r\nContent-Type: text/html\r\n",
    "raw bytes in headers": HEAD + b"Subject: Perch\xe9 \xff\r\n\r\n\xff\xfe",
    "zero bytes": HEAD + b"Subject: a\x00b\r\nMessage-ID: <a\x00@x>\r\n\r\na\x00b",
    "colours of a terminal": HEAD + b"\r\n\x1b[31mfailed\x1b[0m",
    "broken encoded word": HEAD + b"Subject: =?utf-8?B?w?= =?x?Q?=E9?=\r\n\r\nx",
    "folded for ever": HEAD + b"Subject: " + b"a\r\n " * 500 + b"\r\n\r\nx",
    "200 characters": HEAD + b"Subject: " + b"Wort " * 40 + b"\r\n\r\nx",
    "id of 3000 characters": HEAD + b"Message-ID: <" + b"a" * 3000 + b"@x>\r\n\r\nx",
    "odd date": HEAD + b"Date: 99 Foo 99999 25:61\r\n\r\nx",
    "two of each": HEAD + HEAD + b"Subject: 1\r\nSubject: 2\r\n\r\nx",
    "html that is none": HEAD + b"Content-Type: text/html\r\n\r\n<<<p<a><![CDATA[",
    "xml declaration": HEAD
    + b'Content-Type: text/html\r\n\r\n<?xml version="1.0" encoding="utf-8"?><p>Hi</p>',
    "winmail.dat": HEAD
    + MULTIPART
    + b"--x\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\n"
    + b"Content-Transfer-Encoding: base64\r\n\r\neJ8+\r\n--x--",
    "attachment without a name": HEAD
    + MULTIPART
    + b"--x\r\nContent-Disposition: attachment\r\n\r\nHello\r\n--x--",
    "nested mails": HEAD
    + MULTIPART
    + (b"--x\r\nContent-Type: message/rfc822\r\n\r\n" + HEAD + b"\r\nInner\r\n") * 3
    + b"--x--",
    "deeply nested": HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 60 + b"Hello",
    "calendar": HEAD + b"Content-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR",
    "half an address": HEAD + b"Reply-To: \xc3\xa8@\r\n\r\nx",
    "half a sender": b"To: servicedesk@desk.example\r\nFrom: Societ\xc3\xa0 <\r\n\r\nx",
    "nested for ever": HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 1500 + b"Hello",
    "report about nothing": HEAD
    + b'Content-Type: multipart/report; report-type=delivery-status; boundary="x"'
    + b"\r\n\r\n--x\r\nContent-Type: message/rfc822\r\n\r\n--x--",
}


class TestMailOdd(PsaMailCommon):
    """Whatever comes in is kept, and the next mail is not kept waiting."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("mail.gateway.loop.threshold", 1000)

    def _receive_odd(self, raw):
        with mute_logger(*LOGGERS), self.mock_mail_gateway():
            return self._receive_raw(raw)

    def test_odd_mails(self):
        for name, raw in ODD.items():
            with self.subTest(name):
                mail = self._receive_odd(raw)
                self.assertEqual(len(mail), 1, name)
                self.assertIn(mail.decision, ("ticket", "held"), name)
                self.assertEqual(bool(mail.ticket_id), mail.decision == "ticket")
                self.assertEqual(self._get_raw(mail), raw)
        self.assertEqual(self._receive().decision, "ticket")

    def _get_raw(self, mail):
        attachment = self.env["ir.attachment"].search(
            [("res_model", "=", mail._name), ("res_id", "in", mail.ids)]
            + [("res_field", "=", "raw")]
        )
        return attachment.raw

    def test_what_can_be_read_is_a_ticket(self):
        for name, text in {
            "unknown charset": "Perché",
            "unknown charset of a part": "Hi",
            "charset that is none": "Hello",
            "zero bytes": "ab",
            "colours of a terminal": "failed",
            "xml declaration": "Hi",
            "two of each": "x",
            "boundary that never comes": "Hello",
            "multipart without a boundary": "Hello",
        }.items():
            ticket = self._receive_odd(ODD[name]).ticket_id
            self.assertIn(text, ticket.description or "", name)
        ticket = self._receive_odd(ODD["raw bytes in headers"]).ticket_id
        self.assertEqual(ticket.name, "Perché ÿ")
        ticket = self._receive_odd(ODD["winmail.dat"]).ticket_id
        self.assertEqual(
            self._get_messages(ticket).attachment_ids.mapped("name"), ["winmail.dat"]
        )

    def test_a_mail_that_cannot_be_read_is_held(self):
        mail = self._receive_odd(ODD["nested for ever"])
        self._assert_mail(mail, decision="held", cause="error", kind=False)
        self.assertIn("anna@bellini.example", mail.email_from)
        self.assertEqual(self._get_raw(mail), ODD["nested for ever"])

    def test_mails_cut_and_garbled_anywhere(self):
        """A property: no bytes make the gateway raise, and none get lost."""
        source = random.Random(3)
        whole = self._prepare_mail(
            subject="Perché la stampante?",
            html="<p>It is <b>broken</b></p>",
            Message_ID=None,
        )
        for number in range(40):
            raw = bytearray(whole)
            for _change in range(source.randrange(1, 30)):
                raw[source.randrange(len(raw))] = source.randrange(256)
            raw = bytes(raw[: source.randrange(60, len(raw))])
            # The address has to survive for the mail to be ours.
            raw = HEAD + b"X-Number: %d\r\n" % number + raw
            mail = self._receive_odd(raw)
            self.assertEqual(len(mail), 1, raw)

    def test_twenty_megabytes(self):
        body = b"\r\n".join([b"QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo" * 2] * 290_000)
        raw = (
            HEAD
            + b"Message-ID: <big@x>\r\nSubject: Big\r\n"
            + MULTIPART
            + b"--x\r\nContent-Type: text/plain\r\n\r\nSee the file\r\n"
            + b"--x\r\nContent-Type: application/zip; name=big.zip\r\n"
            + b"Content-Transfer-Encoding: base64\r\n\r\n"
            + body
            + b"\r\n--x--"
        )
        self.assertGreater(len(raw), 20_000_000)
        mail = self._receive_raw(raw)
        self.assertEqual(mail.decision, "ticket")
        attachment = self._get_messages(mail.ticket_id).attachment_ids
        self.assertEqual(attachment.name, "big.zip")

    def test_a_thread_of_ten_thousand_lines(self):
        lines = ["New and short.", "", "On 2 May 2026 at 9:15, Ann wrote:"]
        lines += [f"> {'>' * (number % 9)} line {number}" for number in range(10_000)]
        ticket = self._receive_ticket(body="\n".join(lines))
        body = self._get_messages(ticket).body
        self.assertIn("New and short.", body.partition("data-o-mail-quote")[0])
        self.assertIn("line 9999", body)

    def test_headers_that_cannot_be_read_are_nobody_elses_concern(self):
        """Mails of other models are opened, too."""
        for name in ("half an address", "half a sender", "broken encoded word"):
            raw = ODD[name].replace(b"servicedesk@", b"projects@")
            opened = self.thread._psa_open_mail(raw, None)
            self.assertFalse(opened.is_for_tickets, name)

    def test_headers_cut_and_garbled_anywhere(self):
        """A property: opening a mail never raises, whoever it is for."""
        source = random.Random(8)
        head = 'From: Società <anna@x>, =?utf-8?q?=C3=A8?= <@>;\r\nTo: "è@ <a@b>\r\n'
        head += "Reply-To: =?x?b?=?= :;\r\nMessage-ID: <a@b>\r\nContent-Type: a/b; c=è"
        for _number in range(2000):
            raw = bytearray(head.encode())
            for _change in range(source.randrange(1, 20)):
                raw[source.randrange(len(raw))] = source.randrange(256)
            opened = self.thread._psa_open_mail(bytes(raw), None)
            self.assertTrue(opened.key)
            opened.text_header("From").encode()

    def test_a_header_that_cannot_be_read_keeps_its_addresses(self):
        raw = b"From: Societ\xc3\xa0 <anna@bellini.example> <\xe8@\r\n"
        mail = self._receive_odd(raw + HEAD.partition(b"\r\n")[2] + b"\r\nHello")
        self.assertEqual(mail.decision, "ticket")
        self.assertEqual(mail.ticket_id.email_normalized, "anna@bellini.example")

    def test_an_id_that_all_mails_have(self):
        """Some machines give each mail the same one."""
        for identifier in (b"scanner", b"<scanner>"):
            for text in (b"one", b"two"):
                raw = HEAD + b"Message-ID: " + identifier + b"\r\n\r\n" + text
                self.assertEqual(self._receive_raw(raw).decision, "ticket")
                self.assertFalse(self._receive_raw(raw))

    # ------------------------------------------------------------
    # Errors
    # ------------------------------------------------------------

    def _fail(self, method, error):
        return patch.object(type(self.env["psa.ticket"]), method, side_effect=error)

    def test_an_error_holds_the_mail_and_leaves_nothing_behind(self):
        tickets = self.env["psa.ticket"].search_count([])
        messages = self.env["mail.message"].search_count([])
        raw = self._prepare_mail(body="Please <help>")
        # After the ticket was made.
        with (
            self._fail("_message_post_after_hook", ValueError("Out of ink")),
            self.assertLogs(LOGGERS[0], "WARNING"),
        ):
            mail = self._receive_raw(raw)
        self._assert_mail(mail, decision="held", cause="error")
        self.assertEqual(mail.error, "ValueError: Out of ink")
        self.assertEqual(mail.body, "<pre>Please &lt;help&gt;</pre>")
        self.assertEqual(self._get_raw(mail), raw)
        self.assertEqual(self.env["psa.ticket"].search_count([]), tickets)
        self.assertEqual(self.env["mail.message"].search_count([]), messages)
        self.assertEqual(self.team.alias_status, "not_tested")
        self._receive()
        self.assertEqual(self.team.alias_status, "valid")

    def test_the_same_mail_is_held_once(self):
        raw = self._prepare_mail()
        with self._fail("message_new", ValueError("Out of ink")):
            self.assertTrue(self._receive_odd(raw))
            self.assertFalse(self._receive_odd(raw))

    def test_a_mail_comes_twice(self):
        cases = [
            self._prepare_mail(),
            self._prepare_mail(Auto_Submitted="auto-generated"),
            self._prepare_mail(Message_ID=None),
        ]
        for raw in cases:
            self.assertTrue(self._receive_raw(raw))
            self.assertFalse(self._receive_raw(raw))

    def test_a_killed_gateway(self):
        """What was not committed is gone; the next run starts from nought."""
        raw = self._prepare_mail()
        tickets = self.env["psa.ticket"].search_count([])
        # Not an exception that anybody catches: the process is stopped.
        savepoint = self.env.cr.savepoint()
        with (
            self._fail("_message_post_after_hook", KeyboardInterrupt),
            self.assertRaises(KeyboardInterrupt),
        ):
            self._receive_raw(raw)
        savepoint.close(rollback=True)
        self.assertEqual(self.env["psa.ticket"].search_count([]), tickets)
        self.assertEqual(self._receive_raw(raw).decision, "ticket")
        self.assertEqual(self.env["psa.ticket"].search_count([]), tickets + 1)

    def test_the_host_tries_again(self):
        with (
            self._fail("message_new", SerializationFailure),
            self.assertRaises(SerializationFailure),
        ):
            self._receive()

    def test_a_fetched_mail_is_tried_again(self):
        """The host would mark it as read and forget it."""
        self.thread = self.thread.with_context(default_fetchmail_server_id=1)
        message_new = type(self.env["psa.ticket"]).message_new
        calls = []

        def fail_twice(*args, **kwargs):
            calls.append(args)
            if len(calls) < 3:
                raise SerializationFailure
            return message_new(*args, **kwargs)

        with (
            patch.object(type(self.env["psa.ticket"]), "message_new", fail_twice),
            patch.object(self.env.cr, "rollback"),
        ):
            mail = self._receive_fetched()
        self.assertEqual(mail.decision, "ticket")
        with (
            self._fail("message_new", SerializationFailure),
            patch.object(self.env.cr, "rollback"),
            mute_logger(LOGGERS[0]),
        ):
            mail = self._receive_fetched()
        self._assert_mail(mail, decision="held", cause="error")

    def _receive_fetched(self):
        last = self.mails.search([], limit=1).id or 0
        self.thread.message_process(None, self._prepare_mail())
        return self.mails.search([("id", ">", last)])


class TestIncoming(BaseCase):
    def test_doctests(self):
        for module in (incoming, mail_repair):
            self.assertFalse(doctest.testmod(module).failed)

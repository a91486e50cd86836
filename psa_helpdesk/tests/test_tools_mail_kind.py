# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import doctest
from email import message_from_bytes, message_from_string, policy

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from odoo.addons.psa_core.tests.properties import bounded
from odoo.addons.psa_helpdesk.tools import mail_header as mail_header_module
from odoo.addons.psa_helpdesk.tools import mail_kind as mail_kind_module
from odoo.addons.psa_helpdesk.tools.mail_header import opening, own_parts, sender
from odoo.addons.psa_helpdesk.tools.mail_kind import KINDS, classify

SUPPORT = "support@msp.example"
NAMES = str.split(
    "From To Subject Return-Path Auto-Submitted Precedence List-Id Content-Type"
    " Content-Transfer-Encoding X-Auto-Response-Suppress Reply-To X-Ricevuta"
)


def mail(body="The printer is on fire.", **headers):
    values = {"From": "Ann <ann@customer.example>", "To": SUPPORT, "Subject": "Printer"}
    values.update({name.replace("_", "-"): value for name, value in headers.items()})
    lines = [f"{name}: {value}" for name, value in values.items() if value is not None]
    return message_from_string("\n".join([*lines, "", body]), policy=policy.SMTP)


def report(kind, part, **headers):
    body = f"--b\n\nSomething happened.\n\n--b\nContent-Type: {part}\n\n{{}}\n--b--"
    content_type = "multipart/report; boundary=b"
    if kind:
        content_type += f"; report-type={kind}"
    return body, {"Content_Type": content_type, **headers}


class TestMailKind(BaseCase):
    def found(self, message):
        kind = classify(message, [f"Support <{SUPPORT}>"])
        return kind.kind, kind.reason, kind.may_acknowledge

    def test_doctests(self):
        for module in (mail_header_module, mail_kind_module):
            self.assertFalse(doctest.testmod(module).failed)

    def test_people(self):
        for headers in (
            {},
            {"Subject": None},
            {"Auto_Submitted": "no"},
            {"Precedence": "normal"},
            {"X_Auto_Response_Suppress": "None"},
            {"Subject": "Out of office does not work"},
            {"Subject": "R: Risposta automatica: non parte", "In_Reply_To": "<1@x>"},
            {"Subject": "Mail delivery failed, what now?"},
            {"Subject": "Fwd: Undeliverable: offer"},
            {"Return_Path": "<ann@customer.example>"},
            {"Return_Path": ""},
            {"From": "Per conto di: ann@pec.example <posta-certificata@pec.example>"},
            # Our own address may be a group that forwards to us.
            {"List_Id": "Support <support.msp.example>", "Precedence": "list"},
            {"List_Post": f"<mailto:{SUPPORT}>", "List_Unsubscribe": "<x>"},
        ):
            with self.subTest(headers=headers):
                self.assertEqual(self.found(mail(**headers)), ("human", "", True))

    def test_people_who_get_no_acknowledgement(self):
        for reason, headers in (
            (
                "X-Auto-Response-Suppress: dr, oof",
                {"X_Auto_Response_Suppress": "DR, OOF"},
            ),
            ("X-Loop", {"X_Loop": SUPPORT}),
            ("From", {"From": None}),
            ("From", {"From": "undisclosed"}),
            ("From: postmaster", {"From": "postmaster@customer.example"}),
            ("Subject: automatic reply", {"Subject": "Fuori sede: chi mi aiuta?"}),
            # A form on a web site: somebody filled it in.
            (
                "From: noreply",
                {"From": "noreply@shop.example", "Reply_To": "ann@customer.example"},
            ),
        ):
            with self.subTest(headers=headers):
                self.assertEqual(self.found(mail(**headers)), ("human", reason, False))

    def test_machines(self):
        for kind, reason, headers in (
            ("own", f"From: {SUPPORT}", {"From": f"Us <{SUPPORT.upper()}>"}),
            (
                "auto_reply",
                "Auto-Submitted: auto-replied",
                {"Auto_Submitted": "auto-replied (vacation)"},
            ),
            (
                "auto_reply",
                "Auto-Submitted: auto-generated",
                {"Auto_Submitted": "auto-generated", "Subject": "Automatic reply: x"},
            ),
            ("auto_reply", "X-Autoreply", {"X_Autoreply": "yes"}),
            ("auto_reply", "Precedence: auto_reply", {"Precedence": "auto_reply"}),
            *(
                ("auto_reply", "Subject: automatic reply", {"Subject": s, **header})
                for s in (
                    "Automatic reply: Printer",
                    "Risposta automatica: Printer",
                    "Abwesenheitsnotiz: Printer",
                    "Réponse automatique : Printer",
                    "=?utf-8?q?Respuesta_autom=C3=A1tica=3A_Printer?=",
                )
                for header in (
                    {"In_Reply_To": "<1@msp.example>"},
                    {"X_Auto_Response_Suppress": "All"},
                    {"Return_Path": "<>"},
                )
            ),
            ("bulk", "List-Id", {"List_Id": "News <news.shop.example>"}),
            ("bulk", "List-Unsubscribe", {"List_Unsubscribe": "<https://x.example>"}),
            ("bulk", "Precedence: junk", {"Precedence": "Junk"}),
            (
                "automatic",
                "Auto-Submitted: auto-generated",
                {"Auto_Submitted": "Auto-Generated"},
            ),
            ("automatic", "X-Cron-Env", {"X_Cron_Env": "<HOME=/root>"}),
            ("automatic", "Return-Path: <>", {"Return_Path": "<>"}),
            ("automatic", "From: no-reply", {"From": "No-Reply@shop.example"}),
            ("report", "X-Ricevuta: accettazione", {"X_Ricevuta": "accettazione"}),
        ):
            with self.subTest(headers=headers):
                self.assertEqual(self.found(mail(**headers)), (kind, reason, False))
                self.assertTrue(classify(mail(**headers), [SUPPORT]).is_automatic)

    def test_reports(self):
        for kind, part, reason in (
            ("disposition-notification", "message/disposition-notification", ""),
            ("feedback-report", "message/feedback-report", ""),
            ("", "message/feedback-report", "feedback-report"),
        ):
            body, headers = report(kind, part)
            with self.subTest(kind=kind, part=part):
                self.assertEqual(
                    self.found(mail(body, **headers)),
                    ("report", f"multipart/report; {reason or kind}", False),
                )

    def test_an_attached_mail_decides_nothing(self):
        body = (
            "--b\n\nWhy does this come back?\n\n--b\nContent-Type: message/rfc822\n\n"
            "From: mailer-daemon@x.example\nAuto-Submitted: auto-replied\n\nNo.\n--b--"
        )
        message = mail(body, Content_Type="multipart/mixed; boundary=b")
        self.assertEqual(self.found(message), ("human", "", True))
        self.assertEqual(opening(message), "Why does this come back?")
        self.assertEqual(len(own_parts(message)), 2)

    def test_sender(self):
        for expected, text in (
            ("ann@x.example", "ann@x.example (Ann)"),
            ("ann@x.example", '"bob@y.example" <Ann@X.example>'),
            ("", "Delivery <>"),
            ("", ""),
        ):
            with self.subTest(text=text):
                self.assertEqual(sender(mail(From=text)), expected)

    def test_broken_mails(self):
        for raw in (
            b"",
            b"\n\n",
            b"From: \xff\xfe <\xff>\nSubject: =?x?q?=FF?=\n\n\xff",
            b"Content-Type: multipart/report; boundary\n\nx",
            b"Content-Type: text/plain; charset=none\nFrom: <>>@\n\nx",
            b"Content-Transfer-Encoding: base64\nFrom: a@b\n\n=&%",
            b"From: a@[b\nContent-Type: ;;\nSubject: \r\n =?utf-8?b?!!!?=\n\n",
        ):
            with self.subTest(raw=raw):
                message = message_from_bytes(raw, policy=policy.SMTP)
                self.assertIn(classify(message, [SUPPORT]).kind, KINDS)

    @bounded(300)
    @given(
        st.lists(st.tuples(st.sampled_from(NAMES), st.binary(max_size=60)), max_size=8),
        st.binary(max_size=200),
    )
    def test_never_raises(self, headers, body):
        head = b"".join(
            name.encode() + b": " + value + b"\n" for name, value in headers
        )
        message = message_from_bytes(head + b"\n" + body, policy=policy.SMTP)
        found = classify(message, [SUPPORT])
        self.assertIn(found.kind, KINDS)
        self.assertFalse(found.may_acknowledge and found.is_automatic)

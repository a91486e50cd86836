# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from email import message_from_bytes, policy

from .common_mail import DOMAIN, PsaMailCommon

DAEMON = "Mail Delivery System <MAILER-DAEMON@mx.bellini.example>"
AUTOMATIC = [
    ("auto_reply", {"Auto_Submitted": "auto-replied"}),
    ("automatic", {"Auto_Submitted": "auto-generated"}),
    ("bulk", {"Precedence": "bulk"}),
    ("bulk", {"List_Id": "News <news.bellini.example>"}),
    ("bulk", {"List_Unsubscribe": "<mailto:off@bellini.example>"}),
    ("auto_reply", {"X_Autoreply": "yes"}),
    ("automatic", {"Return_Path": "<>"}),
    ("own", {"sender": f"servicedesk@{DOMAIN}"}),
    (
        "auto_reply",
        {
            "subject": "Out of office: The printer",
            "X_Auto_Response_Suppress": "All",
        },
    ),
]
STATUS = """Reporting-MTA: dns; mx.bellini.example

Final-Recipient: rfc822; anna@bellini.example
Action: %s
Status: 5.1.1
"""


class TestMailAutomatic(PsaMailCommon):
    """Nothing that a program wrote opens, reopens or answers anything."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team.acknowledge = True
        cls.ticket = cls._receive_ticket()
        cls.ticket.acknowledgement_state = "none"
        cls.opening = cls._get_messages(cls.ticket)[0]

    def _assert_unchanged(self, state):
        self.assertRecordValues(
            self.ticket,
            [{"state": state, "has_unread_reply": False, "reopen_count": 0}],
        )

    def test_new_ones_are_held(self):
        before = self.env["psa.ticket"].search_count([])
        with self.mock_mail_gateway():
            for kind, headers in AUTOMATIC:
                mail = self._receive(**headers)
                self._assert_mail(mail, decision="held", cause="automatic", kind=kind)
                self.assertTrue(mail.kind_reason)
                self.assertIn("It is the one in the office.", mail.body)
            self._run_acknowledgements()
            self.assertFalse(self._new_mails)
        self.assertEqual(self.env["psa.ticket"].search_count([]), before)

    def test_answers_are_notes(self):
        self.ticket._move_to("resolved", no_time_reason="A test")
        self.ticket.message_subscribe(self.colleague.partner_id.ids)
        with self.mock_mail_gateway():
            for kind, headers in AUTOMATIC:
                mail = self._receive(answers=self.opening, **headers)
                self._assert_mail(
                    mail,
                    decision="note",
                    cause="automatic",
                    kind=kind,
                    ticket_id=self.ticket,
                )
                note = self._get_messages(self.ticket)[-1]
                self.assertTrue(note.is_internal and note.subtype_id.internal)
            self._run_acknowledgements()
            self.assertFalse(self._new_mails)
        self._assert_unchanged("resolved")

    def test_a_number_in_the_subject_is_no_proof(self):
        mail = self._receive(
            subject=f"[{self.ticket.number}] Hello", Auto_Submitted="auto-replied"
        )
        self._assert_mail(
            mail,
            decision="held",
            cause="automatic",
            kind="auto_reply",
            suggested_ticket_id=self.ticket,
        )

    def test_people_with_odd_headers_are_people(self):
        """Exchange writes the header into what people write, too."""
        mail = self._receive(X_Auto_Response_Suppress="DR, OOF, AutoReply")
        self.assertEqual(mail.decision, "ticket")
        self.assertRecordValues(
            mail.ticket_id,
            [
                {
                    "acknowledgement_state": "skipped",
                    "acknowledgement_reason": "X-Auto-Response-Suppress: "
                    "dr, oof, autoreply",
                }
            ],
        )

    def test_alerts(self):
        self.team.accept_automatic = True
        cases = [
            ("ticket", {"Auto_Submitted": "auto-generated"}),
            ("ticket", {"Precedence": "bulk"}),
            ("held", {"Auto_Submitted": "auto-replied"}),
            ("held", {"sender": DAEMON, "subject": "Undelivered mail"}),
            ("held", {"sender": self.address}),
        ]
        for decision, headers in cases:
            mail = self._receive(**headers)
            self.assertEqual(mail.decision, decision, headers)
            if decision == "ticket":
                self.assertRecordValues(
                    mail.ticket_id,
                    [{"channel": "alert", "acknowledgement_state": "skipped"}],
                )

    # ------------------------------------------------------------
    # Bounces
    # ------------------------------------------------------------

    def _prepare_bounce(self, message, action="failed", to=None, **headers):
        """Return a bounce by the standard of what was sent with a message."""
        bounce = message_from_bytes(
            self._prepare_mail(
                sender=DAEMON,
                subject="Undelivered Mail Returned to Sender",
                to=to,
                **headers,
            ),
            policy=policy.SMTP,
        )
        bounce.make_mixed()
        status = message_from_bytes(
            b"Content-Type: message/delivery-status\n\n" + (STATUS % action).encode()
        )
        returned = message_from_bytes(
            b"Content-Type: text/rfc822-headers\n\n"
            + f"Message-ID: {message.message_id}\nSubject: x\n".encode()
        )
        bounce.attach(status)
        bounce.attach(returned)
        bounce.set_param("report-type", "delivery-status")
        bounce.set_type("multipart/report")
        return bounce.as_bytes()

    def _get_notification(self, message):
        return message.notification_ids.filtered(
            lambda found: found.res_partner_id == self.contact
        )

    def _assert_bounced(self, mail, kind="bounce"):
        self._assert_mail(
            mail,
            decision="note",
            cause="automatic",
            kind=kind,
            ticket_id=self.ticket,
        )
        note = self._get_messages(self.ticket)[-1]
        self.assertTrue(note.is_internal and note.subtype_id.internal)

    def test_a_bounce_is_seen_on_its_ticket(self):
        with self.mock_mail_gateway():
            answer = self._answer(self.ticket)
            bounces = self.contact.message_bounce
            for to in (f"bounce@{DOMAIN}", self.address):
                mail = self._receive_raw(self._prepare_bounce(answer, to=to))
                self._assert_bounced(mail)
        self.assertEqual(self._get_notification(answer).notification_status, "bounce")
        self.assertEqual(self.contact.message_bounce, bounces + 2)
        # Somebody has to see that the customer does not have the answer.
        self.assertTrue(self.ticket.has_unread_reply)
        self.ticket.action_mark_read()
        self._assert_unchanged("in_progress")

    def test_a_delay_says_nothing_against_the_address(self):
        with self.mock_mail_gateway():
            answer = self._answer(self.ticket)
            mail = self._receive_raw(self._prepare_bounce(answer, "delayed"))
        self._assert_bounced(mail)
        self.assertNotEqual(
            self._get_notification(answer).notification_status, "bounce"
        )
        self.assertFalse(self.contact.message_bounce)

    def test_a_bounce_of_no_standard(self):
        with self.mock_mail_gateway():
            answer = self._answer(self.ticket)
            mail = self._receive(
                sender="postmaster@bellini.example",
                subject="Undeliverable: Printer",
                body="Your message could not be delivered to anna@bellini.example.\n\n"
                f"Message-ID: {answer.message_id}\n",
                Return_Path="<>",
            )
        self._assert_bounced(mail)

    def test_a_bounce_of_nothing_is_held(self):
        self._assert_mail(
            self._receive(sender=DAEMON, subject="Undelivered mail"),
            decision="held",
            cause="automatic",
            kind="bounce",
        )

    def test_who_has_read_it_did_receive_it(self):
        """The host takes the receipt for a bounce."""
        with self.mock_mail_gateway():
            answer = self._answer(self.ticket)
            receipt = message_from_bytes(
                self._prepare_mail(answers=answer, subject="Read: Printer"),
                policy=policy.SMTP,
            )
            receipt.make_mixed()
            receipt.set_param("report-type", "disposition-notification")
            receipt.set_type("multipart/report")
            mail = self._receive_raw(receipt.as_bytes())
        self._assert_bounced(mail, kind="report")
        self.assertNotEqual(
            self._get_notification(answer).notification_status, "bounce"
        )

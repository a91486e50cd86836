# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from email.message import EmailMessage
from email.policy import SMTP
from itertools import count

from odoo.addons.base.tests.common import DISABLED_MAIL_CONTEXT
from odoo.addons.mail.tests.common import MockEmail

from .common import PsaHelpdeskCommon

DOMAIN = "desk.example"
_numbers = count(1)


class PsaMailCommon(MockEmail, PsaHelpdeskCommon):
    """The helpdesk with a mail domain, and mails as they come in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.alias_domain = cls.env["mail.alias.domain"].create({"name": DOMAIN})
        cls.company.alias_domain_id = cls.alias_domain
        cls.team.alias_domain_id = cls.alias_domain
        # Nobody of the demo data shares the domains of the tests.
        cls.technician.partner_id.email = "technician@firm.example"
        cls.address = f"servicedesk@{DOMAIN}"
        # As the gateway has it: the base of the tests switches tracking off.
        cls.thread = cls.env["mail.thread"].with_context(
            **dict.fromkeys(DISABLED_MAIL_CONTEXT, False)
        )
        cls.mails = cls.env["psa.incoming.mail"]

    @classmethod
    def _prepare_mail(
        cls,
        sender="Anna Bellini <anna@bellini.example>",
        subject="The printer does not print",
        body="It is the one in the office.",
        html=None,
        to=None,
        answers=None,
        **headers,
    ):
        """Return a mail as bytes.

        :param answers: the mail.message that this one answers
        :param headers: further ones, with underscores for hyphens; None leaves out
        """
        mail = EmailMessage(policy=SMTP)
        values = {
            "From": sender,
            "To": to or cls.address,
            "Subject": subject,
            "Message-ID": f"<{next(_numbers)}@mail.example>",
            "Date": "Mon, 02 Mar 2026 09:12:00 +0100",
        }
        if answers:
            values["In-Reply-To"] = values["References"] = answers.message_id
        values.update(
            {name.replace("_", "-"): value for name, value in headers.items()}
        )
        # Headers that are there already are replaced, not doubled.
        names = {}
        for name, value in values.items():
            names[name.lower()] = (name, value)
        for name, value in names.values():
            if value is not None:
                mail[name] = value
        mail.set_content(body)
        if html:
            mail.add_alternative(html, subtype="html")
        return mail.as_bytes()

    @classmethod
    def _receive_raw(cls, raw, **kwargs):
        """Give a mail to the gateway; return what is kept of it, or nothing."""
        last = cls.mails.search([], limit=1).id or 0
        cls.thread.message_process(kwargs.pop("model", None), raw, **kwargs)
        return cls.mails.search([("id", ">", last)])

    @classmethod
    def _receive(cls, **kwargs):
        return cls._receive_raw(cls._prepare_mail(**kwargs))

    @classmethod
    def _receive_ticket(cls, **kwargs):
        return cls._receive(**kwargs).ticket_id

    @classmethod
    def _get_messages(cls, ticket):
        """Return the messages, the first one first."""
        return ticket.message_ids.sorted("id")

    def _assert_mail(self, mail, **expected):
        """Compare what became of a mail; what is not named has to be empty."""
        values = {
            "decision": False,
            "cause": False,
            "kind": "human",
            "ticket_id": False,
            "suggested_ticket_id": False,
            **expected,
        }
        for name in ("ticket_id", "suggested_ticket_id"):
            values[name] = values[name] and values[name].id
        self.assertRecordValues(mail, [values])

    def _run_acknowledgements(self):
        with self.enter_registry_test_mode():
            self.env.ref("psa_helpdesk.ir_cron_acknowledge").method_direct_trigger()

    def _answer(self, ticket, user=None, body="Try again, please."):
        """Let a technician answer the customer; return the message."""
        return ticket.with_user(user or self.technician).message_post(
            body=body, message_type="comment", subtype_xmlid="mail.mt_comment"
        )

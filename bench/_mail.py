# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Mails as clients write them, and what becomes of each: queries and seconds."""

import random
import time
from contextlib import ExitStack, contextmanager
from email.message import EmailMessage
from email.utils import make_msgid
from statistics import median
from unittest.mock import patch

from odoo import sql_db
from odoo.tools import email_normalize_all

DOMAIN = "bench.example"
CLIENTS = 30
_TEXT = """
the printer of our office on first floor does not answer since this morning
we tried to switch it off and on again but queue stays full error says paper
jam although there is none could you please have a look before noon because
invoices must leave today colleagues in accounting cannot open shared folder
either server asks for a password that nobody knows thank you kind regards
"""


def prepare_clients(env):
    """Create the clients, and the domain of the aliases."""
    domain = env["mail.alias.domain"].create({"name": DOMAIN})
    env["res.company"].search([]).alias_domain_id = domain
    env["res.partner"].create(
        [
            {
                "name": f"Client {number}",
                "is_company": True,
                "email": f"info@client{number}.example",
            }
            for number in range(CLIENTS)
        ]
    )


def prepare_senders(receiver, number):
    """Create the contact of each even sender to a receiver."""
    env, alias = receiver.helpdesk.env, receiver.helpdesk.alias
    clients = {
        client.name: client
        for client in env["res.partner"].search([("name", "=like", "Client %")])
    }
    env["res.partner"].create(
        [
            {
                "name": f"{alias} {sender}",
                "parent_id": clients[f"Client {sender % CLIENTS}"].id,
                "email": address(alias, sender),
            }
            for sender in range(0, number, 2)
        ]
    )


def address(alias, sender):
    """Return the address of a sender; the contacts of a client share a domain.

    Nobody writes to two aliases: what one makes of a sender is not for the other.
    """
    return f"{alias}{sender}@client{sender % CLIENTS}.example"


def mail(sender, alias, answers=None):
    """Return a mail as bytes.

    :param sender: number of who writes.
    :param alias: the address before the ``@`` that it is written to.
    :param answers: the message identifiers of the conversation, oldest first.
    """
    source = random.Random(sender)
    words = source.choices(_TEXT.split(), k=source.randrange(120, 250))
    lines = [" ".join(words[n : n + 25]).capitalize() for n in range(0, len(words), 25)]
    subject = " ".join(words[:6]).capitalize()
    message = EmailMessage()
    message["From"] = f"Contact {sender} <{address(alias, sender)}>"
    message["To"] = f"{alias}@{DOMAIN}"
    message["Subject"] = f"Re: {subject}" if answers else subject
    message["Date"] = "Mon, 02 Mar 2026 09:12:00 +0100"
    message["Message-ID"] = make_msgid(domain=f"client{sender % CLIENTS}.example")
    if answers:
        message["In-Reply-To"] = answers[-1]
        message["References"] = " ".join(answers)
    message.set_content("\n\n".join(lines))
    paragraphs = "".join(f"<p>{line}.</p>" for line in lines)
    message.add_alternative(
        f'<html><body><div dir="ltr">{paragraphs}</div></body></html>', subtype="html"
    )
    return message.as_bytes()


class Receiver:
    """A helpdesk that gets mails, and the figures of how it took them."""

    def __init__(self, helpdesk):
        self.helpdesk = helpdesk
        self.env = helpdesk.env
        #: (queries, seconds) of each call, by what it was
        self.found = {}
        #: records by the number of their sender
        self.records = {}

    def receive(self, what, sender):
        """Take a new mail of a sender."""
        raw = mail(sender, self.helpdesk.alias)
        self._measure(what, lambda: self._process(sender, raw))

    def receive_and_answer(self, what, sender, sent):
        """Take a new mail, and have the followers told and the sender answered.

        :param sent: the list that :func:`without_smtp` fills.
        """
        raw = mail(sender, self.helpdesk.alias)

        def call():
            self._process(sender, raw)
            if self.helpdesk.step:
                self.env.cr.commit()
                self.helpdesk.step()

        sent.clear()
        self._measure(what, call)
        wanted = {address(self.helpdesk.alias, sender), *self.helpdesk.followers}
        found = set(email_normalize_all(",".join(sent)))
        assert wanted == found, f"{self.helpdesk.label}: {wanted} got {found}"

    def receive_reply(self, what, sender):
        """Take the answer of a sender to the first message there is."""
        record = self.helpdesk.records.browse(self.records[sender])
        first = record.message_ids.sorted("id").filtered("message_id")[0]
        raw = mail(sender, self.helpdesk.alias, [first.message_id])
        self.env.cr.commit()
        self._measure(what, lambda: self._process(sender, raw))
        assert self.records[sender] == record.id, "a reply missed its record"

    def _process(self, sender, raw):
        found = self.env["mail.thread"].message_process(None, raw)
        assert found, f"{self.helpdesk.label}: nothing was made of a mail"
        self.records[sender] = found

    def _measure(self, what, call):
        """Call and commit, with queries and seconds as one more figure of ``what``."""
        # Of all cursors: mails are sent with another one after the commit.
        queries, begin = sql_db.sql_counter, time.perf_counter()
        call()
        self.env.cr.commit()
        seconds = time.perf_counter() - begin
        self.found.setdefault(what, []).append((sql_db.sql_counter - queries, seconds))

    def medians(self, what):
        """Return the medians (queries, seconds) of what was called."""
        queries, seconds = zip(*self.found[what], strict=True)
        return median(queries), median(seconds)


def alternate(receivers, senders, call):
    """Call for each sender all receivers, each time another one first."""
    for number, sender in enumerate(senders):
        first = number % len(receivers)
        for receiver in receivers[first:] + receivers[:first]:
            call(receiver, sender)


@contextmanager
def without_smtp(*envs):
    """Send mails to their very end, where a mail server would take them.

    Yields the list of whom they are for.
    """
    sent = []

    def send(_servers, message, *_args, **_kwargs):
        sent.extend(filter(None, (message["To"], message["Cc"])))
        return message["Message-Id"]

    with ExitStack() as stack:
        for env in envs:
            servers = type(env["ir.mail_server"])
            stack.enter_context(patch.object(servers, "_connect__"))
            stack.enter_context(patch.object(servers, "send_email", send))
        yield sent

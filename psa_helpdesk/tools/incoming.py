# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A mail on its way through the gateway, and what is made of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage, Message
from email.parser import BytesHeaderParser
from hashlib import sha256

from .mail_header import addresses_in, header, headers
from .mail_kind import MailKind, classify
from .mail_quote import storable
from .mail_repair import readable

_HEADER_END = re.compile(rb"\r?\n\r?\n")
_RECIPIENT_HEADERS = (
    "Delivered-To",
    "To",
    "Cc",
    "Resent-To",
    "Resent-Cc",
    # Where it was delivered, when the others do not say: it was redirected or sent
    # as a blind copy.
    "X-Original-To",
    "Envelope-To",
    "X-Envelope-To",
)
# "scanner", which some machines give to each of their mails, identifies none.
_IDENTIFIER = re.compile(r"<[^<>\s]+@[^<>\s]+>")
#: longer identifiers do not fit into an index
_ID_LENGTH = 250


@dataclass(eq=False)
class Incoming:
    """A mail as it came, and what was decided about it so far.

    Kept by identity in the context while the host's gateway works, which asks for a
    decision in several steps. ``is_released`` when a person let a held mail pass,
    ``is_author_known`` when the partner of the sender was looked for.
    """

    raw: bytes
    is_released: bool = False
    is_for_tickets: bool = False
    is_author_known: bool = False
    kind: MailKind | None = None
    decision: str = ""
    cause: str = ""
    ticket_id: int | bool = False
    suggested_ticket_id: int | bool = False
    related_ticket_id: int | bool = False
    team_id: int | bool = False
    company_id: int | bool = False
    body: str = ""
    error: str = ""
    message_id: str = ""
    #: those among some addresses that aliases have: the host asks up to four times
    aliases: dict[tuple[str, ...], list[str]] = field(default_factory=dict)
    headers: Message = field(init=False)

    def __post_init__(self) -> None:
        end = _HEADER_END.search(self.raw)
        head = self.raw[: end.start()] if end else self.raw
        # Mails of all models are opened: with this policy no header is parsed, and
        # none can raise.
        self.headers = BytesHeaderParser(policy=policy.compat32).parsebytes(head)
        found = _IDENTIFIER.search(header(self.headers, "Message-Id") or "")
        self.message_id = found[0] if found else self.digest

    @property
    def digest(self) -> str:
        """An identifier for a mail without one: the same mail gets the same again."""
        return f"<{sha256(self.raw).hexdigest()[:40]}@no-message-id>"

    @property
    def key(self) -> str:
        """The identifier as it is kept: short enough for an index, and storable.

        >>> mail = Incoming(b"Message-Id: <a@example.com>\\n\\nHello")
        >>> mail.key
        '<a@example.com>'
        >>> mail.message_id = "<" + "a" * 1000 + "@example.com>"
        >>> len(mail.key)
        75
        """
        clean = storable(self.message_id).strip()
        if 0 < len(clean) <= _ID_LENGTH:
            return clean
        digest = sha256(self.message_id.encode(errors="replace")).hexdigest()
        return f"<{digest}@too-long>"

    def recipients(self) -> list[str]:
        """Addresses the mail was sent to, in lower case and in its order.

        >>> Incoming("To: Märy <märy@example.net>".encode()).recipients()
        ['märy@example.net']
        """
        texts = (
            text for name in _RECIPIENT_HEADERS for text in headers(self.headers, name)
        )
        return addresses_in(readable(" ".join(texts)))

    def add_recipients(self, text: str) -> str:
        """Recipients as the host has read them, and those that it does not look for.

        >>> mail = Incoming(b"To: Ann <ann@x.example>\\nX-Original-To: desk@x.example")
        >>> mail.add_recipients("Ann <ann@x.example>")
        'Ann <ann@x.example>,desk@x.example'
        """
        known = text.lower()
        missing = [address for address in self.recipients() if address not in known]
        return ",".join(filter(None, [text, *missing]))

    def references(self) -> str:
        """Identifiers of the mails that this one answers, as they stand."""
        return " ".join(
            text
            for name in ("References", "In-Reply-To")
            for text in headers(self.headers, name)
        )

    def classify(self, message: EmailMessage, own: Iterable[str]) -> MailKind:
        """Tell once what the mail is, see :func:`.mail_kind.classify`."""
        if self.kind is None:
            self.kind = classify(message, own)
        return self.kind

    def set_sender(self, sender: str) -> None:
        """Note who really wrote the mail, see :func:`.mail_kind.real_sender`."""
        del self.headers["From"]
        self.headers["From"] = sender

    def decide(
        self, decision: str, cause: str = "", ticket: int | bool = False
    ) -> None:
        """Note what becomes of the mail, and the ticket it goes to."""
        self.decision, self.cause, self.ticket_id = decision, cause, ticket

    def hold(self, cause: str, ticket: int | bool = False) -> None:
        """Keep the mail for a person; ``ticket`` is where it may belong."""
        self.decision, self.cause = "held", cause
        self.ticket_id, self.suggested_ticket_id = False, ticket

    def text_header(self, name: str) -> str:
        """First header of that name, as it can be stored; "" when there is none."""
        return storable(readable(header(self.headers, name) or ""))

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Reading a mail that may be broken anywhere, without ever raising.

The typed headers of :class:`email.message.EmailMessage` are parsed when they are
asked for, and some garbage makes that parser fail; so the raw text is read here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from email.header import decode_header, make_header
from email.message import EmailMessage
from html import unescape

#: how much of a body is looked at, in characters
BODY_LIMIT = 8000

_MAX_PARTS = 200
_MAX_HEADER = 5000
_BREAKS = re.compile(r"[\x00-\x1f\x7f]+")
_ADDRESS = re.compile(r"[^\s<>@\"(),;:]{1,64}@[^\s<>@\"(),;:\]]{1,253}")
_HTML = re.compile(r"\s*<(?:!doctype|html|head|body|div|p)\b", re.I)
_TAG = re.compile(r"<(?:style|script)\b[^<]*</(?:style|script)>|<[^<>]*>", re.I)


def header(message: EmailMessage, name: str) -> str | None:
    """First header of that name, decoded and on one line; None when there is none.

    >>> from email import message_from_string, policy
    >>> mail = "Subject: =?utf-8?q?caff=C3=A8?="
    >>> header(message_from_string(mail, policy=policy.SMTP), "SUBJECT")
    'caffè'
    """
    return next(headers(message, name), None)


def headers(message: EmailMessage, name: str) -> Iterator[str]:
    """All headers of that name, see :func:`header`."""
    wanted = name.lower()
    for key, value in message.raw_items():
        if str(key).lower() == wanted:
            yield _decoded(str(value)[:_MAX_HEADER])


def header_names(message: EmailMessage) -> set[str]:
    """Names of all headers, in lower case."""
    return {str(key).lower() for key, _value in message.raw_items()}


def addresses_in(text: str | None) -> list[str]:
    """What looks like a mail address in a text, in lower case, each once.

    >>> addresses_in("Ann <Ann@Example.com>, see <ann@example.com>.")
    ['ann@example.com']
    """
    found = (address.strip("'.*").lower() for address in _ADDRESS.findall(text or ""))
    return list(dict.fromkeys(address for address in found if address[-1] != "@"))


def sender(message: EmailMessage) -> str:
    """Address of the sender in lower case, "" when there is none.

    >>> from email import message_from_string, policy
    >>> sender(message_from_string("From: Ann <Ann@example.com>", policy=policy.SMTP))
    'ann@example.com'
    """
    text = header(message, "From") or ""
    bracket = re.search(r"<([^<>]*)>\s*$", text)
    if bracket:
        return bracket[1].strip().lower()
    found = addresses_in(text)
    return found[0] if found else ""


def content_type(part: EmailMessage) -> str:
    """Type of a part in lower case, ``text/plain`` when it cannot be read."""
    declared = header(part, "Content-Type")
    kind = (declared or "").partition(";")[0].strip().lower()
    return kind if kind.count("/") == 1 else "text/plain"


def report_type(message: EmailMessage) -> str:
    """What a ``multipart/report`` reports, in lower case, or ""."""
    declared = header(message, "Content-Type") or ""
    found = re.search(r"report-type\s*=\s*\"?([\w-]{1,64})", declared, re.I)
    return found[1].lower() if found else ""


def own_parts(message: EmailMessage) -> list[EmailMessage]:
    """Leaves of a mail, without the insides of a mail that is attached to it."""
    leaves, todo = [], [message]
    while todo and len(leaves) < _MAX_PARTS:
        part = todo.pop()
        payload = part.get_payload()
        if isinstance(payload, list) and content_type(part).startswith("multipart/"):
            todo.extend(reversed(payload))
        else:
            leaves.append(part)
    return leaves


def opening(message: EmailMessage) -> str:
    """Start of the first text of a mail, as plain text."""
    for part in own_parts(message):
        if content_type(part) in ("text/plain", "text/html"):
            text = _text(part)[: 4 * BODY_LIMIT]
            if content_type(part) == "text/html" or _HTML.match(text):
                text = unescape(_TAG.sub(" ", text))
            if text.strip():
                return text.strip()[:BODY_LIMIT]
    return ""


def addresses_of(values: Iterable[str]) -> set[str]:
    """Addresses that stand in some headers or settings."""
    return {address for value in values for address in addresses_in(value)}


def _decoded(raw: str) -> str:
    try:
        value = str(make_header(decode_header(raw)))
    except Exception:
        # Besides the errors it documents, the decoder raises what it stumbles over.
        value = raw
    return _BREAKS.sub(" ", value).strip()


def _text(part: EmailMessage) -> str:
    try:
        data = part.get_payload(decode=True)
    except (LookupError, ValueError):
        return ""
    if not isinstance(data, bytes):
        return ""
    charset = re.search(
        r"charset\s*=\s*\"?([\w.:-]{1,40})", header(part, "Content-Type") or "", re.I
    )
    try:
        return data.decode(charset[1] if charset else "utf-8")
    except (LookupError, ValueError):
        return data.decode("latin-1")

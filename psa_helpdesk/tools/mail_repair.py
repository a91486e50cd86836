# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Faults of mails that can be put right, so that what they say is not lost."""

from __future__ import annotations

import re
from codecs import lookup
from contextlib import suppress
from email.message import EmailMessage

from .mail_header import addresses_in

_MAX_PARTS = 500
_STRUCTURE = ("Content-Type", "Content-Disposition", "Content-Transfer-Encoding")
_SURROGATE = re.compile(r"[\udc80-\udcff]")
#: what programs that do not say how they write mostly mean; Latin-1 takes any byte
_GUESSES = ("utf-8", "cp1252", "latin-1")


def repair(message: EmailMessage) -> None:
    """Put right in a mail what the host would stumble over or garble.

    Charsets that nobody knows, or that are not true, are guessed; so are bytes that
    stand in headers without a charset. What says that it has parts and has none is
    text.

    >>> from email import message_from_bytes, policy
    >>> raw = b"Subject: Perch\\xe9\\nContent-Type: text/plain; charset=x\\n\\n\\xe8"
    >>> mail = message_from_bytes(raw, policy=policy.SMTP)
    >>> repair(mail)
    >>> mail["Subject"], mail.get_content()
    ('Perché', 'è')
    """
    for number, part in enumerate(message.walk()):
        if number == _MAX_PARTS:
            break
        _parse_once(part)
        _repair_parts(part)
        _repair_charset(part)
    _repair_headers(message)


def _parse_once(part: EmailMessage) -> None:
    """Keep what the parser makes of the headers that everybody asks for.

    The standard library parses a header each time that it is read, and the host reads
    these some 80 times in a mail of two parts: a tenth of its time.

    >>> from email import message_from_string, policy
    >>> mail = message_from_string("Content-Type: text/html", policy=policy.SMTP)
    >>> _parse_once(mail)
    >>> mail["Content-Type"] is mail["Content-Type"]
    True
    """
    for name in _STRUCTURE:
        # What cannot be parsed is left for whoever asks for it.
        with suppress(Exception):
            if (value := part[name]) is not None:
                part.replace_header(name, value)


def _repair_parts(part: EmailMessage) -> None:
    payload = part.get_payload()
    if part.get_content_maintype() == "multipart" and isinstance(payload, str):
        del part["Content-Type"]
        part["Content-Type"] = "text/plain"


def _repair_charset(part: EmailMessage) -> None:
    if part.is_multipart() or part.get_content_maintype() != "text":
        return
    charset = part.get_param("charset")
    try:
        # Those that are no encoding of text ("base64") do not count.
        codec = lookup(str(charset)) if charset else lookup("ascii")
        known = codec._is_text_encoding and codec.name != "ascii"
    except (LookupError, ValueError):
        known = False
    data = b"" if known else part.get_payload(decode=True) or b""
    if not known and (charset or not data.isascii()):
        part.set_param("charset", _guess_charset(data))


def _repair_headers(message: EmailMessage) -> None:
    for name, value in list(message.raw_items()):
        text = str(value)
        if name.lower() not in ("subject", "from", "to", "cc", "reply-to"):
            continue
        try:
            if len(message.get_all(name) or ()) == 1 and _SURROGATE.search(text):
                message.replace_header(name, readable(text))
        except Exception:
            # The parser of addresses raises what it stumbles over. A header that it
            # cannot read is left out, but for the addresses in it.
            del message[name]
            found = [address for address in addresses_in(text) if address.isascii()]
            if found:
                message[name] = ", ".join(found)


def readable(text: str) -> str:
    """Text of a header, with a guess at bytes that stand in it without a charset.

    >>> readable("Perch\\udce9?")
    'Perché?'
    """
    if not _SURROGATE.search(text):
        return text
    data = text.encode("utf-8", "surrogateescape")
    return " ".join(data.decode(_guess_charset(data)).split())


def _guess_charset(data: bytes) -> str:
    for charset in _GUESSES:
        try:
            data.decode(charset)
        except ValueError:
            continue
        break
    return charset

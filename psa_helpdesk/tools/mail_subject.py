# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a subject says once the marks that mail programs add are taken off."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .ticket_number import numbers_in

#: words before a colon that say "forwarded", in lower case
FORWARD_PREFIXES = frozenset(
    str.split("fw fwd i inoltra inoltro wg tr rv enc vb vl pd továbbítás ilt 转发 轉寄")
)
#: words before a colon that say "answered", in lower case
REPLY_PREFIXES = frozenset(
    str.split(
        "re r rif ris aw antw antwort rép rep res sv vs odp ynt vá ats atb απ отв"
        " 回复 回覆 答复"
    )
)
_PREFIXES = REPLY_PREFIXES | FORWARD_PREFIXES

_PREFIX = re.compile(
    r"\s*(?P<word>[^\W\d_]{1,12})\s?(?:\[\d{1,3}\]|\(\d{1,3}\)|\^\d{1,3})?\s?[:：]"
)
_BRACKET = re.compile(r"\s*\[[^\[\]]{1,40}\]")
# Controls, invisible marks of direction and halves of characters. Not the joiner of
# emoji (200D), which is part of what is written.
_BREAKS = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_INVISIBLE = re.compile(r"[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_LEADING = " -–—:|"


def clean_subject(
    subject: str | None, length: int = 200, numbers: Iterable[str] = ()
) -> str:
    """Subject as the title of a ticket, at most ``length`` characters.

    Marks of replies and forwards at the start go, however many and in whatever
    language, and so do the bracketed ``numbers``: those of our own tickets. Other
    brackets stay; the customer's own reference is worth reading. A longer subject ends
    at a word, with an ellipsis.

    >>> clean_subject("R: I: Re[2]: [T00042] Printer", numbers=["T00042"])
    'Printer'
    >>> clean_subject("AW: [INC-7] Printer on fire", length=16)
    '[INC-7] Printer…'
    >>> clean_subject(None)
    ''

    :raise ValueError: when ``length`` is not positive
    """
    if length < 1:
        raise ValueError("a title has at least one character")
    text = _without_marks(_readable(subject), {number.upper() for number in numbers})
    return _shorten(text, length)


def is_forward(subject: str | None) -> bool:
    """Is the first mark of the subject one of a forward, not of an answer?

    >>> is_forward("Fwd: Re: offer"), is_forward("Re: Fwd: offer")
    (True, False)
    """
    mark = _PREFIX.match(_readable(subject))
    return bool(mark) and mark["word"].lower() in FORWARD_PREFIXES


def _readable(subject: str | None) -> str:
    text = _SURROGATE.sub("\ufffd", _INVISIBLE.sub("", subject or ""))
    return _BREAKS.sub(" ", text).strip()


def _without_marks(text: str, numbers: set[str]) -> str:
    position, kept = 0, []
    while True:
        mark = _PREFIX.match(text, position)
        if mark and mark["word"].lower() in _PREFIXES:
            position = mark.end()
            continue
        bracket = _BRACKET.match(text, position)
        if not bracket:
            break
        # "Re: [list] Re: [T1] x": what stands in brackets does not end the marks.
        if not numbers.intersection(numbers_in(bracket[0])):
            kept.append(bracket[0].strip())
        position = bracket.end()
    rest = text[position:].lstrip(_LEADING) if position else text
    if numbers:
        rest = _BRACKET.sub(
            lambda b: "" if numbers.intersection(numbers_in(b[0])) else b[0], rest
        )
    return " ".join([*kept, rest]).strip()


def _shorten(text: str, length: int) -> str:
    if len(text) <= length:
        return text
    cut = text[: length - 1]
    if text[length - 1] != " " and cut.rfind(" ") > length // 2:
        cut = cut[: cut.rfind(" ")]
    return cut.rstrip() + "…"

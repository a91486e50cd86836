# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Ticket numbers in the subject of a mail."""

from __future__ import annotations

import re

# A bracket that touches a letter belongs to a reply counter, as in "Re[2]:".
_TOKEN = re.compile(
    r"(?<!\w)\[\s{0,3}#?\s{0,3}([^\W_](?:[\w/.-]{0,30}[^\W_])?)\s{0,3}\]"
)
_DIGIT = re.compile(r"\d")


def numbers_in(subject: str | None) -> list[str]:
    """Tokens in square brackets that can be ticket numbers, in upper case.

    In the order of the subject, each once. The sequence belongs to the users, so any
    token of at most 32 letters, digits and ``/ _ . -`` with a digit in it counts;
    whether it is the number of a ticket is for the caller to look up (without regard
    to case).

    >>> numbers_in("Re: [T00042] Printer, see also [#t-2026-0043] and [urgent]")
    ['T00042', 'T-2026-0043']
    >>> numbers_in("Re[2]: no number")
    []
    """
    tokens = _TOKEN.findall(subject or "")
    return list(dict.fromkeys(t.upper() for t in tokens if _DIGIT.search(t)))

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Text of a contract line that names the period it is billed for."""

from __future__ import annotations

import re
from collections.abc import Mapping

#: what stands for something of the period
MARKERS = ("start", "end", "month", "year")

_MARKER = re.compile(r"\{(" + "|".join(MARKERS) + r")\}")

#: a marker with what connects it to the text before
_TAIL = re.compile(r"[\s,(–-]*\{(?:" + "|".join(MARKERS) + r")\}\)?")


def fill_period(text: str | None, values: Mapping[str, str | None]) -> str:
    """Put what a period is called in place of the markers of a text.

    Anything else in braces stays as somebody wrote it, also a marker for which there is
    no value; and what is put in is not searched for markers again.

    :param values: of each marker, in the client's language and format

    >>> fill_period("Care {month} {year} {plus}", {"month": "marzo", "year": "2026"})
    'Care marzo 2026 {plus}'
    """
    return _MARKER.sub(
        lambda found: found[0] if values.get(found[1]) is None else values[found[1]],
        text or "",
    )


def strip_period(text: str | None) -> str:
    """Return a text without its markers, for where no period is meant.

    A text of nothing but markers stays.

    >>> strip_period("Care Plus ({month} {year})")
    'Care Plus'
    """
    return _TAIL.sub("", text or "").strip() or text or ""

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A warning in the server's log is a failure, unless ``.odoo-ci.yml`` says why not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

_RECORD = re.compile(
    r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ \d+ (?P<level>[A-Z]+) \S+ (?P<text>.*)$"
)
_LEVELS = {"WARNING", "ERROR", "CRITICAL"}
#: Lines of a traceback that are shown; the log has all of them.
_SHOWN = 25


def complaints(log: Path, settings: Mapping[str, Any]) -> list[str]:
    """Return the records of a log that are warnings or worse and are not allowed.

    A record is its line and those after it that do not begin a new one. A pattern of
    ``log_allow`` is searched for in the record without date, process and database:
    ``logger: message``, further lines included.
    """
    allowed = [
        re.compile(entry["pattern"], re.DOTALL)
        for entry in settings.get("log_allow") or []
    ]
    if not log.is_file():
        return [f"{log} was not written"]
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return [
        f"{level} {_shortened(text)}"
        for level, text in _records(lines)
        if level in _LEVELS and not any(pattern.search(text) for pattern in allowed)
    ]


def _records(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    level, text = "", ""
    for line in lines:
        if match := _RECORD.match(line):
            if level:
                yield level, text
            level, text = match["level"], match["text"]
        else:
            text += f"\n{line}"
    if level:
        yield level, text


def _shortened(text: str) -> str:
    lines = text.splitlines()
    if len(lines) > _SHOWN:
        left_out = len(lines) - _SHOWN
        lines[1 : 1 + left_out] = [f"... {left_out} lines left out ..."]
    return "\n".join(lines)

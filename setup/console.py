# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What people see: steps with their durations, and errors that say what to do.

Progress goes to standard error, so that standard output holds results only.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class SetupError(Exception):
    """A failure that people can act on.

    :param what: what failed, one sentence.
    :param todo: what to do about it.
    """

    def __init__(self, what: str, todo: str = ""):
        super().__init__(what)
        self.what = what
        self.todo = todo

    def __str__(self) -> str:
        return f"{self.what}\nWhat to do: {self.todo}" if self.todo else self.what


def _is_terminal() -> bool:
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


def _symbol(pretty: str, plain: str) -> str:
    encoding = (sys.stderr.encoding or "ascii").lower().replace("-", "")
    return pretty if encoding == "utf8" else plain


def _paint(code: str, text: str) -> str:
    if not _is_terminal() or "NO_COLOR" in os.environ:
        return text
    return f"\x1b[{code}m{text}\x1b[0m"


def duration(seconds: float) -> str:
    """Text for a duration.

    >>> duration(0.234), duration(61.2), duration(3725)
    ('0.2 s', '1 min 01 s', '62 min 05 s')
    """
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s"


def size(octets: float) -> str:
    """Text for a number of bytes.

    >>> size(0), size(1536), size(3 * 1024**3)
    ('0 B', '1.5 KB', '3.0 GB')
    """
    for unit in ("B", "KB", "MB"):
        if octets < 1024:
            return f"{octets:.0f} {unit}" if unit == "B" else f"{octets:.1f} {unit}"
        octets /= 1024
    return f"{octets:.1f} GB"


def note(text: str) -> None:
    """Print a line of information beside the steps."""
    print(f"  {text}", file=sys.stderr, flush=True)


def warn(text: str) -> None:
    """Print a line about something that works less well than it could."""
    mark = _paint("33", _symbol("⚠", "!"))
    print(f"{mark} {text}", file=sys.stderr, flush=True)


def error(failure: SetupError) -> None:
    """Print what failed and what to do."""
    mark = _paint("31", _symbol("✗", "x"))
    print(f"{mark} {failure.what}", file=sys.stderr)
    if failure.todo:
        print(f"  What to do: {failure.todo}", file=sys.stderr, flush=True)


@contextmanager
def step(label: str) -> Iterator[Callable[[str], None]]:
    """Show a step of work, and how long it took when it ends well.

    The value is a function that shows a detail of what goes on now; details appear
    on terminals only, where they replace each other.
    """
    terminal = _is_terminal()
    begin = time.monotonic()

    def show(detail: str) -> None:
        if terminal:
            text = f"{_symbol('·', '-')} {label}  {detail}"
            width = os.get_terminal_size(sys.stderr.fileno()).columns - 1
            print(f"\r\x1b[K{text[:width]}", end="", file=sys.stderr, flush=True)

    if terminal:
        show("")
    else:
        print(f"{_symbol('·', '-')} {label}", file=sys.stderr, flush=True)
    try:
        yield show
    except BaseException:
        if terminal:
            print(file=sys.stderr)
        raise
    mark = _paint("32", _symbol("✓", "+"))
    start = "\r\x1b[K" if terminal else ""
    took = duration(time.monotonic() - begin)
    print(f"{start}{mark} {label}  ({took})", file=sys.stderr, flush=True)

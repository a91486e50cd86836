# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Run other programs: output to a log file, failures explained."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from setup.cache import explained
from setup.console import SetupError

#: Seconds that a program gets to end after an interruption.
_PATIENCE = 10
#: What programs print, and what it means for people.
_CAUSES = (
    (
        re.compile(r"No space left on device|Disk quota exceeded"),
        "The disk is full.",
        "free some gigabytes, or set XDG_CACHE_HOME to a directory on another disk; "
        "then run the same command again.",
    ),
    (
        re.compile(
            r"Temporary failure (in name resolution|resolving)|NewConnectionError"
            r"|Could not (resolve|connect)|Network is unreachable|Name or service not"
            r"|Connection (timed out|refused|failed)|ProxyError|ConnectTimeout"
        ),
        "The network did not answer.",
        "check the connection (and proxy settings) and run the same command again; "
        "what is done already is kept.",
    ),
)


def run(
    command: Sequence[str | Path],
    log: Path,
    what: str,
    todo: str = "",
    on_line: Callable[[str], None] | None = None,
    variables: Mapping[str, str] | None = None,
    **options: Any,
) -> None:
    """Run a program to its end.

    :param log: file that gets its output; replaced.
    :param what: sentence that says what failed, if it fails.
    :param todo: what to do then, unless the output shows a common cause.
    :param on_line: told each line of output as it comes.
    :param variables: environment of the program, instead of this process' own.
    :param options: further arguments of :class:`subprocess.Popen`.
    :raises SetupError: the program is missing or ended with another code than 0.
    """
    with explained(log):
        log.parent.mkdir(parents=True, exist_ok=True)
        output = log.open("w", encoding="utf-8")
    with output:
        try:
            child = subprocess.Popen(
                [str(part) for part in command],
                env=None if variables is None else dict(variables),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                **options,
            )
        except OSError as failure:
            # Also "permission denied", if PATH has a directory that is closed to us.
            reason = f"Cannot run {command[0]}: {failure.strerror}."
            raise SetupError(f"{what} {reason}", todo) from None
        with child:
            try:
                for line in child.stdout:
                    with explained(log):
                        output.write(line)
                    if on_line:
                        on_line(line.rstrip("\n"))
            except BaseException:
                # It must not go on when what it works for is taken away.
                child.terminate()
                with suppress(subprocess.TimeoutExpired):
                    child.wait(_PATIENCE)
                child.kill()
                raise
    if child.returncode:
        raise failure_of(what, todo, log)


def failure_of(what: str, todo: str, log: Path) -> SetupError:
    """Return the error for a program that failed, with its last lines of output."""
    text = log.read_text(encoding="utf-8", errors="replace")
    for pattern, cause, advice in _CAUSES:
        if pattern.search(text):
            what, todo = f"{what} {cause}", advice
            break
    tail = "\n".join(f"    {line}" for line in text.splitlines()[-12:])
    return SetupError(f"{what}\n{tail}\n  All of its output: {log}", todo)

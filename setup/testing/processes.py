# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Run Odoo and its tests for a case; what went wrong comes back as text."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from setup.testing import coverage, logs
from setup.testing.case import Outcome, Session

#: Seconds after which a process hangs for sure.
PATIENCE = 1800
_NO_TESTS = 5
_PLUGIN = "setup.testing.odoo_plugin"


def call(
    command: Sequence[str | Path],
    output: Path,
    variables: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    stdin: str = "",
    echo: bool = False,
) -> int:
    """Run a command, write what it prints to ``output`` and return its exit code."""
    with (
        output.open("a", encoding="utf-8") as file,
        subprocess.Popen(
            [str(part) for part in command],
            # Shown as it comes, and kept if the process is killed.
            env={**(variables or os.environ), "PYTHONUNBUFFERED": "1"},
            cwd=cwd,
            stdin=subprocess.PIPE if stdin else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        ) as child,
    ):
        timer = threading.Timer(PATIENCE, child.kill)
        timer.start()
        try:
            if stdin:
                child.stdin.write(stdin)
                child.stdin.close()
            for line in child.stdout:
                file.write(line)
                if echo:
                    print(line, end="", flush=True)
        finally:
            timer.cancel()
    return child.returncode


def odoo(
    session: Session,
    args: Sequence[str],
    db: str,
    log: Path,
    measured: bool = False,
    program: Sequence[str | Path] = ("-m", "odoo"),
    **options: Any,
) -> list[str]:
    """Run ``odoo ARGS`` and return its complaints.

    :param log: file that its log is added to.
    :param measured: count what it executes as covered.
    :param program: what Python runs instead of Odoo's command line.
    """
    before = log.stat().st_size if log.exists() else 0
    variables = session.env.variables(db, **options)
    python = coverage.command(session) if measured else [session.env.python]
    command = [*python, *program, *args]
    code = call(command, log, variables, session.env.root)
    # Only what this process wrote: the log of a case is one file.
    part = log.with_suffix(".part")
    part.write_bytes(log.read_bytes()[before:])
    problems = logs.complaints(part, session.env.settings)
    part.unlink()
    if code and not problems:
        problems.append(f"odoo {' '.join(args)} ended with code {code}; see {log}")
    return problems


def pytest(
    session: Session,
    stage: str,
    name: str,
    db: str,
    targets: Sequence[str | Path],
    args: Sequence[str] = (),
    measured: bool = True,
    **options: Any,
) -> Outcome:
    """Run tests with pytest-odoo, a web server included.

    :param options: of Odoo's configuration file.
    """
    log = session.file(stage, name, ".log")
    output = session.file(stage, name, ".txt")
    report = session.file(stage, name, ".xml")
    variables = session.env.variables(db, logfile=log, **options)
    runner = coverage.command(session) if measured else [session.env.python]
    command = [
        *(*runner, "-m", "pytest", *map(str, targets)),
        *("--odoo-http", "--odoo-log-level=info", f"--junitxml={report}"),
        # The log has a file of its own; the clone is left as it was found.
        *("-p", "no:logging", "-p", "no:cacheprovider", "-p", _PLUGIN),
        *("-v" if session.verbose else "-q", "--color=yes" if session.verbose else ""),
        *(("-k", session.keyword) if session.keyword else ()),
        *args,
    ]
    command = [part for part in command if part]
    code = call(command, output, variables, session.env.root, echo=session.verbose)
    if code == _NO_TESTS and (session.keyword or "--psa-tests" in args):
        return Outcome()
    complaints = logs.complaints(log, session.env.settings)
    return verdict(code, report, output, complaints, log, shown=session.verbose)


def verdict(
    code: int,
    report: Path,
    output: Path,
    complaints: Sequence[str] = (),
    log: Path | None = None,
    shown: bool = False,
) -> Outcome:
    """The outcome of a run of pytest.

    :param complaints: of the server's log; they fail a run that has no other failure.
    :param shown: its output has been shown already.
    """
    counted = _count(report)
    problems = list(complaints)
    if code and not counted.failed:
        problems.insert(0, f"pytest ended with code {code}")
    if code and not shown:
        problems.insert(0, _tail(output))
    return Outcome(
        counted.passed,
        max(counted.failed, 1 if code or complaints else 0),
        counted.skipped,
        tuple(problems),
        tuple(filter(None, (output, log))),
    )


def _count(report: Path) -> Outcome:
    if not report.is_file():
        return Outcome()
    passed = failed = skipped = 0
    for case in ElementTree.parse(report).iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            failed += 1
        elif case.find("skipped") is not None:
            skipped += 1
        else:
            passed += 1
    return Outcome(passed, failed, skipped)


def _tail(output: Path, lines: int = 120) -> str:
    text = output.read_text(encoding="utf-8", errors="replace").splitlines()
    return "\n".join(text[-lines:])

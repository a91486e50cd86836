# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The tests of the launcher and of these stages themselves: ``tests/setup``."""

from __future__ import annotations

from setup.testing import processes
from setup.testing.case import Case, Outcome, Session


def cases(session: Session) -> list[Case]:
    return [Case("setup", lambda: _run(session), 25)]


def _run(session: Session) -> Outcome:
    output = session.file("launcher", "setup", ".txt")
    report = session.file("launcher", "setup", ".xml")
    command = [
        *(session.env.python, "-m", "pytest", "tests/setup", f"--junitxml={report}"),
        # pytest-odoo would want a database.
        *("-q", "-p", "no:odoo", "-p", "no:cacheprovider"),
    ]
    code = processes.call(command, output, cwd=session.env.root)
    return processes.verdict(code, report, output)

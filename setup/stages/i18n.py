# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The committed ``.pot`` of an addon is what the host exports today."""

from __future__ import annotations

import difflib
from pathlib import Path

from setup.testing import processes
from setup.testing.case import Case, Outcome, Session

#: Header lines that change with every export.
_VOLATILE = ('"POT-Creation-Date:', '"PO-Revision-Date:', '"Project-Id-Version:')


def cases(session: Session) -> list[Case]:
    return [
        Case(addon, lambda addon=addon: _run(session, addon))
        for addon in session.addons
    ]


def _run(session: Session, addon: str) -> Outcome:
    log = session.file("i18n", addon, ".log")
    exported = session.file("i18n", addon, ".pot")
    committed = session.env.root / addon / "i18n" / f"{addon}.pot"
    prefix = f"i18n_{addon}"
    with session.env.fresh_database(prefix, demo=False, addons=[addon]) as db:
        arguments = ["i18n", "export", "--output", str(exported), addon]
        problems = processes.odoo(session, arguments, db, log)
    if not problems:
        problems = differences(committed, exported)
    return Outcome.of(problems, log)


def differences(committed: Path, exported: Path) -> list[str]:
    """What the export has, or no longer has, and the command that takes it over."""
    remedy = f"-> cp {exported} {committed}, then translate what is new"
    if not committed.is_file():
        return [f"{committed} is missing", remedy]
    old, new = _terms(committed), _terms(exported)
    found = list(difflib.unified_diff(old, new, str(committed), "today", n=1))
    return [*found[:40], remedy] if found else []


def _terms(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith(_VOLATILE)]

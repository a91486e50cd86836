# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Every addon by itself on the host, without demo data and without its siblings.

It runs all of its tests, whatever their tags, and the doctests of its ``tools``.
"""

from __future__ import annotations

from setup.testing import processes
from setup.testing.case import Case, Outcome, Session


def cases(session: Session) -> list[Case]:
    return [
        Case(addon, lambda addon=addon: _run(session, addon))
        for addon in session.addons
    ]


def _run(session: Session, addon: str) -> Outcome:
    place = session.env.root / addon
    targets = [
        f"{addon}/{part}" for part in ("tests", "tools") if (place / part).is_dir()
    ]
    if not (place / "tests").is_dir():
        return Outcome.of([f"{addon} has no tests"])
    prefix = f"alone_{addon}"
    with session.env.fresh_database(prefix, demo=False, addons=[addon]) as db:
        return processes.pytest(
            session, "alone", addon, db, targets, ["--doctest-modules"]
        )

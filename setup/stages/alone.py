# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Every addon by itself on the host, without demo data and without its siblings.

Here run the tests of what the addon itself does, whatever their tags, and the doctests
of its ``tools``. Those that need a web server or a browser are left to the stage
``together`` if it is part of the run.
"""

from __future__ import annotations

from setup.testing import odoo_plugin, processes
from setup.testing.case import Case, Outcome, Session, seconds_for


def cases(session: Session) -> list[Case]:
    tests = {
        addon: (session.env.root / addon / "tests").glob("test_*.py")
        for addon in session.addons
    }
    return [
        Case(addon, lambda addon=addon: _run(session, addon), seconds_for(files))
        for addon, files in tests.items()
    ]


def _run(session: Session, addon: str) -> Outcome:
    place = session.env.root / addon
    targets = [
        f"{addon}/{part}" for part in ("tests", "tools") if (place / part).is_dir()
    ]
    if not (place / "tests").is_dir():
        return Outcome.of([f"{addon} has no tests"])
    options = ["--doctest-modules"]
    if session.has_stage("together"):
        options += ["--psa-tests", odoo_plugin.WITHOUT_HTTP]
    prefix = f"alone_{addon}"
    with session.env.fresh_database(prefix, demo=False, addons=[addon]) as db:
        return processes.pytest(session, "alone", addon, db, targets, options)

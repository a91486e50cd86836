# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""All addons and their glue with demo data, as a firm would have them.

The tests of ``tests/addons`` run, and of each addon those tagged ``post_install``: what
needs a web server or a browser, and the few others that could break by what else is
installed (access, views, transactions at the same time).
"""

from __future__ import annotations

from pathlib import Path

from setup.testing import odoo_plugin, processes
from setup.testing.case import Case, Outcome, Session, seconds_for

#: Addons that hold nothing but tests across addons; never installed elsewhere.
PLACE = "tests/addons"


def cases(session: Session) -> list[Case]:
    place = session.env.root / PLACE
    suites = sorted(
        manifest.parent.name for manifest in place.glob("*/__manifest__.py")
    )
    # A robot clicks through all screens there.
    found = [
        Case(name, lambda name=name: _suite(session, name), 400) for name in suites
    ]
    tests = {addon: _post_install(session, addon) for addon in session.addons}
    return found + [
        Case(addon, lambda addon=addon: _addon(session, addon), seconds_for(files))
        for addon, files in tests.items()
        if files
    ]


def _post_install(session: Session, addon: str) -> list[Path]:
    tests = (session.env.root / addon / "tests").glob("test_*.py")
    return [path for path in tests if "post_install" in path.read_text("utf-8")]


def _suite(session: Session, name: str) -> Outcome:
    env = session.env
    options = {"addons_path": f"{env.root},{env.root / PLACE}"}
    # Not installed, for it has nothing to install: all it depends on is there.
    with env.fresh_database("together", demo=True, addons=env.addons) as db:
        targets = [f"{PLACE}/{name}/tests"]
        return processes.pytest(session, "together", name, db, targets, **options)


def _addon(session: Session, addon: str) -> Outcome:
    env = session.env
    with env.fresh_database("together", demo=True, addons=env.addons) as db:
        args = ["--psa-tests", odoo_plugin.POST_INSTALL]
        targets = [f"{addon}/tests"]
        return processes.pytest(session, "together", addon, db, targets, args)

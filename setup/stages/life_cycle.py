# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""An addon comes, is updated and goes, and leaves the host as it was.

The addons it depends on stay. Compared are the schema, row by row the records, and
whether the host's views still open.
"""

from __future__ import annotations

from pathlib import Path

from setup.settings import with_dependencies
from setup.testing import processes
from setup.testing.case import Case, Outcome, Session
from setup.testing.snapshot import Snapshot, changes, leftovers, take

#: Opened after the addon is gone, in whichever host model it had extended.
_HOST_WORKS = """
for model in env.values():
    if not model._abstract and not model._transient and model._auto:
        model.search([], limit=1)
for action in env["ir.actions.act_window"].search([]):
    if action.res_model in env:
        views = [view for view in action.views if view[1] != "qweb"]
        env[action.res_model].get_views(views)
for menu in env["ir.ui.menu"].search([]):
    menu.action and menu.action.name
"""


def cases(session: Session) -> list[Case]:
    return [
        Case(addon, lambda addon=addon: _run(session, addon))
        for addon in session.addons
    ]


def _run(session: Session, addon: str) -> Outcome:
    env = session.env
    log = session.file("life_cycle", addon, ".log")
    below = [name for name in with_dependencies(env.root, [addon]) if name != addon]
    with env.fresh_database(f"life_{addon}", demo=False, addons=below) as db:
        problems = list(_cycle(session, addon, db, log))
    return Outcome.of(problems, log)


def _cycle(session: Session, addon: str, db: str, log: Path):
    """Yield what is wrong, step by step; a step that fails ends the cycle."""

    def odoo(*args: str, stdin: str = "") -> list[str]:
        # Measured, for nothing else runs the hooks of installation and removal.
        found = processes.odoo(session, args, db, log, stdin=stdin, measured=True)
        return [f"{' '.join(args)}: {problem}" for problem in found]

    def snapshot() -> Snapshot:
        return take(session.env.server, db)

    install = ("-i", addon, "--skip-auto-install", "--stop-after-init", "--no-http")
    update = ("-u", addon, "--stop-after-init", "--no-http")
    before = snapshot()
    if problems := odoo(*install):
        yield from problems
        return
    installed = snapshot()
    if problems := odoo(*update) + odoo(*update):
        yield from problems
        return
    yield from (f"-u twice: {c}" for c in changes(installed, snapshot()))
    if problems := odoo("module", "uninstall", addon):
        yield from problems
        return
    meant = _left_on_purpose(session, addon)
    found = leftovers(before, snapshot(), addon, meant)
    yield from (f"uninstalled: {change}" for change in found)
    yield from odoo("shell", "--no-http", stdin=_HOST_WORKS)
    if problems := odoo(*install):
        yield from problems
        return
    again = snapshot()
    yield from (f"installed again: {c}" for c in changes(installed, again, rows=False))


def _left_on_purpose(session: Session, addon: str) -> set[str]:
    """Tables in which ``.odoo-ci.yml`` says that an addon leaves rows, and why."""
    return {
        table
        for entry in session.env.settings.get("left_behind") or []
        if entry["addon"] == addon
        for table in entry["tables"]
    }

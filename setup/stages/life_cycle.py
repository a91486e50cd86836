# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""An addon comes, is updated and goes, and leaves the host as it was.

The addons it depends on stay. Compared are the schema, row by row the records, and
whether the host's views still open.
"""

from __future__ import annotations

from pathlib import Path

from setup.commands.shell import INSIDE
from setup.settings import with_dependencies
from setup.testing import processes
from setup.testing.case import Case, Outcome, Session
from setup.testing.snapshot import Snapshot, changes, leftovers, take, without_numbers

_MODULES = INSIDE / "modules.py"


def cases(session: Session) -> list[Case]:
    return [
        Case(addon, lambda addon=addon: _run(session, addon), 90)
        for addon in session.addons
    ]


def _run(session: Session, addon: str) -> Outcome:
    env = session.env
    log = session.file("life_cycle", addon, ".log")
    below = [name for name in with_dependencies(env.root, [addon]) if name != addon]
    with env.fresh_database(f"life_{addon}", demo=False, addons=below) as db:
        before = take(env.server, db)
    # The same database and the addon: a template is made on top of those below it.
    with env.fresh_database(f"life_{addon}", demo=False, addons=[addon]) as db:
        problems = list(_cycle(session, addon, db, log, before))
    return Outcome.of(problems, log)


def _cycle(session: Session, addon: str, db: str, log: Path, before: Snapshot):
    """Yield what is wrong, step by step; a step that fails ends the cycle.

    :param before: the database without the addon.
    """

    def odoo(*steps: str) -> list[str]:
        # Measured, for nothing else runs the hooks of installation and removal.
        found = processes.odoo(
            session, steps, db, log, measured=True, program=[_MODULES]
        )
        return [f"{' '.join(steps)}: {problem}" for problem in found]

    def snapshot() -> Snapshot:
        return take(session.env.server, db)

    installed = snapshot()
    if problems := odoo(f"update:{addon}", f"update:{addon}"):
        yield from problems
        return
    yield from (f"updated twice: {c}" for c in changes(installed, snapshot()))
    if problems := odoo(f"uninstall:{addon}"):
        yield from problems
        return
    meant = _left_on_purpose(session, addon)
    found = leftovers(before, snapshot(), addon, meant)
    yield from (f"uninstalled: {change}" for change in found)
    # In a process that never knew the addon's code.
    if problems := odoo("use", f"install:{addon}"):
        yield from problems
        return
    first, again = without_numbers(installed), without_numbers(snapshot())
    yield from (f"installed again: {c}" for c in changes(first, again, rows=False))


def _left_on_purpose(session: Session, addon: str) -> set[str]:
    """Tables in which ``.odoo-ci.yml`` says that an addon leaves rows, and why."""
    return {
        table
        for entry in session.env.settings.get("left_behind") or []
        if entry["addon"] == addon
        for table in entry["tables"]
    }

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Each addon as others get it: a wheel, unpacked into an addons path, installed.

The database begins with ``base`` alone, so a dependency that the manifest forgets,
and that the other stages' databases happen to have, is missing here.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

from setup.postgres import execute
from setup.settings import with_dependencies
from setup.testing import processes
from setup.testing.case import Case, Outcome, Session


def cases(session: Session) -> list[Case]:
    return [
        Case(addon, lambda addon=addon: _run(session, addon))
        for addon in session.addons
    ]


def _run(session: Session, addon: str) -> Outcome:
    log = session.file("package", addon, ".log")
    output = session.file("package", addon, ".txt")
    place = session.directory / "package" / addon
    needed = with_dependencies(session.env.root, [addon])
    problems = [p for name in needed for p in _build(session, name, place, output)]
    problems = problems or _unpack(session, place, output)
    if not problems:
        with session.env.fresh_database(
            f"package_{addon}", demo=False, template_modules=False
        ) as db:
            arguments = ["-i", addon, "--stop-after-init", "--no-http"]
            problems = processes.odoo(
                session, arguments, db, log, addons_path=place / "odoo" / "addons"
            )
            if not problems:
                problems = _not_installed(session, db, needed)
    return Outcome.of(problems, output, log)


def _build(session: Session, addon: str, place: Path, output: Path) -> list[str]:
    """Build the wheel of an addon and see whether all of the addon is in it."""
    source = session.env.root / addon
    options = ["--no-deps", "--no-build-isolation", "--no-index"]
    command = [*_pip(session), "wheel", *options, f"--wheel-dir={place}", source]
    if processes.call(command, output):
        return [f"the wheel of {addon} cannot be built; see {output}"]
    [wheel] = place.glob(f"odoo_addon_{addon}-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        inside = set(archive.namelist())
    return [
        f"{path.relative_to(session.env.root)} is not in the wheel; is it in git?"
        for path in sorted(source.rglob("*"))
        if path.is_file()
        and "__pycache__" not in path.parts
        and path.name != "pyproject.toml"
        and f"odoo/addons/{path.relative_to(session.env.root)}" not in inside
    ]


def _unpack(session: Session, place: Path, output: Path) -> list[str]:
    """Install all wheels at once: pip does not add to what a target already has."""
    options = ["--no-deps", "--no-index", f"--target={place}"]
    command = [*_pip(session), "install", *options, *place.glob("*.whl")]
    if processes.call(command, output):
        return [f"the wheels cannot be installed; see {output}"]
    return []


def _pip(session: Session) -> list[str]:
    return [str(session.env.python), "-m", "pip", "--disable-pip-version-check"]


def _not_installed(session: Session, db: str, addons: list[str]) -> list[str]:
    query = "SELECT name FROM ir_module_module WHERE state = 'installed'"
    installed = {name for (name,) in execute(session.env.server, query, db=db)}
    return [f"{addon} was not installed" for addon in addons if addon not in installed]

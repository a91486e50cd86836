# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Each addon as others get it: a wheel, unpacked into an addons path, installed.

The database begins with ``base`` and the modules of the host that the manifests ask
for, so a dependency that a manifest forgets, and that the other stages' databases
happen to have, is missing here.
"""

from __future__ import annotations

import threading
import zipfile
from pathlib import Path

from setup.postgres import execute
from setup.settings import host_layers, with_dependencies
from setup.testing import processes
from setup.testing.case import Case, Outcome, Session

#: The wheels of all addons are built once, by the case that comes first.
_building = threading.Lock()


def cases(session: Session) -> list[Case]:
    return [
        Case(addon, lambda addon=addon: _run(session, addon), 40)
        for addon in session.addons
    ]


def _run(session: Session, addon: str) -> Outcome:
    log = session.file("package", addon, ".log")
    output = session.file("package", addon, ".txt")
    place = session.directory / "package" / addon
    needed = with_dependencies(session.env.root, [addon])
    with _building:
        wheels = _wheels(session)
    if not wheels:
        return Outcome.of(["the wheels cannot be built"], _build_log(session))
    problems = _missing(session, addon, wheels[addon])
    problems += _unpack(session, place, [wheels[name] for name in needed], output)
    if not problems:
        in_order = [name for name in session.env.addons if name in needed]
        layers = host_layers(session.env.root, in_order)
        with session.env.fresh_database(
            f"package_{addon}", demo=False, host_layers=layers
        ) as db:
            arguments = ["-i", addon, "--stop-after-init", "--no-http"]
            problems = processes.odoo(
                session, arguments, db, log, addons_path=place / "odoo" / "addons"
            )
            if not problems:
                problems = _not_installed(session, db, needed)
    return Outcome.of(problems, output, log)


def _build_log(session: Session) -> Path:
    return session.file("package", "wheels", ".txt")


def _wheels(session: Session) -> dict[str, Path]:
    """Return the wheel of each addon, built if there are none; none if that fails."""
    place = session.directory / "package" / "wheels"
    addons = with_dependencies(session.env.root, session.addons)
    if not _build_log(session).exists():
        options = ["--no-deps", "--no-build-isolation", "--no-index"]
        sources = [session.env.root / addon for addon in addons]
        command = [*_pip(session), "wheel", *options, f"--wheel-dir={place}", *sources]
        processes.call(command, _build_log(session))
    found = {
        addon: wheel
        for addon in addons
        for wheel in place.glob(f"odoo_addon_{addon}-*.whl")
    }
    return found if len(found) == len(addons) else {}


def _missing(session: Session, addon: str, wheel: Path) -> list[str]:
    """See whether all of an addon is in its wheel."""
    with zipfile.ZipFile(wheel) as archive:
        inside = set(archive.namelist())
    source = session.env.root / addon
    return [
        f"{path.relative_to(session.env.root)} is not in the wheel; is it in git?"
        for path in sorted(source.rglob("*"))
        if path.is_file()
        and "__pycache__" not in path.parts
        and path.name != "pyproject.toml"
        and f"odoo/addons/{path.relative_to(session.env.root)}" not in inside
    ]


def _unpack(
    session: Session, place: Path, wheels: list[Path], output: Path
) -> list[str]:
    """Install all wheels at once: pip does not add to what a target already has."""
    options = ["--no-deps", "--no-index", "--no-compile", f"--target={place}"]
    command = [*_pip(session), "install", *options, *wheels]
    if processes.call(command, output):
        return [f"the wheels cannot be installed; see {output}"]
    return []


def _pip(session: Session) -> list[str]:
    return [str(session.env.python), "-m", "pip", "--disable-pip-version-check"]


def _not_installed(session: Session, db: str, addons: list[str]) -> list[str]:
    query = "SELECT name FROM ir_module_module WHERE state = 'installed'"
    installed = {name for (name,) in execute(session.env.server, query, db=db)}
    return [f"{addon} was not installed" for addon in addons if addon not in installed]

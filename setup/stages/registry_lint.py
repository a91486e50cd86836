# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Odoo's own lints (module ``test_lint``) on the registry with all addons.

``.odoo-ci.yml`` names the classes (``test_lint``). Those that read files are made to
read ours only, by the plugin :mod:`setup.testing.lint_plugin`. Those that walk the
registry find nothing in the host alone, so whatever they find is ours.
"""

from __future__ import annotations

import os

from setup.testing import processes
from setup.testing.case import Case, Outcome, Session

PLUGIN = "setup.testing.lint_plugin"


def cases(session: Session) -> list[Case]:
    return [Case("test_lint", lambda: _run(session), 60)]


def _run(session: Session) -> Outcome:
    env = session.env
    place = _place(session)
    classes = env.settings["test_lint"]
    targets = [f"{place}/{name}" for name in classes]
    with env.fresh_database("lint", demo=True, addons=env.addons) as db:
        return processes.pytest(
            session,
            "registry_lint",
            "test_lint",
            db,
            targets,
            ["-p", PLUGIN, "--psa-addons", ",".join(env.addons)],
            measured=False,
        )


def _place(session: Session) -> str:
    for addons in ("odoo/addons", "addons"):
        place = session.env.odoo_path / addons / "test_lint" / "tests"
        if place.is_dir():
            return os.fspath(place)
    raise FileNotFoundError("the host has no module test_lint")

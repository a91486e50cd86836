# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Addons by others that benchmarks compare the suite with.

They are fetched from PyPI into the cache and never become a part of the suite; their
licence (AGPL-3) is another one than ours.
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from setup import process
from setup.console import SetupError, step

if TYPE_CHECKING:
    from setup.environment import Environment

#: Addon: version of its package. Figures of a peer are figures of a version of it.
VERSIONS = {
    "helpdesk_mgmt": "19.0.1.3.2",
    "helpdesk_mgmt_sla": "19.0.1.0.0.4",
}


def fetch(env: Environment, addon: str) -> Path:
    """Return a directory for the addons path with a peer in it, fetched if missing.

    :raises SetupError: it could not be fetched.
    """
    version = VERSIONS[addon]

    def build(directory: Path) -> None:
        with step(f"Addon to compare with: {addon} {version}"):
            process.run(
                [env.python, "-m", "pip", "--disable-pip-version-check", "--no-input"]
                + ["download", "--no-deps", "--only-binary=:all:", "--dest", directory]
                + [f"odoo-addon-{addon}=={version}"],
                env.cache.path("log", f"{addon}.log"),
                f"The addon {addon} could not be fetched.",
            )
            for wheel in directory.glob("*.whl"):
                with zipfile.ZipFile(wheel) as archive:
                    archive.extractall(directory)
            if not _addons(directory).joinpath(addon, "__manifest__.py").is_file():
                raise SetupError(f"The package of {addon} does not contain it.")

    return _addons(env.cache.make("peers", f"{addon}-{version}", build))


def _addons(directory: Path) -> Path:
    return directory / "odoo" / "addons"

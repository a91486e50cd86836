# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What must come from the operating system, asked for before any work begins.

On Debian and its kin root gets the missing packages installed; anyone else is told
the exact command. Nothing else of the system is changed.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from setup import process
from setup.cache import Cache
from setup.console import SetupError, step, warn

#: Oldest PostgreSQL that Odoo 19 works with (``odoo/release.py``: MIN_PG_VERSION).
OLDEST_POSTGRES = 13
#: Where distributions put server programs, which are mostly not on PATH.
_POSTGRES_PLACES = (
    "usr/lib/postgresql/*/bin",
    "usr/pgsql-*/bin",
    "usr/local/pgsql/bin",
    "usr/local/opt/postgresql*/bin",
    "opt/homebrew/opt/postgresql*/bin",
)
#: Any of these makes ./psa use the server that they name, not a private one.
POSTGRES_VARIABLES = ("PGHOST", "PGHOSTADDR", "PGPORT", "PGUSER", "PGSERVICE")
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@dataclass(frozen=True)
class Need:
    """Something that this computer must or should have."""

    title: str
    #: Debian packages that bring it.
    packages: tuple[str, ...]
    present: Callable[[], bool]
    #: What is lost without it; empty if nothing works without it.
    otherwise: str = ""


def uses_own_postgres() -> bool:
    """Say whether the environment names a PostgreSQL server to use."""
    return any(os.environ.get(name) for name in POSTGRES_VARIABLES)


def postgres_programs(top: Path = Path("/")) -> tuple[int, Path] | None:
    """Return (major version, directory) of the newest PostgreSQL server programs."""
    places = [Path(name) for name in os.environ.get("PATH", "").split(os.pathsep)]
    for pattern in _POSTGRES_PLACES:
        places += top.glob(pattern)
    found = []
    for place in places:
        # Not Path.is_file: it raises for a directory of PATH that is closed to us.
        if all(os.path.isfile(place / name) for name in ("initdb", "pg_ctl")):
            version = _postgres_version(place / "postgres")
            if version:
                found.append((version, place))
    return max(found, default=None)


def _postgres_version(program: Path) -> int | None:
    try:
        answer = subprocess.run(
            [program, "--version"], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    match = re.search(r"(\d+)", answer.stdout)
    return int(match[1]) if match else None


def _has_postgres() -> bool:
    found = postgres_programs()
    return bool(found and found[0] >= OLDEST_POSTGRES)


def _has_venv() -> bool:
    return all(importlib.util.find_spec(name) for name in ("venv", "ensurepip"))


def browser() -> str | None:
    """Return the browser that Odoo's tests would start, if there is one."""
    return next(filter(None, map(shutil.which, _BROWSERS)), None)


VENV = Need(
    "Python's venv module",
    (f"python{sys.version_info[0]}.{sys.version_info[1]}-venv",),
    _has_venv,
)
POSTGRES = Need(
    f"a PostgreSQL server, {OLDEST_POSTGRES} or newer",
    ("postgresql",),
    (lambda: uses_own_postgres() or _has_postgres()),
)
BROWSER = Need(
    "the browser Chromium",
    ("chromium", "fonts-liberation"),
    lambda: browser() is not None,
)
OPTIONAL_BROWSER = Need(
    BROWSER.title, BROWSER.packages, BROWSER.present, "browser tours cannot run"
)
PDF = Need(
    "wkhtmltopdf",
    ("wkhtmltopdf",),
    lambda: shutil.which("wkhtmltopdf") is not None,
    "reports are shown as HTML instead of PDF",
)


def provide(needs: Iterable[Need], cache: Cache) -> None:
    """Make sure that the needs are met, or say how, before anything else is done.

    :raises SetupError: something necessary is missing and cannot be installed here.
    """
    missing = [need for need in needs if not need.present()]
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        _install(missing, cache)
        importlib.invalidate_caches()
        missing = [need for need in missing if not need.present()]
    for need in missing:
        if need.otherwise:
            warn(f"{need.title} is not installed: {need.otherwise}.")
    fatal = [need for need in missing if not need.otherwise]
    if fatal:
        raise SetupError(
            f"Missing on this computer: {', '.join(need.title for need in fatal)}.",
            _advice(fatal),
        )


def _advice(needs: list[Need]) -> str:
    packages = [name for need in needs for name in need.packages]
    if not shutil.which("apt-get"):
        return "install them with the package manager of this system."
    command = f"apt-get install --no-install-recommends {shlex.join(packages)}"
    own = POSTGRES in needs
    return (
        f"sudo {command}"
        + ("\n  (or set PGHOST and PGUSER to use a server you have)" if own else "")
        + "\n  Then run the same command again."
    )


def _install(needs: list[Need], cache: Cache) -> None:
    """Install Debian packages; the optional ones only if they can be had."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    log = cache.path("log", "apt.log")
    with step("Package lists of this system"):
        process.run(
            ["apt-get", "update"],
            log,
            "The package lists could not be updated.",
            "see the output above, or install by hand: " + _advice(needs),
            variables=environment,
        )
    packages: list[str] = []
    for need in needs:
        if not need.otherwise or all(map(_available, need.packages)):
            packages += need.packages
    if not packages:
        return
    with step(f"Packages of this system: {' '.join(packages)}") as show:
        process.run(
            ["apt-get", "install", "-y", "--no-install-recommends", *packages],
            log,
            "The packages could not be installed.",
            "install them by hand: " + _advice(needs),
            on_line=show,
            variables=environment,
        )


def _available(package: str) -> bool:
    """Say whether the package lists have a version of a package to install."""
    answer = subprocess.run(
        ["apt-cache", "policy", package],
        capture_output=True,
        text=True,
        env={**os.environ, "LC_ALL": "C"},
    )
    match = re.search(r"Candidate: (\S+)", answer.stdout)
    return bool(match) and match[1] != "(none)"

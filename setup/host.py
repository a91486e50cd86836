# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Find or fetch Odoo 19: the first source that works is taken, and named.

1. ``ODOO_PATH``: a checkout, or the directory of an installed package.
2. What an earlier run fetched into the cache.
3. Debian's package ``odoo-19`` (see :mod:`setup.debian`).
4. A shallow clone of branch 19.0 (``ODOO_GIT_URL``, default: Odoo's repository).
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from setup import debian, process
from setup.cache import Cache, key
from setup.console import SetupError, note, step

SERIES = "19.0"
GIT_URL = "https://github.com/odoo/odoo.git"
#: Part of the names in the cache: raise it when a host is made in another way.
RECIPE = 1
_VERSION = re.compile(r"^version_info = \((\d+), (\d+)", re.MULTILINE)
_RECORD = "psa-host.json"


@dataclass(frozen=True)
class Host:
    """An Odoo to run the addons in."""

    #: Directory that contains the ``odoo`` package.
    path: Path
    #: Where it comes from, for people.
    source: str
    #: Changes when its content does, for the names of template databases.
    identity: str


def find(cache: Cache) -> Host:
    """Return the host, fetched into the cache if this computer has none.

    :raises SetupError: ``ODOO_PATH`` is no Odoo 19, or no source could be used.
    """
    given = os.environ.get("ODOO_PATH")
    if given:
        host = _given(Path(given).expanduser().absolute(), cache)
    else:
        host = _fetched(cache)
    note(f"Odoo {SERIES} from {host.source}")
    return host


def package_directory(path: Path) -> Path | None:
    """Return the directory that contains ``odoo`` for what people may name.

    That is a checkout, a ``site-packages`` directory or the package itself.
    """
    for candidate in (path, path.parent):
        if (candidate / "odoo" / "release.py").is_file() and (
            candidate == path or path.name == "odoo"
        ):
            return candidate
    return None


def series_of(directory: Path) -> str:
    """Return the series of the ``odoo`` package in a directory, such as ``19.0``."""
    text = (directory / "odoo" / "release.py").read_text(encoding="utf-8")
    match = _VERSION.search(text)
    return f"{match[1]}.{match[2]}" if match else "of an unknown version"


def _given(path: Path, cache: Cache) -> Host:
    directory = package_directory(path)
    if not directory:
        raise SetupError(
            f"ODOO_PATH={path} is neither a checkout of Odoo nor its package.",
            "name the directory that contains odoo-bin, or the directory odoo of an "
            "installed package; or unset ODOO_PATH to have Odoo fetched.",
        )
    series = series_of(directory)
    if series != SERIES:
        raise SetupError(
            f"ODOO_PATH={path} is Odoo {series}, but these addons need {SERIES}.",
            f"check out branch {SERIES} there, or unset ODOO_PATH.",
        )
    identity = key(directory, _fingerprint(directory))
    if not (directory / "odoo-bin").exists():
        # Among other packages, these would take the place of the locked ones.
        directory = _alone(directory / "odoo", cache)
    return Host(directory, f"ODOO_PATH ({path})", identity)


def _fingerprint(directory: Path) -> str:
    """Return what tells two states of an Odoo apart, without reading all of it."""
    if (directory / ".git").exists():
        answer = _git(directory, "rev-parse", "HEAD")
        if answer:
            return answer
    manifests = sorted(directory.glob("odoo/addons/*/__manifest__.py"))
    manifests += sorted(directory.glob("addons/*/__manifest__.py"))
    states = [(path.stat().st_size, path.stat().st_mtime_ns) for path in manifests]
    return key((directory / "odoo" / "release.py").read_bytes(), manifests, states)


def _alone(package: Path, cache: Cache) -> Path:
    """Return a directory with nothing but a link to the package."""

    def build(directory: Path) -> None:
        (directory / "odoo").symlink_to(package)

    return cache.make("host", f"link-{key(package)}", build)


def _fetched(cache: Cache) -> Host:
    sources: tuple[tuple[str, str, Callable[[Path], str]], ...] = (
        ("debian", "Debian's package odoo-19", lambda at: debian.fetch(at, cache)),
        ("git", "a clone of Odoo's repository", lambda at: _clone(at, cache)),
    )
    for name, title, _build in sources:
        made = cache.path("host", f"{name}-{SERIES}-{RECIPE}")
        if made.is_dir():
            return _recorded(made, title)
    cache.require_space(4, "Fetching Odoo")
    refusals: list[str] = []
    for name, title, build in sources:
        directory = f"{name}-{SERIES}-{RECIPE}"
        try:
            return _recorded(
                cache.make("host", directory, _checked(title, build)), title
            )
        except (debian.NotHere, SetupError) as reason:  # noqa: PERF203 (two rounds)
            refusals.append(f"{title}: {getattr(reason, 'what', reason)}")
    raise SetupError(
        f"Odoo {SERIES} could not be had from any source.\n  " + "\n  ".join(refusals),
        f"check the network and run the same command again; or get Odoo {SERIES} in "
        "another way and set ODOO_PATH to its directory.",
    )


def _checked(title: str, build: Callable[[Path], str]) -> Callable[[Path], None]:
    """Return ``build`` with a check of its result and a record beside it."""

    def checked(directory: Path) -> None:
        identity = build(directory)
        packages = [*directory.glob("odoo"), *directory.glob("usr/lib/python3/*/odoo")]
        found = packages and series_of(packages[0].parent)
        if found != SERIES:
            raise SetupError(f"{title} is Odoo {found or 'of an unknown layout'}.")
        record = {
            "path": str(packages[0].parent.relative_to(directory)),
            "identity": identity,
        }
        (directory / _RECORD).write_text(json.dumps(record))

    return checked


def _recorded(directory: Path, title: str) -> Host:
    record = json.loads((directory / _RECORD).read_text())
    source = f"{title} ({record['identity']})"
    return Host(directory / record["path"], source, record["identity"])


def _clone(directory: Path, cache: Cache) -> str:
    """Clone the newest state of the series into a directory; return its revision."""
    url = os.environ.get("ODOO_GIT_URL") or GIT_URL
    with step(f"Clone of {url}, branch {SERIES}") as show:
        process.run(
            ["git", "clone", "--progress", "--depth", "1", "--branch", SERIES]
            + ["--single-branch", url, directory],
            cache.path("log", "git-clone.log"),
            "git clone failed.",
            on_line=show,
            variables={**os.environ, "GIT_TERMINAL_PROMPT": "0"},
        )
    return _git(directory, "rev-parse", "HEAD")


def _git(directory: Path, *arguments: str) -> str:
    """Return what git answers, or nothing if it fails."""
    answer = subprocess.run(
        ["git", "-C", directory, *arguments], capture_output=True, text=True
    )
    return answer.stdout.strip() if answer.returncode == 0 else ""

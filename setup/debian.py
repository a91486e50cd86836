# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Odoo 19 out of Debian's packages, without installing them and without root.

Debian's unstable suite has ``odoo-19``. Its dependencies would bring the Python of
that suite, so only its files are taken, into a directory of our own. apt does the
fetching and checks the signatures as always, but with lists and sources of its own:
those of this system are only read.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from setup import process
from setup.cache import Cache
from setup.console import SetupError, step

PACKAGE = "odoo-19"
#: odoo-19 has links to the files of these instead of copies of its own.
COMPANIONS = {
    "sid": (
        "libjs-jquery",
        "libjs-jquery-form",
        "libjs-underscore",
        "fonts-montserrat",
        "fonts-ocr-b",
        "fonts-roboto-unhinted",
        "fonts-glyphicons-halflings",
    ),
    # Odoo needs Font Awesome 4; unstable has moved on to a later one.
    "bookworm": ("fonts-font-awesome", "fonts-inconsolata"),
}
#: Debian leaves this file out. It blurs the background of video calls; while it is
#: missing, every page logs an error, at which browser tours stop.
_LEFT_OUT = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"
_PLACEHOLDER = "// Left out by Debian: background blur in calls is not available.\n"

_APT_CONFIGURATION = """\
Dir::Etc::sourcelist "{directory}/psa.sources";
Dir::Etc::sourceparts "-";
Dir::State::lists "{directory}/lists";
Dir::Cache "{directory}/cache";
Dir::Log "{directory}/log";
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled "false";
"""


class NotHere(Exception):
    """This source does not apply to this computer; the text says why."""


@dataclass(frozen=True)
class Archive:
    """A Debian archive that apt on this computer is configured to trust."""

    uri: str
    #: Value of ``Signed-By``: empty for apt's own keyrings.
    signed_by: str = ""


def fetch(directory: Path, cache: Cache, etc: Path = Path("/etc/apt")) -> str:
    """Unpack Odoo and what it links to into a directory; return its version.

    :raises NotHere: this is not a Debian with a Debian archive.
    """
    for program in ("apt-get", "dpkg-deb"):
        if not shutil.which(program):
            raise NotHere(f"there is no {program} on this computer")
    archive = find_archive(etc)
    log = cache.path("log", "debian.log")
    variables = _private_apt(cache, archive)
    with step("Package lists of Debian unstable (kept apart from this system's)"):
        process.run(
            ["apt-get", "update"], log, "apt-get update failed.", variables=variables
        )
    wanted = [PACKAGE]
    for suite, names in COMPANIONS.items():
        wanted += [f"{name}/{suite}" for name in names]
    # Not in the new directory, which an interruption removes with all that is in it.
    packages = cache.directory("apt", "packages")
    with step(f"Download of {PACKAGE} and the files it links to, 127 MB") as show:
        process.run(
            ["apt-get", "download", *wanted],
            log,
            "apt-get download failed.",
            on_line=show,
            variables=variables,
            cwd=packages,
        )
    with step(f"Unpacking {PACKAGE}") as show:
        for package in sorted(packages.glob("*.deb")):
            show(package.name)
            process.run(
                ["dpkg-deb", "-x", package, directory], log, "Unpacking failed."
            )
    [archive_file] = packages.glob(f"{PACKAGE}_*.deb")
    version = archive_file.name.split("_")[1]
    shutil.rmtree(packages)
    _complete(directory)
    return version


def find_archive(etc: Path) -> Archive:
    """Return the Debian archive that apt's sources name.

    :raises NotHere: there is none.
    """
    files = [etc / "sources.list", *sorted((etc / "sources.list.d").glob("*"))]
    for path in files:
        if path.suffix == ".sources":
            archives = _from_stanzas(path)
        elif path.suffix == ".list" and path.is_file():
            archives = _from_lines(path)
        else:
            continue
        for archive in archives:
            return archive
    raise NotHere("apt is not configured for a Debian archive")


def _is_debian(uri: str, components: list[str]) -> bool:
    """Tell the main archive from those of other vendors and of security updates."""
    return uri.rstrip("/").endswith("/debian") and "main" in components


def _from_stanzas(path: Path) -> Iterator[Archive]:
    """Yield the archives of a file in the format deb822."""
    for stanza in re.split(r"\n\s*\n", path.read_text(encoding="utf-8")):
        lines = [line for line in stanza.splitlines() if not line.startswith("#")]
        folded = re.sub(r"\n[ \t]+", "\n ", "\n".join(lines))
        fields = dict(re.findall(r"(?m)^([\w-]+):[ \t]*(.*(?:\n .*)*)", folded))
        fields = {name.lower(): value.strip() for name, value in fields.items()}
        if (
            "deb" not in fields.get("types", "").split()
            or fields.get("enabled", "yes").lower() == "no"
        ):
            continue
        for uri in fields.get("uris", "").split():
            if _is_debian(uri, fields.get("components", "").split()):
                yield Archive(uri, fields.get("signed-by", ""))


def _from_lines(path: Path) -> Iterator[Archive]:
    """Yield the archives of a file in the one-line format."""
    pattern = re.compile(r"^deb\s+(?:\[(?P<options>[^]]*)\]\s+)?(?P<rest>.*)$")
    for line in path.read_text(encoding="utf-8").splitlines():
        match = pattern.match(line.split("#")[0].strip())
        if not match:
            continue
        uri, _suite, *components = match["rest"].split() + [""]
        if _is_debian(uri, components):
            signed = re.search(r"signed-by=(\S+)", match["options"] or "")
            yield Archive(uri, signed[1] if signed else "")


def _private_apt(cache: Cache, archive: Archive) -> dict[str, str]:
    """Set up lists and sources of our own; return the variables that select them."""
    directory = cache.directory("apt")
    for name in ("lists/partial", "cache/archives/partial", "log"):
        cache.directory("apt", name)
    if '"' in str(directory):
        raise NotHere(f"apt cannot work in {directory}")
    signed = f"Signed-By: {archive.signed_by}\n" if archive.signed_by else ""
    (directory / "psa.sources").write_text(
        f"Types: deb\nURIs: {archive.uri}\nSuites: {' '.join(COMPANIONS)}\n"
        f"Components: main\n{signed}"
    )
    configuration = directory / "apt.conf"
    configuration.write_text(_APT_CONFIGURATION.format(directory=directory))
    return {**os.environ, "APT_CONFIG": str(configuration), "LC_ALL": "C"}


def _complete(directory: Path) -> None:
    """Fill the gaps of the unpacked package and check that no link is broken."""
    [odoo] = directory.glob("usr/lib/python3/dist-packages/odoo")
    placeholder = odoo / "addons" / _LEFT_OUT
    if not placeholder.exists():
        placeholder.parent.mkdir(parents=True, exist_ok=True)
        placeholder.write_text(_PLACEHOLDER)
    broken = sorted(
        path
        for path in directory.rglob("*")
        if path.is_symlink() and not path.exists() and path.is_relative_to(odoo)
    )
    if broken:
        names = ", ".join(str(path.relative_to(odoo)) for path in broken[:5])
        raise SetupError(
            f"{len(broken)} files of {PACKAGE} link to packages that this program "
            f"does not know of: {names}."
        )

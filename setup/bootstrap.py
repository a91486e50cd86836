# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""From any supported Python to the locked one; standard library only.

``./psa`` comes here twice: first with the interpreter of the system, which makes the
virtual environment if it is missing and replaces itself by the one in there.
"""

from __future__ import annotations

import os
import platform
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from setup import cli, console, process, system
from setup.cache import Cache, hash_file, key

ROOT = Path(__file__).resolve().parent.parent
LOCK_FILE = Path(__file__).with_name("requirements.txt")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``./psa ARGUMENTS`` and return its exit code."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    args = cli.parse(arguments)
    # A closed terminal or `kill` must undo what is half done, as Ctrl-C does.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    try:
        cache = Cache.open()
        if args.needs is None:
            return cli.run(args, ROOT, cache)
        if not _inside(cache):
            needs = list(args.needs)
            if not _place(cache).is_dir():
                needs.insert(0, system.VENV)
            system.provide(needs, cache)
            python = virtual_environment(cache)
            os.execv(python, [str(python), str(ROOT / "psa"), *arguments])
        return cli.run(args, ROOT, cache)
    except console.SetupError as failure:
        console.error(failure)
        return 1
    except KeyboardInterrupt:
        print("\ninterrupted; run the same command to go on", file=sys.stderr)
        return 130


def _leave(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)


def _place(cache: Cache) -> Path:
    """Return where the virtual environment of this lock file and Python is."""
    version = "{}.{}".format(*sys.version_info[:2])
    made_of = key(hash_file(LOCK_FILE), sys.base_prefix, platform.machine())
    return cache.path("venv", f"python{version}-{made_of}")


def _inside(cache: Cache) -> bool:
    return Path(sys.prefix) == _place(cache)


def virtual_environment(cache: Cache) -> Path:
    """Return the interpreter of the virtual environment, made if it is missing."""
    place = _place(cache)

    def build(directory: Path) -> None:
        cache.require_space(1, "Installing the Python dependencies")
        log = cache.path("log", "venv.log")
        python = directory / "bin" / "python"
        with console.step("Python dependencies (setup/requirements.txt)") as show:
            process.run(
                [sys.executable, "-m", "venv", directory],
                log,
                "The virtual environment could not be made.",
            )
            pip = [python, "-m", "pip", "--disable-pip-version-check", "--no-input"]
            process.run(
                # Compiled when imported: most of it never is.
                [*pip, "install", "--no-deps", "--no-compile", "-r", LOCK_FILE],
                log,
                "The Python dependencies could not be installed.",
                on_line=lambda line: show(line.strip()),
            )
            process.run([*pip, "check"], log, "The lock file does not fit together.")
        _relocate(directory, place)

    return cache.make("venv", place.name, build) / "bin" / "python"


def _relocate(directory: Path, place: Path) -> None:
    """Make the scripts of a virtual environment work in its final place."""
    old, new = os.fsencode(directory), os.fsencode(place)
    for path in (*(directory / "bin").iterdir(), directory / "pyvenv.cfg"):
        if path.is_file() and not path.is_symlink():
            content = path.read_bytes()
            if old in content:
                path.write_bytes(content.replace(old, new))

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The checks of ``./psa lint``: which command each one is, and on which files."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from setup.console import SetupError
from setup.environment import Environment
from setup.lint import node

#: Directories with sources besides the addons.
OTHER_SOURCES = ("setup", "tests", "bench")
SKIPPED = {"node_modules", "__pycache__", "lib"}
FIX = "./psa lint --fix"


@dataclass(frozen=True)
class Scope:
    """What is looked at: the whole clone, or what lies in the given paths."""

    env: Environment
    paths: tuple[Path, ...] = ()

    def files(self, *suffixes: str) -> list[str]:
        places = [*self.env.addons, *OTHER_SOURCES]
        found = (p for place in places for p in _walk(self.env.root / place))
        return [str(p) for p in found if p.suffix in suffixes and self._holds(p)]

    def addons(self) -> list[str]:
        """Addons with a file in the scope, and those that only tests load."""
        manifests = (self.env.root / "tests" / "addons").glob("*/__manifest__.py")
        every = [self.env.root / name for name in self.env.addons]
        every += sorted(manifest.parent for manifest in manifests)
        return [
            str(path)
            for path in every
            if self._holds(path) or any(path in p.parents for p in self.paths)
        ]

    def _holds(self, path: Path) -> bool:
        return not self.paths or any(p == path or p in path.parents for p in self.paths)


def _walk(directory: Path) -> Iterator[Path]:
    if directory.is_dir():
        for path in sorted(directory.iterdir()):
            if path.is_dir():
                if path.name not in SKIPPED:
                    yield from _walk(path)
            else:
                yield path


@dataclass(frozen=True)
class Check:
    name: str
    #: The command for a scope; None when the scope has nothing for it.
    command: Callable[[Scope], list[str] | None]
    #: What the reader does about a failure.
    remedy: str
    #: The command that repairs the files, where the tool can.
    repair: Callable[[Scope], list[str] | None] | None = None


@dataclass(frozen=True)
class Result:
    check: Check
    seconds: float
    failed: bool = False
    skipped: bool = False
    output: str = field(default="", repr=False)


def execute(check: Check, scope: Scope, fix: bool = False) -> Result:
    """Run a check, after its repair if asked for."""
    started = time.monotonic()
    if fix and check.repair:
        _run(scope, check.repair)
    code, output = _run(scope, check.command)
    seconds = time.monotonic() - started
    return Result(check, seconds, code not in (0, None), code is None, output.strip())


def _run(scope: Scope, command: Callable) -> tuple[int | None, str]:
    try:
        arguments = command(scope)
    except SetupError as error:
        return 1, str(error)
    if arguments is None:
        return None, ""
    done = subprocess.run(
        arguments,
        cwd=scope.env.root,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        # The clone is left as it was found, and the host is not imported.
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    return done.returncode, done.stdout


def _module(
    *arguments: str, files: Sequence[str] = (), addons: bool = False
) -> Callable[[Scope], list[str] | None]:
    """``python -m ARGUMENTS TARGETS`` on files by suffix or on addons."""

    def command(scope: Scope) -> list[str] | None:
        targets = scope.addons() if addons else scope.files(*files)
        python = str(scope.env.python)
        return [python, "-m", *arguments, *targets] if targets else None

    return command


def _script(
    name: str, *arguments: str, files: Sequence[str] = (), addons: bool = False
) -> Callable[[Scope], list[str] | None]:
    """The same for a tool that is a script beside the interpreter."""

    def command(scope: Scope) -> list[str] | None:
        targets = scope.addons() if addons else scope.files(*files)
        script = str(scope.env.python.parent / name)
        return [script, *arguments, *targets] if targets else None

    return command


def _node(
    tool: Callable[[Environment], list[str]], *arguments: str, files: Sequence[str]
) -> Callable[[Scope], list[str] | None]:
    def command(scope: Scope) -> list[str] | None:
        targets = scope.files(*files)
        return [*tool(scope.env), *arguments, *targets] if targets else None

    return command


def _structure(scope: Scope) -> list[str] | None:
    # pytest-odoo would import the host, which these tests do without.
    options = ["-q", "-p", "no:pytest_odoo", "-p", "no:odoo", "-p", "no:cacheprovider"]
    return [str(scope.env.python), "-m", "pytest", *options, "tests/static"]


def _licences(scope: Scope) -> list[str] | None:
    host = scope.env.odoo_path
    # A checkout of Odoo has most addons beside the package, an installed one inside.
    places = [scope.env.root, host / "odoo" / "addons", host / "addons"]
    return [
        str(scope.env.python.parent / "manifestoo"),
        f"--addons-path={','.join(str(p) for p in places if p.is_dir())}",
        "--no-addons-path-from-import-odoo",
        f"--select-include={','.join(scope.env.addons)}",
        f"--odoo-series={scope.env.settings['series']}",
        "check-licenses",
    ]


#: Readmes are Markdown, which the host shows in Apps; prettier writes the headers;
#: the order of attributes is left to the author.
OCA_LESS = (
    "--disable=prefer-readme-rst,xml-header-wrong,xml-tag-position,"
    "weblate-component-too-long"
)
FORMATTED = (".xml", ".js", ".mjs", ".scss")

#: The slowest first, so that the quick ones fill the time of the others.
CHECKS = (
    Check(
        "pylint-odoo",
        _module("pylint", addons=True),
        "the message's name explains it: python -m pylint --help-msg=NAME",
    ),
    Check(
        "prettier",
        _node(node.prettier, "--check", files=FORMATTED),
        FIX,
        repair=_node(node.prettier, "--write", files=FORMATTED),
    ),
    Check(
        "eslint",
        _node(node.eslint, files=(".js", ".mjs")),
        FIX,
        repair=_node(node.eslint, "--fix", files=(".js", ".mjs")),
    ),
    Check(
        "oca-module",
        _script("oca-checks-odoo-module", OCA_LESS, addons=True),
        f"{FIX}; oca-checks-odoo-module --list-msgs explains each check",
        repair=_script("oca-checks-odoo-module", OCA_LESS, "--fix", addons=True),
    ),
    Check(
        "oca-po",
        # Its format empties a translation that is like the term; here every term has
        # one, so that nobody wonders whether it was forgotten (tests/static).
        _script("oca-checks-po", "--disable=po-pretty-format", files=(".po", ".pot")),
        "oca-checks-po --list-msgs explains each check",
    ),
    Check("structure", _structure, "see docs/architecture.md and tests/static"),
    Check("licences", _licences, "all addons have the licence LGPL-3"),
    Check(
        "codespell",
        _module("codespell_lib", files=(".py", ".xml", ".js", ".md", ".yaml")),
        "correct it, or add the word to [tool.codespell] in pyproject.toml",
    ),
    Check(
        "ruff",
        _module("ruff", "check", "--quiet", files=(".py",)),
        FIX,
        repair=_module("ruff", "check", "--quiet", "--fix", files=(".py",)),
    ),
    Check(
        "ruff-format",
        _module("ruff", "format", "--check", "--quiet", "--diff", files=(".py",)),
        FIX,
        repair=_module("ruff", "format", "--quiet", files=(".py",)),
    ),
)

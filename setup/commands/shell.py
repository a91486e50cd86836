# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""``./psa shell``: the host's shell, or a script with ``env``."""

from __future__ import annotations

import argparse
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from setup import template
from setup.console import SetupError
from setup.environment import Environment

INSIDE = Path(__file__).resolve().parent.parent / "inside"


def run(env: Environment, args: argparse.Namespace) -> int:
    """Open the shell on a database, or run a script in it; return its exit code."""
    if not template.exists(env, args.db):
        raise SetupError(
            f"There is no database {args.db}.",
            "./psa demo makes psa_demo; --db names another one.",
        )
    if args.file:
        if not args.file.is_file():
            raise SetupError(f"There is no file {args.file}.")
        return script(env, args.db, args.file)
    command = [str(env.python), "-m", "odoo", "shell"]
    variables = env.variables(args.db, log_level="warn", http_enable=False)
    with subprocess.Popen(command, env=variables) as child:
        # Ctrl-C is for what runs in the shell; this process waits for its end.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        return child.wait()


def script(
    env: Environment, db: str, file: Path, args: Sequence[str] = (), **options: Any
) -> int:
    """Run a Python file with ``env`` in scope; return its exit code.

    :param options: of the configuration file (see :meth:`Environment.config_file`).
    """
    command = [env.python, INSIDE / "script.py", file.resolve(), *args]
    variables = env.variables(db, log_level="warn", http_enable=False, **options)
    return subprocess.run(command, env=variables, check=False).returncode

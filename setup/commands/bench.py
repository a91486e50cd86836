# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""``./psa bench``: figures, each file on a fresh database with the suite.

A benchmark is a file in ``bench/`` with ``def run(env, report)``; for ``report`` see
``setup/inside/bench.py``.
"""

from __future__ import annotations

import argparse

from setup.commands.shell import INSIDE, script
from setup.console import SetupError
from setup.environment import Environment


def run(env: Environment, args: argparse.Namespace) -> int:
    """Run the benchmarks; return 1 if one fails or misses its target."""
    files = {path.stem: path for path in sorted((env.root / "bench").glob("[!_]*.py"))}
    if args.name and args.name not in files:
        raise SetupError(
            f"There is no benchmark {args.name}.",
            f"choose one of: {', '.join(files) or '(bench/ is empty)'}",
        )
    failed = []
    for name in [args.name] if args.name else files:
        with env.fresh_database("bench", demo=False, addons=env.addons) as db:
            print(name, flush=True)
            if script(env, db, INSIDE / "bench.py", [str(files[name])]):
                failed.append(name)
    if failed:
        print(f"failed or missed a target: {', '.join(failed)}")
    return 1 if failed else 0

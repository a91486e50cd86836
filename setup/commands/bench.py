# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""``./psa bench``: figures, each file on a fresh database with the suite.

A benchmark is a file in ``bench/`` with ``def run(env, report)``; for ``report`` see
``setup/inside/bench.py``. One that compares with others has ``DATABASES`` as well:
names, and the addons of each, from ``bench/addons`` or by others (``setup/peers.py``).
They are installed beside the host's modules, without the suite, and
``def run(env, report, others)`` gets their environments by name. A database whose
addons cannot be fetched is missing.
"""

from __future__ import annotations

import argparse
import ast
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from setup import peers
from setup.commands.shell import INSIDE, script
from setup.console import SetupError, step, warn
from setup.environment import Environment
from setup.odoo import run_logged


def run(env: Environment, args: argparse.Namespace) -> int:
    """Run the benchmarks; return 1 if one fails or misses its target."""
    files = {path.stem: path for path in sorted((env.root / "bench").glob("[!_]*.py"))}
    if args.name and args.name not in files:
        raise SetupError(
            f"There is no benchmark {args.name}.",
            f"choose one of: {', '.join(files) or '(bench/ is empty)'}",
        )
    names = [args.name] if args.name else list(files)
    failed = [name for name in names if _measure(env, files[name])]
    if failed:
        print(f"failed or missed a target: {', '.join(failed)}")
    return 1 if failed else 0


def _measure(env: Environment, file: Path) -> int:
    """Run one benchmark on its databases; return its exit code."""
    wanted = _databases(file)
    found = _peers(env, sorted({addon for names in wanted.values() for addon in names}))
    path = ",".join(map(str, dict.fromkeys([env.root, *found.values()])))
    with ExitStack() as stack:
        db = stack.enter_context(
            env.fresh_database("bench", demo=False, addons=env.addons)
        )
        others = [
            f"{name}={stack.enter_context(_database(env, name, addons, path))}"
            for name, addons in wanted.items()
            if found.keys() >= set(addons)
        ]
        print(file.stem, flush=True)
        return script(
            env, db, INSIDE / "bench.py", [str(file), *others], addons_path=path
        )


def _databases(file: Path) -> Mapping[str, Sequence[str]]:
    """Return ``DATABASES`` of a benchmark, which cannot be imported without Odoo."""
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "DATABASES":
            return ast.literal_eval(node.value)
    return {}


def _peers(env: Environment, addons: Sequence[str]) -> dict[str, Path]:
    """Return where addons are, without those that cannot be had."""
    found = {}
    for addon in addons:
        own = env.root / "bench" / "addons"
        try:
            found[addon] = own if (own / addon).is_dir() else peers.fetch(env, addon)
        except SetupError as failure:  # noqa: PERF203 (a few rounds)
            warn(f"{failure.what}\n  The benchmark goes on without it.")
    return found


@contextmanager
def _database(
    env: Environment, name: str, addons: Sequence[str], path: str
) -> Iterator[str]:
    with env.fresh_database(f"bench_{name}", demo=False) as db:
        with step(f"Database to compare with: {', '.join(addons)}") as show:
            run_logged(
                env,
                ["-i", ",".join(addons), "--stop-after-init"],
                db,
                f"Installing {', '.join(addons)} failed.",
                show=show,
                http_enable=False,
                addons_path=path,
            )
        yield db

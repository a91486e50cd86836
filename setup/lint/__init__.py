# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""``./psa lint``: everything that can be said about the code without running it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from setup.console import SetupError
from setup.environment import Environment
from setup.lint.checks import CHECKS, Check, Result, Scope, execute

NAMES = tuple(check.name for check in CHECKS)


def run(
    env: Environment,
    paths: Sequence[str | Path] = (),
    only: Sequence[str] = (),
    fix: bool = False,
) -> int:
    """Run the checks and print what they found.

    :param paths: files or directories to look at; everything when empty.
    :param only: names of checks (see ``NAMES``); all when empty.
    :param fix: first repair what the tools can repair.
    :return: 1 when a check failed, else 0.
    """
    results = collect(env, paths, only, fix, report=_print)
    failed = [result.check.name for result in results if result.failed]
    passed = sum(not (result.failed or result.skipped) for result in results)
    if failed:
        print(f"\nTo do: {', '.join(failed)}")
    print(f"\n{passed} passed, {len(failed)} failed")
    return 1 if failed else 0


def collect(
    env: Environment,
    paths: Sequence[str | Path] = (),
    only: Sequence[str] = (),
    fix: bool = False,
    report: Callable[[Result], None] = lambda result: None,
) -> list[Result]:
    """Run the checks; ``report`` is told of each one as it ends."""
    # Links are left as they are: Scope compares with paths below the clone's root.
    scope = Scope(env, tuple(Path.cwd().joinpath(path) for path in paths))
    _require([str(p) for p in paths], [str(p) for p in paths if Path(p).exists()])
    _require(only, NAMES, "the checks are: " + ", ".join(NAMES))
    checks = [check for check in CHECKS if not only or check.name in only]
    # Two checks must not rewrite the same files at the same time.
    with ThreadPoolExecutor(max_workers=1 if fix else 2) as pool:

        def one(check: Check) -> Result:
            result = execute(check, scope, fix)
            report(result)
            return result

        return list(pool.map(one, checks))


def _require(names: Sequence[str], known: Sequence[str], todo: str = "") -> None:
    unknown = [name for name in names if name not in known]
    if unknown:
        raise SetupError(f"There is no {', '.join(unknown)}.", todo)


def _print(result: Result) -> None:
    state = "FAIL" if result.failed else "none" if result.skipped else "ok"
    print(f"  {state:4} {result.check.name:12} {result.seconds:6.1f} s", flush=True)
    if result.failed:
        lines = result.output.splitlines()
        text = "\n".join(f"       {line}" for line in lines if line.strip())
        print(f"{text}\n       -> {result.check.remedy}", flush=True)

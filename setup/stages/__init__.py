# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""``./psa test``: the stages that ``.odoo-ci.yml`` lists, and the verdict.

A stage is a module here with a function ``cases(session)``. The cases of all stages
are independent of each other and stand in one queue that two workers empty, so no
processor waits for the slowest case of a stage.
"""

from __future__ import annotations

import importlib
import itertools
import os
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType

from setup.console import SetupError, duration
from setup.environment import Environment
from setup.testing import coverage
from setup.testing.case import Case, Outcome, Session

#: One per core of a small machine; browsers and servers need the rest.
WORKERS = 2


def run(
    env: Environment,
    addons: Sequence[str] = (),
    keyword: str | None = None,
    stages: Sequence[str] | None = None,
) -> int:
    """Run stages and print the verdict; the database server must be running.

    :param addons: test only these, each alone; otherwise the whole suite.
    :param keyword: run only tests whose names match, as ``pytest -k``.
    :param stages: names of the stages; by default ``alone`` for given addons or a
        keyword, else all that ``.odoo-ci.yml`` lists.
    :return: 0 if all passed, else 1.
    """
    known = list(env.settings["stages"])
    unknown = sorted(set(stages or ()) - set(known))
    if unknown:
        raise SetupError(
            f"There is no stage {', '.join(unknown)}.",
            f"the stages are: {', '.join(known)}",
        )
    partial = bool(addons or keyword)
    chosen = list(stages or ()) or (["alone"] if partial else known)
    session = Session(
        env=env,
        addons=tuple(addon for addon in env.addons if not addons or addon in addons),
        directory=env.cache.directory(
            "log", time.strftime("test-%Y%m%d-%H%M%S-") + str(os.getpid())
        ),
        stages=tuple(chosen),
        keyword=keyword,
        # One case has the terminal for itself: show the tests as they run.
        verbose=len(addons) == 1 and len(chosen) == 1,
    )
    results = _execute(session, chosen)
    outcomes = {
        stage: [outcome for _seconds, outcome in found]
        for stage, found in results.items()
    }
    low = _print_coverage(session, enforced=not partial and not stages)
    _print_stages(results)
    total = Outcome.total([o for found in outcomes.values() for o in found])
    if keyword and not (total.passed or total.failed or total.skipped):
        print(f"No test matches -k {keyword!r}.")
        low += 1
    print(f"Logs: {session.directory}\n")
    print(Outcome(total.passed, total.failed + low, total.skipped))
    return 1 if total.failed or low else 0


def _execute(
    session: Session, stages: Sequence[str]
) -> dict[str, list[tuple[float, Outcome]]]:
    queue = _queue(session, stages)
    width = max(len(f"{stage} {case.name}") for stage, case in queue)
    results: dict[str, list[tuple[float, Outcome]]] = {stage: [] for stage in stages}

    def one(item: tuple[str, Case]) -> None:
        stage, case = item
        begin = time.monotonic()
        outcome = _guarded(case)
        seconds = time.monotonic() - begin
        _print_case(f"{stage} {case.name}".ljust(width), seconds, outcome)
        results[stage].append((seconds, outcome))

    with ThreadPoolExecutor(max_workers=WORKERS) as pool:
        list(pool.map(one, queue))
    return results


def _queue(session: Session, stages: Sequence[str]) -> list[tuple[str, Case]]:
    """The longest cases first, so that the workers end together.

    The first stage comes second: it needs no database while the template for all others
    is made.
    """
    lists = [
        [(stage, case) for case in _module(stage).cases(session)] for stage in stages
    ]
    for cases in (first := lists[0], others := list(itertools.chain(*lists[1:]))):
        cases.sort(key=lambda item: -item[1].seconds)
    return others[:1] + first + others[1:]


def _module(stage: str) -> ModuleType:
    return importlib.import_module(f"setup.stages.{stage}")


def _guarded(case: Case) -> Outcome:
    """A case that cannot be run has failed; the others still run."""
    try:
        return case.run()
    except Exception as error:
        return Outcome.of([f"{type(error).__name__}: {error}"])


def _print_case(title: str, seconds: float, outcome: Outcome) -> None:
    mark = "FAIL" if outcome.failed else "ok  "
    lines = [f"{mark} {title}  {outcome}  ({duration(seconds)})"]
    for problem in outcome.problems:
        lines += [f"     | {line}" for line in problem.splitlines()]
    if outcome.failed:
        lines += [f"     see {log}" for log in outcome.logs]
    print("\n".join(lines), flush=True)


def _print_coverage(session: Session, enforced: bool) -> int:
    """Print a line per threshold; return how many are missed."""
    rows = coverage.rows(session)
    if rows:
        print("\nCoverage of lines and branches")
    low = 0
    for row in rows:
        missed = row.is_low and enforced
        low += missed
        mark = "FAIL" if missed else "    "
        note = f"(at least {row.threshold:g} %)" if enforced else ""
        print(f"{mark} {row.name:30} {row.percent:5.1f} %  {note}")
        for gap in row.gaps if row.is_low else ():
            print(f"       {gap}")
    return low


def _print_stages(results: dict[str, list[tuple[float, Outcome]]]) -> None:
    print("\nStages")
    for stage, found in results.items():
        total = Outcome.total([outcome for _seconds, outcome in found])
        mark = "FAIL" if total.failed else "ok  "
        seconds = sum(seconds for seconds, _outcome in found)
        print(f"{mark} {stage:15} {duration(seconds):>12}  {total}")

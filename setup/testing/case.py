# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A stage is a list of cases; a case has a database of its own and ends in an outcome.

As no case depends on another one, two of them run at the same time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from setup.environment import Environment

#: Of code of tests that take a second, on average.
_BYTES = 1500


@dataclass(frozen=True)
class Session:
    """One run of ``./psa test``."""

    env: Environment
    #: The addons under test, dependencies first.
    addons: tuple[str, ...]
    #: Logs, reports and coverage data of this run.
    directory: Path
    #: The stages of this run.
    stages: tuple[str, ...] = ()
    #: Expression that the names of the tests must match (``-k``).
    keyword: str | None = None
    #: Output of the tests is shown as it comes, not only when they fail.
    verbose: bool = False

    def has_stage(self, stage: str) -> bool:
        return stage in self.stages

    def file(self, stage: str, name: str, suffix: str) -> Path:
        """Path of a file of a case, for instance ``.../alone-psa_core.log``."""
        return self.directory / f"{stage}-{name}{suffix}"


@dataclass(frozen=True)
class Outcome:
    """How a case ended, in numbers of tests, and what there is to read about it."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    problems: tuple[str, ...] = ()
    logs: tuple[Path, ...] = field(default=(), repr=False)

    @classmethod
    def of(cls, problems: Sequence[str], *logs: Path) -> Outcome:
        """Outcome of a case that counts as one test."""
        failed = 1 if problems else 0
        return cls(1 - failed, failed, problems=tuple(problems), logs=logs)

    @classmethod
    def total(cls, outcomes: Sequence[Outcome]) -> Outcome:
        return cls(
            sum(outcome.passed for outcome in outcomes),
            sum(outcome.failed for outcome in outcomes),
            sum(outcome.skipped for outcome in outcomes),
        )

    def __str__(self) -> str:
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        return f"{self.passed} passed, {self.failed} failed{skipped}"


@dataclass(frozen=True)
class Case:
    name: str
    run: Callable[[], Outcome]
    #: About how many seconds it takes; the longest begin first.
    seconds: float = 10


def seconds_for(files: Iterable[Path]) -> float:
    """Guess how long the tests in some files take."""
    return 10 + sum(file.stat().st_size for file in files) / _BYTES

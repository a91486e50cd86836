# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Coverage of lines and branches over all stages, by addon, against thresholds."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from setup.testing.case import Session

DATA = "coverage"
#: Key of ``thresholds`` for what has no entry of its own.
DEFAULT = "default"


@dataclass(frozen=True)
class Row:
    """Coverage of an addon, or of a directory with a threshold of its own."""

    name: str
    covered: int
    total: int
    threshold: float
    #: The files with most that is missing, as ``path: 3, 7-9``.
    gaps: tuple[str, ...] = ()

    @property
    def percent(self) -> float:
        return 100 * self.covered / self.total if self.total else 100.0

    @property
    def is_low(self) -> bool:
        return self.percent < self.threshold


def command(session: Session) -> list[str]:
    """Python with measurement; each process leaves a data file.

    What is measured, and what is not, is said in ``pyproject.toml``.
    """
    return [
        *(str(session.env.python), "-m", "coverage", "run", "--parallel-mode"),
        f"--data-file={session.directory / DATA}",
        f"--source={','.join(session.env.addons)}",
    ]


def rows(session: Session) -> list[Row]:
    """Combine what was measured; a row per threshold of the addons of the session."""
    if not any(session.directory.glob(f"{DATA}.*")):
        return []
    data, report = session.directory / DATA, session.directory / "coverage.json"
    coverage = [str(session.env.python), "-m", "coverage"]
    options = ["--quiet", f"--data-file={data}"]
    for arguments in (["combine", *options], ["json", *options, "-o", str(report)]):
        subprocess.run([*coverage, *arguments], cwd=session.env.root, check=True)
    files = json.loads(report.read_text(encoding="utf-8"))["files"]
    thresholds = session.env.settings.get("thresholds") or {}
    return list(summarise(files, session.addons, thresholds))


def summarise(
    files: Mapping[str, dict], addons: Sequence[str], thresholds: Mapping[str, float]
) -> list[Row]:
    """Add up the files of each addon; a directory with a threshold counts apart."""
    special = sorted((t for t in thresholds if "/" in t), key=len, reverse=True)
    groups: dict[str, list[str]] = {}
    for path in files:
        addon = Path(path).parts[0]
        if addon in addons:
            inside = (part for part in special if path.startswith(f"{part}/"))
            groups.setdefault(next(inside, addon), []).append(path)
    found = []
    for name in sorted(groups):
        summaries = [files[path]["summary"] for path in groups[name]]
        found.append(
            Row(
                name,
                sum(s["covered_lines"] + s["covered_branches"] for s in summaries),
                sum(s["num_statements"] + s["num_branches"] for s in summaries),
                thresholds.get(name, thresholds.get(DEFAULT, 0)),
                tuple(_gaps(files, groups[name])),
            )
        )
    return found


def _gaps(files: Mapping[str, dict], paths: Sequence[str], shown: int = 5) -> list[str]:
    def missing(path: str) -> int:
        summary = files[path]["summary"]
        return summary["missing_lines"] + summary["missing_branches"]

    worst = sorted(filter(missing, paths), key=missing, reverse=True)[:shown]
    return [f"{path}: {_ranges(files[path])}" for path in worst]


def _ranges(file: Mapping[str, list]) -> str:
    """Text for lines never run, and branches ``from->to`` never taken."""
    lines = file["missing_lines"]
    starts = [line for line in lines if line - 1 not in lines]
    ends = [line for line in lines if line + 1 not in lines]
    spans = [
        f"{a}" if a == b else f"{a}-{b}" for a, b in zip(starts, ends, strict=True)
    ]
    jumps = [
        f"{a}->{b if b > 0 else 'exit'}"
        for a, b in file["missing_branches"]
        if a not in lines and b not in lines
    ]
    return ", ".join(spans + jumps)

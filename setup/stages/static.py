# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Everything that can be said without running the code: ``./psa lint``."""

from __future__ import annotations

from setup.lint.checks import CHECKS, Check, Scope, execute
from setup.testing.case import Case, Outcome, Session


def cases(session: Session) -> list[Case]:
    scope = Scope(session.env)

    def run(check: Check) -> Outcome:
        result = execute(check, scope)
        if result.skipped:
            return Outcome(skipped=1)
        problems = [result.output, f"-> {check.remedy}"] if result.failed else []
        return Outcome.of(problems)

    return [Case(check.name, lambda check=check: run(check)) for check in CHECKS]

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Run ``run(env, report)`` of a benchmark: ``bench.py FILE``."""

import runpy
import sys

_MISSED = []


def report(label, value, unit="", at_least=None, at_most=None):
    """Print a figure, and whether it reaches what it should.

    :param label: what was measured.
    :param value: the figure, in ``unit``.
    :param at_least: the lowest figure that is good enough, if there is one.
    :param at_most: the highest figure that is good enough, if there is one.
    """
    target = ""
    if at_least is not None:
        target += f"  (at least {at_least:,g})"
    if at_most is not None:
        target += f"  (at most {at_most:,g})"
    low = at_least is not None and value < at_least
    high = at_most is not None and value > at_most
    if low or high:
        _MISSED.append(label)
        target += "  MISSED"
    print(f"  {label:<52} {value:>14,.6g} {unit}{target}", flush=True)


runpy.run_path(sys.argv[1])["run"](env, report)  # noqa: F821
sys.exit(1 if _MISSED else 0)

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Run ``run(env, report)`` of a benchmark: ``bench.py FILE [NAME=DATABASE...]``.

With ``DATABASES`` in the file it is ``run(env, report, others)``: environments by name.
"""

import runpy
import sys
from contextlib import ExitStack, closing
from pathlib import Path

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry

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


def main(env):
    """Run the benchmark that the command line names; what it commits stays."""
    file, *databases = sys.argv[1:]
    # What benchmarks share is in files beside them.
    sys.path.insert(0, str(Path(file).parent))
    with ExitStack() as stack:
        others = {}
        for name, _separator, db in (text.partition("=") for text in databases):
            cr = stack.enter_context(closing(Registry(db).cursor()))
            others[name] = api.Environment(cr, SUPERUSER_ID, env.context)
        bench = runpy.run_path(file)
        bench["run"](env, report, *([others] if "DATABASES" in bench else []))
    sys.exit(1 if _MISSED else 0)


main(env)  # noqa: F821

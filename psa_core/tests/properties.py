# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""How the property tests of the suite run: always the same examples, and not many."""

from hypothesis import HealthCheck, settings


def bounded(max_examples=100):
    """Decorate a property test: the same examples in every run, without a deadline.

    A failure found on one machine is then a failure on all of them.
    """
    return settings(
        database=None,
        deadline=None,
        derandomize=True,
        max_examples=max_examples,
        # A busy machine is slow at drawing examples; that says nothing about the code.
        suppress_health_check=[HealthCheck.too_slow],
    )

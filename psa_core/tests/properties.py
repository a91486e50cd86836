# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""How the property tests of the suite run: always the same examples, and not many."""

from hypothesis import HealthCheck, settings

#: Of each kind of character one or two: letters that change with their case or their
#: form, digits, marks, spaces, signs of addresses, other scripts, controls, emoji.
#: To draw from all there are, Hypothesis first makes a table of them, for seconds.
CHARACTERS = (
    "azAZ09 _-.@:/\\<>[](),;'\"#%&=?!*+~^|`${}\t\r\n\0\x1b\x7f\x85\xa0\xad"
    "éÅßİıſΣςǅﬁ²½Ⅷ٣日本คאعह\u0301\u0640\u200b\u200d\u200e\u2028\u202e\u3000\ufeff"
    "。．｡·ー－€№\ue000\ufdd0\uffff😀🇮🇹𝒜\U0010ffff"
)


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

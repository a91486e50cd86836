# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The lock file: exact, complete for Odoo's sake, and for early patch releases too."""

import re
import sys
from importlib import metadata

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from setup import bootstrap

LINES = [
    line
    for line in bootstrap.LOCK_FILE.read_text().splitlines()
    if line and not line.startswith("#")
]


@pytest.mark.parametrize("line", LINES)
def test_version_is_exact(line):
    assert re.fullmatch(r"[\w.-]+==[\w.]+( ; python_version (<|>=) \"3\.11\")?", line)


@pytest.mark.parametrize("minor", range(10, 14))
def test_one_version_of_each(minor):
    python = {"python_version": f"3.{minor}"}
    wanted = [Requirement(line) for line in LINES]
    names = [
        requirement.name
        for requirement in wanted
        if not requirement.marker or requirement.marker.evaluate(python)
    ]
    assert len(names) == len(set(names))


def test_first_patch_release_will_do():
    """Distributions stay with the patch release that was there when they froze."""
    oldest = "{}.{}.0".format(*sys.version_info[:2])
    wanted = [Requirement(line) for line in LINES]
    too_new = {
        requirement.name: needs
        for requirement in wanted
        if not requirement.marker or requirement.marker.evaluate()
        for needs in [metadata.metadata(requirement.name)["Requires-Python"]]
        if needs and oldest not in SpecifierSet(needs)
    }
    assert too_new == {}

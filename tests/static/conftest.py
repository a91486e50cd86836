# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The suite under check, and made-up suites that show that each check can fail."""

import itertools
from pathlib import Path

import pytest
from suite import Suite

HEADER = (
    "# Copyright 2026 PSA for Odoo contributors\n"
    "# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).\n"
)


@pytest.fixture(scope="session")
def suite() -> Suite:
    return Suite(Path(__file__).parents[2])


def assert_none(problems: list[str]) -> None:
    """Fail with the problems alone, one per line: they say where and what to do."""
    if problems:
        pytest.fail("\n".join(problems), pytrace=False)


@pytest.fixture
def made_up(tmp_path):
    """Write a suite of addons into a directory of its own; return it.

    :param addons: manifest by addon name, in the order of ``.odoo-ci.yml``.
    :param files: text by path; ``{path: text}``.
    """

    numbers = itertools.count()

    def write(addons: dict[str, dict], files: dict[str, str] | None = None) -> Suite:
        contents = {f"{name}/__manifest__.py": repr(m) for name, m in addons.items()}
        contents[".odoo-ci.yml"] = f"addons: [{', '.join(addons)}]\n"
        root = tmp_path / str(next(numbers))
        for path, text in {**contents, **(files or {})}.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")
        return Suite(root)

    return write


@pytest.fixture
def one_model(made_up):
    """A suite of one addon with one file of models."""

    def write(code: str, path: str = "models/psa_thing.py", **files: str) -> Suite:
        extra = {f"psa_core/{name}": text for name, text in files.items()}
        return made_up(
            {"psa_core": {"depends": ["base"]}},
            {f"psa_core/{path}": HEADER + code, **extra},
        )

    return write

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Files are short, carry their licence, and say nothing of whose machine made them."""

import re
import warnings
from pathlib import Path

from conftest import HEADER, assert_none
from lxml import etree
from suite import Suite, walk

SOFT_LINES, HARD_LINES = 300, 500
TEXT_SUFFIXES = {
    *(".cfg", ".csv", ".css", ".html", ".js", ".json", ".md", ".mjs", ".po", ".pot"),
    *(".py", ".scss", ".sh", ".toml", ".txt", ".xml", ".yaml", ".yml", ""),
}
# Written so that this file does not match itself.
MACHINE = re.compile(
    r"(?<![\w./}])/(?:work|root|tmp)/\w"
    r"|\b(?:pypi|pythonhosted|npmjs|debian)\.(?:org|com|net)\b/?"
)
ALLOWED_MACHINE = {"setup/lint/package-lock.json"}


def code_files(suite: Suite, *suffixes: str):
    places = [a.path for a in suite.addons.values()]
    places += [suite.root / name for name in ("setup", "tests", "bench")]
    for place in places:
        if place.is_dir():
            for path in walk(place):
                if path.suffix in suffixes and "lib" not in path.parts:
                    yield path


def long_files(suite: Suite, limit: int) -> list[str]:
    """Code and views over a number of lines; data and demo records may be many."""
    problems = []
    for path in code_files(suite, ".py", ".js", ".scss", ".xml"):
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > limit and not {"data", "demo"} & set(path.parts):
            problems.append(f"{suite.where(path)}: {lines} lines; split by concern")
    return problems


def check_headers(suite: Suite) -> list[str]:
    """Two lines, copyright and licence, in every Python file with code."""
    problems = []
    for path in code_files(suite, ".py"):
        text = path.read_text(encoding="utf-8")
        imports_only = path.name == "__init__.py" and '"""' not in text
        if text.strip() and not imports_only and HEADER not in text[:300]:
            problems.append(f"{suite.where(path)}: begin with\n{HEADER}")
    return problems


def check_replaced_views(suite: Suite) -> list[str]:
    """A replaced node takes away what other addons hang on it."""
    return [
        f"{suite.where(path, node.sourceline)}: no position='replace'; use attributes,"
        " inside, before, after or invisible"
        for addon in suite.addons.values()
        for path in addon.files(".xml")
        for node in etree.parse(str(path)).iter(etree.Element)
        if node.get("position") == "replace" or node.get("t-inherit-mode") == "replace"
    ]


def check_machine_names(suite: Suite) -> list[str]:
    """No path of one machine and no address of a package registry."""
    problems = []
    for path in walk(suite.root):
        name = str(path.relative_to(suite.root))
        if path.suffix not in TEXT_SUFFIXES or name in ALLOWED_MACHINE:
            continue
        lines = _text(path).splitlines()
        for number, line in enumerate(lines, 1):
            if match := MACHINE.search(line):
                problems.append(f"{name}:{number}: {match[0]!r} is of one machine only")
    return problems


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (UnicodeDecodeError, FileNotFoundError):
        return ""


def test_hard_limit(suite):
    assert_none(long_files(suite, HARD_LINES))


def test_soft_limit(suite):
    if long := long_files(suite, SOFT_LINES):
        text = "\n".join(["Not wrong yet, but about to be:", *long])
        warnings.warn(text, stacklevel=1)


def test_headers(suite):
    assert_none(check_headers(suite))


def test_replaced_views(suite):
    assert_none(check_replaced_views(suite))


def test_machine_names(suite):
    assert_none(check_machine_names(suite))


class TestChecksCanFail:
    def test_long_file(self, one_model):
        assert long_files(one_model("x = 1\n" * (HARD_LINES + 1)), HARD_LINES)

    def test_header(self, made_up):
        suite = made_up(
            {"psa_core": {}},
            {
                "psa_core/__manifest__.py": HEADER + "{}",
                "psa_core/__init__.py": "from . import x\n",
                "psa_core/x.py": "x = 1\n",
            },
        )
        assert len(check_headers(suite)) == 1

    def test_replaced_view(self, one_model):
        view = '<odoo><field name="x" position="replace"/></odoo>'
        assert check_replaced_views(one_model("", **{"views/x.xml": view}))

    def test_machine_names(self, made_up):
        for text in ("see /" + "work/x", "https://pypi" + ".org/simple"):
            assert check_machine_names(made_up({"psa_core": {}}, {"README.md": text}))
        fine = "a/tmp/x ${CACHE}/tmp/x debian"
        assert not check_machine_names(made_up({"psa_core": {}}, {"README.md": fine}))

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Arrows point at ``psa_core`` only; what a pair needs lives in a glue addon."""

import ast
import re
from pathlib import Path

from conftest import assert_none
from suite import CORE, Suite

#: lines of code of a glue addon, see `code_lines`
GLUE_LINES = 250
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef)
XML_ID = re.compile(r"\b(psa_\w+)\.[a-zA-Z]\w*")
JS_MODULE = re.compile(r"@(psa_\w+)/")
IMPORT = re.compile(r"^\s*(?:from|import) odoo\.addons(?:\.| import )(psa_\w+)", re.M)


def check_order(suite: Suite) -> list[str]:
    """``.odoo-ci.yml`` lists every addon, after what it depends on."""
    listed = list(suite.settings.get("addons") or [])
    problems = [
        f".odoo-ci.yml: {name} is listed and has no manifest"
        for name in listed
        if name not in suite.addons
    ]
    for name, addon in suite.addons.items():
        if name not in listed:
            problems.append(f".odoo-ci.yml: add {name} to addons")
            continue
        for dependency in addon.depends:
            before = listed[: listed.index(name)]
            if dependency in suite.addons and dependency not in before:
                problems.append(f".odoo-ci.yml: list {dependency} before {name}")
    return problems


def check_arrows(suite: Suite) -> list[str]:
    problems = []
    for name, addon in suite.addons.items():
        inside = [d for d in addon.depends if d in suite.addons]
        manifest = f"{name}/__manifest__.py:1"
        pair = suite.pair(name)
        if pair:
            missing = [p for p in pair if p not in inside]
            if missing:
                problems.append(f"{manifest}: a glue addon depends on {missing}")
            if not addon.manifest.get("auto_install"):
                problems.append(f"{manifest}: a glue addon has auto_install")
        elif host_glue(suite, name):
            if not addon.manifest.get("auto_install"):
                problems.append(f"{manifest}: a glue addon has auto_install")
        elif name == CORE and inside:
            problems.append(
                f"{manifest}: {CORE} depends on the host only, not {inside}"
            )
        elif set(inside) - {CORE}:
            problems.append(
                f"{manifest}: depends on {inside}; only {CORE} is below it, what a"
                " pair needs goes into a glue addon named psa_<a>_<b>"
            )
    return problems


def host_glue(suite: Suite, name: str) -> bool:
    """Whether an addon glues one of ours to a module of the host: psa_<a>_<module>.

    It depends on that one of ours, and on a module whose name ends as its own does.
    """
    depends = suite.addons[name].depends
    inside = [d for d in depends if d in suite.addons]
    if len(inside) != 1 or not name.startswith(f"{inside[0]}_"):
        return False
    module = name.removeprefix(f"{inside[0]}_")
    return any(d.endswith(module) for d in depends if d not in suite.addons)


def check_references(suite: Suite) -> list[str]:
    """No import, XML id or JS module of an addon that is not depended on."""
    problems = []
    for name, addon in suite.addons.items():
        outside = set(suite.addons) - suite.closure(name)
        for path in addon.files(".py", ".xml", ".csv", ".js"):
            text = path.read_text(encoding="utf-8")
            for pattern in (XML_ID, JS_MODULE, IMPORT):
                for match in pattern.finditer(text):
                    if match[1] in outside:
                        line = text.count("\n", 0, match.start()) + 1
                        problems.append(
                            f"{suite.where(path, line)}: {match[0].strip()}, which"
                            f" {name} does not depend on; use a hook or a glue addon"
                        )
    return problems


def check_glue_size(suite: Suite) -> list[str]:
    problems = []
    for name, addon in suite.addons.items():
        if not suite.pair(name):
            continue
        code = [
            path
            for path in addon.files(".py", ".js")
            if not {"tests", "demo", "migrations"} & set(path.parts)
            and path.name != "__manifest__.py"
        ]
        lines = sum(code_lines(path) for path in code)
        if lines > GLUE_LINES:
            problems.append(
                f"{name}: {lines} lines, over {GLUE_LINES} for a glue addon"
            )
    return problems


def code_lines(path: Path) -> int:
    """Lines without blank ones, comments and docstrings: explaining costs nothing.

    Views only place fields and are not counted at all.
    """
    text = path.read_text(encoding="utf-8")
    lines = {
        number
        for number, line in enumerate(text.splitlines(), start=1)
        if line.strip() and not line.lstrip().startswith(("#", "//", "/*", "*"))
    }
    if path.suffix == ".py":
        for node in ast.walk(ast.parse(text, str(path))):
            if isinstance(node, DOCUMENTED) and ast.get_docstring(node):
                told = node.body[0]
                lines -= set(range(told.lineno, told.end_lineno + 1))
    return len(lines)


def check_optional_modules(suite: Suite) -> list[str]:
    """No ``"some.model" in self.env``: what depends on a module is in a glue addon."""
    return [
        f"{suite.where(path, node.lineno)}: asks whether a module is installed; depend"
        " on it or move this to a glue addon"
        for addon in suite.addons.values()
        for path in addon.files(".py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path)))
        if _asks_for_a_model(node)
    ]


def _asks_for_a_model(node: ast.AST) -> bool:
    if not isinstance(node, ast.Compare) or not isinstance(node.left, ast.Constant):
        return False
    if not isinstance(node.ops[0], ast.In | ast.NotIn):
        return False
    place = ast.unparse(node.comparators[0])
    return place in {"self.env", "env", "self.env.registry", "self.pool"}


def test_order(suite):
    assert_none(check_order(suite))


def test_arrows(suite):
    assert_none(check_arrows(suite))


def test_references(suite):
    assert_none(check_references(suite))


def test_glue_size(suite):
    assert_none(check_glue_size(suite))


def test_optional_modules(suite):
    assert_none(check_optional_modules(suite))


class TestChecksCanFail:
    def test_order(self, made_up):
        suite = made_up(
            {"psa_a": {"depends": ["psa_core"]}, "psa_core": {}},
            {"psa_new/__manifest__.py": "{}"},
        )
        suite.settings["addons"].append("psa_gone")
        assert len(check_order(suite)) == 3

    def test_arrows(self, made_up):
        suite = made_up(
            {
                "psa_core": {"depends": ["psa_a"]},
                "psa_a": {"depends": ["psa_core"]},
                "psa_b": {"depends": ["psa_a"]},
                "psa_a_b": {"depends": ["psa_a"]},
                "psa_a_skills": {"depends": ["psa_a", "hr_skills"]},
                "psa_a_stock": {"depends": ["psa_a", "hr_skills"]},
            }
        )
        problems = check_arrows(suite)
        assert [p.split("/")[0] for p in problems] == [
            "psa_a_b",
            "psa_a_b",
            "psa_a_skills",
            "psa_a_stock",
            "psa_b",
            "psa_core",
        ]

    def test_arrows_of_a_good_suite(self, made_up):
        suite = made_up(
            {
                "psa_core": {"depends": ["base"]},
                "psa_a": {"depends": ["psa_core"]},
                "psa_b": {"depends": ["psa_core"]},
                "psa_a_b": {"depends": ["psa_a", "psa_b"], "auto_install": True},
                "psa_a_skills": {"depends": ["psa_a", "hr_skills"], "auto_install": 1},
            }
        )
        assert not check_arrows(suite)
        assert not check_order(suite)

    def test_references(self, made_up):
        suite = made_up(
            {"psa_core": {}, "psa_a": {"depends": ["psa_core"]}, "psa_b": {}},
            {
                "psa_a/models/x.py": "from odoo.addons.psa_b import y\n",
                "psa_a/views/x.xml": '<x ref="psa_b.y"/><x ref="psa_core.y"/>',
                "psa_a/static/src/x.js": 'import { y } from "@psa_b/y";',
            },
        )
        assert len(check_references(suite)) == 3

    def test_glue_size(self, made_up):
        addons = {"psa_core": {}, "psa_a": {}, "psa_b": {}, "psa_a_b": {}}
        code = "x = 1\n" * (GLUE_LINES + 1)
        suite = made_up(addons, {"psa_a_b/models/x.py": code})
        assert len(check_glue_size(suite)) == 1
        explained = (
            "# why\n\n" + 'def f():\n    """What\n    it does."""\n' * GLUE_LINES
        )
        suite = made_up(addons, {"psa_a_b/models/x.py": explained})
        assert not check_glue_size(suite)

    def test_optional_modules(self, one_model):
        suite = one_model('if "hr.leave" in self.env:\n    pass\n')
        assert len(check_optional_modules(suite)) == 1

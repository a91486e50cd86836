# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Every addon is complete: readme, icon, tests, packaging, Italian."""

import re
import sys
from itertools import chain

import polib
from conftest import assert_none
from suite import Addon, Suite

if sys.version_info >= (3, 11):
    import tomllib
else:  # pylint and its friends bring it on the oldest Python that Odoo 19 takes
    import tomli as tomllib

METAPACKAGE = "setup/_metapackage/pyproject.toml"
WHOOL = {"requires": ["whool"], "build-backend": "whool.buildapi"}
LANGUAGES = ("it",)


def check_files_of_addons(suite: Suite) -> list[str]:
    problems = []
    for name, addon in suite.addons.items():
        wanted = [
            "README.md",
            "pyproject.toml",
            "static/description/icon.png",
            "static/description/icon.svg",
            "tests/__init__.py",
            f"i18n/{name}.pot",
            *(f"i18n/{language}.po" for language in LANGUAGES),
        ]
        missing = [path for path in wanted if not (addon.path / path).is_file()]
        problems += [f"{name}/{path}: missing" for path in missing]
    return problems


def check_packaging(suite: Suite) -> list[str]:
    """A wheel per addon, and the metapackage brings all of them."""
    problems = []
    for name, addon in suite.addons.items():
        path = addon.path / "pyproject.toml"
        if path.is_file():
            found = tomllib.loads(path.read_text(encoding="utf-8"))
            if found.get("build-system") != WHOOL:
                problems.append(f"{name}/pyproject.toml:1: build with {WHOOL}")
    path = suite.root / METAPACKAGE
    text = path.read_text(encoding="utf-8") if path.is_file() else "[project]"
    found = tomllib.loads(text)["project"].get("dependencies", [])
    major, minor = str(suite.settings.get("series", "19.0")).split(".")
    wanted = [f"odoo-addon-{name}=={major}.{minor}.*" for name in suite.addons]
    if sorted(found) != sorted(wanted):
        problems.append(f"{METAPACKAGE}: dependencies are not {sorted(wanted)}")
    return problems


def check_translations(suite: Suite) -> list[str]:
    """A .po has every term of the .pot, translated, and none that is gone."""
    problems = []
    for name, addon in suite.addons.items():
        template = addon.path / "i18n" / f"{name}.pot"
        if not template.is_file():
            continue
        terms = {_key(entry) for entry in polib.pofile(str(template))}
        for language in LANGUAGES:
            path = addon.path / "i18n" / f"{language}.po"
            if path.is_file():
                translated = polib.pofile(str(path))
                problems += _compare(suite.where(path), terms, translated)
    return problems


def _key(entry: polib.POEntry) -> tuple:
    return entry.msgctxt, entry.msgid


def _compare(where: str, terms: set, translated: polib.POFile) -> list[str]:
    current = {_key(entry) for entry in translated if not entry.obsolete}
    todo = {
        "not in the file": terms - current,
        "no longer a term": current - terms,
        "fuzzy": {_key(entry) for entry in translated if entry.fuzzy},
        "obsolete": {_key(entry) for entry in translated if entry.obsolete},
        "without translation": {
            _key(e) for e in translated.untranslated_entries() if not e.obsolete
        },
    }
    return [
        f"{where}: {what}: {msgid!r}"
        for what, keys in todo.items()
        for _context, msgid in sorted(keys, key=str)
    ]


def check_test_addons(suite: Suite) -> list[str]:
    """The tests across addons have all addons."""
    return [
        f"{suite.where(path)}: depend on {name}"
        for path in sorted(suite.root.glob("tests/addons/*/__manifest__.py"))
        for name in suite.addons
        if name not in Addon(path.parent).depends
    ]


def check_settings(suite: Suite) -> list[str]:
    """Stages exist; an exception has a reason, and does not except everything."""
    stages = {p.stem for p in (suite.root / "setup" / "stages").glob("*.py")}
    problems = [
        f".odoo-ci.yml: no stage {stage!r} in setup/stages"
        for stage in suite.settings.get("stages") or []
        if stage not in stages
    ]
    exceptions = ("log_allow", "left_behind")
    problems += [
        f".odoo-ci.yml: no reason for {entry}"
        for entry in chain(*(suite.settings.get(key) or [] for key in exceptions))
        if not str(entry.get("reason", "")).strip()
    ]
    for entry in suite.settings.get("log_allow") or []:
        try:
            matches_all = re.search(entry["pattern"], "")
        except re.error as error:
            problems.append(f".odoo-ci.yml: {entry['pattern']!r}: {error}")
        else:
            if matches_all:
                problems.append(f".odoo-ci.yml: {entry['pattern']!r} allows everything")
    return problems


def test_files_of_addons(suite):
    assert_none(check_files_of_addons(suite))


def test_packaging(suite):
    assert_none(check_packaging(suite))


def test_translations(suite):
    assert_none(check_translations(suite))


def test_settings(suite):
    assert_none(check_settings(suite))


def test_test_addons(suite):
    assert_none(check_test_addons(suite))


class TestChecksCanFail:
    def test_files_of_addons(self, made_up):
        suite = made_up({"psa_core": {}}, {"psa_core/README.md": "x"})
        assert len(check_files_of_addons(suite)) == 6

    def test_packaging(self, made_up):
        addons = {"psa_core": {}, "psa_a": {}}
        wrong = '[build-system]\nrequires = ["setuptools"]\n'
        meta = '[project]\ndependencies = ["odoo-addon-psa_core==19.0.*"]\n'
        files = {"psa_a/pyproject.toml": wrong, METAPACKAGE: meta}
        assert len(check_packaging(made_up(addons, files))) == 2

    def test_translations(self, made_up):
        template = 'msgid "One"\nmsgstr ""\n\nmsgid "Two"\nmsgstr ""\n'
        italian = (
            'msgid "One"\nmsgstr ""\n\n#, fuzzy\nmsgid "Three"\nmsgstr "Tre"\n\n'
            '#~ msgid "Old"\n#~ msgstr "Vecchio"\n'
        )
        files = {"psa_core/i18n/psa_core.pot": template}
        files["psa_core/i18n/it.po"] = italian
        problems = check_translations(made_up({"psa_core": {}}, files))
        assert len(problems) == 5

    def test_test_addons(self, made_up):
        manifest = {
            "tests/addons/test_psa/__manifest__.py": '{"depends": ["psa_core"]}'
        }
        suite = made_up({"psa_core": {}, "psa_a": {}}, manifest)
        assert len(check_test_addons(suite)) == 1

    def test_settings(self, made_up):
        suite = made_up({"psa_core": {}})
        suite.settings["stages"] = ["no_such"]
        suite.settings["log_allow"] = [
            {"pattern": "(", "reason": "x"},
            {"pattern": "x"},
            {"pattern": ".*", "reason": "x"},
        ]
        suite.settings["left_behind"] = [{"addon": "psa_core", "tables": ["x"]}]
        assert len(check_settings(suite)) == 5

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from pathlib import Path

import pytest

from setup import settings
from setup.console import SetupError

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def suite(tmp_path):
    """A clone with the addons a and b, where b depends on a."""
    for name, depends in (("a", ["sale"]), ("b", ["a"])):
        (tmp_path / name / "models").mkdir(parents=True)
        (tmp_path / name / "__manifest__.py").write_text(f"{{'depends': {depends}}}")
        (tmp_path / name / "models" / "thing.py").write_text("x = 1\n")
    return tmp_path


def test_settings_of_this_repository():
    parsed = settings.load(ROOT)
    assert parsed["series"] == "19.0"
    for account in parsed["demo"]["logins"]:
        assert set(account) == {"login", "password", "role"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [", "not valid YAML"),
        ("- a", "must be a mapping"),
        ("series: 19.0\n", "'series' must be a str"),
        (
            "{series: '19.0', host_modules: [], addons: [c], demo: {}}",
            "lists the addon 'c'",
        ),
    ],
)
def test_broken_settings(suite, text, message):
    (suite / settings.FILE).write_text(text)
    with pytest.raises(SetupError, match=message):
        settings.load(suite)


def test_missing_settings(suite):
    with pytest.raises(SetupError, match="is missing"):
        settings.load(suite)


def test_dependencies_within_the_suite(suite):
    assert settings.with_dependencies(suite, ["b"]) == ["a", "b"]
    assert settings.with_dependencies(suite, ["a"]) == ["a"]


def test_broken_manifest(suite):
    (suite / "a" / "__manifest__.py").write_text("{'depends': [name]}")
    with pytest.raises(SetupError, match="not a plain dictionary"):
        settings.content_key(suite, ["a"])


@pytest.mark.parametrize(
    ("path", "changes"),
    [
        ("b/models/thing.py", True),
        ("b/i18n/it.po", True),
        ("a/models/thing.py", True),
        ("b/static/description/icon.png", True),
        ("b/static/src/widget.js", False),
        ("b/tests/test_thing.py", False),
        ("b/README.md", False),
        ("b/models/__pycache__/thing.cpython-311.pyc", False),
        ("c/models/thing.py", False),
    ],
)
def test_content_key(suite, path, changes):
    before = settings.content_key(suite, ["b"])
    (suite / path).parent.mkdir(parents=True, exist_ok=True)
    (suite / path).write_text("changed")
    assert (settings.content_key(suite, ["b"]) != before) == changes

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""``./psa lint`` finds what it looks for, where it looks for it."""

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from setup import lint
from setup.console import SetupError
from setup.lint.checks import CHECKS, Check, Scope, execute

FILES = (
    "psa_core/__manifest__.py",
    "psa_core/models/a.py",
    "psa_core/static/lib/theirs.js",
    "psa_core/static/src/ours.js",
    "psa_other/__manifest__.py",
    "tests/addons/test_psa/__manifest__.py",
)


@pytest.fixture
def env(tmp_path):
    for name in FILES:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return SimpleNamespace(
        root=tmp_path, addons=["psa_core", "psa_other"], python=Path(sys.executable)
    )


def short(env, paths):
    return [str(Path(path).relative_to(env.root)) for path in paths]


def test_everything(env):
    scope = Scope(env)
    assert short(env, scope.files(".js")) == ["psa_core/static/src/ours.js"]
    assert short(env, scope.addons()) == [
        "psa_core",
        "psa_other",
        "tests/addons/test_psa",
    ]


def test_a_file(env):
    scope = Scope(env, (env.root / "psa_core/models/a.py",))
    assert short(env, scope.files(".py", ".js")) == ["psa_core/models/a.py"]
    assert short(env, scope.addons()) == ["psa_core"]


def test_a_directory(env):
    scope = Scope(env, (env.root / "tests",))
    assert short(env, scope.files(".py")) == ["tests/addons/test_psa/__manifest__.py"]
    assert short(env, scope.addons()) == ["tests/addons/test_psa"]


def command(code):
    return lambda scope: [sys.executable, "-c", code]


def test_results(env):
    scope = Scope(env)
    failed = execute(Check("a", command("print('why'); exit(1)"), ""), scope)
    assert (failed.failed, failed.output) == (True, "why")
    assert not execute(Check("b", command("pass"), ""), scope).failed
    assert execute(Check("c", lambda scope: None, ""), scope).skipped


def test_a_tool_that_cannot_be_installed_is_a_failure(env):
    def command(scope):
        raise SetupError("no network")

    result = execute(Check("a", command, ""), Scope(env))
    assert result.failed
    assert "no network" in result.output


def test_repair_comes_first_and_only_if_asked_for(env):
    mark = env.root / "repaired"
    check = Check(
        "a",
        command(f"import os; raise SystemExit(not os.path.exists({str(mark)!r}))"),
        "",
        repair=command(f"open({str(mark)!r}, 'w')"),
    )
    assert execute(check, Scope(env)).failed
    assert not execute(check, Scope(env), fix=True).failed


def test_names_are_known(env):
    assert len(set(lint.NAMES)) == len(CHECKS)
    with pytest.raises(SetupError, match="no_such_check"):
        lint.run(env, only=["no_such_check"])
    with pytest.raises(SetupError, match="no_such_file"):
        lint.run(env, paths=["no_such_file"])

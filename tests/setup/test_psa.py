# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The file ``psa`` and the command line."""

import ast
import os
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

import pytest

from setup import cli, console, settings, system

ROOT = Path(__file__).resolve().parents[2]
PSA = ROOT / "psa"


def psa(*arguments, **variables):
    return subprocess.run(
        [sys.executable, PSA, *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, **variables},
    )


@pytest.fixture
def launcher(monkeypatch, tmp_path):
    """The file ``psa`` as a module, with no Python on PATH."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.setenv("PATH", str(tmp_path))
    loader = SourceFileLoader("psa_launcher", str(PSA))
    module = module_from_spec(spec_from_loader("psa_launcher", loader))
    loader.exec_module(module)
    return module


@pytest.mark.parametrize("version", [(2, 7), (3, 9), (3, 14)])
def test_unsupported_python(launcher, monkeypatch, capsys, version):
    monkeypatch.setattr(sys, "version_info", (*version, 1, "final", 0))
    with pytest.raises(SystemExit) as end:
        launcher.main()
    assert end.value.code == 1
    message = capsys.readouterr().err
    assert "this is Python {}.{}, but".format(*version) in message
    assert "3.10 to 3.13" in message
    assert "What to do" in message


def test_supported_python_on_path_is_taken(launcher, monkeypatch, tmp_path):
    python = tmp_path / "python3.12"
    python.touch(mode=0o755)
    calls = []

    def execv(path, arguments):
        calls.append((path, arguments))
        raise SystemExit

    monkeypatch.setattr(os, "execv", execv)
    monkeypatch.setattr(sys, "version_info", (3, 9, 1, "final", 0))
    monkeypatch.setattr(sys, "argv", ["./psa", "demo"])
    with pytest.raises(SystemExit):
        launcher.main()
    assert calls == [(str(python), [str(python), str(PSA), "demo"])]


def test_old_python_can_read_the_message():
    ast.parse(PSA.read_text(), feature_version=(3, 4))


def test_launcher_and_settings_agree(launcher):
    parsed = settings.load(ROOT)
    versions = [".".join(map(str, v)) for v in (launcher.OLDEST, launcher.NEWEST)]
    assert parsed["python"] == versions
    assert parsed["postgres"] == system.OLDEST_POSTGRES


@pytest.mark.parametrize(
    "command", ["", "demo", "test", "lint", "shell", "bench", "stop", "clean"]
)
def test_help_needs_no_setup(tmp_path, command):
    answer = psa(*command.split(), "--help", HOME=str(tmp_path), XDG_CACHE_HOME="")
    assert answer.returncode == 0
    assert answer.stdout.startswith(f"usage: ./psa {command}".rstrip())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["demo", "--port", "70000"],
        ["demo", "--port", "http"],
        ["demo", "--db", "psa_run_1"],
        ["demo", "--db", 'x"; DROP DATABASE y'],
        ["demo", "--lang", "-l"],
        ["frobnicate"],
        [],
    ],
)
def test_mistakes_on_the_command_line(arguments, capsys):
    with pytest.raises(SystemExit) as end:
        cli.parse(arguments)
    assert end.value.code == 2
    assert "usage:" in capsys.readouterr().err


def test_stages_chosen_by_hand_need_no_browser():
    assert system.BROWSER in cli.parse(["test"]).needs
    assert system.BROWSER not in cli.parse(["test", "--stage", "static"]).needs


def test_stop_with_nothing_to_stop(tmp_path):
    answer = psa("stop", XDG_CACHE_HOME=str(tmp_path))
    assert (answer.returncode, answer.stdout) == (0, "")
    assert "nothing is running" in answer.stderr


def test_error_says_what_to_do(tmp_path):
    (tmp_path / "psa-odoo").write_text("a file where a directory is wanted")
    answer = psa("stop", XDG_CACHE_HOME=str(tmp_path))
    assert answer.returncode == 1
    assert "Traceback" not in answer.stderr
    assert "What to do" in answer.stderr


def test_steps_without_a_terminal(capsys):
    with console.step("Work") as show:
        show("details are for terminals")
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert lines[0].endswith("Work")
    assert "Work  (0.0 s)" in lines[1]

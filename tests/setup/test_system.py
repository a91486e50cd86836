# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What is asked of the operating system, and how its absence is told."""

import os
import shutil
import subprocess

import pytest

from setup import odoo, process, system
from setup.console import SetupError

MISSING = system.Need("a thing", ("thing",), lambda: False)
WISHED = system.Need("a luxury", ("luxury",), lambda: False, "it is less nice")
PRESENT = system.Need("bread", ("bread",), lambda: True)


@pytest.fixture
def debian(monkeypatch):
    """A Debian of the given user; the value has the commands that were run."""
    commands = []

    def become(user, available=True):
        monkeypatch.setattr(os, "geteuid", lambda: user)
        monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
        monkeypatch.setattr(system, "_available", lambda _package: available)
        monkeypatch.setattr(
            process, "run", lambda command, *_args, **_options: commands.append(command)
        )
        return commands

    return become


def test_nothing_missing(cache, debian):
    commands = debian(0)
    system.provide([PRESENT], cache)
    assert commands == []


def test_normal_user_is_told_the_command(cache, debian):
    commands = debian(1000)
    with pytest.raises(SetupError, match="Missing on this computer: a thing.") as error:
        system.provide([PRESENT, MISSING, WISHED], cache)
    expected = "sudo apt-get install --no-install-recommends thing\n"
    assert error.value.todo.startswith(expected)
    assert commands == []


def test_own_server_is_offered_instead_of_a_package(cache, debian, monkeypatch):
    debian(1000)
    monkeypatch.setattr(system, "_has_postgres", lambda: False)
    for name in system.POSTGRES_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(SetupError) as failure:
        system.provide([system.POSTGRES], cache)
    assert "PGHOST" in failure.value.todo
    monkeypatch.setenv("PGHOST", "db.example")
    system.provide([system.POSTGRES], cache)


def test_luxury_is_only_mentioned(cache, debian, capsys):
    debian(1000)
    system.provide([WISHED], cache)
    assert "a luxury is not installed: it is less nice" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("available", "packages"), [(True, ["thing", "luxury"]), (False, ["thing"])]
)
def test_root_gets_packages(cache, debian, available, packages):
    commands = debian(0, available)
    with pytest.raises(SetupError):  # as the fake installs nothing
        system.provide([MISSING, WISHED], cache)
    assert commands[0] == ["apt-get", "update"]
    assert commands[1][-len(packages) - 1 :] == ["--no-install-recommends", *packages]


def test_system_without_apt(cache, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(SetupError) as failure:
        system.provide([MISSING], cache)
    assert "package manager" in failure.value.todo


def fake_postgres(directory, version):
    directory.mkdir(parents=True)
    for name in ("initdb", "pg_ctl"):
        (directory / name).touch(mode=0o755)
    program = directory / "postgres"
    program.write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n")
    program.chmod(0o755)


def test_newest_postgres_is_taken(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    for version in ("9.6", "17.2", "15.4"):
        place = tmp_path / "usr/lib/postgresql" / version.split(".")[0] / "bin"
        fake_postgres(place, version)
    found = system.postgres_programs(tmp_path)
    assert found == (17, tmp_path / "usr/lib/postgresql/17/bin")


def test_client_alone_is_no_server(tmp_path, monkeypatch):
    (tmp_path / "usr/lib/postgresql/15/bin").mkdir(parents=True)
    (tmp_path / "usr/lib/postgresql/15/bin/psql").touch()
    monkeypatch.setenv("PATH", "")
    assert system.postgres_programs(tmp_path) is None


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is closed to root")
def test_directory_of_path_that_is_closed(tmp_path, monkeypatch):
    fake_postgres(tmp_path / "closed" / "bin", "15.4")
    (tmp_path / "closed").chmod(0)
    monkeypatch.setenv("PATH", str(tmp_path / "closed" / "bin"))
    assert system.postgres_programs(tmp_path) is None
    (tmp_path / "closed").chmod(0o700)


def test_port_taken():
    with odoo.socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(SetupError, match=f"Port {port} cannot be used") as failure:
            odoo.require_port(port)
    assert f"--port {port + 1}" in failure.value.todo


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ("E: Write error - write (28: No space left on device)", "The disk is full"),
        ("Temporary failure resolving 'x'", "The network did not answer"),
        ("it broke", "Work failed.\n    it broke"),
    ],
)
def test_failure_of_a_program(tmp_path, output, expected):
    log = tmp_path / "log" / "program.log"
    with pytest.raises(SetupError, match=expected) as failure:
        process.run(["sh", "-c", 'echo "$0"; exit 3', output], log, "Work failed.")
    assert str(log) in failure.value.what


def test_missing_program(tmp_path):
    with pytest.raises(SetupError, match="Work failed. Cannot run no-such-program"):
        process.run(["no-such-program"], tmp_path / "log", "Work failed.")


def test_program_does_not_outlive_an_interruption(tmp_path):
    children = []

    def interrupt(line):
        children.append(int(line))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        process.run(
            ["sh", "-c", "echo $$; exec sleep 60"], tmp_path / "log", "", "", interrupt
        )
    assert subprocess.run(["kill", "-0", str(children[0])], check=False).returncode

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The private cluster, with the real PostgreSQL of this computer."""

import os
import signal

import pytest

from setup import cluster as module
from setup import postgres, system
from setup.cache import Cache
from setup.console import SetupError

USE = """
import sys, time
from pathlib import Path
from setup import cluster
from setup.cache import Cache

with cluster.find(Cache.open(Path(sys.argv[1]))).running():
    print("using", flush=True)
    time.sleep(60)
"""

needs_programs = pytest.mark.skipif(
    not system.postgres_programs(), reason="there is no PostgreSQL on this computer"
)


@pytest.fixture(autouse=True)
def no_server_of_the_user(monkeypatch):
    for name in [name for name in os.environ if name.startswith("PG")]:
        monkeypatch.delenv(name)


@pytest.fixture
def cluster(open_directory):
    private = module.find(Cache.open(open_directory / "it's a place"))
    yield private
    private.stop(force=True)


@needs_programs
def test_life_of_a_cluster(cluster, background, until):
    """One test for what is one story: each start costs a second."""
    cache = cluster.cache
    with cluster.running():
        query = "SELECT current_user, current_setting('fsync')"
        assert postgres.execute(cluster, query) == [(module.ROLE, "off")]
        assert cluster.socket.stat().st_mode & 0o077 == 0
        with cluster.running():
            pass
        assert cluster.is_running(), "an inner user leaves it to the outer one"
    assert not cluster.is_running()

    users = [background(USE, cache.root) for _ in range(2)]
    for user in users:
        assert user.stdout.readline() == "using\n"
    users[0].send_signal(signal.SIGKILL)
    users[0].wait()
    assert not cluster.stop(), "the other one still uses it"
    assert cluster.is_running()
    users[1].send_signal(signal.SIGINT)
    users[1].wait(20)
    assert not cluster.is_running(), "the last user stops it"

    last = background(USE, cache.root)
    last.stdout.readline()
    last.kill()
    last.wait()
    assert cluster.is_running(), "nobody was there to stop it"
    with cluster.running():
        pass
    assert not cluster.is_running(), "the next user did"


@needs_programs
def test_after_crashes(cluster, tmp_path, until):
    with cluster.running():
        postgres.execute(cluster, "CREATE DATABASE precious")
        kill(cluster, until)
    with cluster.running():
        assert names(cluster) >= {"precious"}, "a crash of the server loses nothing"

    # A process number that is another program's by now, as after a restart.
    (cluster.data / "postmaster.pid").write_text(f"{os.getppid()}\n")
    assert not cluster.is_running()
    with cluster.running():
        (cluster.directory / "started").write_text("another boot")
        kill(cluster, until)
        (cluster.directory / "started").rename(tmp_path / "started")
    (tmp_path / "started").rename(cluster.directory / "started")
    with cluster.running():
        assert "precious" not in names(cluster), "a crash of the computer may"


def kill(cluster, until):
    pid = int((cluster.data / "postmaster.pid").read_text().split()[0])
    os.kill(pid, signal.SIGKILL)
    until(lambda: not cluster.is_running())


def names(cluster):
    rows = postgres.execute(cluster, "SELECT datname FROM pg_database")
    return {name for (name,) in rows}


@needs_programs
@pytest.mark.parametrize("name", ["long" * 25, "with,comma"])
def test_path_unfit_for_a_socket(open_directory, name):
    private = module.find(Cache(open_directory / name))
    assert not private.socket.is_relative_to(open_directory)
    assert len(str(private.socket / ".s.PGSQL.5432")) <= 103


@needs_programs
@pytest.mark.skipif(os.geteuid() != 0, reason="only root has another account for it")
def test_root_with_a_closed_home(open_directory, monkeypatch):
    monkeypatch.setattr(module, "SYSTEM_CACHE", open_directory / "system")
    home = open_directory / "root"
    home.mkdir(mode=0o700)
    private = module.find(Cache(home / ".cache"))
    assert private.data.is_relative_to(open_directory / "system")


def test_no_programs(monkeypatch, cache):
    monkeypatch.setattr(system, "postgres_programs", lambda: None)
    server = postgres.choose(cache)
    with pytest.raises(SetupError, match="no PostgreSQL server programs"):
        server.running()


@pytest.mark.parametrize("variable", ["PGHOST", "PGUSER", "PGPORT"])
def test_server_of_the_user(monkeypatch, cache, variable):
    monkeypatch.setenv(variable, "5433")
    monkeypatch.setenv("PGDATABASE", "accounting")
    server = postgres.choose(cache)
    assert isinstance(server, postgres.UserServer)
    assert server.variables == {variable: "5433"}


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ((120_004, "me", True), "PostgreSQL 12, but Odoo 19 needs 13"),
        ((150_000, "me", False), "'me' may not create databases"),
        ((150_000, "postgres", True), "refuses to work as .* 'postgres'"),
    ],
)
def test_unsuitable_server_of_the_user(monkeypatch, row, message):
    monkeypatch.setattr(postgres, "execute", lambda *_args: [row])
    with pytest.raises(SetupError, match=message) as failure:
        postgres.UserServer().check()
    assert failure.value.todo


def test_unreachable_server_of_the_user(monkeypatch, tmp_path):
    monkeypatch.setenv("PGHOST", str(tmp_path))
    with pytest.raises(SetupError, match="cannot be reached") as failure:
        postgres.UserServer().check()
    assert "unset" in failure.value.todo

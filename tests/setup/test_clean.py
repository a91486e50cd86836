# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import pytest

from setup import cli, cluster, servers
from setup.cache import Cache
from setup.commands import maintenance
from setup.console import SetupError

SERVER = """
import sys, time
from pathlib import Path
from setup import servers
from setup.cache import Cache
import os

cache = Cache.open(Path(sys.argv[1]))
with servers.registered(cache, 1234):
    servers.record(cache, 1234, os.getpid())
    print("ready", flush=True)
    time.sleep(60)
"""


@pytest.fixture(autouse=True)
def no_cluster(monkeypatch):
    def refuse(_cache):
        raise SetupError("no PostgreSQL here")

    monkeypatch.setattr(cluster, "find", refuse)


def fill(cache, *names):
    for name in names:
        (cache.directory(name) / "file").write_bytes(bytes(10_000))


def test_clean_keeps_what_was_fetched(cache, capsys):
    fill(cache, "host", "venv", "data", "log", "other")
    assert maintenance.clean(cli.parse(["clean"]), cache) == 0
    assert {path.name for path in cache.root.iterdir()} == {
        "CACHEDIR.TAG",
        "host",
        "venv",
        "other",
    }
    assert capsys.readouterr().out.endswith("KB freed\n")


def test_clean_all(cache):
    fill(cache, "host", "venv", "data")
    maintenance.clean(cli.parse(["clean", "--all"]), cache)
    assert not cache.root.exists()


def test_clean_all_leaves_what_it_does_not_know(cache):
    fill(cache, "host", "other")
    maintenance.clean(cli.parse(["clean", "--all"]), cache)
    assert [path.name for path in cache.root.iterdir()] == ["other"]


def test_clean_touches_only_caches(tmp_path):
    (tmp_path / "host").mkdir()
    with pytest.raises(SetupError, match="not made by ./psa"):
        maintenance.clean(cli.parse(["clean", "--all"]), Cache(tmp_path))
    assert (tmp_path / "host").is_dir()


def test_clean_while_in_use(cache):
    fill(cache, "data")
    with cache.locked("in-use", "sleeps", shared=True):
        with pytest.raises(SetupError, match="Another ./psa"):
            maintenance.clean(cli.parse(["clean"]), cache)
        assert cache.path("data").is_dir()
        maintenance.clean(cli.parse(["clean", "--force"]), cache)
        assert not cache.path("data").exists()


def test_stop_ends_servers(cache, background):
    child = background(SERVER, cache.root)
    child.stdout.readline()
    [server] = servers.running(cache)
    assert (server.port, server.pid) == (1234, child.pid)
    maintenance.stop(cli.parse(["stop"]), cache)
    assert child.wait(5) is not None
    assert list(servers.running(cache)) == []


def test_number_of_a_dead_server_is_not_used(cache, background):
    child = background(SERVER, cache.root)
    child.stdout.readline()
    child.kill()
    child.wait()
    # By now the number may be that of any program.
    assert list(servers.running(cache)) == []
    assert list(cache.path("run").iterdir()) == []

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Templates and databases of runs: a real PostgreSQL, and no Odoo to fill them."""

import os
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest

from setup import cluster, postgres, system, template
from setup.cache import Cache
from setup.environment import Environment
from setup.host import Host

pytestmark = pytest.mark.skipif(
    not system.postgres_programs(), reason="there is no PostgreSQL on this computer"
)

LEAVE_BEHIND = """
import os, signal, sys
from pathlib import Path
from setup import cluster, postgres, template
from setup.cache import Cache
from setup.environment import Environment

cache = Cache.open(Path(sys.argv[1]))
env = Environment(Path(), Path(), None, cluster.find(cache), cache, {})
with template.reserved(env, "psa_run_killed"):
    postgres.execute(env.server, "CREATE DATABASE psa_run_killed")
    template.filestore(env, "psa_run_killed").mkdir(parents=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(scope="module")
def server():
    place = Path(tempfile.mkdtemp(prefix="psa-"))
    place.chmod(0o755)  # for the account that the server runs as if this is root
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("PG")]:
            patch.delenv(name)
        private = cluster.find(Cache.open(place / "cache"))
        with private.running():
            yield private
    shutil.rmtree(place)


@pytest.fixture
def installed():
    """What was installed into templates, in order."""
    return []


@pytest.fixture
def env(server, tmp_path, monkeypatch, installed):
    def install(env, db, modules, demo, title, args):
        installed.append(sorted(modules))
        if not template.exists(env, db):
            postgres.execute(server, f'CREATE DATABASE "{db}"')
            table = "CREATE TABLE ir_module_module AS SELECT false AS demo"
            postgres.execute(server, table, db=db)
        store = template.filestore(env, db)
        store.mkdir(parents=True, exist_ok=True)
        (store / modules[0]).write_text("an attachment")

    monkeypatch.setattr(template, "_install", install)
    monkeypatch.setattr(template, "_make_bundles", lambda env, db: None)
    root = tmp_path / "clone"
    (root / "psa_a").mkdir(parents=True)
    (root / "psa_a" / "__manifest__.py").write_text("{}")
    env = Environment(
        root=root,
        python=Path(sys.executable),
        host=Host(tmp_path, "a test", "1"),
        server=server,
        cache=server.cache,
        settings={"host_modules": ["sale"], "addons": ["psa_a"]},
    )
    yield env
    for name in names(env):
        template.drop(env, name)


def names(env):
    rows = postgres.execute(env.server, "SELECT datname FROM pg_database")
    return {name for (name,) in rows if name.startswith("psa_")}


def test_fresh_databases_are_copies(env, installed):
    for _ in range(2):
        with env.fresh_database("x", demo=False, addons=["psa_a"]) as db:
            assert db.startswith("psa_run_x_")
            assert template.exists(env, db)
            files = {path.name for path in template.filestore(env, db).iterdir()}
            assert files == {"sale", "psa_a"}
        assert not template.exists(env, db)
        assert not template.filestore(env, db).exists()
    assert installed == [["sale"], ["psa_a"]]


def test_demo_data_are_those_of_the_suite_only(env, server, installed):
    for demo in (False, True, False):
        with env.fresh_database("x", demo=demo, addons=["psa_a"]) as db:
            flags = postgres.execute(server, "SELECT demo FROM ir_module_module", db=db)
            assert flags == [(demo,)]
    assert installed == [["sale"], ["psa_a"], ["psa_a"]]


def test_newer_content_replaces_older(env, installed):
    with env.fresh_database("x", demo=False, addons=["psa_a"]):
        before = names(env)
    (env.root / "psa_a" / "model.py").write_text("x = 1")
    with env.fresh_database("x", demo=False, addons=["psa_a"]):
        pass
    assert installed == [["sale"], ["psa_a"], ["psa_a"]]
    suites = [name for name in names(env) if name.startswith("psa_suite_")]
    assert len(suites) == 1
    assert suites[0] not in before


def test_no_template_no_database(env, installed):
    with env.fresh_database("x", demo=False, template_modules=False) as db:
        assert not template.exists(env, db)
        postgres.execute(env.server, f'CREATE DATABASE "{db}"')
    assert names(env) == set()
    assert installed == []


def test_failed_installation_leaves_nothing(env, monkeypatch):
    works = template._install

    def fail(env, db, *args):
        works(env, db, *args)
        raise KeyboardInterrupt

    monkeypatch.setattr(template, "_install", fail)
    with pytest.raises(KeyboardInterrupt), env.fresh_database("x", demo=False):
        pass
    assert names(env) == set()
    monkeypatch.setattr(template, "_install", works)
    with env.fresh_database("x", demo=False) as db:
        assert template.exists(env, db)


def test_two_at_once_install_once(env, installed):
    made = []

    def use():
        with env.fresh_database("x", demo=False) as db:
            made.append(db)

    threads = [threading.Thread(target=use) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 2
    assert installed == [["sale"]]


def test_databases_of_killed_runs_are_dropped(env):
    root = Path(__file__).resolve().parents[2]
    subprocess.run(
        [sys.executable, "-c", LEAVE_BEHIND, env.cache.root],
        env={**os.environ, "PYTHONPATH": str(root)},
        check=False,
    )
    assert "psa_run_killed" in names(env)
    with env.fresh_database("alive", demo=False, template_modules=False) as db:
        postgres.execute(env.server, f'CREATE DATABASE "{db}"')
        with env.with_database_server():
            assert names(env) == {db}
    assert not template.filestore(env, "psa_run_killed").exists()


def test_config_file(env):
    path = env.config_file("psa_run_x", http_port=8070, with_demo=True, workers=None)
    lines = path.read_text().splitlines()
    assert lines[0] == "[options]"
    assert f"addons_path = {env.root}" in lines
    assert f"db_host = {env.pg['PGHOST']}" in lines
    assert "db_name = psa_run_x" in lines
    assert "dbfilter = ^psa_run_x$" in lines
    assert "http_interface = 127.0.0.1" in lines
    assert "http_port = 8070" in lines
    assert "with_demo = True" in lines
    assert "workers" not in path.read_text()
    assert env.config_file("psa_run_x", http_port=8070, with_demo=True) == path


def test_variables(env, monkeypatch):
    monkeypatch.setenv("PGDATABASE", "accounting")
    monkeypatch.setenv("PYTHONPATH", "/mine")
    variables = env.variables("psa_run_x")
    assert "PGDATABASE" not in variables
    assert variables["PYTHONPATH"] == f"{env.odoo_path}:/mine"
    assert Path(variables["ODOO_RC"]).is_file()
    assert variables.items() >= env.pg.items()

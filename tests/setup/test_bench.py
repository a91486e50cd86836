# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from types import SimpleNamespace

import pytest
from conftest import ROOT

from setup import peers, process
from setup.commands import bench
from setup.console import SetupError


@pytest.fixture
def env(cache):
    return SimpleNamespace(root=ROOT, cache=cache, python="python3")


def test_databases_are_read_without_running_the_benchmark(tmp_path):
    file = tmp_path / "some.py"
    file.write_text('import odoo.nowhere\nDATABASES = {"peer": ["helpdesk_mgmt"]}\n')
    assert bench._databases(file) == {"peer": ["helpdesk_mgmt"]}
    file.write_text("import odoo.nowhere\n")
    assert bench._databases(file) == {}


def test_what_benchmarks_ask_for_exists():
    wanted = {
        addon
        for file in (ROOT / "bench").glob("[!_]*.py")
        for addons in bench._databases(file).values()
        for addon in addons
    }
    own = {
        path.parent.name for path in (ROOT / "bench/addons").glob("*/__manifest__.py")
    }
    assert own <= wanted <= own | peers.VERSIONS.keys()


def test_a_benchmark_goes_on_without_a_peer(env, monkeypatch, capsys):
    def refuse(*_args):
        raise SetupError("The network did not answer.")

    monkeypatch.setattr(peers, "fetch", refuse)
    found = bench._peers(env, ["bench_mail", "helpdesk_mgmt"])
    assert found == {"bench_mail": ROOT / "bench" / "addons"}
    assert "The network did not answer." in capsys.readouterr().err


def test_a_peer_that_cannot_be_fetched_leaves_nothing(env, monkeypatch):
    def refuse(*_args):
        raise SetupError("The network did not answer.")

    monkeypatch.setattr(process, "run", refuse)
    with pytest.raises(SetupError, match="did not answer"):
        peers.fetch(env, "helpdesk_mgmt")
    assert list(env.cache.directory("peers").iterdir()) == []

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import errno
import os
import threading
from pathlib import Path

import pytest

from setup import cache as module
from setup.cache import Cache
from setup.console import SetupError

BUILD_FOREVER = """
import sys, time
from pathlib import Path
from setup.cache import Cache

def build(directory):
    (directory / "half").write_text("made")
    print("building", flush=True)
    time.sleep(60)

Cache.open(Path(sys.argv[1])).make("kind", "name", build)
"""
HOLD_LOCK = """
import sys, time
from pathlib import Path
from setup.cache import Cache

cache, shared = Cache.open(Path(sys.argv[1])), sys.argv[2] == "shared"
with cache.locked("name", "sleeps", shared=shared):
    print("held", flush=True)
    time.sleep(60)
"""


def fill(directory):
    (directory / "whole").write_text("made")


def test_make_builds_once(cache):
    calls = []

    def build(directory):
        calls.append(directory)
        fill(directory)

    first = cache.make("kind", "name", build)
    assert cache.make("kind", "name", build) == first
    assert len(calls) == 1
    assert calls[0] != first, "it is built beside its place"
    assert [path.name for path in first.iterdir()] == ["whole"]


@pytest.mark.parametrize("failure", [ValueError, KeyboardInterrupt, SystemExit])
def test_make_leaves_nothing_of_a_failure(cache, failure):
    def build(directory):
        fill(directory)
        raise failure

    with pytest.raises(failure):
        cache.make("kind", "name", build)
    assert list(cache.path("kind").iterdir()) == []


def test_make_after_a_killed_run(cache, background):
    child = background(BUILD_FOREVER, cache.root)
    assert child.stdout.readline() == "building\n"
    child.kill()
    child.wait()
    made = cache.make("kind", "name", fill)
    assert [path.name for path in made.iterdir()] == ["whole"]
    assert [path.name for path in cache.path("kind").iterdir()] == ["name"]


def test_make_waits_for_another_run(cache, background):
    child = background(BUILD_FOREVER, cache.root)
    child.stdout.readline()
    made = []
    thread = threading.Thread(
        target=lambda: made.append(cache.make("kind", "name", fill))
    )
    thread.start()
    thread.join(0.2)
    assert not made, "the other run still builds"
    child.kill()
    thread.join(10)
    assert made == [cache.path("kind", "name")]


def test_full_disk(cache):
    def build(directory):
        fill(directory)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(SetupError, match="disk is full") as failure:
        cache.make("kind", "name", build)
    assert "XDG_CACHE_HOME" in failure.value.todo
    assert list(cache.path("kind").iterdir()) == []


def test_too_little_space_is_said_before_work(cache):
    with pytest.raises(SetupError, match="Fetching needs about 1e.06 GB"):
        cache.require_space(1e6, "Fetching")


def test_read_only_home(tmp_path, monkeypatch):
    def refuse(*_args, **_options):
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(tmp_path))

    # Permissions would not stop root, who may run these tests.
    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(SetupError, match="Cannot write to .*Read-only") as failure:
        Cache.open(tmp_path / "cache")
    assert "XDG_CACHE_HOME" in failure.value.todo


def test_directory_of_someone_else_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(SetupError, match="not from ./psa"):
        Cache.open(tmp_path)


@pytest.mark.parametrize(
    ("value", "expected"),
    [("/some/where", "/some/where/psa-odoo"), ("here", "/home/me/.cache/psa-odoo")],
)
def test_place(monkeypatch, value, expected):
    monkeypatch.setenv("HOME", "/home/me")
    monkeypatch.setenv("XDG_CACHE_HOME", value)
    assert module.default_root() == Path(expected)


def test_exclusive_lock_excludes_other_processes(cache, background):
    child = background(HOLD_LOCK, cache.root, "exclusive")
    child.stdout.readline()
    lock = cache.lock("name")
    assert not lock.acquire(wait=False)
    child.kill()
    child.wait()
    assert lock.acquire(wait=False), "the kernel frees it with its holder"
    lock.release()


def test_shared_locks_get_along(cache, background):
    for child in [background(HOLD_LOCK, cache.root, "shared") for _ in range(2)]:
        assert child.stdout.readline() == "held\n"
    lock = cache.lock("name")
    assert lock.acquire(shared=True, wait=False)
    assert not lock.acquire(wait=False)
    lock.release()


def test_key_tells_parts_apart():
    assert module.key("ab", "c") != module.key("a", "bc")
    assert module.key("a", 1) == module.key("a", "1")


def test_size_counts_links_once(tmp_path):
    (tmp_path / "one").write_bytes(bytes(100_000))
    alone = module.tree_size(tmp_path)
    os.link(tmp_path / "one", tmp_path / "two")
    assert module.tree_size(tmp_path) == alone >= 100_000

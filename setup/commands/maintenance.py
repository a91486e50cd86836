# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""``./psa stop`` and ``./psa clean``; both do without the virtual environment."""

from __future__ import annotations

import argparse
import shutil
from contextlib import suppress
from pathlib import Path

from setup import cluster, servers, system
from setup.cache import TAG, Cache, tree_size
from setup.console import SetupError, note, size, step

#: Made again without the network, in minutes.
_MADE = ("data", "conf", "log", "run", "pycache")
#: Fetched from the network.
_FETCHED = ("host", "venv", "node", "apt", "peers")


def stop(args: argparse.Namespace, cache: Cache) -> int:
    """Stop all servers, then PostgreSQL if nobody else uses it."""
    found = list(servers.running(cache))
    for server in found:
        with step(f"Stopping the server on port {server.port}"):
            servers.stop(server)
    postgres = _cluster(cache)
    if postgres and postgres.is_running():
        with step("Stopping the private PostgreSQL server"):
            if not postgres.stop(args.force):
                raise SetupError(
                    "Another ./psa uses the private PostgreSQL server.",
                    "wait until it ends, or use ./psa stop --force.",
                )
    elif not found:
        note("nothing is running")
    return 0


def clean(args: argparse.Namespace, cache: Cache) -> int:
    """Remove databases, and with ``--all`` everything that was fetched, too."""
    tag = cache.path("CACHEDIR.TAG")
    if not tag.is_file() or tag.read_text() != TAG:
        raise SetupError(f"{cache.root} was not made by ./psa: nothing is removed.")
    in_use = cache.lock("in-use")
    if not in_use.acquire(wait=False) and not args.force:
        raise SetupError(
            "Another ./psa is running and uses these caches.",
            "stop it (./psa stop ends servers), or use ./psa clean --force.",
        )
    for server in servers.running(cache):
        servers.stop(server)
    postgres = _cluster(cache)
    freed = 0
    if postgres:
        postgres.stop(force=True)
        freed += _remove("databases", postgres.store.root)
        postgres.remove()
    for name in (*_MADE, *(_FETCHED if args.all else ())):
        freed += _remove(name, cache.path(name))
    # Locks last, as nobody must take them while something is being removed.
    shutil.rmtree(cache.path("locks"), ignore_errors=True)
    if args.all:
        tag.unlink()
        with suppress(OSError):  # not empty: the rest is not ours
            cache.root.rmdir()
    in_use.release()
    if system.uses_own_postgres():
        note("databases named psa_... on the server of PGHOST are left to you")
    print(f"{size(freed)} freed")
    return 0


def _remove(title: str, path: Path) -> int:
    """Remove a directory tree and say how large it was."""
    if not path.exists():
        return 0
    octets = tree_size(path)
    shutil.rmtree(path)
    note(f"{size(octets):>9}  {title}  {path}")
    return octets


def _cluster(cache: Cache) -> cluster.PrivateCluster | None:
    try:
        return cluster.find(cache)
    except SetupError:
        return None

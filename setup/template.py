# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Databases that are copied instead of installed.

There are layers: ``psa_host_KEY`` has modules of the host, ``psa_suite_...`` addons of
the suite on top of them; an addon is added to a copy of what it depends on. Each is
named after what it is made of, made under another name and renamed when complete. A
database of a run, or one that is being made, has a lock file; if nobody holds it any
more, the database is dropped.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from setup import process, settings
from setup.cache import Lock, key
from setup.console import SetupError, note, step
from setup.odoo import run_logged
from setup.postgres import execute

if TYPE_CHECKING:
    from setup.environment import Environment

_BUNDLES = Path(__file__).with_name("inside") / "bundles.py"
#: Part of the names of templates: a change of how they are made is one of content.
RECIPE = 4
#: Names of all databases that may be dropped without asking.
PREFIXES = ("psa_host_", "psa_suite_", "psa_make_", "psa_run_")


def exists(env: Environment, db: str) -> bool:
    """Say whether the server has a database of this name."""
    query = "SELECT 1 FROM pg_database WHERE datname = %s"
    return bool(execute(env.server, query, (db,)))


def drop(env: Environment, db: str) -> None:
    """Remove a database, its filestore and its configuration files, if they exist."""
    query = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
    execute(env.server, query, (db,))
    execute(env.server, f'DROP DATABASE IF EXISTS "{db}"')
    shutil.rmtree(filestore(env, db), ignore_errors=True)
    for path in env.cache.path("conf").glob(f"{db}-*.conf"):
        path.unlink(missing_ok=True)


def filestore(env: Environment, db: str) -> Path:
    """Return where Odoo keeps the attachments of a database."""
    return env.cache.path("data", "filestore", db)


def rename(env: Environment, db: str, name: str) -> None:
    """Give a complete database its final name; the last act of making it."""
    if filestore(env, db).exists():
        shutil.rmtree(filestore(env, name), ignore_errors=True)
        filestore(env, db).rename(filestore(env, name))
    execute(env.server, f'ALTER DATABASE "{db}" RENAME TO "{name}"')


def _copy(env: Environment, source: str, target: str) -> None:
    [(version,)] = execute(
        env.server, "SELECT current_setting('server_version_num')::int"
    )
    # Copying files beats writing every page to the log, as PostgreSQL 15 does.
    strategy = " STRATEGY file_copy" if version >= 150000 else ""
    execute(env.server, f'CREATE DATABASE "{target}" TEMPLATE "{source}"{strategy}')
    if filestore(env, source).exists():
        # Odoo writes an attachment's file once and later only unlinks it.
        shutil.copytree(
            filestore(env, source), filestore(env, target), copy_function=_link
        )


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


@contextmanager
def reserved(env: Environment, db: str) -> Iterator[None]:
    """Hold a name for a database that does not outlive the block."""
    lock = env.cache.lock(f"db-{env.server.identity}-{db}")
    lock.acquire()
    try:
        yield
    finally:
        drop(env, db)
        lock.path.unlink(missing_ok=True)
        lock.release()


def drop_abandoned(env: Environment) -> None:
    """Drop what runs left behind that were killed."""
    start = f"db-{env.server.identity}-"
    for path in env.cache.path("locks").glob(f"{start}*.lock"):
        lock = Lock(path)
        if lock.acquire(wait=False):
            drop(env, path.name.removeprefix(start).removesuffix(".lock"))
            path.unlink(missing_ok=True)
        lock.release()


@dataclass(frozen=True)
class Content:
    """What a database is made of: two keys, so that one can tell what changed."""

    host: str
    addons: str = ""


def content(env: Environment, demo: bool, addons: Sequence[str] = ()) -> Content:
    """Return what a database with these addons is made of today."""
    # Demo data are the suite's own, a small firm; the host's would only hide it.
    return Content(
        _host_key(env, _all_layers(env)),
        settings.content_key(env.root, addons) if addons else "",
    )


def _all_layers(env: Environment) -> list[Sequence[str]]:
    """All modules of the host: first those that the stage ``package`` needs, too."""
    below = settings.host_layers(env.root, env.addons[:1])
    return [*below, sorted(env.settings["host_modules"])]


def _host_key(env: Environment, layers: Sequence[Sequence[str]]) -> str:
    return key(RECIPE, env.host.identity, list(map(list, layers)))


def create(env: Environment, db: str, demo: bool, addons: Sequence[str] = ()) -> None:
    """Make a database with the host's modules and ``addons`` by copying a template.

    :raises SetupError: the template was missing and could not be made.
    """
    template = _suite(env, demo, addons) if addons else _host(env, _all_layers(env))
    with template as source:
        _copy(env, source, db)


def create_host(env: Environment, db: str, layers: Sequence[Sequence[str]]) -> None:
    """Make a database with these modules of the host, one layer after the other.

    :raises SetupError: the template was missing and could not be made.
    """
    with _host(env, layers) as source:
        _copy(env, source, db)


@contextmanager
def _host(env: Environment, layers: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield the name of the template, made if missing, and keep it for the block."""
    name = f"psa_host_{_host_key(env, layers)}"

    def build(db: str) -> None:
        *below, modules = layers
        if below:
            create_host(env, db, below)
        _install(env, db, modules, False, "Odoo's own modules", [])

    with _kept(env, name, build):
        yield name


@contextmanager
def _suite(env: Environment, demo: bool, addons: Sequence[str]) -> Iterator[str]:
    """Yield the name of the template, made if missing, and keep it for the block."""
    # One slot per clone and choice of addons: newer content replaces older.
    slot = key(env.root, demo, sorted(addons))[:6]
    name = f"psa_suite_{slot}_{key(content(env, demo, addons))}"

    def build(db: str) -> None:
        below = settings.with_dependencies(env.root, addons)
        below = [addon for addon in below if addon not in addons]
        create(env, db, demo, below)
        if demo:
            # Odoo loads demo data only on top of modules that have theirs.
            execute(env.server, "UPDATE ir_module_module SET demo = true", db=db)
        # The list is complete: glue must not come along before its turn.
        _install(env, db, addons, demo, "PSA addons", ["--skip-auto-install"])
        if demo:
            # People and browsers will look at its copies.
            _make_bundles(env, db)
        _drop_replaced(env, f"psa_suite_{slot}_")

    with _kept(env, name, build):
        yield name


@contextmanager
def _kept(env: Environment, name: str, build: Callable[[str], None]) -> Iterator[None]:
    """Hold a shared lock on the template ``name``, made by ``build`` if missing."""
    lock = env.cache.lock(_lock_name(env, name))
    try:
        while True:
            if not lock.acquire(shared=True, wait=False):
                note(f"waiting for another ./psa that makes the database {name}")
                lock.acquire(shared=True)
            if exists(env, name):
                break
            # A change of mode is not atomic: someone else may be first, so look again.
            lock.acquire()
            if not exists(env, name):
                temporary = f"psa_make_{os.getpid()}_{secrets.token_hex(3)}"
                with reserved(env, temporary):
                    build(temporary)
                    rename(env, temporary, name)
        yield
    finally:
        lock.release()


def _lock_name(env: Environment, name: str) -> str:
    return f"template-{env.server.identity}-{name}"


def _drop_replaced(env: Environment, prefix: str) -> None:
    """Drop the templates of a slot that nobody copies at this moment."""
    rows = execute(
        env.server,
        "SELECT datname FROM pg_database WHERE starts_with(datname, %s)",
        (prefix,),
    )
    for (name,) in rows:
        lock = env.cache.lock(_lock_name(env, name))
        if lock.acquire(wait=False):
            drop(env, name)
        lock.release()


def _install(
    env: Environment,
    db: str,
    modules: Sequence[str],
    demo: bool,
    title: str,
    args: Sequence[str],
) -> None:
    data = "with" if demo else "without"
    # Modules of the host do not know of ours: some would install themselves with them.
    options = {} if set(modules) & set(env.addons) else {"addons_path": None}
    with step(f"Template database: {title}, {data} demo data") as show:
        run_logged(
            env,
            ["-i", ",".join(modules), "--stop-after-init", *args],
            db,
            f"Installing {title} into a template database failed.",
            show=show,
            http_enable=False,
            with_demo=demo,
            **options,
        )
        _require_installed(env, db, modules)


def _make_bundles(env: Environment, db: str) -> None:
    log = env.cache.path("log", f"{db}.log")
    process.run(
        [env.python, _BUNDLES],
        log,
        "The bundles of the web client could not be made.",
        variables=env.variables(db, http_enable=False),
        cwd=env.root,
    )
    log.unlink()


def _require_installed(env: Environment, db: str, modules: Sequence[str]) -> None:
    # Odoo only logs the names of modules that it does not find.
    rows = execute(
        env.server,
        "SELECT name FROM ir_module_module WHERE state = 'installed'",
        db=db,
    )
    missing = sorted(set(modules) - {name for (name,) in rows})
    if missing:
        raise SetupError(
            f"Odoo did not install: {', '.join(missing)}.",
            "check that these addons exist and that their dependencies do.",
        )

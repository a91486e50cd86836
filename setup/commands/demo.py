# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""``./psa demo``: a database with the whole suite and demo data, served locally."""

from __future__ import annotations

import argparse
import json
import os
import secrets
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from setup import odoo, process, servers, template
from setup.commands.shell import INSIDE, script
from setup.console import SetupError, note, step
from setup.environment import Environment
from setup.postgres import execute

#: Seconds that a server gets to answer its first request.
PATIENCE = 180


def run(env: Environment, args: argparse.Namespace) -> int:
    """Serve the demo database until it is stopped; return the exit code."""
    odoo.require_port(args.port)
    with _alone_on(env, args.db):
        _prepare(env, args)
        return _serve(env, args)


@contextmanager
def _alone_on(env: Environment, db: str) -> Iterator[None]:
    """Hold the demo database in the block."""
    lock = env.cache.lock(f"demo-{env.server.identity}-{db}")
    if not lock.acquire(wait=False):
        raise SetupError(
            f"Another ./psa demo works on the database {db}.",
            "stop it with ./psa stop, or choose another database with --db.",
        )
    try:
        yield
    finally:
        lock.release()


def _prepare(env: Environment, args: argparse.Namespace) -> None:
    """Make the database, or bring it up to date."""
    now = asdict(template.content(env, demo=True, addons=env.addons))
    state = _state(env, args.db)
    if args.fresh and state is not None:
        with step(f"Dropping database {args.db}"):
            template.drop(env, args.db)
        state = None
    if state is None:
        _create(env, args.db, {**now, "lang": ""})
    elif {name: state.get(name) for name in now} == now:
        note(f"database {args.db} is up to date")
    else:
        _update(env, args.db, state, now)
    if args.lang:
        _set_language(env, args.db, args.lang)


def _state(env: Environment, db: str) -> dict[str, Any] | None:
    """Return what a demo database was made of; None if there is no such database.

    It is kept as the comment of the database, out of sight of Odoo.
    """
    rows = execute(
        env.server,
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database"
        " WHERE datname = %s",
        (db,),
    )
    if not rows:
        return None
    try:
        return json.loads(rows[0][0])["psa_demo"]
    except (TypeError, ValueError, KeyError):
        raise SetupError(
            f"The database {db} exists, but was not made by ./psa demo.",
            "choose another name with --db.",
        ) from None


def _set_state(env: Environment, db: str, state: dict[str, Any]) -> None:
    text = json.dumps({"psa_demo": state})
    execute(env.server, f'COMMENT ON DATABASE "{db}" IS %s', (text,))


def _create(env: Environment, db: str, state: dict[str, Any]) -> None:
    temporary = f"psa_make_{os.getpid()}_{secrets.token_hex(3)}"
    with template.reserved(env, temporary):
        template.create(env, temporary, demo=True, addons=env.addons)
        with step(f"Database {db}"):
            _set_state(env, temporary, state)
            template.rename(env, temporary, db)


def _update(
    env: Environment, db: str, state: dict[str, Any], now: dict[str, str]
) -> None:
    """Update the addons, and all of Odoo if that changed; keep what was entered."""
    rows = execute(
        env.server, "SELECT name FROM ir_module_module WHERE state = 'installed'", db=db
    )
    installed = {name for (name,) in rows}
    wanted = [*env.settings["host_modules"], *env.addons]
    update = [name for name in env.addons if name in installed]
    if state.get("host") != now["host"]:
        update = ["base"]
    install = [name for name in wanted if name not in installed]
    args = ["--stop-after-init"]
    args += ["-u", ",".join(update)] if update else []
    args += ["-i", ",".join(install)] if install else []
    changed = "Odoo" if update == ["base"] else "The addons"
    note(f"{changed} changed since {db} was made: updating it keeps what was entered")
    with step(f"Updating database {db}") as show:
        odoo.run_logged(
            env,
            args,
            db,
            f"Updating the database {db} failed.",
            "./psa demo --fresh begins with a new database.",
            show,
            http_enable=False,
            with_demo=True,
        )
        _set_state(env, db, {**state, **now})


def _set_language(env: Environment, db: str, code: str) -> None:
    state = _state(env, db) or {}
    if state.get("lang") == code:
        return
    logins = [account["login"] for account in env.settings["demo"]["logins"]]
    with step(f"Language {code}"):
        if script(env, db, INSIDE / "language.py", [code, *logins]):
            raise SetupError(
                f"The language {code} could not be installed.",
                "use a code such as it_IT, fr_FR or pt_BR.",
            )
        _set_state(env, db, {**state, "lang": code})


def _serve(env: Environment, args: argparse.Namespace) -> int:
    log = env.cache.directory("log") / f"demo-{args.db}.log"
    url = f"http://127.0.0.1:{args.port}"
    options = {"http_port": args.port, "max_cron_threads": 1}
    with servers.registered(env.cache, args.port) as lock, log.open("w") as output:
        with step("Starting the server"):
            child = odoo.popen(
                env, [], args.db, options, stdout=output, keep=[lock.descriptor]
            )
            servers.record(env.cache, args.port, child.pid)
            try:
                _wait_for(f"{url}/web/login", child, log)
            except BaseException:
                odoo.stop(child)
                raise
        _introduce(env, args.db, url, log)
        try:
            code = child.wait()
        except (KeyboardInterrupt, SystemExit):
            with step("Stopping the server"):
                odoo.stop(child)
            return 0
    note("the server has ended")
    return 1 if code else 0


def _wait_for(url: str, child: subprocess.Popen[str], log: Path) -> None:
    """Wait until the server answers."""
    # Not through a proxy: it would ask itself.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if child.poll() is not None:
            raise process.failure_of("The server ended while starting.", "", log)
        try:
            with opener.open(url, timeout=PATIENCE):
                return
        except urllib.error.HTTPError as failure:
            what = f"The server answers {failure.code} {failure.reason}."
            raise process.failure_of(what, "", log) from None
        except OSError:
            time.sleep(0.2)
    raise process.failure_of("The server did not answer in time.", "", log)


def _introduce(env: Environment, db: str, url: str, log: Path) -> None:
    """Print where the server is and who can log in."""
    rows = execute(env.server, "SELECT login FROM res_users WHERE active", db=db)
    present = {login for (login,) in rows}
    accounts = [
        account
        for account in env.settings["demo"]["logins"]
        if account["login"] in present
    ]
    width = max((len(account["role"]) for account in accounts), default=0)
    print(f"\nPSA for Odoo is served at {url}\n")
    for account in accounts:
        print(
            f"  {account['role']:<{width}}  log in as {account['login']}"
            f" with password {account['password']}"
        )
    print(f"\nServer log: {log}")
    print("Stop with Ctrl-C, or with ./psa stop in another terminal.", flush=True)

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The database server: the one that the environment names, or a private cluster."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from typing import Any, Protocol

from setup import cluster, system
from setup.cache import Cache, key
from setup.console import SetupError


class Server(Protocol):
    """A PostgreSQL server that databases are made on."""

    @property
    def variables(self) -> dict[str, str]:
        """libpq variables that reach it."""

    @property
    def identity(self) -> str:
        """Key that tells it from other servers, for names of locks."""

    @property
    def descriptors(self) -> tuple[int, ...]:
        """File descriptors that a child inherits to keep the server running."""

    def running(self) -> AbstractContextManager[None]:
        """Keep it running inside a ``with`` block."""


def execute(
    server: Server, query: str, parameters: Sequence[object] = (), db: str = "postgres"
) -> list[tuple[Any, ...]]:
    """Run one statement outside of a transaction and return its rows, if any."""
    with executing(server, db) as run:
        return run(query, parameters)


@contextmanager
def executing(
    server: Server, db: str
) -> Iterator[Callable[..., list[tuple[Any, ...]]]]:
    """Yield what runs a statement as :func:`execute` does, all over one connection."""
    # Not at the top: the driver is a dependency, and `./psa stop` does without.
    import psycopg2

    def run(query: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(query, parameters or None)
            return cursor.fetchall() if cursor.description else []

    settings = _as_arguments(server.variables)
    with closing(psycopg2.connect(dbname=db, **settings)) as connection:
        connection.autocommit = True
        yield run


def _as_arguments(variables: Mapping[str, str]) -> dict[str, str]:
    names = {"PGHOST": "host", "PGPORT": "port", "PGUSER": "user"}
    return {names[name]: value for name, value in variables.items() if name in names}


class UserServer:
    """The server that PGHOST, PGPORT, PGUSER, ... name. It is never stopped."""

    descriptors: tuple[int, ...] = ()

    @property
    def variables(self) -> dict[str, str]:
        return {
            name: value
            for name, value in os.environ.items()
            # A database of the user's own must never be worked on by accident.
            if name.startswith("PG") and name != "PGDATABASE" and value
        }

    @property
    def identity(self) -> str:
        names = system.POSTGRES_VARIABLES
        return key(*(self.variables.get(name, "") for name in names))

    @contextmanager
    def running(self) -> Iterator[None]:
        self.check()
        yield

    def check(self) -> None:
        """Check that databases can be made on it.

        :raises SetupError: unreachable, too old, or no right to create databases.
        """
        import psycopg2

        try:
            [(version, role, may_create)] = execute(
                self,
                "SELECT current_setting('server_version_num')::int, rolname,"
                " rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user",
            )
        except psycopg2.OperationalError as failure:
            raise SetupError(
                f"The PostgreSQL server of the environment (PGHOST, PGUSER, ...) "
                f"cannot be reached: {str(failure).strip()}",
                "correct these variables, or unset them to use a private server.",
            ) from None
        if version < system.OLDEST_POSTGRES * 10000:
            raise SetupError(
                f"The server is PostgreSQL {version // 10000}, but Odoo 19 needs "
                f"{system.OLDEST_POSTGRES} or newer.",
                "name a newer server with PGHOST and PGPORT, or unset PGHOST and "
                "PGUSER to use a private server.",
            )
        if role == "postgres":
            raise SetupError(
                "Odoo refuses to work as the database role 'postgres'.",
                "createuser --createdb odoo, then set PGUSER=odoo.",
            )
        if not may_create:
            raise SetupError(
                f"The database role '{role}' may not create databases.",
                f'as an administrator of the server: ALTER ROLE "{role}" CREATEDB;',
            )


class NoServer:
    """What there is when none can be used; only an attempt to use it fails."""

    variables: dict[str, str] = {}
    identity = ""
    descriptors: tuple[int, ...] = ()

    def __init__(self, reason: SetupError):
        self.reason = reason

    def running(self) -> AbstractContextManager[None]:
        raise self.reason


def choose(cache: Cache) -> Server:
    """Return the server to use: the one the environment names, or the private one."""
    if system.uses_own_postgres():
        return UserServer()
    try:
        return cluster.find(cache)
    except SetupError as reason:
        return NoServer(reason)

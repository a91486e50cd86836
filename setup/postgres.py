# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The database server: the user's own, or a private cluster that users share.

The private cluster listens on a socket in a directory that only its owner can enter,
so it meets no other server. It runs as long as someone uses it: each user holds a
shared lock, which the kernel frees however the user ends, and whoever leaves last
stops it. Its data can be made again, so it trades durability for speed.
"""

from __future__ import annotations

import os
import pwd
import shutil
import stat
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any, Protocol

from setup import process, system
from setup.cache import Cache, Lock, key
from setup.console import SetupError, note, step

#: Of the private cluster; Odoo refuses to work as ``postgres``.
ROLE = "odoo"
#: Longest path of a socket that every Unix takes, less the name of the socket file.
_LONGEST_SOCKET_DIRECTORY = 103 - len("/.s.PGSQL.5432")
#: Where root keeps the cluster if the unprivileged account cannot enter root's cache.
SYSTEM_CACHE = Path("/var/cache/psa-odoo")
_ACCOUNT = "postgres"
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")

_CONFIGURATION = """\
# Written by ./psa at each start. The databases can be made again at any time: none
# of them is worth waiting for the disk.
listen_addresses = ''
unix_socket_directories = {socket}
unix_socket_permissions = 0700
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = 2GB
checkpoint_timeout = 30min
shared_buffers = {shared_buffers}MB
maintenance_work_mem = 128MB
work_mem = 16MB
max_connections = 100
random_page_cost = 1.1
jit = off
timezone = 'UTC'
lc_messages = 'C'
"""


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
    # Not at the top: the driver is a dependency, and `./psa stop` does without.
    import psycopg2

    settings = _as_arguments(server.variables)
    with closing(psycopg2.connect(dbname=db, **settings)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(query, parameters or None)
            return cursor.fetchall() if cursor.description else []


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
                f"createuser --createdb {ROLE}, then set PGUSER={ROLE}.",
            )
        if not may_create:
            raise SetupError(
                f"The database role '{role}' may not create databases.",
                f'as an administrator of the server: ALTER ROLE "{role}" CREATEDB;',
            )


class PrivateCluster:
    """A cluster of this user, in the cache, shared by all runs of ./psa."""

    def __init__(self, cache: Cache, major: int, programs: Path):
        self.cache = cache
        self.programs = programs
        self.account = _account()
        self._name = str(major)
        self._held: list[Lock] = []
        place = cache.path("cluster")
        if self.account and not _can_enter(cache.root):
            # Each cache gets its own, as two homes of root share this directory.
            place = SYSTEM_CACHE / key(cache.root)
        self.store = Cache(place)
        self.directory = place / "made" / self._name
        self.data = self.directory / "data"
        self.socket = self.directory / "socket"
        too_long = len(os.fsencode(self.socket)) > _LONGEST_SOCKET_DIRECTORY
        if too_long or "," in str(self.socket):  # which separates hosts for libpq
            name = f"psa-odoo-{os.getuid()}-{key(self.directory)}"
            self.socket = Path(tempfile.gettempdir()) / name

    @property
    def variables(self) -> dict[str, str]:
        return {"PGHOST": str(self.socket), "PGPORT": "5432", "PGUSER": ROLE}

    @property
    def identity(self) -> str:
        return key(self.directory)

    @property
    def descriptors(self) -> tuple[int, ...]:
        return tuple(lock.descriptor for lock in self._held if lock.descriptor)

    @contextmanager
    def running(self) -> Iterator[None]:
        users = self.cache.lock(f"postgres-{self._name}-users")
        with self._changing():
            # Nobody stops it from now on: that takes this lock exclusively.
            users.acquire(shared=True)
            try:
                self._start()
            except BaseException:
                users.release()
                raise
        self._held.append(users)
        try:
            yield
        finally:
            self._held.remove(users)
            with self._changing():
                if users.acquire(wait=False):
                    self._stop()
                users.release()

    def stop(self, force: bool = False) -> bool:
        """Stop it; if others use it, only by force. Return whether it stopped."""
        if not self.data.is_dir():
            return True
        with self._changing():
            users = self.cache.lock(f"postgres-{self._name}-users")
            alone = users.acquire(wait=False)
            if alone or force:
                self._stop()
            users.release()
        return alone or force

    def is_running(self) -> bool:
        """Say whether the server process of this cluster is alive."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split()[0])
            os.kill(pid, 0)
        except (OSError, ValueError, IndexError):
            return False
        try:
            # The number may belong to another program by now.
            return os.readlink(f"/proc/{pid}/cwd") == str(self.data.resolve())
        except OSError:
            # A system without /proc leaves us with the number alone.
            return not os.path.exists("/proc/self")

    def _changing(self) -> AbstractContextManager[Lock]:
        return self.cache.locked(f"postgres-{self._name}-change")

    def _start(self) -> None:
        if self.is_running():
            return
        started = self.directory / "started"
        boot = _BOOT_ID.read_text() if _BOOT_ID.exists() else ""
        if started.exists() and started.read_text() != boot:
            # Without fsync, files on disk may be of different moments after that.
            note("The computer went down while the private server ran: starting anew.")
            self.remove()
        if not self.data.is_dir():
            with step("Private PostgreSQL cluster"):
                self.store.make("made", self._name, self._initialize)
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        self._make_socket_directory()
        quoted = str(self.socket).replace("\\", "\\\\").replace("'", "''")
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 1024**2
        (self.data / "postgresql.conf").write_text(
            _CONFIGURATION.format(
                socket=f"'{quoted}'",
                shared_buffers=max(64, min(512, memory // 8)),
            )
        )
        os.chmod(self.data / "postgresql.conf", 0o644)
        started.write_text(boot)
        log = self.directory / "log" / "server.log"
        self._run(
            ["pg_ctl", "-D", self.data, "-l", log, "-w", "-t", "60", "start"],
            f"The private PostgreSQL server did not start (its log: {log}).",
            "./psa clean removes its files, and the next run makes new ones.",
        )

    def _stop(self) -> None:
        if self.is_running():
            self._run(
                ["pg_ctl", "-D", self.data, "-m", "fast", "-w", "-t", "60", "stop"],
                "The private PostgreSQL server did not stop.",
            )
        (self.directory / "started").unlink(missing_ok=True)

    def remove(self) -> None:
        """Delete the stopped cluster with all of its databases."""
        shutil.rmtree(self.directory, ignore_errors=True)
        if not self.socket.is_relative_to(self.directory):
            shutil.rmtree(self.socket, ignore_errors=True)

    def _initialize(self, directory: Path) -> None:
        if self.account:
            # Whatever the umask of root, the account must get to its directory.
            for path in (directory, *directory.parents):
                if path.is_relative_to(self.store.root) or path == SYSTEM_CACHE:
                    path.chmod(0o755)
        for name in ("data", "socket", "log"):
            path = directory / name
            path.mkdir(mode=0o700)
            self._give_away(path)
        self._run(
            ["initdb", "-D", directory / "data", "-U", ROLE, "-A", "trust"]
            + ["-E", "UTF8", "--locale=C", "--no-sync"],
            "The private PostgreSQL cluster could not be made.",
        )

    def _make_socket_directory(self) -> None:
        try:
            self.socket.mkdir(mode=0o700)
            self._give_away(self.socket)
        except FileExistsError:
            # In a directory for all, this one could be someone else's.
            info = self.socket.lstat()
            owner = self.account.pw_uid if self.account else os.geteuid()
            if not stat.S_ISDIR(info.st_mode) or info.st_uid != owner:
                raise SetupError(
                    f"{self.socket} belongs to someone else.",
                    "set XDG_CACHE_HOME to a directory with a shorter path.",
                ) from None

    def _give_away(self, path: Path) -> None:
        if self.account:
            os.chown(path, self.account.pw_uid, self.account.pw_gid)

    def _run(self, command: list[Any], what: str, todo: str = "") -> None:
        """Run a program of PostgreSQL, which refuses to work for root."""
        options: dict[str, Any] = {}
        if self.account:
            options = {
                "user": self.account.pw_uid,
                "group": self.account.pw_gid,
                "extra_groups": [],
            }
        log = self.cache.path("log", f"{command[0]}.log")
        process.run(
            [self.programs / command[0], *command[1:]],
            log,
            what,
            todo,
            # A directory that the account can enter; Ctrl-C is not for the server.
            cwd="/",
            start_new_session=True,
            **options,
        )


def _account() -> pwd.struct_passwd | None:
    """Return the account that the cluster runs as, if it is not this one."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(_ACCOUNT)
    except KeyError:
        raise SetupError(
            f"PostgreSQL does not run as root, and there is no account '{_ACCOUNT}'.",
            f"useradd --system {_ACCOUNT}, or run ./psa as a normal user.",
        ) from None


def _can_enter(path: Path) -> bool:
    """Say whether every account can pass through to a directory."""
    return all(
        parent.stat().st_mode & stat.S_IXOTH
        for parent in (path, *path.parents)
        if parent.exists()
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
        return private(cache)
    except SetupError as reason:
        return NoServer(reason)


def private(cache: Cache) -> PrivateCluster:
    """Return the private cluster, running or not.

    :raises SetupError: this computer has no server programs, or no account for them.
    """
    found = system.postgres_programs()
    if not found:
        raise SetupError(
            "There are no PostgreSQL server programs on this computer.",
            "install the package postgresql, or set PGHOST and PGUSER.",
        )
    return PrivateCluster(cache, *found)

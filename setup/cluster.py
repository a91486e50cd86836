# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The private PostgreSQL cluster of ./psa.

It listens on a socket in a directory that only its owner can enter, so it meets no
other server. It runs as long as someone uses it: each user holds a shared lock, which
the kernel frees however the user ends, and whoever leaves last stops it. Its data can
be made again, so it trades durability for speed.
"""

from __future__ import annotations

import os
import pwd
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

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

    def _forget_reused_number(self) -> None:
        """Remove a process number of long ago that now is another program's.

        The server would take that program for itself. In all other cases it judges
        its own left-overs better than we could.
        """
        record = self.data / "postmaster.pid"
        if record.exists() and not self.is_running():
            try:
                os.kill(int(record.read_text().split()[0]), 0)
            except ProcessLookupError:
                return
            except (OSError, ValueError, IndexError):
                pass
            record.unlink()

    def _changing(self) -> AbstractContextManager[Lock]:
        name = f"postgres-{self._name}-change"
        return self.cache.locked(name, "starts or stops PostgreSQL")

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
        self._forget_reused_number()
        self._make_socket_directory()
        self._configure()
        started.write_text(boot)
        self._launch(attempts=5)

    def _configure(self) -> None:
        quoted = str(self.socket).replace("\\", "\\\\").replace("'", "''")
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 1024**2
        text = _CONFIGURATION.format(
            socket=f"'{quoted}'", shared_buffers=max(64, min(512, memory // 8))
        )
        # Beside the data: root had better not write where another account does.
        settings = self.directory / "psa.conf"
        settings.write_text(text, encoding="utf-8")
        settings.chmod(0o644)
        main = self.data / "postgresql.conf"
        include = f"include '../{settings.name}'\n"
        if main.read_text(encoding="utf-8") != include:
            main.write_text(include, encoding="utf-8")

    def _launch(self, attempts: int) -> None:
        log = self.directory / "log" / "server.log"
        try:
            self._run(
                ["pg_ctl", "-D", self.data, "-l", log, "-w", "-t", "60", "start"],
                f"The private PostgreSQL server did not start (its log: {log}).",
                "./psa clean removes its files, and the next run makes new ones.",
            )
        except SetupError:
            if attempts == 1:
                raise
            # Processes of a server that was killed may still be about to end.
            time.sleep(1)
            self._launch(attempts - 1)

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


def find(cache: Cache) -> PrivateCluster:
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

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which servers run, so that ``./psa stop`` finds them, and only them.

A server and the ./psa that started it both hold a lock file. While someone holds it,
the process number in the record beside it is that of the server.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from setup.cache import Cache, Lock
from setup.odoo import PATIENCE


@dataclass(frozen=True)
class Running:
    """A server that ``./psa demo`` started."""

    port: int
    pid: int
    lock: Lock


@contextmanager
def registered(cache: Cache, port: int) -> Iterator[Lock]:
    """Yield the lock that a server on ``port`` is to inherit."""
    lock = cache.lock(f"server-{port}")
    lock.acquire()
    try:
        yield lock
    finally:
        _record(cache, port).unlink(missing_ok=True)
        lock.release()


def record(cache: Cache, port: int, pid: int) -> None:
    """Write down the process of the server that was started on a port."""
    cache.directory("run")
    _record(cache, port).write_text(str(pid))


def _record(cache: Cache, port: int) -> Path:
    return cache.path("run", f"server-{port}.pid")


def running(cache: Cache) -> Iterator[Running]:
    """Yield the servers that run; forget those that ended without a word."""
    for path in sorted(cache.path("run").glob("server-*.pid")):
        port = int(path.stem.removeprefix("server-"))
        lock = cache.lock(f"server-{port}")
        if lock.acquire(wait=False):
            path.unlink(missing_ok=True)
        else:
            with suppress(FileNotFoundError, ValueError):
                yield Running(port, int(path.read_text()), lock)
        lock.release()


def stop(server: Running) -> None:
    """End a server and wait for it; kill it if it does not listen."""
    for number, patience in ((signal.SIGINT, PATIENCE), (signal.SIGKILL, 5)):
        with suppress(ProcessLookupError):
            os.kill(server.pid, number)
        end = time.monotonic() + patience
        while time.monotonic() < end:
            if server.lock.acquire(wait=False):
                return
            time.sleep(0.1)

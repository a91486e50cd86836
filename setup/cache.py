# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The cache directory: what is in it is complete, or not there.

Everything slow to make (host, virtual environment, templates) is kept outside the
clone under a name that says what it was made of. A directory is made beside its
place and renamed into it at the end; a run that is interrupted leaves only a
``*.partial`` directory, which nobody reads and the next run removes.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from setup.console import SetupError, note, size

NAME = "psa-odoo"
#: https://bford.info/cachedir/ : backup programs skip directories with this file,
#: and `./psa clean` removes nothing from a directory without it.
TAG = "Signature: 8a477f597d28d172789f06886806bc55\n# Made by ./psa of PSA for Odoo.\n"


def default_root() -> Path:
    """Return where the cache of this user is: ``XDG_CACHE_HOME`` or ``~/.cache``."""
    # The specification tells to ignore relative paths.
    base = Path(os.environ.get("XDG_CACHE_HOME", ""))
    if not base.is_absolute():
        try:
            base = Path.home() / ".cache"
        except RuntimeError:
            raise SetupError(
                "This account has no home directory.",
                "set XDG_CACHE_HOME to a directory that you can write to.",
            ) from None
    return base / NAME


def key(*parts: object) -> str:
    """Return a short name for what something is made of."""
    digest = hashlib.sha256()
    for part in parts:
        text = str(part).encode()
        # The length keeps ("ab", "c") apart from ("a", "bc").
        digest.update(b"%d:%s" % (len(text), text))
    return digest.hexdigest()[:12]


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file's content, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


#: A place of no rights, or where something else than a directory is in the way.
_UNWRITABLE = {errno.EACCES, errno.EPERM, errno.EROFS, errno.EEXIST, errno.ENOTDIR}


@contextmanager
def explained(place: Path) -> Iterator[None]:
    """Turn what an operating system says about a directory into advice."""
    try:
        yield
    except OSError as failure:
        if failure.errno in (errno.ENOSPC, errno.EDQUOT):
            raise SetupError(
                f"The disk is full: {place}",
                "free some gigabytes, or set XDG_CACHE_HOME to a directory on another "
                "disk; then run the same command again. Nothing half-made is reused.",
            ) from failure
        if failure.errno in _UNWRITABLE:
            raise SetupError(
                f"Cannot write to {failure.filename or place}: {failure.strerror}.",
                "set XDG_CACHE_HOME to a directory that you can write to, for "
                "instance: XDG_CACHE_HOME=/var/tmp/$USER ./psa demo",
            ) from failure
        raise


class Lock:
    """A lock file, held by this process and whoever inherits :attr:`descriptor`.

    The kernel frees it when its last holder ends, however it ends.
    """

    def __init__(self, path: Path):
        self.path = path
        self.descriptor: int | None = None

    def acquire(self, shared: bool = False, wait: bool = True) -> bool:
        """Take the lock, or change between shared and exclusive.

        :return: False if someone else has it and ``wait`` is False. A lock that was
            held before in the other mode may then be lost, as with flock(2).
        """
        if self.descriptor is None:
            with explained(self.path.parent):
                self.path.parent.mkdir(parents=True, exist_ok=True)
                self.descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        mode = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        try:
            fcntl.flock(self.descriptor, mode | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            return False
        return True

    def release(self) -> None:
        """Give the lock back; does nothing if it is not held."""
        if self.descriptor is not None:
            os.close(self.descriptor)
            self.descriptor = None


@dataclass(frozen=True)
class Cache:
    """A cache directory and the rules for using it."""

    root: Path

    @classmethod
    def open(cls, root: Path | None = None) -> Cache:
        """Return the cache at ``root`` (default: of this user), made if missing.

        :raises SetupError: it cannot be written to.
        """
        cache = cls(root or default_root())
        with explained(cache.root):
            cache.root.mkdir(parents=True, exist_ok=True)
            tag = cache.root / "CACHEDIR.TAG"
            if not tag.exists():
                if any(cache.root.iterdir()):
                    raise SetupError(
                        f"{cache.root} has files that are not from ./psa.",
                        "move them away, or set XDG_CACHE_HOME to another directory.",
                    )
                tag.write_text(TAG)
            probe = cache.root / f".write-test-{os.getpid()}"
            probe.touch()
            probe.unlink()
        return cache

    def path(self, *names: str) -> Path:
        """Return a path in the cache (nothing is made)."""
        return self.root.joinpath(*names)

    def directory(self, *names: str) -> Path:
        """Return a directory in the cache, made if missing."""
        path = self.path(*names)
        with explained(path):
            path.mkdir(parents=True, exist_ok=True)
        return path

    def lock(self, name: str) -> Lock:
        """Return the lock ``name`` of this cache, not taken yet."""
        return Lock(self.path("locks", f"{name}.lock"))

    @contextmanager
    def locked(self, name: str, activity: str, shared: bool = False) -> Iterator[Lock]:
        """Hold the lock ``name`` in the block, waiting for it if necessary.

        :param activity: what its holders do, for people who wait.
        """
        lock = self.lock(name)
        if not lock.acquire(shared=shared, wait=False):
            note(f"waiting for another ./psa that {activity}")
            lock.acquire(shared=shared)
        try:
            yield lock
        finally:
            lock.release()

    def make(self, kind: str, name: str, build: Callable[[Path], None]) -> Path:
        """Return the directory ``kind/name``, built by ``build`` if it is missing.

        :param build: fills the directory that it is given, which has another name
            while it is being built. If it raises, nothing is left.
        """
        final = self.path(kind, name)
        if final.is_dir():
            return final
        making = self.locked(f"{kind}-{name}", f"makes {final}")
        with making, explained(final):
            if final.is_dir():  # made while this process waited
                return final
            partial = final.with_name(f"{name}.partial")
            shutil.rmtree(partial, ignore_errors=True)
            partial.mkdir(parents=True)
            try:
                build(partial)
                partial.rename(final)
            except BaseException:
                shutil.rmtree(partial, ignore_errors=True)
                raise
        return final

    def require_space(self, gigabytes: float, purpose: str) -> None:
        """Refuse to begin what cannot be finished for lack of disk space."""
        free = shutil.disk_usage(self.root).free
        if free < gigabytes * 1024**3:
            raise SetupError(
                f"{purpose} needs about {gigabytes:g} GB in {self.root}, "
                f"but {size(free)} are free.",
                "free some space, or set XDG_CACHE_HOME to a place on another disk.",
            )


def tree_size(path: Path) -> int:
    """Return the bytes that a directory tree takes on disk, links counted once."""
    seen: set[tuple[int, int]] = set()
    total = 0
    for directory, _names, files in os.walk(path):
        for name in files:
            try:
                info = os.lstat(os.path.join(directory, name))
            except FileNotFoundError:
                continue  # removed meanwhile
            if (info.st_dev, info.st_ino) not in seen:
                seen.add((info.st_dev, info.st_ino))
                total += info.st_blocks * 512
    return total

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Tests of the launcher: no Odoo needed, and nothing outside temporary directories."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from setup.cache import Cache  # noqa: E402  (found through the line above)


@pytest.fixture
def cache(tmp_path):
    return Cache.open(tmp_path / "cache" / "psa-odoo")


@pytest.fixture
def open_directory():
    """A directory that other accounts can enter, as /tmp and unlike ``tmp_path``."""
    path = Path(tempfile.mkdtemp(prefix="psa-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


@pytest.fixture
def background():
    """Start Python code in other processes; they are gone after the test."""
    children = []

    def start(code, *arguments, **options):
        child = subprocess.Popen(
            [sys.executable, "-c", code, *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            **options,
        )
        children.append(child)
        return child

    yield start
    for child in children:
        child.kill()
        child.wait()
        child.stdout.close()


@pytest.fixture
def until():
    """Wait for a condition, and fail if it does not come true soon."""

    def wait(condition, seconds=10):
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, "waited in vain"
            time.sleep(0.02)

    return wait

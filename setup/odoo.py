# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Configure, run and stop Odoo processes."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from setup import process
from setup.cache import explained, key
from setup.console import SetupError

if TYPE_CHECKING:
    from setup.environment import Environment

#: Seconds that a server gets to finish what it does before it is killed.
PATIENCE = 15
_LOADING = re.compile(r"Loading module (\w+) \((\d+)/(\d+)\)")


def free_port() -> int:
    """Return a TCP port of 127.0.0.1 that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def require_port(port: int) -> None:
    """Check that a server can listen on a port of 127.0.0.1.

    :raises SetupError: another program uses it, or it is reserved for root.
    """
    with socket.socket() as probe:
        # As Odoo does: a port whose last connection has just ended counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as failure:
            raise SetupError(
                f"Port {port} cannot be used: {failure.strerror}.",
                f"choose another one with --port, for instance --port {port + 1}; "
                "./psa stop ends servers that ./psa demo started.",
            ) from None


def write_config(env: Environment, db: str | None, options: Mapping[str, Any]) -> Path:
    """Write the configuration file that :meth:`Environment.config_file` describes."""
    if "," in str(env.root):
        raise SetupError(
            f"Odoo cannot use addons in a directory with a comma: {env.root}",
            "move the clone to a directory with another name.",
        )
    pg = env.pg
    values: dict[str, Any] = {
        "addons_path": env.root,
        "data_dir": env.cache.directory("data"),
        "db_host": pg.get("PGHOST"),
        "db_port": pg.get("PGPORT"),
        "db_user": pg.get("PGUSER"),
        "http_interface": "127.0.0.1",
        "list_db": False,
        "max_cron_threads": 0,
    }
    if db:
        values |= {"db_name": db, "dbfilter": f"^{re.escape(db)}$"}
    if options.get("http_enable", True) and "http_port" not in options:
        values["http_port"] = free_port()
    values |= options
    lines = ["[options]"]
    lines += [
        f"{name} = {value}" for name, value in values.items() if value is not None
    ]
    text = "\n".join(lines) + "\n"
    path = env.cache.directory("conf") / f"{db or 'none'}-{key(text)}.conf"
    with explained(path):
        path.write_text(text, encoding="utf-8")
    return path


def process_variables(env: Environment, config: Path) -> dict[str, str]:
    """Return the variables that :meth:`Environment.variables` describes."""
    dropped = ("PGDATABASE", "PYTHONDONTWRITEBYTECODE")
    variables = {
        name: value for name, value in os.environ.items() if name not in dropped
    }
    variables.update(env.pg)
    # Compiled once for all runs, also of a host or a clone that cannot be written to.
    variables["PYTHONPYCACHEPREFIX"] = str(env.cache.directory("pycache"))
    variables["ODOO_RC"] = str(config)
    variables["PYTHONPATH"] = os.pathsep.join(
        filter(None, [str(env.odoo_path), os.environ.get("PYTHONPATH")])
    )
    # Log and reports are UTF-8, whatever the terminal speaks.
    variables["PYTHONUTF8"] = "1"
    return variables


def _command(env: Environment, args: Sequence[str]) -> list[str]:
    return [str(env.python), "-m", "odoo", *map(str, args)]


# All of them run in the clone: Python looks for modules in the current directory, and
# the caller's may have some that Odoo would take for others.


def run(
    env: Environment, args: Sequence[str], db: str | None, options: Mapping[str, Any]
) -> subprocess.CompletedProcess[str]:
    """Do what :meth:`Environment.odoo` describes."""
    return subprocess.run(
        _command(env, args),
        env=env.variables(db, **options),
        cwd=env.root,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )


def run_logged(
    env: Environment,
    args: Sequence[str],
    db: str,
    what: str,
    todo: str = "",
    show: Callable[[str], None] | None = None,
    **options: Any,
) -> None:
    """Run ``odoo ARGS`` as a part of setting up; the log is kept if it fails.

    :param show: told the module that is being loaded.
    :raises SetupError: it failed.
    """

    def on_line(line: str) -> None:
        match = _LOADING.search(line)
        if match and show:
            show(f"{match[1]} ({match[2]}/{match[3]})")

    log = env.cache.path("log", f"{db}.log")
    variables = env.variables(db, **options)
    process.run(_command(env, args), log, what, todo, on_line, variables, cwd=env.root)
    log.unlink()


def popen(
    env: Environment,
    args: Sequence[str],
    db: str | None,
    options: Mapping[str, Any],
    stdout: Any = None,
    keep: Sequence[int] = (),
) -> subprocess.Popen[str]:
    """Do what :meth:`Environment.popen` describes.

    :param keep: further file descriptors that the child inherits.
    """
    return subprocess.Popen(
        _command(env, args),
        env=env.variables(db, **options),
        cwd=env.root,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        pass_fds=(*env.server.descriptors, *keep),
    )


def stop(child: subprocess.Popen[Any]) -> int:
    """End a process started by :func:`popen`, by force if it takes too long.

    :return: its exit code.
    """
    if child.poll() is None:
        child.send_signal(signal.SIGINT)
        try:
            return child.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
    return child.wait()

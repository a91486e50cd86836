# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a command of ``./psa`` works with: the host, a database server, settings."""

from __future__ import annotations

import os
import secrets
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from setup import odoo, template
from setup.cache import Cache
from setup.host import Host
from setup.postgres import Server


@dataclass(frozen=True)
class Environment:
    """Everything the commands, stages and benchmarks need to run Odoo.

    Paths are absolute. Nothing in here is created lazily behind the reader's back:
    host and Python dependencies are ready when an ``Environment`` exists; only the
    database server runs no longer than :meth:`with_database_server`.
    """

    #: The clone: the directory that holds ``psa``, ``.odoo-ci.yml`` and the addons.
    root: Path
    #: Interpreter of the locked virtual environment; tools: ``[python, "-m", NAME]``.
    python: Path
    #: Where Odoo comes from, and its identity for cache keys.
    host: Host
    #: The database server: the user's own or the private cluster.
    server: Server
    #: The cache directory of this project, shared by all clones of one user.
    cache: Cache
    #: ``.odoo-ci.yml``, parsed.
    settings: Mapping[str, Any]

    @property
    def odoo_path(self) -> Path:
        """Directory that contains the ``odoo`` package (to be put on PYTHONPATH)."""
        return self.host.path

    @property
    def pg(self) -> dict[str, str]:
        """libpq variables (PGHOST, PGUSER, ...) that reach the database server."""
        return self.server.variables

    @property
    def addons(self) -> list[str]:
        """Names of the addons of the suite, dependencies first."""
        return list(self.settings["addons"])

    @contextmanager
    def with_database_server(self) -> Iterator[Environment]:
        """Keep the database server running inside the block.

        Users are counted: the last one to leave stops the private cluster. A server
        of the user's own is only checked (version, right to create databases).

        :raises setup.console.SetupError: the server cannot be started or used.
        """
        with self.server.running():
            template.drop_abandoned(self)
            yield self

    @contextmanager
    def fresh_database(
        self,
        prefix: str,
        demo: bool,
        template_modules: bool = True,
        addons: Sequence[str] = (),
        host_layers: Sequence[Sequence[str]] = (),
    ) -> Iterator[str]:
        """Yield the name of a new database; drop it and its filestore afterwards.

        :param prefix: start of the name, for people who read process lists.
        :param demo: with the demo data of all that is installed.
        :param template_modules: with the modules of ``host_modules`` installed
            (copied from a cached template, a second or two); otherwise the name is
            of a database that does not exist yet, and the first ``odoo -i`` on it
            creates it with ``base`` alone.
        :param addons: addons of the suite to install on top, without what would be
            installed automatically with them. The result is cached by the addons'
            content, so the second call with unchanged addons is a copy.
        :param host_layers: instead of all that, ``base`` and these modules of the
            host, installed one list after the other; cached, too.
        """
        name = f"psa_run_{prefix}_{os.getpid()}_{secrets.token_hex(3)}"
        with template.reserved(self, name):
            if host_layers:
                template.create_host(self, name, host_layers)
            elif template_modules or addons:
                template.create(self, name, demo=demo, addons=addons)
            yield name

    def config_file(self, db: str | None = None, **options: Any) -> Path:
        """Write an Odoo configuration file for this environment and return its path.

        :param db: value of ``db_name``; also restricts ``dbfilter`` to it.
        :param options: further options, for instance ``http_port=8069`` or
            ``with_demo=True``; ``None`` leaves an option out. Files with the same
            content are the same file.
        """
        return odoo.write_config(self, db, options)

    def variables(self, db: str | None = None, **options: Any) -> dict[str, str]:
        """Environment of a subprocess that imports or runs Odoo.

        The caller's environment, with PYTHONPATH led by the host and the libpq
        variables of the server; ``ODOO_RC`` names :meth:`config_file` of the same
        arguments. Good for ``[env.python, "-m", "pytest", ...]`` too.
        """
        return odoo.process_variables(self, self.config_file(db, **options))

    def odoo(
        self, args: Sequence[str], db: str | None, **options: Any
    ) -> subprocess.CompletedProcess[str]:
        """Run ``odoo ARGS`` to its end and return its code and output.

        :param args: as for ``odoo-bin``, for instance ``["-i", "psa_core",
            "--stop-after-init"]`` or ``["i18n", "export", "psa_core"]``; database,
            addons path and server come from the configuration file.
        :param options: options of the configuration file (see :meth:`config_file`).
        :return: with ``stdout`` holding output and log together, as text.
        """
        return odoo.run(self, args, db, options)

    def popen(
        self,
        args: Sequence[str],
        db: str | None,
        *,
        stdout: Any = None,
        **options: Any,
    ) -> subprocess.Popen[str]:
        """Start ``odoo ARGS`` (see :meth:`odoo`) in a process group of its own.

        It keeps the database server alive until it ends, even if this process is
        killed. :func:`setup.odoo.stop` ends it in an orderly way.
        """
        return odoo.popen(self, args, db, options, stdout=stdout)

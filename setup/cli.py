# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The commands of ``./psa``. Standard library only: ``--help`` comes before set-up."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from pathlib import Path

from setup import system, template
from setup.cache import Cache
from setup.commands import maintenance
from setup.console import SetupError

_EPILOG = """\
Everything that is missing is set up by the command that needs it, and kept in
$XDG_CACHE_HOME/psa-odoo (default ~/.cache/psa-odoo) for the next one.

environment variables:
  ODOO_PATH         use this Odoo 19: a checkout, or the directory of its package
  ODOO_GIT_URL      clone Odoo from here if it has to be cloned
  PGHOST, PGUSER... use this PostgreSQL server instead of a private one
  XDG_CACHE_HOME    keep the cache somewhere else

PostgreSQL does not run as root. For root the private server runs as the account
postgres, with its files in /var/cache/psa-odoo if that account cannot enter the
cache.
"""


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Return the arguments of a command; ends the program on ``--help`` or mistakes.

    The result has ``command`` and ``needs``: what the system must have for it, or
    None if it does without Odoo and Python packages.
    """
    parser = argparse.ArgumentParser(
        prog="./psa",
        description="Try, test and develop PSA for Odoo.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for add in (_demo, _test, _lint, _shell, _bench, _stop, _clean):
        add(commands)
    args = parser.parse_args(arguments)
    if args.command == "test" and args.stage:
        # Whoever picks stages may pick some that need no browser.
        args.needs = [system.POSTGRES, system.PDF, system.OPTIONAL_BROWSER]
    return args


def run(args: argparse.Namespace, root: Path, cache: Cache) -> int:
    """Run a parsed command and return its exit code."""
    if args.command == "clean":
        return maintenance.clean(args, cache)
    with cache.locked("in-use", "cleans the caches", shared=True):
        if args.needs is None:
            return maintenance.stop(args, cache)
        # Not at the top: these need the dependencies that bootstrap installs.
        from setup import host, postgres, settings
        from setup.environment import Environment

        parsed = settings.load(root)
        env = Environment(
            root=root,
            python=Path(sys.executable),
            host=host.find(cache),
            server=postgres.choose(cache),
            cache=cache,
            settings=parsed,
        )
        if args.command == "lint":
            from setup import lint

            return lint.run(env, args.paths, args.only, args.fix)
        if args.command == "test":
            from setup import stages

            unknown = sorted(set(args.addons) - set(env.addons))
            if unknown:
                raise SetupError(
                    f"There is no addon {', '.join(unknown)} in the suite.",
                    f"the addons are: {', '.join(env.addons)}",
                )
            with env.with_database_server():
                return stages.run(env, args.addons, args.keyword, args.stage)
        command = importlib.import_module(f"setup.commands.{args.command}")
        with env.with_database_server():
            return command.run(env, args)


_Commands = argparse._SubParsersAction  # argparse has no public name for it


def _demo(commands: _Commands) -> None:
    parser = commands.add_parser(
        "demo",
        help="serve the suite with demo data on this computer",
        description="Serve a database with all addons of the suite and demo data on "
        "127.0.0.1. An existing database is used again, with what was entered in it: "
        "at once if nothing changed, else after an update of the addons. Ctrl-C stops.",
    )
    parser.add_argument("--port", type=_port, default=8069, help="default: 8069")
    parser.add_argument(
        "--db", type=_database, default="psa_demo", help="default: psa_demo"
    )
    parser.add_argument(
        "--lang",
        type=_language,
        help="also install this language, such as it_IT, and set it for the users",
    )
    parser.add_argument(
        "--fresh", action="store_true", help="begin with a new database"
    )
    parser.set_defaults(needs=[system.POSTGRES, system.PDF])


def _test(commands: _Commands) -> None:
    parser = commands.add_parser(
        "test",
        help="run the tests",
        description="Run the tests of the addons named, or all stages that "
        ".odoo-ci.yml lists. The exit code is 0 if all pass.",
    )
    parser.add_argument("addons", nargs="*", metavar="ADDON")
    parser.add_argument(
        "-k", dest="keyword", metavar="EXPR", help="only tests that match, as in pytest"
    )
    parser.add_argument(
        "--stage", nargs="+", metavar="NAME", help="only these stages of .odoo-ci.yml"
    )
    needs = [system.POSTGRES, system.BROWSER, system.PDF]
    parser.set_defaults(needs=needs)


def _lint(commands: _Commands) -> None:
    parser = commands.add_parser(
        "lint",
        help="run the static checks",
        description="Run the static checks on the paths named, or on everything.",
    )
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH")
    parser.add_argument(
        "--only", action="append", default=[], metavar="CHECK", help="only this check"
    )
    parser.add_argument(
        "--fix", action="store_true", help="first repair what the tools can repair"
    )
    parser.set_defaults(needs=[])


def _shell(commands: _Commands) -> None:
    parser = commands.add_parser(
        "shell",
        help="Odoo's shell, or a script with env",
        description="Open Odoo's interactive shell on a database, or run a script "
        "with env in scope. Nothing is saved unless env.cr.commit() is called. A "
        "script that raises ends with code 1.",
    )
    parser.add_argument(
        "--db", type=_database, default="psa_demo", help="default: psa_demo"
    )
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE")
    parser.set_defaults(needs=[system.POSTGRES])


def _bench(commands: _Commands) -> None:
    parser = commands.add_parser(
        "bench",
        help="run the benchmarks",
        description="Run bench/NAME.py, or all of bench/, each on a fresh database "
        "with the suite. The exit code is 1 if a figure misses its target.",
    )
    parser.add_argument("name", nargs="?", metavar="NAME")
    parser.set_defaults(needs=[system.POSTGRES])


def _stop(commands: _Commands) -> None:
    parser = commands.add_parser(
        "stop",
        help="stop servers and the private PostgreSQL",
        description="Stop the servers that ./psa demo started, then the private "
        "PostgreSQL server unless another ./psa uses it.",
    )
    parser.add_argument(
        "--force", action="store_true", help="stop PostgreSQL even while it is used"
    )
    parser.set_defaults(needs=None)


def _clean(commands: _Commands) -> None:
    parser = commands.add_parser(
        "clean",
        help="remove the caches of this project",
        description="Remove the private databases (also psa_demo), their attachments "
        "and logs. Nothing outside the caches of this project is touched.",
    )
    parser.add_argument(
        "--all",
        action="store_true",
        help="also Odoo, the Python environments and other tools that were fetched",
    )
    parser.add_argument(
        "--force", action="store_true", help="even while another ./psa is running"
    )
    parser.set_defaults(needs=None)


def _port(text: str) -> int:
    port = int(text)
    if not 0 < port < 65536:
        raise argparse.ArgumentTypeError(f"{port} is not a port (1 to 65535)")
    return port


def _database(text: str) -> str:
    if not text.isidentifier() or not text.isascii() or len(text) > 63:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a name of letters, digits and underscores"
        )
    if text.startswith(template.PREFIXES) or text in ("postgres", "template1"):
        raise argparse.ArgumentTypeError(f"{text!r} is a reserved name")
    return text


def _language(text: str) -> str:
    if not text.replace("_", "").replace("@", "").isalnum():
        raise argparse.ArgumentTypeError(f"{text!r} is not a language such as it_IT")
    return text

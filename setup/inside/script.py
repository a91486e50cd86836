# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Run a file with ``env`` in scope: ``python script.py FILE ARGUMENTS...``.

This program and its neighbours run in a process with Odoo; nothing of ``setup`` is
imported here. The configuration comes from ``ODOO_RC``. What the file does not commit
is rolled back; what it raises ends the process with code 1.
"""

import runpy
import sys
import threading

import odoo
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config


def main() -> None:
    """Run the file that the command line names."""
    config.parse_config([], setup_logging=True)
    [db] = config["db_name"]
    threading.current_thread().dbname = db
    sys.argv = sys.argv[1:]
    with Registry(db).cursor() as cr:
        context = api.Environment(cr, SUPERUSER_ID, {})["res.users"].context_get()
        env = api.Environment(cr, SUPERUSER_ID, context)
        try:
            runpy.run_path(
                sys.argv[0],
                {"env": env, "self": env.user, "odoo": odoo},
                run_name="__main__",
            )
        finally:
            # The cursor commits at the end of its block.
            cr.rollback()


if __name__ == "__main__":
    main()

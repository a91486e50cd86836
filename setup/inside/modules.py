# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Install, update and remove addons: ``python modules.py STEP[:ADDON]...``.

Like ``odoo -i``, ``odoo -u`` and ``odoo module uninstall``, without a start for each
step. The step ``use`` opens whatever the host shows. The configuration comes from
``ODOO_RC``.
"""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config


@contextmanager
def environment(db: str) -> Iterator[api.Environment]:
    with Registry(db).cursor() as cr:
        yield api.Environment(cr, SUPERUSER_ID, {})


def install(db: str, addon: str) -> None:
    Registry.new(db, update_module=True, install_modules=[addon])


def update(db: str, addon: str) -> None:
    Registry.new(db, update_module=True, upgrade_modules=[addon])


def uninstall(db: str, addon: str) -> None:
    with environment(db) as env:
        module = env["ir.module.module"].search([("name", "=", addon)])
        module.button_immediate_uninstall()


def use(db: str, _addon: str) -> None:
    """Search each model, and open each window and menu."""
    with environment(db) as env:
        for model in env.values():
            if not model._abstract and not model._transient and model._auto:
                model.search([], limit=1)
        for action in env["ir.actions.act_window"].search([]):
            if action.res_model in env:
                views = [view for view in action.views if view[1] != "qweb"]
                env[action.res_model].get_views(views)
        for menu in env["ir.ui.menu"].search([]):
            if menu.action:
                menu.action.read(["name"])


STEPS = {step.__name__: step for step in (install, update, uninstall, use)}


def main() -> None:
    """Do the steps that the command line names, one after the other."""
    config.parse_config(["--skip-auto-install", "--no-http"], setup_logging=True)
    [db] = config["db_name"]
    threading.current_thread().dbname = db
    for argument in sys.argv[1:]:
        step, _, addon = argument.partition(":")
        STEPS[step](db, addon)


if __name__ == "__main__":
    main()

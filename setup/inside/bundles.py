# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Make the bundles of the web client: ``python bundles.py``.

They are kept as attachments, so whoever opens the first page need not wait for them.
The configuration comes from ``ODOO_RC``.
"""

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config

#: Scripts of back end, portal and tours, and what they load later on.
SCRIPTS = (
    "bus.websocket_worker_assets",
    "portal.assets_chatter",
    "web.__assets_tests_call__",
    "web.assets_backend_lazy",
    "web.assets_clickbot",
    "web.assets_emoji",
    "web.assets_frontend",
    "web.assets_frontend_lazy",
    "web.assets_frontend_minimal",
    "web.assets_tests",
    "web.assets_web",
)
STYLES = (
    "portal.assets_chatter",
    "portal.assets_chatter_style",
    "web.assets_frontend",
    "web.assets_web",
    "web.assets_web_print",
)


def make(db: str) -> None:
    """Make those that are missing or older than the files they are made of."""
    with Registry(db).cursor() as cr:
        pages = api.Environment(cr, SUPERUSER_ID, {})["ir.qweb"]
        for bundle in SCRIPTS:
            pages._get_asset_bundle(bundle, css=False, js=True).js()
        for bundle in STYLES:
            pages._get_asset_bundle(bundle, css=True, js=False).css()


if __name__ == "__main__":
    config.parse_config([], setup_logging=True)
    make(*config["db_name"])

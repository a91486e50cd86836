# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import HttpCase, tagged

APP = "psa_core.menu_psa_root"
ROBOT = "@web/webclient/clickbot/clickbot_loader"
NO_FILTERS = """
    const { SearchBarMenu } = odoo.loader.modules.get(
        "@web/search/search_bar_menu/search_bar_menu"
    );
    Object.defineProperty(SearchBarMenu.prototype, "filterItems", { value: [] });
"""


@tagged("post_install", "-at_install")
class TestClicks(HttpCase):
    """The host's robot opens each menu and view of the app, for each role.

    Who sees all menus also clicks on each filter, in each view. That takes most of the
    time, and is no different for others: what a filter finds with the rights of each
    role is for ``test_filters``.
    """

    def _click_everywhere(self, login, filters=False):
        user = self.env["res.users"].search([("login", "=", login)])
        self.assertTrue(user, f"The demo data has no user {login}")
        # Onboarding would put its bubbles over what is to be clicked.
        user.tour_enabled = False
        start = f"odoo.loader.modules.get('{ROBOT}').startClickEverywhere('{APP}')"
        self.browser_js(
            "/odoo",
            start if filters else NO_FILTERS + start,
            "odoo.isReady === true",
            login=login,
            timeout=300,
            success_signal="clickbot test succeeded",
        )

    def test_technician(self):
        self._click_everywhere("technician")

    def test_manager(self):
        self._click_everywhere("manager")

    def test_billing(self):
        self._click_everywhere("billing")

    def test_admin(self):
        self._click_everywhere("psa_admin", filters=True)

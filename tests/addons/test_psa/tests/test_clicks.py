# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import HttpCase, tagged

APP = "psa_core.menu_psa_root"


@tagged("post_install", "-at_install")
class TestClicks(HttpCase):
    """The host's robot opens each menu, view and filter of the app, for each role."""

    def _click_everywhere(self, login):
        user = self.env["res.users"].search([("login", "=", login)])
        self.assertTrue(user, f"The demo data has no user {login}")
        # Onboarding would put its bubbles over what is to be clicked.
        user.tour_enabled = False
        loader = "odoo.loader.modules.get('@web/webclient/clickbot/clickbot_loader')"
        self.browser_js(
            "/odoo",
            f"{loader}.startClickEverywhere('{APP}')",
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
        self._click_everywhere("psa_admin")

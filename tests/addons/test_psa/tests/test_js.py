# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from pathlib import Path

from odoo.modules import Manifest
from odoo.tests import no_retry, tagged

from odoo.addons.web.tests import test_js as web


@tagged("post_install", "-at_install")
class TestJs(web.HOOTCommon):
    """The unit tests in JavaScript of all addons, in one browser.

    Most of their time goes into loading the unit tests of the whole host.
    """

    # Those of the host itself.
    test_generate_hoot_hash = None
    test_get_hoot_filter = None

    def _suites(self):
        """Names of the addons that have unit tests."""
        manifests = map(Manifest.for_addon, self.env.registry._init_modules)
        return sorted(
            manifest.name
            for manifest in manifests
            if manifest.name.startswith("psa_")
            and any(Path(manifest.path).glob("static/tests/**/*.test.js"))
        )

    @no_retry
    def test_unit_tests(self):
        suites = self._suites()
        self.assertIn("psa_core", suites)
        # The host takes the suites it is told, and says nothing of those it lacks.
        ids = "".join(f"&id={self._generate_hash(f'@{name}')}" for name in suites)
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset=desktop&timeout=15000{ids}",
            "",
            "",
            login="admin",
            timeout=300,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=web.unit_test_error_checker,
        )

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.tests import no_retry, tagged

# The module: a test class that is imported would be collected here, too.
from odoo.addons.web.tests import test_js as web


@tagged("post_install", "-at_install", "psa_js")
class TestJs(web.HOOTCommon):
    """The unit tests of the addon's browser side."""

    # Those of the host itself.
    test_generate_hoot_hash = None
    test_get_hoot_filter = None

    @no_retry
    def test_unit_tests(self):
        suite = self._generate_hash("@psa_core")
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&id={suite}",
            "",
            "",
            login="admin",
            timeout=300,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=web.unit_test_error_checker,
        )

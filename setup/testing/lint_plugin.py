# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Plugin of pytest: the host's lints look at our addons only.

Loaded by the stage ``registry_lint`` into the process that runs ``test_lint``.
"""

from __future__ import annotations

import pytest


def pytest_addoption(parser):
    parser.addoption("--psa-addons", default="", help="addons to look at")


@pytest.fixture(scope="session", autouse=True)
def only_our_addons(request):
    """Narrow what the lints walk: 10 addons take seconds, 600 a minute."""
    from odoo.modules import Manifest

    from odoo.addons.test_lint.tests import test_docstring, test_eslint, test_pofile

    names = request.config.getoption("--psa-addons").split(",")
    manifests = [Manifest.for_addon(name) for name in names]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Manifest, "all_addon_manifests", lambda: manifests)
        patch.setattr(test_pofile, "get_modules", lambda: names)
        patch.setattr(test_eslint, "get_modules", lambda: names)
        # By default it looks at base alone, the one module that is clean so far.
        patch.setattr(test_docstring, "MODULES_TO_LINT", tuple(names))
        yield

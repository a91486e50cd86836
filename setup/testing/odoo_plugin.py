# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Plugin of pytest: what Odoo's own runner does for browser tests, pytest-odoo not.

The bundles of the web client are made once, before the first browser test. Else each
test would make them in its own transaction: a slow first page, which may exceed a
tour's patience, and again in every test.
"""

from __future__ import annotations

import pytest

#: Of back end, portal and tours. Others are made when they are asked for.
BUNDLES = ("web.assets_web", "web.assets_frontend", "web.assets_tests")


@pytest.fixture(scope="session", autouse=True)
def test_parameters():
    """Unit tests of JavaScript ask which of them to run; here always all."""
    from odoo.tests import BaseCase

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseCase, "_test_params", [], raising=False)
        yield


@pytest.fixture(scope="session")
def bundles(load_registry):
    from odoo.api import SUPERUSER_ID, Environment
    from odoo.modules.registry import Registry
    from odoo.tests.common import get_db_name

    with Registry(get_db_name()).cursor() as cr:
        pages = Environment(cr, SUPERUSER_ID, {})["ir.qweb"]
        for bundle in BUNDLES:
            pages._get_asset_bundle(bundle, css=False, js=True).js()
            pages._get_asset_bundle(bundle, css=True, js=False).css()


@pytest.fixture(scope="class", autouse=True)
def bundles_for_browsers(request):
    from odoo.tests import HttpCase

    if request.cls and issubclass(request.cls, HttpCase):
        request.getfixturevalue("bundles")

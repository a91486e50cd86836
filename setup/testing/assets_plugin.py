# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Plugin of pytest: what browsers load is made once, before the first browser test.

A test that opens a page would make the bundles of the web client itself, in its own
transaction: a slow first page that may exceed a tour's patience, and again in every
test. Odoo's own test servers do the same with the same method.
"""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session")
def bundles(load_registry):
    from odoo.api import SUPERUSER_ID, Environment
    from odoo.modules.registry import Registry
    from odoo.tests.common import get_db_name

    with Registry(get_db_name()).cursor() as cr:
        Environment(cr, SUPERUSER_ID, {})["ir.qweb"]._pregenerate_assets_bundles()


@pytest.fixture(scope="class", autouse=True)
def bundles_for_browsers(request):
    from odoo.tests import HttpCase

    if request.cls and issubclass(request.cls, HttpCase):
        request.getfixturevalue("bundles")

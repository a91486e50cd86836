# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Plugin of pytest: what Odoo's own runner does for browser tests, pytest-odoo not.

The bundles of the web client are made before the first browser test, if the template of
the database has none or older ones. Else each test would make them in its own
transaction: a slow first page, which may exceed a tour's patience, and again in every
test.

It also picks the tests of a stage (``--psa-tests``), by what they are.
"""

from __future__ import annotations

import pytest

#: What a stage can ask for: tests that need no web server; those of an addon that are
#: to hold whatever else is installed.
WITHOUT_HTTP, POST_INSTALL = "without-http", "post-install"
#: Tag of unit tests in JavaScript. The stage ``together`` runs those of all addons in
#: one browser (see tests/addons), for most of their time it loads the same bundles.
JS = "psa_js"


def pytest_addoption(parser):
    parser.addoption("--psa-tests", choices=(WITHOUT_HTTP, POST_INSTALL))


def pytest_collection_modifyitems(config, items):
    asked = config.getoption("--psa-tests")
    if asked:
        chosen = [item for item in items if _is_asked_for(item, asked)]
        config.hook.pytest_deselected(items=[i for i in items if i not in chosen])
        items[:] = chosen


def _is_asked_for(item: pytest.Item, asked: str) -> bool:
    from odoo.tests import HttpCase

    # A doctest has no class.
    case = getattr(item, "cls", None) or object
    if asked == WITHOUT_HTTP:
        return not issubclass(case, HttpCase)
    tags = getattr(case, "test_tags", set())
    return "post_install" in tags and JS not in tags


@pytest.fixture(scope="session", autouse=True)
def test_parameters():
    """Unit tests of JavaScript ask which of them to run; here always all."""
    from odoo.tests import BaseCase

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseCase, "_test_params", [], raising=False)
        yield


@pytest.fixture(scope="session")
def bundles(load_registry):
    from odoo.tests.common import get_db_name

    from setup.inside import bundles

    bundles.make(get_db_name())


@pytest.fixture(scope="class", autouse=True)
def bundles_for_browsers(request):
    from odoo.tests import HttpCase

    if request.cls and issubclass(request.cls, HttpCase):
        request.getfixturevalue("bundles")

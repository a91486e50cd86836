# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import (
    test_amendment,
    test_count,
    test_coverage_property,
    test_decide,
    test_grant,
    test_life,
    test_period_text,
    test_portal,
    test_portal_hours,
    test_portal_signing,
    test_portal_tours,
    test_preview,
    test_rate_tool,
    test_sale_billing,
    test_sale_contract,
    test_sale_hours,
    test_sale_race,
    test_scope,
    test_template,
    test_term,
    test_topup,
    test_waterfall,
)

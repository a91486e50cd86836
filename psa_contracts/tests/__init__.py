# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import (
    test_period_text,
    test_rate_tool,
    test_scope,
    test_waterfall,
)

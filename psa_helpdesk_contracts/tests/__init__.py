# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import test_coverage, test_offer, test_screens, test_sla, test_sla_follow

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import (
    psa_contract_add_hours,
    psa_contract_cancel,
    psa_contract_change,
    psa_contract_end,
    psa_contract_from_order,
    psa_contract_from_order_line,
    psa_contract_resume,
    psa_contract_suspend,
    psa_coverage_decide,
    psa_coverage_preview,
    psa_coverage_preview_row,
    psa_coverage_preview_total,
)

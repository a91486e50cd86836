# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import (
    account_analytic_line,
    psa_contract,
    psa_contract_line,
    psa_contract_template,
    psa_contract_terms,
    psa_ticket,
)

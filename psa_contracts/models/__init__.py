# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

# Mixins first: the host builds models in the order they are imported.
from . import (
    psa_contract_amending,
    psa_contract_coverage,
    psa_contract_figures,
    psa_contract_life,
    psa_contract_line_balance,
    psa_contract_portal,
    psa_contract_terms,
    psa_coverage_banner,
    psa_coverage_decision,
    psa_coverage_explanation,
)

# isort: split
from . import (
    psa_contract,
    psa_contract_line,
)

# isort: split
from . import (
    account_analytic_line,
    project_task,
    psa_contract_amendment,
    psa_contract_grant,
    psa_contract_line_term,
    psa_contract_scope,
    psa_contract_suspension,
    psa_contract_template,
    psa_contract_template_line,
    psa_coverage_part,
    psa_coverage_reason,
    psa_coverage_turn,
    psa_rate,
    res_partner,
)

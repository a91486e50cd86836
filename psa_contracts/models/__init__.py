# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

# Mixins first: the host builds models in the order they are imported.
from . import (
    psa_contract_amended,
    psa_contract_amending,
    psa_contract_beyond,
    psa_contract_clock,
    psa_contract_coverage,
    psa_contract_figures,
    psa_contract_guard,
    psa_contract_life,
    psa_contract_line_balance,
    psa_contract_line_count,
    psa_contract_line_dated,
    psa_contract_line_life,
    psa_contract_line_print,
    psa_contract_line_rollover,
    psa_contract_line_scope,
    psa_contract_line_topup,
    psa_contract_offer,
    psa_contract_portal,
    psa_contract_print,
    psa_contract_reminder,
    psa_contract_sale,
    psa_contract_signing,
    psa_contract_statement,
    psa_contract_templating,
    psa_contract_terms,
    psa_coverage_banner,
    psa_coverage_decision,
    psa_coverage_explanation,
    psa_sale_order_line_hours,
)

# isort: split
from . import (
    psa_contract,
    psa_contract_line,
)

# isort: split
from . import (
    account_analytic_line,
    mail_mail,
    product_product,
    product_template,
    project_task,
    psa_contract_amendment,
    psa_contract_grant,
    psa_contract_in_force,
    psa_contract_line_term,
    psa_contract_suspension,
    psa_contract_template,
    psa_contract_template_line,
    psa_coverage_part,
    psa_coverage_reason,
    psa_coverage_turn,
    psa_rate,
    res_partner,
    sale_order,
    sale_order_line,
)

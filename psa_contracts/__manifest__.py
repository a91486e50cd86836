# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "PSA Contracts",
    "summary": "Service contracts, rates, prepaid hours and what each hour is covered by",
    "version": "19.0.1.0.0",
    "category": "Services/PSA",
    "website": "https://github.com/psa-for-odoo/psa",
    "author": "PSA for Odoo contributors",
    "license": "LGPL-3",
    "application": True,
    "depends": ["psa_core", "account"],
    "data": [
        "security/psa_contracts_security.xml",
        "security/ir.model.access.csv",
        "data/account_analytic_plan_data.xml",
        "data/ir_sequence_data.xml",
        "data/product_data.xml",
        "data/psa_coverage_reason_data.xml",
        "data/ir_cron_data.xml",
    ],
    "pre_init_hook": "pre_init_hook",
}

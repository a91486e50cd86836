# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "PSA Helpdesk: Contracts",
    "summary": "Tickets get the SLA of their contract and show what it covers",
    "version": "19.0.1.0.0",
    "category": "Services/PSA",
    "website": "https://github.com/psa-for-odoo/psa",
    "author": "PSA for Odoo contributors",
    "license": "LGPL-3",
    "depends": ["psa_helpdesk", "psa_contracts"],
    "auto_install": True,
    "data": [
        "report/psa_contract_report_templates.xml",
        "views/psa_contract_line_views.xml",
        "views/psa_contract_template_line_views.xml",
        "views/psa_contract_template_views.xml",
        "views/psa_contract_views.xml",
        "views/psa_ticket_views.xml",
    ],
    "demo": ["demo/psa_contract_demo.xml"],
    "uninstall_hook": "uninstall_hook",
}

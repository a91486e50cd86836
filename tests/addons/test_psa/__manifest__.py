# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "PSA: tests across addons",
    "summary": "What no single addon can show; for the stage `together` only",
    "version": "19.0.1.0.0",
    "category": "Hidden/Tests",
    "website": "https://github.com/psa-for-odoo/psa",
    "author": "PSA for Odoo contributors",
    "license": "LGPL-3",
    "depends": [
        "psa_core",
        "psa_contracts",
        "psa_helpdesk",
        "psa_helpdesk_contracts",
        "psa_helpdesk_skills",
        "psa_helpdesk_dashboard",
    ],
}

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "PSA Helpdesk: Dashboard",
    "summary": "The service desk on one page: backlog, targets, volume, clients",
    "version": "19.0.1.0.0",
    "category": "Services/PSA",
    "website": "https://github.com/psa-for-odoo/psa",
    "author": "PSA for Odoo contributors",
    "license": "LGPL-3",
    "depends": ["psa_helpdesk", "spreadsheet_dashboard"],
    "auto_install": True,
    "data": ["data/spreadsheet_dashboard_data.xml"],
}

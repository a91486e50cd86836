# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "PSA Helpdesk: Skills",
    "summary": "Tickets go to who knows what they ask for",
    "version": "19.0.1.0.0",
    "category": "Services/PSA",
    "website": "https://github.com/psa-for-odoo/psa",
    "author": "PSA for Odoo contributors",
    "license": "LGPL-3",
    "depends": ["psa_helpdesk", "hr_skills"],
    "auto_install": True,
    "data": [
        "views/psa_ticket_type_views.xml",
        "views/psa_ticket_category_views.xml",
    ],
}

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "PSA Helpdesk",
    "summary": "Tickets by mail, portal and phone, with time as a matter of course",
    "version": "19.0.1.0.0",
    "category": "Services/PSA",
    "website": "https://github.com/psa-for-odoo/psa",
    "author": "PSA for Odoo contributors",
    "license": "LGPL-3",
    "application": True,
    "depends": ["psa_core", "portal_rating"],
    "data": [],
}

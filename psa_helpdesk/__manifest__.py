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
    "data": [
        "security/psa_helpdesk_security.xml",
        "security/ir.model.access.csv",
        "data/psa_ticket_stage_data.xml",
        "data/psa_ticket_type_data.xml",
        "data/psa_ticket_priority_rule_data.xml",
        "data/psa_ticket_cause_data.xml",
        "data/res_company_data.xml",
        "wizards/psa_ticket_resolve_views.xml",
        "wizards/psa_ticket_handover_views.xml",
    ],
    "uninstall_hook": "uninstall_hook",
}

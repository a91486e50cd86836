# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "PSA: floor of the mail benchmarks",
    "summary": "The least that a model does that gets mail; for ./psa bench only",
    "version": "19.0.1.0.0",
    "category": "Hidden/Tests",
    "website": "https://github.com/psa-for-odoo/psa",
    "author": "PSA for Odoo contributors",
    "license": "LGPL-3",
    "depends": ["mail"],
    "data": ["security/ir.model.access.csv"],
}

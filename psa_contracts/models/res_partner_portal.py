# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    psa_sees_contracts = fields.Boolean(
        string="Sees All Contracts of the Company",
        groups="base.group_user",
        help="On the portal this contact reads all contracts of the company, with "
        "prices and hours. Who signs a contract reads it anyway.",
    )

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models


class PsaContractLife(models.AbstractModel):
    _name = "psa.contract.life"
    _description = "Life of a Contract"

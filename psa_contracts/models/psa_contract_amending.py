# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models


class PsaContractAmending(models.AbstractModel):
    _name = "psa.contract.amending"
    _description = "Amendments of a Contract"

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models


class PsaContractPortal(models.AbstractModel):
    _name = "psa.contract.portal"
    _description = "Contract on the Portal"

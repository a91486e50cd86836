# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _psa_get_hours_per_unit(self):
        """Return the hours that one unit is, or 0 if its contract line says it."""
        self.ensure_one()
        hour = self.env.ref("uom.product_uom_hour")
        if self.psa_contract_hours:
            return self.psa_contract_hours
        if self.uom_id._has_common_reference(hour):
            return self.uom_id._compute_quantity(1.0, hour, round=False)
        return 0.0

    def _psa_get_units_of(self, hours):
        """Return how many units a block of so many hours is."""
        per_unit = self._psa_get_hours_per_unit()
        return hours / per_unit if per_unit and hours else 1.0

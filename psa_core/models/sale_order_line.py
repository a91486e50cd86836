# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.fields import Domain


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    @api.depends("analytic_line_ids.psa_billable_hours")
    def _compute_qty_delivered(self):
        return super()._compute_qty_delivered()

    def _get_delivered_quantity_by_analytic(self, additional_domain):
        """Deliver billable hours: to the hours worked the difference is added.

        Only entries with a work type are rounded, multiplied or not billable.
        """
        quantities = super()._get_delivered_quantity_by_analytic(additional_domain)
        domain = (
            Domain(additional_domain)
            & Domain("so_line", "in", self.ids)
            & Domain("project_id", "!=", False)
            & Domain("psa_work_type_id", "!=", False)
        )
        rows = self.env["account.analytic.line"]._read_group(
            domain,
            ["product_uom_id", "so_line"],
            ["psa_billable_hours:sum", "unit_amount:sum"],
        )
        for uom, line, billable, worked in rows:
            if uom:
                quantities[line.id] += uom._compute_quantity(
                    billable - worked, line.product_uom_id, rounding_method="HALF-UP"
                )
        return quantities

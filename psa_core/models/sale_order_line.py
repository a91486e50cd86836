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
        """Deliver the billable hours of work entries; the host counts the rest."""
        is_work = Domain("project_id", "!=", False)
        domain = Domain(additional_domain)
        quantities = super()._get_delivered_quantity_by_analytic(domain & ~is_work)
        rows = self.env["account.analytic.line"]._read_group(
            domain & is_work & Domain("so_line", "in", self.ids),
            ["product_uom_id", "so_line"],
            ["psa_billable_hours:sum"],
        )
        for uom, line, hours in rows:
            if uom:
                quantities[line.id] += uom._compute_quantity(
                    hours, line.product_uom_id, rounding_method="HALF-UP"
                )
        return quantities

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class PsaContractSale(models.AbstractModel):
    """The orders with which a contract, or hours of it, were sold."""

    _name = "psa.contract.sale"
    _description = "Orders of a Contract"

    sale_order_count = fields.Integer(
        string="Orders",
        compute="_compute_sale_order_count",
        groups="sales_team.group_sale_salesman,psa_core.group_psa_billing",
    )

    @api.depends("line_ids.sale_line_id", "line_ids.grant_ids.sale_line_id")
    def _compute_sale_order_count(self):
        for contract in self:
            contract.sale_order_count = len(contract._get_sale_orders())

    def _get_sale_orders(self):
        """Return the orders of contracts, in sudo."""
        # In sudo: an order counts whoever sold it; the list shows those one may read.
        lines = self.sudo().line_ids
        return (lines.sale_line_id | lines.grant_ids.sale_line_id).order_id

    def action_open_sale_orders(self):
        orders = self._get_sale_orders()
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Orders"),
            "res_model": "sale.order",
            "views": [[False, "list"], [False, "form"]],
            "domain": [("id", "in", orders.ids)],
        }
        if len(orders) == 1:
            action.update(res_id=orders.id, views=[[False, "form"]])
        return action

    def unlink(self):
        # In sudo: the order is to be billed again, whoever deletes the contract.
        sale_lines = self.sudo().line_ids.sale_line_id
        result = super().unlink()
        # The database deletes the lines of a contract: the ORM does not know of it.
        self.env["psa.contract.line"].invalidate_model(flush=False)
        sale_lines.invalidate_recordset(["psa_contract_line_ids"])
        sale_lines.modified(["psa_contract_line_ids"])
        return result

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class SaleOrder(models.Model):
    """An order that becomes a contract, or with which hours are bought."""

    _inherit = "sale.order"

    psa_contract_count = fields.Integer(
        string="Contracts", compute="_compute_psa_contract_count"
    )
    psa_can_create_contract = fields.Boolean(
        compute="_compute_psa_can_create_contract",
        export_string_translation=False,
        help="It has lines that become lines of a contract, and are not yet.",
    )

    psa_hours_undecided = fields.Boolean(
        compute="_compute_psa_hours_undecided",
        export_string_translation=False,
        help="Hours are bought, and the client has several lines that could get them.",
    )

    @api.depends("order_line.psa_contract_line_ids", "order_line.psa_grant_ids")
    def _compute_psa_contract_count(self):
        for order in self:
            order.psa_contract_count = len(order._psa_get_contracts())

    @api.depends(
        "state",
        "order_line.product_id",
        "order_line.product_uom_qty",
        "order_line.psa_hours_line_id",
        "order_line.psa_contract_line_ids.contract_state",
    )
    def _compute_psa_can_create_contract(self):
        for order in self:
            order.psa_can_create_contract = bool(order._psa_get_contract_lines())

    @api.depends(
        "state",
        "company_id",
        "partner_id",
        "order_line.product_id",
        "order_line.psa_hours_line_id",
    )
    def _compute_psa_hours_undecided(self):
        lines = self.order_line.filtered(
            lambda line: (
                line.order_id.state in ("draft", "sent")
                and line.product_id.psa_contract_kind == "prepaid"
                and not line.psa_hours_line_id
            )
        )
        # In sudo: contracts count whether or not they may be read.
        candidates = lines.sudo()._psa_find_hours_lines()
        for order in self:
            order.psa_hours_undecided = any(
                len(candidates.get(line._psa_get_hours_key(), ())) > 1
                for line in lines & order.order_line
            )

    def _psa_get_contracts(self):
        """Return the contracts of these orders, in sudo."""
        # In sudo: a contract counts whether or not it may be read.
        lines = self.sudo().order_line
        return lines.psa_contract_line_ids.contract_id | lines.psa_grant_ids.contract_id

    def _psa_get_contract_lines(self):
        """Return the lines that become contract lines and are none yet."""
        return self.order_line.filtered(
            lambda line: (
                line._psa_can_become_contract() and line._psa_is_sold_recurring()
            )
        )

    # ------------------------------------------------------------
    # Invoicing
    # ------------------------------------------------------------

    @api.depends("order_line.psa_contract_id")
    def _compute_invoice_status(self):
        """Lines that a contract bills leave an order nothing to wait for."""
        result = super()._compute_invoice_status()
        for order in self:
            if order.state != "sale" or order.invoice_status != "no":
                continue
            lines = order.order_line.filtered(
                lambda line: not line.display_type and not line.is_downpayment
            )
            own = lines.filtered(lambda line: not line.psa_contract_id)
            statuses = set(own.mapped("invoice_status"))
            if own == lines or not own or "no" in statuses:
                continue
            order.invoice_status = next(
                status
                for status in ("to invoice", "upselling", "invoiced")
                if status in statuses
            )
        return result

    def _force_lines_to_invoice_policy_order(self):
        result = super()._force_lines_to_invoice_policy_order()
        self.order_line.filtered("psa_contract_id").qty_to_invoice = 0.0
        return result

    # ------------------------------------------------------------
    # Confirmed and cancelled
    # ------------------------------------------------------------

    def _action_confirm(self):
        self.order_line._psa_restore_hours()
        result = super()._action_confirm()
        self.order_line._psa_grant_hours()
        return result

    def _action_cancel(self):
        result = super()._action_cancel()
        self.order_line._psa_withdraw_hours()
        self.order_line._psa_tell_contracts(
            lambda line, order: line.env._(
                "Order %(order)s was cancelled: %(line)s",
                order=order,
                line=line._psa_get_title(),
            )
        )
        return result

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_psa_create_contract(self):
        """Open the preview of the contract; one that was made meanwhile is opened."""
        self.ensure_one()
        if not self._psa_get_contract_lines():
            return self.action_psa_open_contracts()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "psa_contracts.action_contract_from_order"
            ),
            "context": {"default_order_id": self.id},
        }

    def action_psa_open_contracts(self):
        contracts = self._psa_get_contracts()
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Contracts"),
            "res_model": "psa.contract",
            "views": [[False, "list"], [False, "form"]],
            "domain": [("id", "in", contracts.ids)],
        }
        if len(contracts) == 1:
            action.update(res_id=contracts.id, views=[[False, "form"]])
        return action

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.tools import float_is_zero

from .psa_contract_guard import check_system_fields
from .psa_contract_terms import RECURRING

#: fields of an order line that a contract took over
TAKEN_FIELDS = ("product_uom_qty", "price_unit", "discount")
#: worked out, but stored
SYSTEM_FIELDS = {"psa_contract_id"}


class SaleOrderLine(models.Model):
    """A line that a contract bills, or with which hours are bought."""

    _name = "sale.order.line"
    _inherit = ["sale.order.line", "psa.sale.order.line.hours"]

    psa_contract_line_ids = fields.One2many(
        "psa.contract.line", "sale_line_id", string="Contract Lines"
    )
    psa_contract_id = fields.Many2one(
        "psa.contract",
        string="Billed by",
        compute="_compute_psa_contract_id",
        store=True,
        index="btree_not_null",
        ondelete="set null",
        help="The contract bills this line each period; the order does not.",
    )

    @api.depends("psa_contract_line_ids.kind", "psa_contract_line_ids.contract_state")
    def _compute_psa_contract_id(self):
        for line in self:
            billing = line.psa_contract_line_ids.filtered(
                lambda found: (
                    found.kind in RECURRING and found.contract_state != "cancelled"
                )
            )
            line.psa_contract_id = billing.contract_id[:1]

    def _psa_get_title(self):
        """Return the first line of what the client reads."""
        self.ensure_one()
        return (self.name or self.product_id.display_name or "").split("\n")[0]

    @api.model_create_multi
    def create(self, vals_list):
        check_system_fields(self, SYSTEM_FIELDS, vals_list, defaults=True)
        lines = super().create(vals_list)
        lines._psa_grant_hours()
        return lines

    def write(self, vals):
        check_system_fields(self, SYSTEM_FIELDS, [vals])
        taken = [name for name in TAKEN_FIELDS if name in vals]
        before = {}
        if taken:
            before = {line.id: {name: line[name] for name in taken} for line in self}
        result = super().write(vals)
        changed = {
            line.id: names
            for line in self
            if (names := line._psa_get_changed(before.get(line.id, {})))
        }
        # Without amounts: technicians read contracts, but not what orders cost.
        self.browse(changed)._psa_tell_contracts(
            lambda line, order: line.env._(
                "Order %(order)s changed: %(line)s (%(fields)s)",
                order=order,
                line=line._psa_get_title(),
                fields=", ".join(
                    line._fields[name]._description_string(line.env)
                    for name in changed[line.id]
                ),
            )
        )
        if "psa_hours_line_id" in vals:
            self._psa_grant_hours()
        return result

    def _psa_get_changed(self, before):
        """Return the names of the numbers that are not what they were."""
        return [
            name
            for name, value in before.items()
            if not float_is_zero(self[name] - value, precision_digits=6)
        ]

    def _psa_tell_contracts(self, get_text):
        """Say what became of these lines on the contracts made of them, and remind who
        has these contracts.

        The contract stays as it is: what it costs is agreed upon with a date.

        :param get_text: function of a line and what to call its order, giving the text
            in the language of the line's context
        """
        # In sudo: who sells may not write on contracts.
        reminders = []
        for line in self.sudo():
            order = line.order_id
            contracts = line.psa_contract_line_ids.contract_id | (
                line.psa_grant_ids.contract_id
            )
            for contract in contracts:
                if contract.state in ("ended", "cancelled"):
                    continue
                contract._message_log(body=get_text(line, order._get_html_link()))
                for user in contract._get_reminded():
                    text = get_text(line.with_context(lang=user.lang), order.name)
                    reminders.append((contract, user, text))
        self.env["psa.contract"]._remind(reminders)

    # ------------------------------------------------------------
    # Billed by a contract
    # ------------------------------------------------------------

    @api.depends("psa_contract_id")
    def _compute_qty_to_invoice(self):
        result = super()._compute_qty_to_invoice()
        self.filtered("psa_contract_id").qty_to_invoice = 0.0
        return result

    @api.depends("psa_contract_id")
    def _compute_invoice_status(self):
        result = super()._compute_invoice_status()
        for line in self:
            if line.psa_contract_id and line.invoice_status == "upselling":
                line.invoice_status = "no"
        return result

    @api.depends("psa_contract_id")
    def _compute_untaxed_amount_to_invoice(self):
        result = super()._compute_untaxed_amount_to_invoice()
        self.filtered("psa_contract_id").untaxed_amount_to_invoice = 0.0
        return result

    @api.depends("psa_contract_id")
    def _compute_amount_to_invoice(self):
        result = super()._compute_amount_to_invoice()
        self.filtered("psa_contract_id").amount_to_invoice = 0.0
        return result

    @api.depends("psa_contract_id")
    @api.depends_context("accrual_entry_date")
    def _compute_amount_to_invoice_at_date(self):
        result = super()._compute_amount_to_invoice_at_date()
        self.filtered("psa_contract_id").amount_to_invoice_at_date = 0.0
        return result

    def _recompute_qty_to_invoice(self, start_date, end_date):
        own = self.filtered(lambda line: not line.psa_contract_id)
        return super(SaleOrderLine, own)._recompute_qty_to_invoice(start_date, end_date)

    # ------------------------------------------------------------
    # Becoming a contract
    # ------------------------------------------------------------

    def _psa_can_become_contract(self):
        """Whether it is sold, and in no contract yet."""
        self.ensure_one()
        # In sudo: a line is in a contract whether or not that may be read.
        taken = self.sudo().psa_contract_line_ids.filtered(
            lambda found: found.contract_state != "cancelled"
        )
        return (
            self.state == "sale"
            and not self.display_type
            and not self.is_downpayment
            and self.product_uom_qty > 0
            and not self.psa_hours_line_id
            and not taken
        )

    def _psa_is_sold_recurring(self):
        """Whether its product says that it becomes a contract, or part of one."""
        self.ensure_one()
        product = self.product_id
        return bool(product.psa_contract_template_id or product.psa_contract_kind)

    def _psa_get_quantity(self):
        """Return the quantity in units of the product."""
        self.ensure_one()
        return self.product_uom_id._compute_quantity(
            self.product_uom_qty, self.product_id.uom_id
        )

    def _psa_get_price(self):
        """Return the price of a unit of the product, after discount, without taxes."""
        self.ensure_one()
        price = self.price_unit * (1 - self.discount / 100)
        if any(self.tax_ids.mapped("price_include")):
            price = self.tax_ids.with_context(
                round=False, round_base=False
            ).compute_all(price, currency=self.currency_id, product=self.product_id)[
                "total_excluded"
            ]
        return self.product_uom_id._compute_price(price, self.product_id.uom_id)

    def _psa_prepare_contract_line(self):
        """Return what a contract line has of this line.

        Its price is the one that was agreed upon, after the discount: a discount of a
        contract line is one on the pricelist, which may change.
        """
        self.ensure_one()
        product = self.product_id
        values = {
            "product_id": product.id,
            "quantity": self._psa_get_quantity(),
            "price_mode": "fixed",
            "price_unit": self._psa_get_price(),
            "sale_line_id": self.id,
        }
        if product.psa_contract_kind == "prepaid":
            values.update(self._psa_prepare_block(values))
        return values

    def _psa_prepare_block(self, values):
        """Return what a block of hours is: a unit, or all that is sold by the hour."""
        product = self.product_id
        if product.psa_contract_hours:
            return {"hours": product.psa_contract_hours}
        quantity = values["quantity"]
        if hours := quantity * product._psa_get_hours_per_unit():
            price = values["price_unit"] * quantity
            return {"hours": hours, "quantity": 1.0, "price_unit": price}
        return {}

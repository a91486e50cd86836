# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError

from .psa_contract_terms import NEVER_STARTED, RECURRING

#: kinds with something to bill that only a product can account for
BILLED = (*RECURRING, "prepaid")
#: what makes another line of one that was in force
FIXED_FIELDS = ("contract_id", "kind")


class PsaContractLineLife(models.AbstractModel):
    """What happens to a line when its contract is put in force, and afterwards."""

    _name = "psa.contract.line.life"
    _description = "Life of a Contract Line"

    product_id = fields.Many2one(
        "product.product",
        compute="_compute_product_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
    )

    @api.model
    def _get_default_products(self):
        """Return {kind: product}, so that a new installation bills from the start."""
        contract, prepaid = (
            self.env.ref(xmlid, raise_if_not_found=False) or self.env["product.product"]
            for xmlid in (
                "psa_contracts.product_contract",
                "psa_contracts.product_prepaid_hours",
            )
        )
        return {**dict.fromkeys(RECURRING, contract), "prepaid": prepaid}

    @api.depends("kind")
    def _compute_product_id(self):
        none = self.env["product.product"]
        products = self._get_default_products()
        for line in self:
            product = line.product_id
            if not product or product in products.values():
                line.product_id = products.get(line.kind, none)

    def _check_products(self):
        """:raise UserError: when a line that is billed has no product"""
        for line in self:
            if line.kind in BILLED and not line.product_id:
                raise UserError(
                    self.env._(
                        "“%(line)s” cannot be billed without a product.",
                        line=line.display_name,
                    )
                )

    # ------------------------------------------------------------
    # In force
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        added = lines._filter_in_force()
        if added:
            added._check_products()
            added._begin()
        return lines

    def write(self, vals):
        fixed = [name for name in FIXED_FIELDS if name in vals]
        for line in self._filter_in_force() if fixed else ():
            for name in fixed:
                value = line[name].id if name == "contract_id" else line[name]
                if value != vals[name]:
                    raise UserError(
                        self.env._(
                            "“%(line)s” was in force: its %(field)s cannot change. End "
                            "it, and add another line.",
                            line=line.display_name,
                            field=self._fields[name]._description_string(self.env),
                        )
                    )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_force(self):
        for line in self._filter_in_force():
            raise UserError(
                self.env._(
                    "“%(line)s” was in force and stays as a record: give it a last "
                    "day.",
                    line=line.display_name,
                )
            )

    def _filter_in_force(self):
        """Return those of contracts that ever were active."""
        return self.filtered(lambda line: line.contract_id.state not in NEVER_STARTED)

    def _begin(self):
        """Count what is counted, and give the hours that were bought with the line."""
        self._count_first_quantities()
        self._buy_first_blocks()

    # ------------------------------------------------------------
    # Prepaid hours
    # ------------------------------------------------------------

    def _buy_first_blocks(self):
        """Give the hours of each prepaid line, unless somebody has done it.

        What was sold by an order is given by the order.
        """
        # In sudo: prices and hours of others have to be seen here.
        grants = self.env["psa.contract.grant"].sudo()
        lines = self.sudo().filtered(
            lambda line: line.kind == "prepaid" and not line.sale_line_id
        )
        bought = {
            line.id
            for [line] in grants._read_group(
                [("line_id", "in", lines.ids), ("origin", "=", "purchase")], ["line_id"]
            )
        }
        vals_list = [
            line._prepare_purchase_values(line._get_first_day())
            for line in lines
            if line.id not in bought
        ]
        # They were agreed with the line: no amendment.
        with self.env["psa.contract"]._measuring():
            grants.create([values for values in vals_list if values["hours"]])

    def _get_first_day(self):
        """Return the first day on which the line and its contract are in force."""
        self.ensure_one()
        days = [self.contract_id.date_start, self.date_start]
        return max(day for day in days if day)

    def _is_over(self, day):
        """Whether the line, or its contract, has ended before a day."""
        self.ensure_one()
        contract = self.contract_id
        return contract.state in ("ended", "cancelled") or any(
            last and last < day for last in (contract.date_end, self.date_end)
        )

    def _prepare_purchase_values(self, day):
        """Return the values of the blocks that the terms of a day say are bought."""
        self.ensure_one()
        term = self._get_term(day)
        return {
            "line_id": self.id,
            "origin": "purchase",
            "billed_by": "contract",
            "date_start": day,
            "date_end": self._get_expiry(day),
            "hours": term.quantity * term.hours,
            "price": self.currency_id.round(term.quantity * self._get_block_price(day)),
        }

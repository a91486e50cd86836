# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date

from odoo.fields import Command

from .common import PsaContractsCommon

#: day on which orders of the tests are confirmed
ORDERED = date(2026, 2, 10)


class PsaContractsSaleCommon(PsaContractsCommon):
    """A salesman, products that become contract lines, and a package."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesman = cls._create_user("psa-sales", "sales_team.group_sale_salesman")
        cls.product_care = cls._create_product("Care Plus", list_price=300.0)
        cls.product_seat = cls._create_product("Seat", psa_contract_kind="unit")
        cls.product_block = cls._create_product(
            "Block of 10 h",
            psa_contract_kind="prepaid",
            psa_contract_hours=10.0,
            list_price=800.0,
        )
        cls.product_setup = cls._create_product("Setup")
        cls.template = cls.env["psa.contract.template"].create(
            {
                "name": "Care Plus",
                "term_months": 24,
                "line_ids": [
                    Command.create(
                        {
                            "name": "Care Plus {month}",
                            "kind": "flat",
                            "product_id": cls.product_care.id,
                            "price_unit": 250.0,
                        }
                    ),
                    Command.create({"name": "Help", "kind": "included", "hours": 10.0}),
                ],
            }
        )
        cls.product_care.psa_contract_template_id = cls.template

    @classmethod
    def _create_product(cls, name, **kwargs):
        return cls.env["product.product"].create(
            {
                "name": name,
                "type": "service",
                "invoice_policy": "order",
                "list_price": 100.0,
                "taxes_id": False,
                **kwargs,
            }
        )

    @classmethod
    def _create_order(cls, *lines, confirm=True, **kwargs):
        """Create an order of the salesman; a line is (product, values)."""
        order = (
            cls.env["sale.order"]
            .with_user(cls.salesman)
            .create(
                {
                    "partner_id": cls.contact.id,
                    "order_line": [
                        Command.create({"product_id": product.id, **values})
                        for product, values in lines
                    ],
                    **kwargs,
                }
            )
        )
        if confirm:
            order.action_confirm()
        return order

    @classmethod
    def _open_wizard(cls, order, user=None, **kwargs):
        wizards = cls.env["psa.contract.from.order"].with_user(user or cls.salesman)
        return wizards.create(
            {"order_id": order.id, "date_start": date(2026, 3, 1), **kwargs}
        )

    @classmethod
    def _make_contract(cls, order, **kwargs):
        """Make the contract of an order as its salesman; return it, as billing."""
        cls._open_wizard(order, **kwargs).action_create()
        return order._psa_get_contracts().with_user(cls.billing).sudo(False)

    def _lines(self, contract):
        return [
            (
                line.kind,
                line.name,
                line.quantity,
                line.hours,
                line.price_unit,
                line.sale_line_id.product_id.name,
            )
            for line in contract.line_ids
        ]

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date

from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.fields import Command

from .common_sale import ORDERED, PsaContractsSaleCommon


@freeze_time(ORDERED)
class TestSaleHours(PsaContractsSaleCommon):
    """Hours that are bought with an order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._create_contract()
        cls.line = cls._create_line(cls.contract, "prepaid", validity_months=12)
        cls._activate(cls.contract)
        cls.contract.grant_ids.sudo().unlink()

    def _grants(self, grants):
        return [
            (each.origin, each.billed_by, each.hours, each.price, each.date_end)
            for each in grants.sudo()
        ]

    def test_bought(self):
        order = self._create_order(
            (self.product_block, {"product_uom_qty": 2.0, "discount": 10.0}),
            confirm=False,
        )
        self.assertEqual(order.order_line.psa_hours_line_id, self.line.sudo())
        self.assertFalse(self.line.grant_ids)
        order.action_confirm()
        self.assertEqual(
            self._grants(self.line.grant_ids),
            [("purchase", "order", 20.0, 1440.0, date(2027, 2, 9))],
        )
        self.assertEqual(self.line.grant_ids.sale_line_id, order.order_line)
        # The order bills them, and no contract is to be made of them.
        self.assertEqual(order.order_line.qty_to_invoice, 2.0)
        self.assertFalse(order.psa_can_create_contract)
        self.assertEqual(order.psa_contract_count, 1)
        self.assertEqual(self.contract.sale_order_count, 1)

    def test_hours_of_a_unit(self):
        """Of the product, of its unit of measure, or of a block of the line."""
        by_hour = self._create_product(
            "Hours",
            psa_contract_kind="prepaid",
            uom_id=self.env.ref("uom.product_uom_hour").id,
        )
        plain = self._create_product("Block", psa_contract_kind="prepaid")
        day = self.env.ref("uom.product_uom_day")
        order = self._create_order(
            (self.product_block, {}),
            (by_hour, {"product_uom_qty": 5.0}),
            (by_hour, {"product_uom_qty": 2.0, "product_uom_id": day.id}),
            (plain, {"product_uom_qty": 0.5}),
        )
        self.assertEqual(
            [line.psa_grant_ids.hours for line in order.order_line],
            [10.0, 5.0, 16.0, 10.0],
        )

    def test_line_of_a_confirmed_order(self):
        order = self._create_order((self.product_setup, {}))
        order.order_line = [Command.create({"product_id": self.product_block.id})]
        self.assertEqual(self.line.grant_ids.mapped("hours"), [10.0])

    def test_confirmed_again(self):
        order = self._create_order((self.product_block, {}))
        grant = self.line.grant_ids
        order.order_line._psa_grant_hours()
        self.assertEqual(self.line.grant_ids, grant)
        order.action_cancel()
        self.assertFalse(self.line.grant_ids)
        order.action_draft()
        order.action_confirm()
        self.assertEqual(self.line.grant_ids.mapped("hours"), [10.0])

    def test_cancelled_after_use(self):
        order = self._create_order((self.product_block, {}))
        self._create_entry(date=ORDERED)
        grant = self.line.grant_ids
        self.assertEqual(grant.sudo().used_hours, 1.0)
        order.action_cancel()
        self.assertEqual(self.line.grant_ids, grant)
        self.assertEqual((grant.hours, grant.price), (1.0, 80.0))
        self.assertEqual(
            self.contract.sudo().activity_ids.mapped("summary"),
            [f"Order {order.name} was cancelled: Block of 10 h"],
        )
        order.action_draft()
        order.action_confirm()
        self.assertEqual(self.line.grant_ids, grant)
        self.assertEqual((grant.hours, grant.price), (10.0, 800.0))

    def test_contract_has_ended(self):
        """The hours are left without a contract, and people know."""
        order = self._create_order((self.product_block, {}), confirm=False)
        self.assertEqual(order.order_line.psa_hours_line_id, self.line.sudo())
        self.contract._end(date(2026, 2, 9), "Over")
        order.action_confirm()
        self.assertFalse(self.line.grant_ids)
        self.assertFalse(order.order_line.psa_hours_line_id)
        text = (
            f"Order {order.name}: no hours were given for Block of 10 h, they are over "
            f"in {self.contract.display_name}. Choose another contract."
        )
        self.assertIn(text, self.contract.sudo().activity_ids.mapped("summary"))
        self.assertIn(text, " ".join(order.message_ids.mapped("body")))

    def test_line_has_ended(self):
        self.line.date_end = date(2026, 2, 9)
        order = self._create_order((self.product_block, {}), confirm=False)
        self.assertFalse(order.order_line.psa_hours_line_id)

    def test_several_contracts(self):
        """Who sells is warned until it is said who gets the hours."""
        second = self._create_contract(name="Second")
        line = self._create_line(second, "prepaid")
        self._activate(second)
        order = self._create_order((self.product_block, {}), confirm=False)
        self.assertTrue(order.psa_hours_undecided)
        order.order_line.psa_hours_line_id = line
        self.assertFalse(order.psa_hours_undecided)
        plain = self._create_order((self.product_seat, {}), confirm=False)
        self.assertFalse(plain.psa_hours_undecided)

    def test_other_contract(self):
        """Who has several is asked; another client's is refused."""
        second = self._create_contract(name="Second")
        line = self._create_line(second, "prepaid")
        self._activate(second)
        order = self._create_order((self.product_block, {}), confirm=False)
        self.assertFalse(order.order_line.psa_hours_line_id)
        order.order_line.psa_hours_line_id = line
        other = self.env["res.partner"].create({"name": "Other", "is_company": True})
        foreign = self._create_line(
            self._create_contract(client_id=other.id), "prepaid"
        )
        with self.assertRaises(ValidationError):
            order.order_line.psa_hours_line_id = foreign
        flat = self._create_line(second)
        with self.assertRaises(ValidationError):
            order.order_line.psa_hours_line_id = flat

    def test_chosen_after_confirmation(self):
        second = self._create_contract(name="Second")
        line = self._create_line(second, "prepaid")
        self._activate(second)
        second.grant_ids.sudo().unlink()
        order = self._create_order((self.product_block, {}))
        self.assertTrue(order.psa_can_create_contract)
        order.order_line.psa_hours_line_id = line
        self.assertEqual(line.grant_ids.mapped("hours"), [10.0])
        with self.assertRaises(ValidationError):
            order.order_line.psa_hours_line_id = self.line

    def test_bought_with_a_contract(self):
        self.contract._end(date(2026, 2, 28), "Replaced")
        self.line.sudo().kind = "prepaid"
        order = self._create_order(
            (self.product_block, {"product_uom_qty": 3.0, "psa_hours_line_id": False})
        )
        contract = self._make_contract(order)
        self.assertEqual(
            self._lines(contract),
            [("prepaid", "Block of 10 h", 3.0, 10.0, 800.0, "Block of 10 h")],
        )
        self.assertEqual(
            self._grants(contract.grant_ids),
            [("purchase", "order", 30.0, 2400.0, False)],
        )
        self.assertEqual(order.order_line.qty_to_invoice, 3.0)
        self._activate(contract)
        self.assertEqual(contract.grant_ids.mapped("hours"), [30.0])

    def test_hours_of_a_cancelled_contract_move(self):
        order = self._create_order((self.product_block, {"psa_hours_line_id": False}))
        first = self._make_contract(order)
        first._cancel("Again")
        self._open_wizard(order).action_create()
        second = order._psa_get_contracts() - first.sudo()
        self.assertFalse(first.grant_ids)
        self.assertEqual(second.grant_ids.mapped("hours"), [10.0])

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError

from .common_sale import ORDERED, PsaContractsSaleCommon


@freeze_time(ORDERED)
class TestSaleBilling(PsaContractsSaleCommon):
    """What a contract bills, the order does not."""

    def _billing(self, order):
        return [
            (
                line.qty_to_invoice,
                line.invoice_status,
                line.untaxed_amount_to_invoice,
                line.amount_to_invoice,
                line.psa_contract_id.sudo().name,
            )
            for line in order.order_line
        ]

    def test_lines_of_a_contract(self):
        order = self._create_order((self.product_seat, {}), (self.product_setup, {}))
        before = self._billing(order)
        self.assertEqual(before, [(1.0, "to invoice", 100.0, 100.0, False)] * 2)
        self._make_contract(order)
        self.assertEqual(
            self._billing(order), [(0.0, "no", 0.0, 0.0, "Seat"), before[1]]
        )
        self.assertEqual(order.invoice_status, "to invoice")
        invoice = order.with_user(self.billing)._create_invoices()
        self.assertEqual(invoice.invoice_line_ids.product_id, self.product_setup)
        self.assertEqual(order.invoice_status, "invoiced")

    def test_only_lines_of_a_contract(self):
        order = self._create_order((self.product_seat, {}))
        self._make_contract(order)
        self.assertEqual(order.invoice_status, "no")
        with self.assertRaises(UserError):
            order.with_user(self.billing)._create_invoices()
        # What the host does when an order is paid online.
        order.sudo()._force_lines_to_invoice_policy_order()
        self.assertEqual(order.order_line.qty_to_invoice, 0.0)

    def test_cancelled_and_back(self):
        order = self._create_order((self.product_seat, {}))
        before = self._billing(order)
        contract = self._make_contract(order)
        contract._cancel("Changed his mind")
        self.assertEqual(self._billing(order), before)
        self.assertTrue(order.psa_can_create_contract)
        contract.action_reset()
        self.assertEqual(order.order_line.psa_contract_id, contract.sudo())
        self.assertEqual(order.order_line.qty_to_invoice, 0.0)

    def test_deleted(self):
        order = self._create_order((self.product_seat, {}), (self.product_care, {}))
        before = self._billing(order)
        contract = self._make_contract(order)
        contract.line_ids.filtered(
            lambda line: line.sale_line_id == order.order_line[0]
        ).unlink()
        self.assertEqual(self._billing(order)[0], before[0])
        contract.unlink()
        self.assertEqual(self._billing(order), before)

    def test_nobody_says_what_bills(self):
        """Neither that the order bills it, too, nor that nothing does."""
        order = self._create_order((self.product_seat, {}))
        contract = self._make_contract(order)
        line = order.order_line
        with self.assertRaises(AccessError):
            line.psa_contract_id = False
        values = {"order_id": order.id, "product_id": self.product_setup.id}
        with self.assertRaises(AccessError):
            line.create({**values, "psa_contract_id": contract.id})
        with self.assertRaises(AccessError):
            line.with_context(default_psa_contract_id=contract.id).create(values)
        self._activate(contract)
        with self.assertRaises(AccessError):
            contract.line_ids.contract_state = "cancelled"
        self.assertEqual(line.qty_to_invoice, 0.0)

    def test_changed_order(self):
        """The contract stays as it is, says what became of the order, and reminds."""
        order = self._create_order((self.product_seat, {"product_uom_qty": 5.0}))
        contract = self._make_contract(order)
        order.order_line.product_uom_qty = 5.0
        self.assertFalse(contract.activity_ids)
        order.order_line.product_uom_qty = 7.0
        self.assertEqual(contract.line_ids.quantity, 5.0)
        self.assertEqual(
            [(each.user_id, each.summary) for each in contract.sudo().activity_ids],
            [(self.salesman, f"Order {order.name} changed: Seat (Quantity)")],
        )
        body = contract.message_ids[0].body
        self.assertIn("changed: Seat (Quantity)", body)
        self.assertIn(f'data-oe-id="{order.id}"', body)

    def test_cancelled_order(self):
        order = self._create_order((self.product_seat, {}))
        contract = self._make_contract(order)
        order.action_cancel()
        self.assertEqual(
            contract.sudo().activity_ids.mapped("summary"),
            [f"Order {order.name} was cancelled: Seat"],
        )
        self.assertEqual(contract.state, "draft")

    def test_invoiced_before(self):
        order = self._create_order((self.product_seat, {}))
        order.with_user(self.billing)._create_invoices()
        wizard = self._open_wizard(order)
        self.assertIn("Seat", wizard.invoiced_note)
        wizard.action_create()
        self.assertEqual(order.order_line.qty_to_invoice, 0.0)

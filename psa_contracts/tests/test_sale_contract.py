# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form

from .common_sale import ORDERED, PsaContractsSaleCommon


@freeze_time(ORDERED)
class TestSaleContract(PsaContractsSaleCommon):
    def test_package_with_more(self):
        """The package's line of the product is as sold; its other lines are copies."""
        order = self._create_order(
            (self.product_care, {"price_unit": 280.0, "discount": 10.0}),
            (self.product_seat, {"product_uom_qty": 12.0}),
            (self.product_setup, {}),
        )
        contract = self._make_contract(order)
        self.assertEqual(
            self._lines(contract),
            [
                ("flat", "Care Plus {month}", 1.0, 0.0, 252.0, "Care Plus"),
                ("included", "Help", 1.0, 10.0, 0.0, False),
                ("unit", "Seat", 12.0, 0.0, 100.0, "Seat"),
            ],
        )
        self.assertRecordValues(
            contract,
            [
                {
                    "name": "Care Plus",
                    "state": "draft",
                    "template_id": self.template.id,
                    "client_id": self.client.id,
                    "contact_id": self.contact.id,
                    "user_id": self.salesman.id,
                    "date_start": date(2026, 3, 1),
                    "term_months": 24,
                    "sale_order_count": 1,
                }
            ],
        )
        self.assertRecordValues(
            order, [{"psa_contract_count": 1, "psa_can_create_contract": False}]
        )

    def test_preview_is_what_is_made(self):
        order = self._create_order(
            (self.product_care, {}), (self.product_seat, {"product_uom_qty": 3.0})
        )
        wizard = self._open_wizard(order)
        shown = [
            (line.contract_name, line.kind, line.quantity, line.price_unit)
            for line in wizard.line_ids
        ]
        self.assertEqual(
            shown,
            [
                ("Care Plus", "flat", 1.0, 300.0),
                ("Care Plus", "included", 1.0, 0.0),
                ("Care Plus", "unit", 3.0, 100.0),
            ],
        )
        wizard.action_create()
        contract = order._psa_get_contracts()
        made = [
            (contract.name, line.kind, line.quantity, line.price_unit)
            for line in contract.line_ids
        ]
        self.assertEqual(made, shown)

    def test_screen(self):
        """What the screen of a salesman shows is what he gets."""
        order = self._create_order((self.product_care, {}), (self.product_seat, {}))
        action = order.action_psa_create_contract()
        wizards = self.env[action["res_model"]].with_user(self.salesman)
        with Form(wizards.with_context(**action["context"])) as form:
            self.assertEqual((form.term_months, len(form.line_ids)), (24, 3))
            form.date_start = date(2026, 4, 1)
        form.record.action_create()
        contract = order._psa_get_contracts()
        self.assertEqual(contract.date_start, date(2026, 4, 1))
        self.assertEqual(
            form.record.line_ids.mapped("name"), contract.line_ids.mapped("name")
        )

    def test_no_template(self):
        self.product_seat.write(
            {"psa_contract_interval": 3, "psa_contract_unit": "week"}
        )
        order = self._create_order((self.product_seat, {}))
        contract = self._make_contract(order)
        self.assertRecordValues(
            contract.line_ids,
            [
                {
                    "kind": "unit",
                    "recurrence_interval": 3,
                    "recurrence_unit": "week",
                    "sale_line_id": order.order_line.id,
                }
            ],
        )
        self.assertRecordValues(contract, [{"name": "Seat", "date_end": False}])

    def test_package_twice(self):
        """A second line of the same product pays, but includes nothing more."""
        order = self._create_order(
            (self.product_care, {}),
            (self.product_care, {"name": "Care Plus, Milan", "price_unit": 200.0}),
        )
        self.assertEqual(
            [line[:5] for line in self._lines(self._make_contract(order))],
            [
                ("flat", "Care Plus {month}", 1.0, 0.0, 300.0),
                ("included", "Help", 1.0, 10.0, 0.0),
                ("flat", "Care Plus, Milan", 1.0, 0.0, 200.0),
            ],
        )

    def test_two_packages(self):
        other = self._create_product("Backup")
        other.psa_contract_template_id = self.env["psa.contract.template"].create(
            {"name": "Backup", "line_ids": [Command.create({"name": "Backup"})]}
        )
        order = self._create_order((self.product_care, {}), (other, {}))
        contracts = self._make_contract(order)
        self.assertEqual(
            sorted((each.name, len(each.line_ids)) for each in contracts),
            [("Backup", 1), ("Care Plus", 2)],
        )
        self.assertEqual(contracts.line_ids.sale_line_id, order.order_line)

    def test_sections_notes_and_free_lines(self):
        order = self._create_order(
            (
                self.env["product.product"],
                {"display_type": "line_section", "name": "A"},
            ),
            (self.product_seat, {"product_uom_qty": 0.0}),
            (self.product_seat, {"product_uom_qty": -1.0}),
            (self.env["product.product"], {"display_type": "line_note", "name": "B"}),
        )
        self.assertFalse(order.psa_can_create_contract)
        action = order.action_psa_create_contract()
        self.assertEqual(action["res_model"], "psa.contract")

    def test_draft_order(self):
        order = self._create_order((self.product_seat, {}), confirm=False)
        self.assertFalse(order.psa_can_create_contract)
        self._open_wizard(order).action_create()
        self.assertFalse(order._psa_get_contracts())

    def test_unit_of_measure_and_included_taxes(self):
        tax = self.env["account.tax"].create(
            {
                "name": "22 % inc",
                "amount": 22.0,
                "price_include_override": "tax_included",
            }
        )
        order = self._create_order(
            (
                self.product_seat,
                {
                    "product_uom_id": self.env.ref("uom.product_uom_dozen").id,
                    "product_uom_qty": 2.0,
                    "price_unit": 1464.0,
                    "tax_ids": [Command.set(tax.ids)],
                },
            )
        )
        line = self._make_contract(order).line_ids
        self.assertAlmostEqual(line.quantity, 24.0)
        self.assertAlmostEqual(line.price_unit, 100.0)

    def test_fixed_price_is_billed_by_the_order(self):
        self.template.line_ids += self.env["psa.contract.template.line"].create(
            {
                "template_id": self.template.id,
                "kind": "fixed",
                "name": "Setup",
                "product_id": self.product_setup.id,
            }
        )
        order = self._create_order((self.product_care, {}), (self.product_setup, {}))
        contract = self._make_contract(order)
        care, setup = order.order_line
        self.assertEqual(contract.line_ids[2].sale_line_id, setup)
        self.assertEqual((care | setup).mapped("qty_to_invoice"), [0.0, 1.0])

    # ------------------------------------------------------------
    # Add to one there is
    # ------------------------------------------------------------

    def test_add_to_contract_in_force(self):
        contract = self._create_contract()
        self._create_line(contract)
        self._activate(contract)
        order = self._create_order((self.product_seat, {"product_uom_qty": 5.0}))
        self._open_wizard(order, contract_id=contract.id).action_create()
        self.assertEqual(order._psa_get_contracts(), contract.sudo())
        self.assertRecordValues(
            contract.line_ids.filtered("sale_line_id"),
            [{"kind": "unit", "quantity": 5.0, "date_start": date(2026, 3, 1)}],
        )

    def test_add_in_the_past(self):
        """To a contract in force, only billing does."""
        contract = self._create_contract()
        self._create_line(contract)
        self._activate(contract)
        order = self._create_order((self.product_seat, {}))
        values = {"contract_id": contract.id, "date_start": date(2026, 2, 9)}
        with self.assertRaises(UserError):
            self._open_wizard(order, **values).action_create()
        self._open_wizard(order, user=self.billing, **values).action_create()
        self.assertEqual(contract.line_ids.filtered("sale_line_id").quantity, 1.0)

    def test_add_leaves_hours_as_they_are(self):
        order = self._create_order((self.product_block, {"psa_hours_line_id": False}))
        contract = self._make_contract(order)
        # In sudo: what an order gave is nobody's to write.
        contract.sudo().grant_ids.hours = 12.0
        order.order_line = [Command.create({"product_id": self.product_seat.id})]
        self._open_wizard(order, contract_id=contract.id).action_create()
        self.assertEqual(len(contract.line_ids), 2)
        self.assertEqual(contract.grant_ids.hours, 12.0)

    def test_add_to_what_does_not_fit(self):
        other = self.env["res.partner"].create({"name": "Other", "is_company": True})
        contract = self._create_contract(client_id=other.id)
        order = self._create_order((self.product_seat, {}))
        with self.assertRaises(UserError):
            self._open_wizard(order, contract_id=contract.id).action_create()
        contract = self._create_contract()
        contract.sudo().state = "cancelled"
        with self.assertRaises(UserError):
            self._open_wizard(order, contract_id=contract.id).action_create()
        self.assertFalse(order._psa_get_contracts())

    # ------------------------------------------------------------
    # Once
    # ------------------------------------------------------------

    def test_pressed_twice(self):
        order = self._create_order((self.product_seat, {}))
        wizards = self._open_wizard(order) | self._open_wizard(order)
        actions = [wizard.action_create() for wizard in wizards]
        self.assertEqual(actions[0], actions[1])
        self.assertEqual(len(order._psa_get_contracts()), 1)
        self.assertEqual(
            order.action_psa_create_contract()["res_id"], order._psa_get_contracts().id
        )

    def test_line_sold_later(self):
        order = self._create_order((self.product_seat, {}))
        self._make_contract(order)
        order.order_line = [Command.create({"product_id": self.product_care.id})]
        self.assertTrue(order.psa_can_create_contract)
        self._open_wizard(order).action_create()
        self.assertEqual(len(order._psa_get_contracts()), 2)

    # ------------------------------------------------------------
    # Who may
    # ------------------------------------------------------------

    def test_who_may(self):
        order = self._create_order((self.product_seat, {}))
        with self.assertRaises(AccessError):
            self._open_wizard(order, user=self.technician)
        stranger = self._create_user("other-sales", "sales_team.group_sale_salesman")
        wizard = self._open_wizard(order)
        with self.assertRaises(AccessError):
            wizard.with_user(stranger).action_create()
        # Nor does he see what is in it.
        with self.assertRaises(AccessError):
            self._open_wizard(order, user=stranger)
        wizards = wizard.with_user(stranger).browse()
        spec = {"line_ids": {"fields": {"price_unit": {}}}}
        with self.assertRaises(AccessError):
            wizards.onchange({"order_id": order.id}, ["order_id"], spec)
        with self.assertRaises(AccessError):
            wizards.with_context(default_order_id=order.id).onchange({}, [], spec)
        contracts = self.env["psa.contract"].with_user(self.salesman)
        with self.assertRaises(AccessError):
            contracts.create(self._prepare_contract())
        wizard.with_user(self.billing).sudo(False)
        self._open_wizard(order, user=self.billing).action_create()
        self.assertEqual(len(order._psa_get_contracts()), 1)

    def test_currency_and_company(self):
        company = self.env["res.company"].create({"name": "Second"})
        self.salesman.company_ids += company
        pounds = self.env.ref("base.GBP")
        pounds.active = True
        pricelist = self.env["product.pricelist"].create(
            {"name": "GBP", "currency_id": pounds.id, "company_id": company.id}
        )
        order = (
            self.env["sale.order"]
            .with_user(self.salesman)
            .with_company(company)
            .create(
                {
                    "partner_id": self.contact.id,
                    "pricelist_id": pricelist.id,
                    "order_line": [
                        Command.create(
                            {"product_id": self.product_seat.id, "price_unit": 7.0}
                        )
                    ],
                }
            )
        )
        order.action_confirm()
        wizards = self.env["psa.contract.from.order"].with_user(self.salesman)
        wizard = wizards.with_context(allowed_company_ids=company.ids).create(
            {"order_id": order.id}
        )
        wizard.action_create()
        contract = order._psa_get_contracts()
        self.assertEqual(
            (contract.company_id, contract.currency_id, contract.line_ids.price_unit),
            (company, pounds, 7.0),
        )

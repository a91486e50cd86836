# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, tagged

from odoo.addons.psa_core.tests.threads import run_at_once

NAME = "psa-sale-race"


@tagged("post_install", "-at_install")
class TestSaleRace(BaseCase):
    """Two people make the contract of an order, with transactions that commit."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())

    def setUp(self):
        super().setUp()
        self.addCleanup(self._run, self._clean)
        self._run(self._clean)
        self._run(self._prepare)
        # Waiting between two tries would only make the test slow.
        patcher = patch("odoo.service.model.time.sleep")
        patcher.start()
        self.addCleanup(patcher.stop)

    def _run(self, call):
        with self.registry.cursor() as cr:
            return call(api.Environment(cr, SUPERUSER_ID, {}))

    def _prepare(self, env):
        client = env["res.partner"].create({"name": NAME, "is_company": True})
        product = env["product.product"].create(
            {
                "name": NAME,
                "type": "service",
                "invoice_policy": "order",
                "psa_contract_kind": "unit",
            }
        )
        order = env["sale.order"].create(
            {
                "partner_id": client.id,
                "order_line": [Command.create({"product_id": product.id})],
            }
        )
        order.action_confirm()
        self.order_id = order.id
        self.line_id = order.order_line.id
        self.client_id = client.id

    def _clean(self, env):
        client = env["res.partner"].search([("name", "=", NAME)])
        contracts = env["psa.contract"].search([("client_id", "in", client.ids)])
        contracts.filtered(lambda each: each.state == "cancelled").state = "draft"
        contracts.unlink()
        orders = env["sale.order"].search([("partner_id", "in", client.ids)])
        orders._action_cancel()
        orders.unlink()
        env["product.product"].search([("name", "=", NAME)]).unlink()
        client.unlink()

    def _create_contract(self):
        """Press the button of the wizard as the host does it."""

        def press():
            wizards = env["psa.contract.from.order"]
            return wizards.create({"order_id": self.order_id}).action_create()

        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            return retrying(press, env)

    def _contracts(self, env):
        return env["psa.contract"].search_count([("client_id", "=", self.client_id)])

    def test_two_people(self):
        errors = run_at_once(self._create_contract, self._create_contract)
        self.assertFalse(errors)
        self.assertEqual(self._run(self._contracts), 1)

    def test_line_twice(self):
        """Whatever way it comes, the database has a line once."""

        def add(env):
            contract = env["psa.contract"].create(
                {"name": NAME, "client_id": self.client_id}
            )
            env["psa.contract.line"].create(
                {
                    "contract_id": contract.id,
                    "name": NAME,
                    "kind": "unit",
                    "sale_line_id": self.line_id,
                }
            )
            return contract

        def add_as_the_host_does():
            with self.registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                retrying(lambda: add(env), env)

        errors = run_at_once(add_as_the_host_does, add_as_the_host_does)
        self.assertEqual([type(error) for error in errors], [ValidationError])
        self.assertEqual(self._run(self._contracts), 1)

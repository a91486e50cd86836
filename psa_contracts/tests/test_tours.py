# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import Command
from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestTours(HttpCase):
    """From a package to a contract, and to who works for its client."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.billing = new_test_user(
            cls.env, "tour-billing", groups="psa_core.group_psa_billing"
        )
        cls.technician = new_test_user(
            cls.env, "tour-technician", groups="psa_core.group_psa_technician"
        )
        cls.env["hr.employee"].create(
            {"name": "Tour technician", "user_id": cls.technician.id}
        )
        cls.client = cls.env["res.partner"].create(
            {"name": "Tour Client", "is_company": True}
        )
        cls.env["psa.contract.template"].create(
            {
                "name": "Tour Package",
                "line_ids": [
                    Command.create(
                        {
                            "name": "Remote help",
                            "kind": "included",
                            "hours": 10,
                            "price_unit": 300,
                        }
                    )
                ],
            }
        )
        cls.env["psa.rate"].create({"client_id": cls.client.id, "price": 85})
        project = cls.env.company._psa_get_support_project()
        cls.task = cls.env["project.task"].create(
            {
                "name": "Tour task",
                "project_id": project.id,
                "partner_id": cls.client.id,
                "user_ids": [Command.link(cls.technician.id)],
            }
        )

    def test_contract_and_banner(self):
        self.start_tour(
            "/odoo/service-contracts/new",
            "psa_contracts_form_tour",
            login="tour-billing",
        )
        contract = self.env["psa.contract"].search([("client_id", "=", self.client.id)])
        self.assertEqual((contract.state, contract.line_ids.hours), ("active", 10.0))
        self.start_tour(
            f"/odoo/project.task/{self.task.id}",
            "psa_contracts_banner_tour",
            login="tour-technician",
        )

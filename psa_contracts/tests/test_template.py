# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import Form

from odoo.addons.psa_core.tests.common import at

from .common import PsaContractsCommon


@freeze_time(at(9))
class TestTemplate(PsaContractsCommon):
    """A contract is a copy of its template."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.env["psa.contract.template"].create(
            {
                "name": "Care Plus",
                "description": "<p>We care.</p>",
                "term_months": 24,
                "is_signed": True,
                "line_ids": [
                    Command.create(
                        {"kind": "flat", "name": "Fee", "price_unit": 250.0}
                    ),
                    Command.create(
                        {
                            "kind": "included",
                            "name": "Remote help",
                            "hours": 10.0,
                            "work_type_ids": [Command.set(cls.work_type_remote.ids)],
                            "rollover_share": 50.0,
                            "rollover_cap": 5.0,
                        }
                    ),
                ],
            }
        )

    def _create_from_template(self, **kwargs):
        values = self._prepare_contract(template_id=self.template.id, **kwargs)
        del values["name"]
        return self.env["psa.contract"].with_user(self.billing).create(values)

    def _assert_copy(self, contract):
        self.assertRecordValues(
            contract,
            [
                {
                    "name": "Care Plus",
                    "description": "<p>We care.</p>",
                    "term_months": 24,
                    "is_signed_by_client": True,
                    "template_id": self.template.id,
                }
            ],
        )
        fee, help_ = self.template.line_ids
        service = self.env.ref("psa_contracts.product_contract")
        self.assertRecordValues(
            contract.line_ids,
            [
                {
                    "template_line_id": fee.id,
                    "kind": "flat",
                    "name": "Fee",
                    "quantity": 1.0,
                    "hours": 0.0,
                    "price_unit": 250.0,
                    "product_id": service.id,
                    "work_type_ids": [],
                    "rollover_share": 0.0,
                    "rollover_cap": 0.0,
                },
                {
                    "template_line_id": help_.id,
                    "kind": "included",
                    "name": "Remote help",
                    "quantity": 1.0,
                    "hours": 10.0,
                    "price_unit": 0.0,
                    "product_id": service.id,
                    "work_type_ids": self.work_type_remote.ids,
                    "rollover_share": 50.0,
                    "rollover_cap": 5.0,
                },
            ],
        )
        self.assertFalse(contract.template_drift)

    def test_create(self):
        self._assert_copy(self._create_from_template())

    def test_form_from_the_template(self):
        action = self.template.with_user(self.billing).action_create_contract()
        contracts = self.env["psa.contract"].with_user(self.billing)
        with Form(contracts.with_context(**action["context"])) as form:
            form.client_id = self.client
        self._assert_copy(form.record)

    def test_template_chosen_in_the_form(self):
        with Form(self.env["psa.contract"].with_user(self.billing)) as form:
            form.client_id = self.client
            form.template_id = self.template
        self._assert_copy(form.record)

    def test_values_that_are_given_count(self):
        contract = self._create_from_template(term_months=6, line_ids=[])
        self.assertEqual((contract.term_months, len(contract.line_ids)), (6, 0))

    def test_in_the_language_of_the_client(self):
        self.env["res.lang"]._activate_lang("it_IT")
        self.template.with_context(lang="it_IT").name = "Assistenza"
        self.template.line_ids[0].with_context(lang="it_IT").name = "Canone"
        self.client.lang = "it_IT"
        contract = self._create_from_template()
        self.assertEqual(
            [contract.name, *contract.line_ids.mapped("name")],
            ["Assistenza", "Canone", "Remote help"],
        )
        self.assertFalse(contract.template_drift)

    def test_in_the_currency_of_the_contract(self):
        foreign = (
            self.env.ref("base.USD") | self.env.ref("base.EUR")
        ) - self.company.currency_id
        foreign = foreign[:1]
        foreign.active = True
        foreign.rate_ids.unlink()
        self.env["res.currency.rate"].create(
            {
                "currency_id": foreign.id,
                "company_id": self.company.id,
                "name": "2025-12-01",
                "rate": 2.0,
            }
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "Abroad", "currency_id": foreign.id}
        )
        contract = self._create_from_template(pricelist_id=pricelist.id)
        self.assertEqual(contract.line_ids[0].price_unit, 500.0)
        self.assertFalse(contract.template_drift)

    def test_snapshot_and_drift(self):
        contract = self._create_from_template()
        self.template.term_months = 12
        self.template.line_ids[0].price_unit = 275.0
        self.template.line_ids[1].work_type_ids = False
        self.template.line_ids = [
            Command.create({"kind": "time", "name": "All <other> work"})
        ]
        self._create_line(contract, name="Only here")
        self.env.invalidate_all()
        self.assertEqual(contract.line_ids[0].price_unit, 250.0)
        self.assertEqual(
            contract._get_drift(),
            [
                ["", "Term", "24", "12"],
                ["Fee", "Price", "250.00", "275.00"],
                [
                    "Remote help",
                    "Covered Work Types",
                    self.work_type_remote.display_name,
                    "",
                ],
                ["All <other> work", "", "is missing", ""],
                ["Only here", "", "", "is missing"],
            ],
        )
        self.assertIn("<td>All &lt;other&gt; work</td>", contract.template_drift)
        seen = contract.with_user(self.technician)
        self.assertNotIn("275", seen.template_drift)
        self.assertIn("Covered Work Types", seen.template_drift)

    def test_queries_of_activation(self):
        numbers = []
        for number in (1, 4, 8):
            drafts = self._create_many(number, is_signed_by_client=False)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            drafts.action_activate()
            self.env.flush_all()
            numbers.append(self.cr.sql_log_count - before)
        # The first warms up.
        self.assertEqual(*numbers[1:])

    def _create_many(self, number, **kwargs):
        values = self._prepare_contract(template_id=self.template.id, **kwargs)
        del values["name"]
        contracts = self.env["psa.contract"].with_user(self.billing)
        return contracts.create([values] * number)

    def test_no_template_no_drift(self):
        self.assertFalse(self._create_contract().template_drift)

    def test_a_deleted_template_line_leaves_the_contract_alone(self):
        contract = self._create_from_template()
        self.template.line_ids[0].unlink()
        self.assertEqual(len(contract.line_ids), 2)
        self.assertEqual(contract._get_drift(), [["Fee", "", "", "is missing"]])

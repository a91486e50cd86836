# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tests import new_test_user, tagged

from .common import PsaContractsCommon

PRICES = {
    "psa.contract.line": {"price_unit", "discount"},
    "psa.contract.line.term": {"price_unit", "discount"},
    "psa.contract.template.line": {"price_unit", "discount"},
    "psa.contract.grant": {"price"},
}
#: models that say with which order something was sold
SOLD = ("psa.contract.line", "psa.contract.grant")


@tagged("post_install", "-at_install")
class TestAccess(PsaContractsCommon):
    """Who may do what."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.employee_user = new_test_user(
            cls.env, "psa-plain", groups="base.group_user"
        )
        cls.portal = new_test_user(cls.env, "psa-portal", groups="base.group_portal")
        cls.salesman = cls._create_user(
            "psa-salesman", "sales_team.group_sale_salesman"
        )

    def test_matrix(self):
        read, write, create, unlink = "read", "write", "create", "unlink"
        everything = {read, write, create, unlink}
        agreed = {
            "portal": set(),
            "employee_user": set(),
            "salesman": {read},
            "technician": {read},
            "manager": {read},
            "billing": everything,
            "admin": everything,
        }
        recorded = {**agreed, "billing": {read}, "admin": {read}}
        table = {
            **dict.fromkeys(
                (
                    "psa.contract",
                    "psa.contract.line",
                    "psa.contract.line.term",
                    "psa.contract.grant",
                    "psa.contract.template",
                    "psa.contract.template.line",
                    "psa.coverage.reason",
                    "psa.rate",
                ),
                agreed,
            ),
            **dict.fromkeys(
                (
                    "psa.contract.amendment",
                    "psa.contract.suspension",
                    "psa.coverage.part",
                ),
                recorded,
            ),
            "psa.coverage.turn": {
                **dict.fromkeys(agreed, set()),
                "admin": {read},
            },
        }
        for model, users in table.items():
            for name, allowed in users.items():
                records = self.env[model].with_user(getattr(self, name))
                for operation in everything:
                    with self.subTest(model=model, user=name, operation=operation):
                        self.assertEqual(
                            records.has_access(operation), operation in allowed
                        )

    def test_prices_of_lines_are_for_who_bills(self):
        for model, names in PRICES.items():
            for user, expected in [
                (self.salesman, set()),
                (self.technician, set()),
                (self.manager, names),
                (self.billing, names),
            ]:
                found = self.env[model].with_user(user).fields_get(names)
                self.assertEqual(found.keys(), expected, (model, user.login))
        line = self._create_line(self._create_contract(), "included")
        with self.assertRaises(AccessError):
            line.with_user(self.technician).read(["price_unit"])
        [values] = line.with_user(self.technician).read(["hours", "left_hours"])
        self.assertEqual((values["hours"], values["left_hours"]), (10.0, 0.0))

    def test_orders_are_for_who_sells_or_bills(self):
        for model in SOLD:
            for user in (self.salesman, self.manager, self.billing):
                found = self.env[model].with_user(user).fields_get(["sale_line_id"])
                self.assertTrue(found, (model, user.login))
            records = self.env[model].with_user(self.technician)
            with self.assertRaises(AccessError):
                records.search([("sale_line_id.price_unit", ">", 1)])
            records.get_view(view_type="form")

    def test_where_hours_belong_is_worked_out(self):
        contract = self._create_contract()
        line = self._create_line(contract, "prepaid")
        other = self._create_contract()
        grants = self.env["psa.contract.grant"].with_user(self.billing)
        grant = grants.create({"line_id": line.id, "hours": 5.0})
        for values in ({"contract_id": other.id}, {"company_id": False}):
            with self.assertRaises(AccessError):
                grant.write(values)
            with self.assertRaises(AccessError):
                grants.create({"line_id": line.id, "hours": 5.0, **values})
        self.assertEqual(grant.contract_id, contract)

    def test_other_companies_are_not_seen(self):
        company = self.env["res.company"].create({"name": "Sister"})
        contract = self.env["psa.contract"].create(
            {"name": "Theirs", "client_id": self.client.id, "company_id": company.id}
        )
        line = self.env["psa.contract.line"].create(
            self._prepare_line("prepaid", contract_id=contract.id)
        )
        template = self.env["psa.contract.template"].create(
            {
                "name": "Theirs",
                "company_id": company.id,
                "line_ids": [(0, 0, self._prepare_line("flat"))],
            }
        )
        theirs = [
            contract,
            line,
            line.term_ids,
            self.env["psa.contract.grant"].create({"line_id": line.id, "hours": 5.0}),
            self.env["psa.rate"].create({"company_id": company.id, "price": 1.0}),
            self.env["psa.rate"].create({"contract_id": contract.id, "price": 1.0}),
            template,
            template.line_ids,
        ]
        for user in (self.technician, self.manager, self.billing, self.admin):
            for records in theirs:
                with self.subTest(user=user.login, model=records._name):
                    self.assertTrue(records)
                    found = records.with_user(user)
                    self.assertFalse(found.search([("id", "in", records.ids)]))
                    with self.assertRaises(AccessError):
                        found.read(["display_name"])

    def test_technicians_read_the_coverage_of_their_own_work(self):
        own = self._create_entry()
        other = self._create_entry(self.colleague)
        of_both = Domain("entry_id", "in", (own | other).ids)
        for user, expected in [
            (self.technician, own),
            (self.colleague, other),
            (self.manager, own | other),
            (self.billing, own | other),
        ]:
            parts = self.env["psa.coverage.part"].with_user(user).search(of_both)
            self.assertEqual(set(parts.sudo().entry_id), set(expected), user.login)

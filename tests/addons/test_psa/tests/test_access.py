# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestStrangers(TransactionCase):
    """Every model of the suite, as somebody whom it does not concern."""

    def setUp(self):
        super().setUp()
        self.models = [
            name
            for name, model in self.env.registry.items()
            if name.startswith("psa.") and not model._abstract
        ]

    def test_portal_user_of_another_company(self):
        stranger = new_test_user(self.env, "stranger", "base.group_portal")
        for name in [*self.models, "account.analytic.line"]:
            records = self.env[name].with_user(stranger)
            with self.subTest(model=name):
                for operation in ("create", "write", "unlink"):
                    self.assertFalse(records.has_access(operation), operation)
                if records.has_access("read"):
                    self.assertFalse(records.search([]))

    def test_employee_without_a_role(self):
        employee = new_test_user(self.env, "employee", "base.group_user")
        for name in self.models:
            records = self.env[name].with_user(employee)
            with self.subTest(model=name):
                for operation in ("create", "write", "unlink"):
                    self.assertFalse(records.has_access(operation), operation)

    def test_companies_are_kept_apart(self):
        for name in self.models:
            model = self.env[name]
            # The rows of a dialog are read by who opened it.
            if "company_id" not in model._fields or model._transient:
                continue
            with self.subTest(model=name):
                rules = self.env["ir.rule"].search(
                    [("model_id.model", "=", name), ("groups", "=", False)]
                )
                self.assertIn("company_id", " ".join(rules.mapped("domain_force")))


# Fields of the host that tell what work costs.
COST_FIELDS = {
    "account.analytic.account": ["balance", "credit", "debit"],
    "account.analytic.line": ["amount"],
    "timesheets.analysis.report": ["amount", "margin", "timesheet_revenues"],
}


@tagged("post_install", "-at_install")
class TestCosts(TransactionCase):
    """What work costs stays out of a technician's reach, whatever else is installed."""

    def test_technician(self):
        technician = self.env.ref("psa_core.user_technician_demo")
        for name, fields in COST_FIELDS.items():
            records = self.env[name].with_user(technician)
            for field in fields:
                with self.subTest(model=name, field=field):
                    self.assertNotIn(field, records.fields_get())
                    with self.assertRaises(AccessError):
                        records.search([(field, "!=", 0)])

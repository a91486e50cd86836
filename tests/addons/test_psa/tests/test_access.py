# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
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

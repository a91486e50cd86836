# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from lxml import etree

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from .common import PsaCoreCommon


@tagged("post_install", "-at_install")
class TestAccess(PsaCoreCommon):
    """Who may do what; and that nobody without the role sees what an hour costs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.employee_user = new_test_user(
            cls.env, "psa-plain", groups="base.group_user"
        )
        cls.portal = new_test_user(cls.env, "psa-portal", groups="base.group_portal")
        cls.entry = cls._create_entry()

    def test_matrix(self):
        read, write, create, unlink = "read", "write", "create", "unlink"
        everything = {read, write, create, unlink}
        table = {
            "psa.work.type": {
                "portal": set(),
                "employee_user": {read},
                "technician": {read},
                "manager": {read},
                "billing": {read},
                "admin": everything,
            },
            "psa.timer": {
                "portal": set(),
                "employee_user": set(),
                "technician": {read},
                "manager": {read},
                "billing": set(),
                "admin": {read},
            },
            "account.analytic.line": {
                "employee_user": set(),
                "technician": everything,
                "manager": everything,
                "billing": everything,
                "admin": everything,
            },
            "psa.work.entry.return": {
                "portal": set(),
                "technician": set(),
                "manager": {read, write, create},
                "billing": set(),
            },
        }
        table["psa.timer.segment"] = table["psa.timer"]
        table["psa.work.day"] = table["psa.work.day.report"] = table["psa.timer"]
        for model, users in table.items():
            for name, allowed in users.items():
                records = self.env[model].with_user(getattr(self, name))
                for operation in everything:
                    with self.subTest(model=model, user=name, operation=operation):
                        self.assertEqual(
                            records.has_access(operation), operation in allowed
                        )

    def test_roles_imply_only_what_they_need(self):
        for user, absent in {
            self.technician: [
                "hr_timesheet.group_hr_timesheet_approver",
                "project.group_project_manager",
                "account.group_account_invoice",
                "hr.group_hr_user",
                "psa_core.group_psa_cost",
            ],
            self.manager: [
                "project.group_project_manager",
                "account.group_account_invoice",
                "hr.group_hr_user",
                "psa_core.group_psa_cost",
            ],
            self.billing: ["hr.group_hr_user", "psa_core.group_psa_technician"],
            self.admin: ["hr.group_hr_user"],
        }.items():
            for group in absent:
                with self.subTest(user=user.login, group=group):
                    self.assertFalse(user.has_group(group))

    # ------------------------------------------------------------
    # Costs
    # ------------------------------------------------------------

    def _cost_fields(self):
        return {
            "account.analytic.line": ["amount"],
            "account.analytic.account": ["balance", "debit", "credit"],
            "project.sale.line.employee.map": ["cost"],
            "timesheets.analysis.report": ["amount", "margin", "timesheet_revenues"],
        }

    def test_costs_are_hidden(self):
        self.env.flush_all()
        for user in (self.technician, self.manager):
            for model, names in self._cost_fields().items():
                records = self.env[model].with_user(user)
                known = records.fields_get()
                for name in names:
                    with self.subTest(user=user.login, model=model, field=name):
                        self.assertNotIn(name, known)
                        for call in (
                            lambda records=records, name=name: records.search([]).read(
                                [name]
                            ),
                            lambda records=records, name=name: records.search_read(
                                [], [name]
                            ),
                            lambda records=records, name=name: records.search(
                                [(name, "<", 0)]
                            ),
                            lambda records=records, name=name: records.search(
                                [], order=name
                            ),
                            lambda records=records, name=name: (
                                records.formatted_read_group([], [], [f"{name}:sum"])
                            ),
                        ):
                            with self.assertRaises(AccessError):
                                call()

    def test_hourly_cost_is_the_hosts(self):
        for user in (self.technician, self.manager, self.billing, self.admin):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.employee.with_user(user).read(["hourly_cost"])

    def test_costs_are_hidden_from_exports(self):
        self.technician.group_ids += self.env.ref("base.group_allow_export")
        with self.assertRaises(AccessError):
            self.entry.export_data(["name", "amount"])

    def test_costs_are_hidden_from_views(self):
        for view_type in ("list", "form", "pivot", "graph"):
            arch = self.env["account.analytic.line"].with_user(self.technician)
            view = self.env.ref(f"psa_core.work_entry_view_{view_type}")
            with self.subTest(view_type):
                tree = etree.fromstring(arch.get_view(view.id, view_type)["arch"])
                # Not in a list of something else, which may have an amount to bill.
                own = "//field[@name='amount'][not(ancestor::field)]"
                self.assertFalse(tree.xpath(own))

    def test_costs_are_shown_to_the_role(self):
        self.assertEqual(self.entry.with_user(self.billing).amount, -30.0)
        self.manager.group_ids = [
            Command.link(self.env.ref("psa_core.group_psa_cost").id)
        ]
        self.assertEqual(self.entry.with_user(self.manager).amount, -30.0)

    def test_profitability_is_hidden(self):
        for user, shown in ((self.technician, False), (self.admin, True)):
            with self.subTest(user.login):
                panel = self.project.with_user(user).get_panel_data()
                self.assertEqual("profitability_items" in panel, shown)

    def test_cost_is_still_computed(self):
        self.assertEqual(self.entry.sudo().amount, -30.0)
        self.entry.unit_amount = 2.0
        self.assertEqual(self.entry.sudo().amount, -60.0)

    # ------------------------------------------------------------
    # Everyday work of a technician
    # ------------------------------------------------------------

    def test_technician_uses_the_hosts_forms(self):
        task = Form(self.task.with_user(self.technician))
        with task.timesheet_ids.new() as line:
            line.name = "In the task"
            line.unit_amount = 0.5
        task.save()
        entry = self.task.timesheet_ids.filtered(lambda e: e.name == "In the task")
        self.assertEqual(entry.psa_review_state, "to_review")

    def test_internal_note_is_internal(self):
        shown = self.env["account.analytic.line"].with_user(self.portal).fields_get()
        ours = {name for name in shown if name.startswith("psa_")}
        self.assertEqual(
            ours,
            {
                "psa_billable",
                "psa_billable_hours",
                "psa_client_id",
                "psa_date_end",
                "psa_date_start",
                "psa_is_flagged",
                "psa_work_type_id",
            },
        )

    def test_other_company(self):
        other = self.env["res.company"].create({"name": "Other company"})
        self.assertTrue(other.psa_support_project_id)
        work_type = self.env["psa.work.type"].create(
            {"name": "Theirs", "company_id": other.id}
        )
        found = self.env["psa.work.type"].with_user(self.technician).search([])
        self.assertNotIn(work_type, found)

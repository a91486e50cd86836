# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.tests import tagged

from odoo.addons.psa_core.hooks import post_init_hook, pre_init_hook

from .common import PsaCoreCommon


@tagged("post_install", "-at_install")
class TestInstall(PsaCoreCommon):
    """What happens to the time entries a firm has when it installs the addon."""

    def test_existing_entries_are_filled_in_sql(self):
        recent = self._create_entry()
        old = self._create_entry(date="2020-05-05", psa_billable=False)
        entries = recent | old
        recent.sudo().date = self.env.cr.now().date()
        self.env.flush_all()
        self.env.cr.execute(
            """
            UPDATE account_analytic_line
               SET psa_client_id = NULL, psa_work_type_id = NULL, psa_billable = NULL,
                   psa_billable_hours = NULL, psa_review_state = NULL, psa_source = NULL
             WHERE id IN %s
            """,
            [tuple(entries.ids)],
        )
        pre_init_hook(self.env)
        self.env.invalidate_all()
        for entry, state in ((recent, "to_review"), (old, "approved")):
            self.assertRecordValues(
                entry,
                [
                    {
                        "psa_client_id": self.client.id,
                        "psa_work_type_id": False,
                        "psa_billable": True,
                        "psa_billable_hours": 1.0,
                        "psa_review_state": state,
                        "psa_source": "manual",
                    }
                ],
            )

    def test_working_days_are_there_at_once(self):
        self.env["psa.work.day"].search([]).unlink()
        post_init_hook(self.env)
        days = self.env["psa.work.day"].search([("employee_id", "=", self.employee.id)])
        self.assertGreater(len(days), 60)

    def test_every_company_has_one_support_project(self):
        companies = self.env["res.company"].with_context(active_test=False).search([])
        self.assertEqual(companies.filtered("psa_support_project_id"), companies)
        other = self.env["res.company"].create({"name": "Other company"})
        project = other.psa_support_project_id
        self.assertEqual(project.company_id, other)
        self.assertTrue(project.allow_timesheets and project.allow_billable)
        other._psa_create_support_project()
        self.assertEqual(other.psa_support_project_id, project)

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    psa_support_project_id = fields.Many2one(
        "project.project",
        string="Support Project",
        domain=[("is_template", "=", False), ("allow_timesheets", "=", True)],
        help="Takes work without a task, ticket or project of its own: quick entries.",
    )
    psa_timer_cap_hours = fields.Float(
        string="Longest Timer",
        default=8.0,
        help="Hours after which a timer was forgotten; 0: no limit.",
    )
    psa_timer_overrun_hours = fields.Float(
        string="Timer After Hours",
        default=2.0,
        help="Hours a timer may run past the end of the working day it began in.",
    )
    psa_long_entry_hours = fields.Float(
        string="Longest Entry",
        default=12.0,
        help="Longer entries are flagged; 0: never.",
    )

    _psa_hours_positive = models.Constraint(
        "CHECK (psa_timer_cap_hours >= 0 AND psa_timer_overrun_hours >= 0"
        " AND psa_long_entry_hours >= 0)",
        "Hours cannot be negative.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        # As the host does for its internal project: who creates a company may not be
        # allowed to create projects.
        companies.sudo()._psa_create_support_project()
        return companies

    def _psa_create_support_project(self):
        """Create the support project of the companies that have none."""
        companies = self.filtered(lambda company: not company.psa_support_project_id)
        if not companies:
            return
        remote = self.env.ref("psa_core.work_type_remote", raise_if_not_found=False)
        stages = [self.env._("New"), self.env._("In Progress"), self.env._("Done")]
        projects = self.env["project.project"].create(
            [
                {
                    "name": company.env._("Support"),
                    "company_id": company.id,
                    "allow_timesheets": True,
                    "allow_billable": True,
                    "privacy_visibility": "employees",
                    "psa_work_type_id": remote and remote.id,
                    "type_ids": [
                        fields.Command.create({"name": name, "sequence": sequence})
                        for sequence, name in enumerate(stages)
                    ],
                }
                for company in companies
            ]
        )
        for company, project in zip(companies, projects, strict=True):
            company.psa_support_project_id = project

    @api.model
    def _psa_create_support_projects(self):
        """Create the support project of every company that has none."""
        without = self.with_context(active_test=False).search(
            [("psa_support_project_id", "=", False)]
        )
        without._psa_create_support_project()

    def _psa_get_support_project(self):
        """Return the support project, which somebody may have deleted or archived.

        Work that is recorded has to go somewhere: it is created or unarchived.
        """
        self.ensure_one()
        company = self.sudo()
        company._psa_create_support_project()
        project = company.psa_support_project_id
        if not project.active:
            project.action_unarchive()
        return project.with_env(self.env)

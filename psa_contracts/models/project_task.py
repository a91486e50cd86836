# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models


class ProjectTask(models.Model):
    _name = "project.task"
    _inherit = ["project.task", "psa.coverage.banner"]

    @api.depends("partner_id", "project_id", "sale_line_id", "company_id")
    def _compute_psa_coverage_banner(self):
        return super()._compute_psa_coverage_banner()

    def _psa_get_coverage_question(self):
        facts = super()._psa_get_coverage_question()
        # In sudo: whoever reads a task is told, whatever else of its project he reads.
        tasks = self.sudo()
        defaults = {}
        if not all(task.project_id.psa_work_type_id for task in tasks):
            defaults = self.env["psa.work.type"]._get_default_by_company(
                tasks.company_id | self.env.company
            )
        for number, task in enumerate(tasks):
            project = task.project_id
            if not (project.allow_timesheets and project.allow_billable):
                continue
            company = task.company_id or project.company_id or self.env.company
            facts[task.with_env(self.env)] = self._psa_get_coverage_fact(
                number,
                task.partner_id.commercial_partner_id,
                company,
                project.psa_work_type_id
                or defaults.get(company, project.psa_work_type_id),
                is_sale=bool(task.sale_line_id),
                contact_id=task.partner_id.id or None,
            )
        return facts

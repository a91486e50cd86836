# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.fields import Domain


class ProjectTask(models.Model):
    _name = "project.task"
    _inherit = ["project.task", "psa.work.report.source"]

    _work_report_field = "task_id"
    _work_entry_field = "task_id"

    psa_ticket_count = fields.Integer(
        string="Tickets",
        compute="_compute_psa_ticket_count",
        groups="psa_core.group_psa_technician,psa_core.group_psa_billing",
        help="Tickets whose work is recorded on this task.",
    )

    psa_work_report_count = fields.Integer(
        string="Work Reports",
        compute="_compute_psa_work_report_count",
        groups="psa_core.group_psa_technician,psa_core.group_psa_billing",
        help="Work reports made on this task.",
    )

    def _compute_psa_ticket_count(self):
        counts = dict(
            self.env["psa.ticket"]._read_group(
                [("task_id", "in", self.ids)], ["task_id"], ["__count"]
            )
        )
        for task in self:
            task.psa_ticket_count = counts.get(task._origin, 0)

    def action_psa_open_tickets(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.actions"]._for_xml_id(
                "psa_helpdesk.action_ticket_all"
            ),
            "domain": [("task_id", "=", self.id)],
            "context": {
                "default_project_id": self.project_id.id,
                "default_task_id": self.id,
            },
        }

    def _compute_psa_work_report_count(self):
        counts = dict(
            self.env["psa.work.report"]._read_group(
                [("task_id", "in", self.ids), ("state", "!=", "cancelled")],
                ["task_id"],
                ["__count"],
            )
        )
        for task in self:
            task.psa_work_report_count = counts.get(task._origin, 0)

    def _get_unreported_domain(self):
        # Work on a ticket goes on the report of that ticket.
        return super()._get_unreported_domain() & Domain("psa_ticket_id", "=", False)

    def action_psa_open_work_reports(self):
        self.ensure_one()
        reports = self.env["psa.work.report"].search([("task_id", "=", self.id)])
        return reports._get_open_action()

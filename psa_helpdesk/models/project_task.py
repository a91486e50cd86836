# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ProjectTask(models.Model):
    _inherit = "project.task"

    psa_ticket_count = fields.Integer(
        string="Tickets",
        compute="_compute_psa_ticket_count",
        groups="psa_core.group_psa_technician,psa_core.group_psa_billing",
        help="Tickets whose work is recorded on this task.",
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

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ProjectProject(models.Model):
    _inherit = "project.project"

    psa_ticket_count = fields.Integer(
        string="Tickets",
        compute="_compute_psa_ticket_count",
        groups="psa_core.group_psa_technician,psa_core.group_psa_billing",
        help="Support that this project has led to.",
    )

    def _compute_psa_ticket_count(self):
        counts = dict(
            self.env["psa.ticket"]._read_group(
                [("project_id", "in", self.ids)], ["project_id"], ["__count"]
            )
        )
        for project in self:
            project.psa_ticket_count = counts.get(project._origin, 0)

    def action_psa_open_tickets(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.actions"]._for_xml_id(
                "psa_helpdesk.action_ticket_all"
            ),
            "domain": [("project_id", "=", self.id)],
            "context": {
                "default_project_id": self.id,
                "default_partner_id": self.partner_id.id,
            },
        }

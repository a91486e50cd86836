# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models


class ProjectTask(models.Model):
    _name = "project.task"
    _inherit = ["project.task", "psa.timer.mixin"]

    def _psa_timer_entry_values(self):
        if not self.allow_timesheets:
            return super()._psa_timer_entry_values()
        return {
            "project_id": self.project_id.id,
            "task_id": self.id,
            "partner_id": self.partner_id.id or self.project_id.sudo().partner_id.id,
            "psa_work_type_id": self.project_id.psa_work_type_id.id,
        }

    def _psa_timer_no_entry_message(self):
        return self.env._(
            "“%(task)s” takes no time: it has no project, or its project does not "
            "allow timesheets.",
            task=self.display_name,
        )

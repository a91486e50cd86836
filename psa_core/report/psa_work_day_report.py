# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.tools import SQL


class PsaWorkDayReport(models.Model):
    """Working days with what was recorded on them, always live."""

    _name = "psa.work.day.report"
    _description = "Working Day Analysis"
    _auto = False
    _order = "date desc, employee_id"
    _rec_name = "date"
    _depends = {
        "account.analytic.line": [
            "date",
            "employee_id",
            "project_id",
            "psa_billable_hours",
            "psa_is_overlapping",
            "unit_amount",
        ],
        "psa.work.day": [
            "company_id",
            "date",
            "employee_id",
            "expected_hours",
            "user_id",
        ],
        "hr.employee": ["department_id"],
    }

    date = fields.Date(readonly=True)
    employee_id = fields.Many2one("hr.employee", readonly=True)
    department_id = fields.Many2one("hr.department", readonly=True)
    user_id = fields.Many2one("res.users", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    expected_hours = fields.Float(string="Expected", readonly=True)
    recorded_hours = fields.Float(string="Recorded", readonly=True)
    billable_hours = fields.Float(string="Billable", readonly=True)
    missing_hours = fields.Float(
        string="Missing", readonly=True, help="Expected hours that nobody recorded."
    )
    overlapping_count = fields.Integer(string="Overlapping", readonly=True)
    entry_count = fields.Integer(string="Entries", readonly=True)

    @property
    def _table_query(self) -> SQL:
        return SQL("%s %s", self._select(), self._from())

    def _select(self) -> SQL:
        return SQL(
            """
            SELECT day.id,
                   day.date,
                   day.employee_id,
                   version.department_id,
                   day.user_id,
                   day.company_id,
                   day.expected_hours,
                   COALESCE(entry.recorded_hours, 0) AS recorded_hours,
                   COALESCE(entry.billable_hours, 0) AS billable_hours,
                   GREATEST(0, day.expected_hours - COALESCE(entry.recorded_hours, 0))
                       AS missing_hours,
                   COALESCE(entry.overlapping_count, 0) AS overlapping_count,
                   COALESCE(entry.entry_count, 0) AS entry_count
            """
        )

    def _from(self) -> SQL:
        return SQL(
            """
              FROM psa_work_day AS day
              JOIN hr_employee AS employee ON employee.id = day.employee_id
              LEFT JOIN hr_version AS version
                ON version.id = employee.current_version_id
              LEFT JOIN LATERAL (
                       SELECT SUM(line.unit_amount) AS recorded_hours,
                              SUM(line.psa_billable_hours) AS billable_hours,
                              COUNT(*) FILTER (WHERE line.psa_is_overlapping)
                                  AS overlapping_count,
                              COUNT(*) AS entry_count
                         FROM account_analytic_line AS line
                        WHERE line.employee_id = day.employee_id
                          AND line.date = day.date
                          AND line.project_id IS NOT NULL
                   ) AS entry ON TRUE
            """
        )

    def action_open_entries(self):
        """Open the entries of this day."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "psa_core.action_work_entry_all"
        )
        action["domain"] = [
            ("project_id", "!=", False),
            ("employee_id", "=", self.employee_id.id),
            ("date", "=", self.date),
        ]
        action["context"] = {}
        return action

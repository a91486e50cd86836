# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError


class PsaTimerEntry(models.AbstractModel):
    """Writes work entries: of a timer that stops, of a line typed in the menu bar."""

    _name = "psa.timer.entry"
    _description = "Work Entry of a Timer"

    @api.model
    def quick_entry(self, client_id, minutes, description, work_type_id=False):
        """Record work that ends now: client, minutes, one line of text.

        :raise UserError: without an employee, minutes or text.
        """
        self._check_employee()
        self._check_minutes(minutes)
        if not (description or "").strip():
            raise UserError(self.env._("Say in a few words what was done."))
        now = fields.Datetime.now()
        self._create_entry(
            {
                **self._support_values(client_id),
                "name": description.strip(),
                "psa_date_start": now - timedelta(minutes=minutes),
                "psa_date_end": now,
                "psa_source": "quick",
                "unit_amount": minutes / 60,
                **self._work_type_values(work_type_id or self._default_quick_type()),
            }
        )
        return self._publish()

    @api.model
    def _no_employee_message(self):
        return self.env._(
            "Your user has no employee in %(company)s, so no time can be recorded. "
            "Ask an administrator to create one.",
            company=self.env.company.name,
        )

    @api.model
    def _check_employee(self):
        if not self.env.user.employee_id:
            raise UserError(self._no_employee_message())

    @api.model
    def _check_minutes(self, minutes):
        if not isinstance(minutes, int | float) or not 0 < minutes <= 24 * 60:
            raise UserError(self.env._("Enter between 1 minute and 24 hours."))

    def _get_employee(self):
        """Return the employee of the timer's user in its company."""
        self.ensure_one()
        user = self.user_id.with_company(self.company_id)
        return user.employee_id.sudo()

    def _record(self, seconds):
        """Write the work entry of a locked timer, as its user, and close it."""
        self.ensure_one()
        segments = self.segment_ids
        start = segments[:1].date_start
        record = self._get_record()
        values = record._psa_timer_entry_values() if record else {}
        if not values.get("project_id"):
            # The record is gone, or takes no more time: the work is kept all the same.
            values = self._support_values(self.client_id.id)
        names = [self.description] if self.description else []
        if self.res_id and not record:
            names.append(self.record_name)
        entry = (
            self.with_user(self.user_id)
            .with_company(self.company_id)
            ._create_entry(
                {
                    **values,
                    "name": " · ".join(names) or self.record_name or self.env._("Work"),
                    "date": self._get_local_date(start),
                    "psa_date_start": start,
                    "psa_date_end": max(
                        segments[-1:].date_stop, start + timedelta(seconds=seconds)
                    ),
                    "psa_source": "timer",
                    "unit_amount": seconds / 3600,
                    **self._work_type_values(self.work_type_id),
                }
            )
        )
        self.write({"state": "stopped", "entry_id": entry.id})

    def _get_record(self):
        """Return the timed record as its user sees it, or an empty value."""
        self.ensure_one()
        if not self.res_id or self.res_model not in self.env:
            return False
        record = self.env[self.res_model].with_user(self.user_id).browse(self.res_id)
        return record.exists()._filtered_access("read")

    def _get_local_date(self, instant):
        """Return the date an instant (UTC) has where the user is."""
        return fields.Datetime.context_timestamp(
            self.with_context(tz=self.user_id.tz), instant
        ).date()

    @api.model
    def _create_entry(self, values):
        employee = self.env.user.employee_id
        return self.env["account.analytic.line"].create(
            {"employee_id": employee.id, **values}
        )

    @api.model
    def _support_values(self, client_id):
        """Return where work without a record of its own goes."""
        client = self.env["res.partner"].browse(client_id or [])
        project = self.env.company._psa_get_support_project()
        return {"project_id": project.id, "partner_id": client.id}

    @api.model
    def _default_quick_type(self):
        """Return the work type of quick entries: the support project's."""
        return self.env.company._psa_get_support_project().psa_work_type_id

    @api.model
    def _work_type_values(self, work_type):
        work_type_id = work_type if isinstance(work_type, int) else work_type.id
        return {"psa_work_type_id": work_type_id} if work_type_id else {}

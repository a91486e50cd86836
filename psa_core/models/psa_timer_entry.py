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
    def quick_entry(
        self,
        client_id,
        minutes,
        description,
        work_type_id=False,
        res_model=False,
        res_id=False,
    ):
        """Record work that ends now: client, minutes, one line of text.

        A record that can be timed says itself where its work goes. With neither record
        nor client it is internal work, which nobody pays.

        :raise UserError: without an employee, minutes or text.
        """
        self._check_may_record()
        self._check_minutes(minutes)
        record = self._get_startable(res_model, res_id)
        client = self._get_client(client_id)
        text = self._to_text(description)
        if not text:
            raise UserError(self.env._("Say in a few words what was done."))
        stop = fields.Datetime.now()
        start = stop - timedelta(minutes=minutes)
        entry = self._create_entry(
            {
                **(
                    record._psa_timer_entry_values()
                    if record
                    else self._support_values(client)
                ),
                "name": text,
                "date": self._get_local_date(start),
                "psa_date_start": start,
                "psa_date_end": stop,
                "unit_amount": minutes / 60,
                **self._work_type_values(
                    self._get_work_type(work_type_id) or self._default_quick_type()
                ),
                **({} if client or record else {"psa_billable": False}),
            }
        )
        entry.sudo().psa_source = "quick"
        return self._publish()

    # ------------------------------------------------------------
    # What the browser sends
    # ------------------------------------------------------------

    @api.model
    def _get_client(self, client_id):
        """Return the company of a contact the user may read, or none."""
        if not isinstance(client_id, int) or not client_id:
            return self.env["res.partner"]
        client = self.env["res.partner"].with_user(self.env.uid).browse(client_id)
        if not client.exists():
            raise UserError(self.env._("This client was deleted meanwhile."))
        client.check_access("read")
        return client.commercial_partner_id

    @api.model
    def _get_work_type(self, work_type_id):
        if not isinstance(work_type_id, int) or not work_type_id:
            return self.env["psa.work.type"]
        return (
            self.env["psa.work.type"]
            .with_user(self.env.uid)
            .search([("id", "=", work_type_id)])
        )

    @api.model
    def _to_text(self, text):
        return text.strip() if isinstance(text, str) else ""

    @api.model
    def _no_employee_message(self):
        return self.env._(
            "Your user has no employee in %(company)s, so no time can be recorded. "
            "Ask an administrator to create one.",
            company=self.env.company.name,
        )

    @api.model
    def _check_may_record(self):
        """Raise unless the current user has the role and an employee."""
        self.env["psa.timer"].with_user(self.env.uid).check_access("read")
        if not self.env.user.employee_id:
            raise UserError(self._no_employee_message())

    @api.model
    def _check_minutes(self, minutes):
        is_number = isinstance(minutes, int | float) and not isinstance(minutes, bool)
        if not (is_number and 0 < minutes <= 24 * 60):
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
            values = self._support_values(self.client_id)
        names = [self.description] if self.description else []
        if self.res_id and not record:
            names.append(self.record_name)
        owner = self.with_user(self.user_id).with_company(self.company_id)
        entry = owner._create_entry(
            {
                **values,
                "name": " · ".join(names) or self.record_name or self.env._("Work"),
                "date": owner._get_local_date(start),
                "psa_date_start": start,
                "psa_date_end": max(
                    segments[-1:].date_stop, start + timedelta(seconds=seconds)
                ),
                "unit_amount": seconds / 3600,
                **self._work_type_values(self.work_type_id),
            }
        )
        entry.sudo().psa_source = "timer"
        self.write({"state": "stopped", "entry_id": entry.id})

    def _get_record(self):
        """Return the timed record as its user sees it, or an empty value."""
        self.ensure_one()
        if not self.res_id or self.res_model not in self.env:
            return False
        record = self.env[self.res_model].with_user(self.user_id).browse(self.res_id)
        return record.exists()._filtered_access("read")

    @api.model
    def _get_local_date(self, instant):
        """Return the date an instant (UTC) has where the current user works."""
        employee = self.env.user.employee_id.sudo()
        return self.env["psa.work.day"]._get_local_date(employee, instant)

    @api.model
    def _create_entry(self, values):
        employee = self.env.user.employee_id
        return self.env["account.analytic.line"].create(
            {"employee_id": employee.id, **values}
        )

    @api.model
    def _support_values(self, client):
        """Return where work without a record of its own goes."""
        project = self.env.company._psa_get_support_project()
        return {"project_id": project.id, "partner_id": client.id}

    @api.model
    def _default_quick_type(self):
        """Return the work type of quick entries: the support project's."""
        return self.env.company.sudo().psa_support_project_id.psa_work_type_id

    @api.model
    def _work_type_values(self, work_type):
        return {"psa_work_type_id": work_type.id} if work_type else {}

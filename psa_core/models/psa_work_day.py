# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import logging
from collections import defaultdict
from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, split_every

_logger = logging.getLogger(__name__)

# How far back the nightly job renews expected hours: leaves are often approved late.
REFRESH_PAST_DAYS = 62
REFRESH_FUTURE_DAYS = 7
# Working hours that are further apart belong to two days.
LONGEST_BREAK = timedelta(hours=4)
# Less than this is not worth a reminder.
REMINDER_TOLERANCE_HOURS = 0.25


class PsaWorkDay(models.Model):
    """One employee's day and the hours expected of it by the working calendar.

    Expected hours cannot be read off in SQL (leaves, holidays, time zones), so they are
    stored here; what was recorded is joined live by ``psa.work.day.report``.
    Employees without fixed hours have nothing expected and nothing missing.
    """

    _name = "psa.work.day"
    _description = "Working Day"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date desc, employee_id"
    _rec_name = "date"

    employee_id = fields.Many2one(
        "hr.employee", required=True, readonly=True, ondelete="cascade"
    )
    user_id = fields.Many2one(related="employee_id.user_id", store=True, index=True)
    company_id = fields.Many2one(
        related="employee_id.company_id", store=True, index=True
    )
    date = fields.Date(required=True, readonly=True, index=True)
    expected_hours = fields.Float(
        readonly=True,
        help="Working hours of the calendar, without leaves and holidays.",
    )
    reminded_on = fields.Datetime(readonly=True, help="When a reminder was sent.")

    _employee_date_uniq = models.Constraint(
        "UNIQUE (employee_id, date)", "An employee has a day once."
    )

    # ------------------------------------------------------------
    # Working time
    # ------------------------------------------------------------

    @api.model
    def _get_timezone(self, employee):
        return ZoneInfo(employee.tz or employee.company_id.partner_id.tz or "UTC")

    @api.model
    def _get_working_intervals(self, employees, date_from, date_to):
        """Return {(employee, local date): [(start, stop)]} in UTC, naive.

        Both dates are included. Queries do not depend on the number of employees.
        """
        employees = employees.sudo()
        fixed = employees.filtered(
            lambda employee: (
                employee.resource_id and not employee.resource_id._is_flexible()
            )
        )
        # A day more on both sides covers every time zone; the local date decides.
        start = datetime.combine(date_from - timedelta(days=1), time.min, timezone.utc)
        stop = datetime.combine(date_to + timedelta(days=2), time.min, timezone.utc)
        by_resource, _by_calendar = fixed.resource_id._get_valid_work_intervals(
            start, stop
        )
        result = defaultdict(list)
        for employee in fixed:
            zone = self._get_timezone(employee)
            for begin, end, _attendance in by_resource[employee.resource_id.id]:
                date = begin.astimezone(zone).date()
                if date_from <= date <= date_to:
                    result[employee, date].append(
                        (
                            begin.astimezone(timezone.utc).replace(tzinfo=None),
                            end.astimezone(timezone.utc).replace(tzinfo=None),
                        )
                    )
        return result

    @api.model
    def _get_day_end(self, employee, instant):
        """Return when (UTC) the working day around an instant (UTC) ends, or None.

        A day goes on over breaks, and over midnight: a night shift is one day. None
        without fixed hours, or when no work is planned within a break's time.
        """
        if not employee:
            return None
        date = self._get_local_date(employee, instant)
        intervals = self._get_working_intervals(
            employee, date, date + timedelta(days=1)
        )
        end = None
        for start, stop in sorted(sum(intervals.values(), [])):
            if stop <= instant:
                continue
            if start - (end or instant) > LONGEST_BREAK:
                break
            end = stop
        return end

    @api.model
    def _get_local_date(self, employee, instant):
        """Return the date an instant (UTC) has where an employee works."""
        zone = self._get_timezone(employee)
        return instant.replace(tzinfo=timezone.utc).astimezone(zone).date()

    @api.model
    def _get_local_today(self, employee):
        return self._get_local_date(employee, fields.Datetime.now())

    @api.model
    def _get_recorded(self, employees, date_from, date_to):
        """Return {(employee, date): hours recorded}, in one query."""
        rows = (
            self.env["account.analytic.line"]
            .sudo()
            ._read_group(
                Domain("project_id", "!=", False)
                & Domain("employee_id", "in", employees.ids)
                & Domain("date", ">=", date_from)
                & Domain("date", "<=", date_to),
                ["employee_id", "date:day"],
                ["unit_amount:sum"],
            )
        )
        return {
            (employee, fields.Date.to_date(day)): hours for employee, day, hours in rows
        }

    @api.model
    def _get_today(self, employee):
        """Return recorded, expected and missing hours of the employee's today."""
        employee = employee.sudo()
        if not employee:
            return {"recorded": 0.0, "expected": 0.0, "missing": 0.0}
        date = self._get_local_today(employee)
        intervals = self._get_working_intervals(employee, date, date)[employee, date]
        expected = _sum_hours(intervals)
        recorded = self._get_recorded(employee, date, date).get((employee, date), 0.0)
        return {
            "recorded": recorded,
            "expected": expected,
            "missing": max(0.0, expected - recorded),
        }

    # ------------------------------------------------------------
    # My day
    # ------------------------------------------------------------

    @api.model
    def get_my_day(self, date=False):
        """Return the current user's day for the screen "My day".

        :param date: a date or its string; today, where the user is, without one.
        """
        employee = self.env.user.employee_id.sudo()
        try:
            day = fields.Date.to_date(date)
        except (TypeError, ValueError):
            raise UserError(self.env._("This is not a date.")) from None
        if not day:
            day = self._get_local_today(employee)
        intervals = self._get_working_intervals(employee, day, day)[employee, day]
        entries = self.env["account.analytic.line"].search(
            Domain("project_id", "!=", False)
            & Domain("employee_id", "=", employee.id)
            & Domain("date", "=", day),
            order="psa_date_start, id",
        )
        expected, recorded = _sum_hours(intervals), sum(entries.mapped("unit_amount"))
        busy = [
            (entry.psa_date_start, entry.psa_date_end)
            for entry in entries
            if entry.psa_date_start and entry.psa_date_end
        ]
        return {
            "date": fields.Date.to_string(day),
            "expected": expected,
            "recorded": recorded,
            "missing": max(0.0, expected - recorded),
            "intervals": _to_strings(intervals),
            "entries": [entry._psa_day_values() for entry in entries],
            "gaps": _to_strings(_get_gaps(intervals, busy)),
            "previous": fields.Date.to_string(day - timedelta(days=1)),
            "next": fields.Date.to_string(day + timedelta(days=1)),
        }

    # ------------------------------------------------------------
    # Crons
    # ------------------------------------------------------------

    @api.model
    def _get_employees(self):
        """Return the employees whose days are kept: those who record work."""
        users = self.env.ref("psa_core.group_psa_technician").all_user_ids
        return self.env["hr.employee"].sudo().search([("user_id", "in", users.ids)])

    @api.model
    def _refresh(self, employees, date_from, date_to):
        """Store the expected hours of all days from ``date_from`` to ``date_to``.

        One upsert; running it twice, or twice at once, gives the same rows.
        """
        if not employees:
            return
        intervals = self._get_working_intervals(employees, date_from, date_to)
        days = [
            date_from + timedelta(days=n) for n in range((date_to - date_from).days + 1)
        ]
        rows = [
            SQL(
                "(%s, %s, %s, %s, %s)",
                employee.id,
                employee.user_id.id or None,
                employee.company_id.id,
                day,
                _sum_hours(intervals.get((employee, day), [])),
            )
            for employee in employees
            for day in days
        ]
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO psa_work_day AS day
                       (employee_id, user_id, company_id, date, expected_hours)
                VALUES %s
                    ON CONFLICT (employee_id, date) DO UPDATE
                   SET expected_hours = EXCLUDED.expected_hours,
                       user_id = EXCLUDED.user_id,
                       company_id = EXCLUDED.company_id
                 WHERE (day.expected_hours, day.user_id, day.company_id)
                       IS DISTINCT FROM (EXCLUDED.expected_hours, EXCLUDED.user_id,
                                         EXCLUDED.company_id)
                """,
                SQL(", ").join(rows),
            )
        )
        self.invalidate_model(["company_id", "expected_hours", "user_id"])

    @api.model
    def _get_refresh_window(self):
        """Return the first and the last date whose expected hours are kept right."""
        today = fields.Date.today()
        return (
            today - timedelta(days=REFRESH_PAST_DAYS),
            today + timedelta(days=REFRESH_FUTURE_DAYS),
        )

    @api.model
    def _cron_refresh(self):
        """Renew the expected hours of the last two months and the coming week."""
        employees = self._get_employees()
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(employees))
        for batch in split_every(50, employees.ids):
            self._refresh(employees.browse(batch), *self._get_refresh_window())
            if not cron._commit_progress(len(batch)):
                break

    @api.model
    def _cron_remind(self):
        """Remind those who asked for it, once, that a finished day misses time."""
        employees = self._get_employees().filtered(
            lambda employee: employee.user_id.psa_day_reminder
        )
        if not employees:
            return
        today = fields.Date.today()
        window = (today - timedelta(days=1), today + timedelta(days=1))
        self._refresh(employees, *window)
        intervals = self._get_working_intervals(employees, *window)
        recorded = self._get_recorded(employees, *window)
        days = {
            (day.employee_id, day.date): day
            for day in self.search(
                Domain("employee_id", "in", employees.ids)
                & Domain("date", ">=", window[0])
                & Domain("reminded_on", "=", False)
            )
        }
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(employees))
        for employee in employees:
            key = (employee, self._get_local_today(employee))
            ends = [stop for _start, stop in intervals.get(key, [])]
            missing = _sum_hours(intervals.get(key, [])) - recorded.get(key, 0.0)
            if (
                key in days
                and ends
                and max(ends) <= fields.Datetime.now()
                and missing > REMINDER_TOLERANCE_HOURS
            ):
                days[key]._try_to_remind(missing)
            if not cron._commit_progress(1):
                break

    def _try_to_remind(self, missing):
        """Remind; what fails for one person is logged and the others go on."""
        try:
            with self.env.cr.savepoint():
                self._remind(missing)
        except Exception:
            _logger.exception("Reminder of working day %s failed", self.id)

    def _remind(self, missing):
        """Send the reminder of a day the way its user chose.

        :param missing: hours not recorded yet.
        """
        self.ensure_one()
        user = self.user_id
        localized = self.with_context(lang=user.lang)
        summary = localized.env._(
            "%(hours).1f h of today are not recorded yet", hours=missing
        )
        self.reminded_on = fields.Datetime.now()
        if user.psa_day_reminder == "activity":
            self.activity_schedule(
                "mail.mail_activity_data_todo", summary=summary, user_id=user.id
            )
        else:
            self.env.ref("psa_core.mail_template_day_reminder").with_context(
                psa_summary=summary
            ).send_mail(self.id)


def _sum_hours(intervals):
    return sum((stop - start).total_seconds() for start, stop in intervals) / 3600


def _to_strings(intervals):
    return [
        [fields.Datetime.to_string(start), fields.Datetime.to_string(stop)]
        for start, stop in intervals
    ]


def _get_gaps(intervals, busy):
    """Return the parts of the working intervals that no busy interval touches.

    >>> nine, ten, noon = (datetime(2026, 3, 2, hour) for hour in (9, 10, 12))
    >>> _get_gaps([(nine, noon)], [(nine, ten)]) == [(ten, noon)]
    True
    """
    gaps = []
    for begin, end in intervals:
        cursor = begin
        for start, stop in sorted(busy):
            if stop <= cursor or start >= end:
                continue
            if start > cursor:
                gaps.append((cursor, start))
            cursor = max(cursor, stop)
        if cursor < end:
            gaps.append((cursor, end))
    return gaps

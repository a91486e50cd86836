# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, float_compare

# How far apart the dates of two entries may be that can still overlap. An entry that
# lasts longer is flagged anyway, and the bound keeps the search inside an index.
OVERLAP_DAYS = 2
# Intervals that meet for less than this are neighbours, not an overlap.
TOLERANCE_SECONDS = 60
# Less was hardly worked: a timer stopped at once, a forgotten figure.
SHORTEST_HOURS = 1 / 60


class PsaWorkEntryFlag(models.AbstractModel):
    """What is odd about a work entry. Flags warn; they never refuse what was worked."""

    _name = "psa.work.entry.flag"
    _description = "Work Entry Flags"

    psa_is_overlapping = fields.Boolean(
        string="Overlapping",
        compute="_compute_psa_is_overlapping",
        store=True,
        groups="base.group_user",
        help="The same person has another entry at the same time.",
    )
    psa_is_too_long = fields.Boolean(
        string="Too Long",
        compute="_compute_psa_is_too_long",
        store=True,
        groups="base.group_user",
        help="Longer than the limit set for the company.",
    )
    psa_is_on_closed_period = fields.Boolean(
        string="On a Closed Period",
        compute="_compute_psa_is_on_closed_period",
        store=True,
        groups="base.group_user",
        help="Recorded or changed after the accounting period of its date was closed.",
    )
    psa_is_inconsistent = fields.Boolean(
        string="Inconsistent Times",
        compute="_compute_psa_is_inconsistent",
        store=True,
        groups="base.group_user",
        help="Start, end, date and hours of the entry contradict each other.",
    )
    psa_is_future = fields.Boolean(
        string="In the Future",
        compute="_compute_psa_is_future",
        search="_search_psa_is_future",
        groups="base.group_user",
        help="Dated after today.",
    )
    psa_is_flagged = fields.Boolean(
        string="Flagged",
        compute="_compute_psa_warning",
        search="_search_psa_is_flagged",
        compute_sudo=True,
        help="Something about this entry asks for a second look.",
    )
    psa_warning = fields.Char(
        string="Warning",
        compute="_compute_psa_warning",
        compute_sudo=True,
        groups="base.group_user",
        help="What is odd about this entry, in words.",
    )

    @api.depends(
        "date",
        "employee_id",
        "project_id",
        "psa_date_start",
        "psa_date_end",
        "unit_amount",
    )
    def _compute_psa_is_overlapping(self):
        overlapping = self._psa_touching(inside=True)
        for entry in self:
            entry.psa_is_overlapping = entry._origin in overlapping

    @api.depends("company_id", "project_id", "unit_amount")
    def _compute_psa_is_too_long(self):
        for entry in self:
            limit = entry.company_id.psa_long_entry_hours
            entry.psa_is_too_long = bool(
                entry.project_id
                and limit
                and float_compare(entry.unit_amount, limit, precision_digits=4) > 0
            )

    @api.depends("company_id", "date", "project_id", "unit_amount")
    def _compute_psa_is_on_closed_period(self):
        for entry in self:
            company = entry.company_id
            locks = [
                lock
                for lock in (company.fiscalyear_lock_date, company.hard_lock_date)
                if lock
            ]
            entry.psa_is_on_closed_period = bool(
                entry.project_id and entry.date and locks and entry.date <= max(locks)
            )

    @api.depends("date", "project_id", "psa_date_end", "psa_date_start", "unit_amount")
    def _compute_psa_is_inconsistent(self):
        for entry in self:
            start, end = entry.psa_date_start, entry.psa_date_end
            if not (entry.project_id and start and end):
                entry.psa_is_inconsistent = False
                continue
            lasted = (end - start).total_seconds()
            # Where somebody is, a date is at most a day from that in UTC.
            days = abs((entry.date - start.date()).days) if entry.date else 0
            entry.psa_is_inconsistent = (
                lasted < 0
                or entry.unit_amount * 3600 > lasted + TOLERANCE_SECONDS
                or days > 1
            )

    @api.depends("date", "project_id")
    @api.depends_context("tz")
    def _compute_psa_is_future(self):
        today = fields.Date.context_today(self)
        for entry in self:
            entry.psa_is_future = bool(
                entry.project_id and entry.date and entry.date > today
            )

    def _search_psa_is_future(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        return Domain("project_id", "!=", False) & Domain("date", ">", today)

    def _search_psa_is_flagged(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("project_id", "!=", False) & (
            Domain("psa_is_overlapping", "=", True)
            | Domain("psa_is_too_long", "=", True)
            | Domain("psa_is_on_closed_period", "=", True)
            | Domain("psa_is_future", "=", True)
            | Domain("psa_is_inconsistent", "=", True)
            | Domain("unit_amount", "<", SHORTEST_HOURS)
        )

    @api.depends(
        "date",
        "project_id",
        "psa_is_inconsistent",
        "psa_is_on_closed_period",
        "psa_is_overlapping",
        "psa_is_too_long",
        "unit_amount",
    )
    @api.depends_context("lang", "tz")
    def _compute_psa_warning(self):
        for entry in self:
            warnings = entry._psa_warnings() if entry.project_id else []
            entry.psa_warning = " · ".join(warnings) or False
            entry.psa_is_flagged = bool(warnings)

    def _psa_warnings(self):
        """Return the warnings of one entry as translated sentences.

        Extend: append yours, and widen ``_search_psa_is_flagged`` likewise.
        """
        self.ensure_one()
        checks = (
            (self.psa_is_overlapping, self.env._("Overlaps another entry")),
            (self.psa_is_too_long, self.env._("Longer than the limit of one entry")),
            (self.psa_is_future, self.env._("Dated in the future")),
            (self.psa_is_on_closed_period, self.env._("On a closed period")),
            (self.psa_is_inconsistent, self.env._("Times contradict each other")),
            (0 <= self.unit_amount < SHORTEST_HOURS, self.env._("Under a minute")),
            (self.unit_amount < 0, self.env._("Negative time")),
        )
        return [text for is_true, text in checks if is_true]

    def _psa_touching(self, inside=False):
        """Return the entries that overlap one of these, in one query.

        Two entries of a person overlap when their intervals meet for longer than the
        pauses of both (end − start − time worked): a pause may contain other work.

        :param inside: return those of these entries that overlap any entry instead.
        """
        timed = self.filtered(
            lambda entry: (
                entry._origin.id and entry.psa_date_start and entry.psa_date_end
            )
        )
        if not timed:
            return self.browse()
        self.env["account.analytic.line"].flush_model(
            ["employee_id", "date", "psa_date_start", "psa_date_end", "unit_amount"]
        )
        pause = (
            "GREATEST(0, EXTRACT(EPOCH FROM {0}.psa_date_end - {0}.psa_date_start)"
            " - {0}.unit_amount * 3600)"
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT %(found)s
                  FROM account_analytic_line AS a
                  JOIN hr_employee AS me ON me.id = a.employee_id
                  -- A person may have an employee in each of several companies.
                  JOIN hr_employee AS same
                    ON same.id = me.id OR same.user_id = me.user_id
                  JOIN account_analytic_line AS b
                    ON b.employee_id = same.id
                   AND b.id <> a.id
                   AND b.project_id IS NOT NULL
                   AND b.date BETWEEN a.date - %(days)s AND a.date + %(days)s
                   AND b.psa_date_start < a.psa_date_end
                   AND a.psa_date_start < b.psa_date_end
                 WHERE a.id IN %(ids)s
                   AND EXTRACT(EPOCH FROM LEAST(a.psa_date_end, b.psa_date_end)
                               - GREATEST(a.psa_date_start, b.psa_date_start))
                       > %(tolerance)s + %(pause_a)s + %(pause_b)s
                """,
                found=SQL("a.id") if inside else SQL("b.id"),
                days=OVERLAP_DAYS,
                ids=tuple(timed._origin.ids),
                tolerance=TOLERANCE_SECONDS,
                pause_a=SQL(pause.format("a")),
                pause_b=SQL(pause.format("b")),
            )
        )
        return self.browse(row[0] for row in rows)

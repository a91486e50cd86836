# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, float_compare

# How far apart the dates of two entries may be that can still overlap. An entry that
# lasts longer is flagged anyway, and the bound keeps the search inside an index.
OVERLAP_DAYS = 2
# Intervals that meet for less than this are neighbours, not an overlap.
OVERLAP_TOLERANCE_SECONDS = 60


class PsaWorkEntryFlag(models.AbstractModel):
    """What is odd about a work entry. Flags warn; they never refuse what was worked."""

    _name = "psa.work.entry.flag"
    _description = "Work Entry Flags"

    psa_is_overlapping = fields.Boolean(
        string="Overlapping",
        compute="_compute_psa_is_overlapping",
        store=True,
        help="The same person has another entry at the same time.",
    )
    psa_is_too_long = fields.Boolean(
        string="Too Long",
        compute="_compute_psa_is_too_long",
        store=True,
        help="Longer than the limit set for the company.",
    )
    psa_is_on_closed_period = fields.Boolean(
        string="On a Closed Period",
        compute="_compute_psa_is_on_closed_period",
        store=True,
        help="Recorded or changed after the accounting period of its date was closed.",
    )
    psa_is_future = fields.Boolean(
        string="In the Future",
        compute="_compute_psa_is_future",
        search="_search_psa_is_future",
        help="Dated after today.",
    )
    psa_is_flagged = fields.Boolean(
        string="Flagged",
        compute="_compute_psa_warning",
        search="_search_psa_is_flagged",
        help="Something about this entry asks for a second look.",
    )
    psa_warning = fields.Char(
        string="Warning",
        compute="_compute_psa_warning",
        help="What is odd about this entry, in words.",
    )

    @api.depends("employee_id", "psa_date_start", "psa_date_end", "unit_amount")
    def _compute_psa_is_overlapping(self):
        overlapping = self._psa_touching(inside=True)
        for entry in self:
            entry.psa_is_overlapping = entry._origin in overlapping

    @api.depends("unit_amount")
    def _compute_psa_is_too_long(self):
        for entry in self:
            limit = entry.company_id.psa_long_entry_hours
            entry.psa_is_too_long = bool(
                entry.project_id
                and limit
                and float_compare(entry.unit_amount, limit, precision_digits=4) > 0
            )

    @api.depends("date", "unit_amount", "project_id")
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

    @api.depends("date")
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
            | Domain("unit_amount", "<=", 0.0)
        )

    @api.depends(
        "psa_is_overlapping",
        "psa_is_too_long",
        "psa_is_on_closed_period",
        "date",
        "unit_amount",
    )
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
            (self.unit_amount == 0, self.env._("No time recorded")),
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
                  JOIN account_analytic_line AS b
                    ON b.employee_id = a.employee_id
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
                tolerance=OVERLAP_TOLERANCE_SECONDS,
                pause_a=SQL(pause.format("a")),
                pause_b=SQL(pause.format("b")),
            )
        )
        return self.browse(row[0] for row in rows)

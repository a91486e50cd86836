# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

UNSIGNED_STATES = ("draft", "to_sign")


class PsaWorkReportCheck(models.AbstractModel):
    """What is odd about a report, and whether its work is invoiced.

    Each question is asked once, as a domain: lists filter by it and reports say by it
    what is wrong with them.
    """

    _name = "psa.work.report.check"
    _description = "Check of Work Reports"

    problem = fields.Selection(
        selection="_get_problem_selection",
        compute="_compute_problem",
        search="_search_problem",
        help="The first thing that is odd about the report.",
    )
    problems = fields.Json(
        compute="_compute_problem",
        help="All that is odd about the report, with an explanation each.",
    )
    checked_by_id = fields.Many2one(
        "res.users",
        readonly=True,
        copy=False,
        tracking=True,
        index="btree_not_null",
        help="Who found that what looks odd is right.",
    )
    checked_at = fields.Datetime(readonly=True, copy=False)
    checked_problems = fields.Char(
        readonly=True,
        copy=False,
        export_string_translation=False,
        help="Codes of what was found right, each between commas.",
    )
    is_unbilled = fields.Boolean(
        string="Unbilled",
        compute="_compute_is_unbilled",
        search="_search_is_unbilled",
        help="Has billable work that is on no invoice.",
    )
    unreported_count = fields.Integer(
        compute="_compute_unreported_count",
        export_string_translation=False,
        help="Work entries of the ticket or task that are on no report.",
    )

    _user_day_idx = models.Index("(user_id, date)")

    # ------------------------------------------------------------
    # Billing
    # ------------------------------------------------------------

    @api.model
    def _get_unbilled_entry_domain(self):
        """Return the domain of the work entries that have still to be invoiced.

        Extend: a contract may cover them.
        """
        return (
            Domain("psa_billable", "=", True)
            & Domain("psa_billable_hours", ">", 0)
            & (
                Domain("timesheet_invoice_id", "=", False)
                | Domain("timesheet_invoice_id.state", "=", "cancel")
            )
        )

    # In sudo: technicians read their own entries only.
    def _compute_is_unbilled(self):
        found = (
            self.env["account.analytic.line"]
            .sudo()
            ._read_group(
                self._get_unbilled_entry_domain()
                & Domain("psa_work_report_id", "in", self.ids),
                ["psa_work_report_id"],
            )
        )
        unbilled = {report.id for (report,) in found}
        for report in self:
            report.is_unbilled = report._origin.id in unbilled

    def _search_is_unbilled(self, operator, value):
        if operator != "in":
            return NotImplemented
        # In sudo: technicians read their own entries only.
        entries = (
            self.env["account.analytic.line"]
            .sudo()
            ._search(
                self._get_unbilled_entry_domain()
                & Domain("psa_work_report_id", "!=", False)
            )
        )
        return Domain("id", "in", entries.subselect("psa_work_report_id"))

    @api.depends("entry_ids", "state")
    def _compute_unreported_count(self):
        counts = {}
        for fname in ("ticket_id", "task_id"):
            records = self.filtered(lambda report: not report._is_locked())[fname]
            if records:
                entries = records._get_unreported_entries()
                grouped = entries.grouped(records._work_entry_field)
                counts |= {
                    (fname, record.id): len(found) for record, found in grouped.items()
                }
        for report in self:
            fname = "ticket_id" if report.ticket_id else "task_id"
            report.unreported_count = (
                0 if report._is_locked() else counts.get((fname, report[fname].id), 0)
            )

    # ------------------------------------------------------------
    # Problems
    # ------------------------------------------------------------

    @api.model
    def _get_problem_texts(self):
        """Return {code: (label, explanation)} of what can be odd, the worst first.

        Extend: add yours, and its domain to ``_get_problem_domains``.
        """
        return {
            "no_client": (
                self.env._("No client"),
                self.env._("The ticket or task has no client: nobody can be billed."),
            ),
            "unsigned": (
                self.env._("Unsigned"),
                self.env._(
                    "Older than %(days)s days and not signed yet.",
                    days=self.env.company.psa_work_report_days,
                ),
            ),
            "duplicate": (
                self.env._("Duplicate"),
                self.env._(
                    "The technician has another report on the same ticket or task and "
                    "day."
                ),
            ),
            "overlapping": (
                self.env._("Overlapping"),
                self.env._(
                    "Somebody recorded two things at the same time, one of them here."
                ),
            ),
            "over_plan": (
                self.env._("Over plan"),
                self.env._("The task has taken more hours than were planned for it."),
            ),
        }

    @api.model
    def _get_problem_selection(self):
        return [
            (code, label) for code, (label, _text) in self._get_problem_texts().items()
        ]

    @api.model
    def _get_problem_domains(self):
        """Return {code: domain of the reports that have this problem}."""
        live = Domain("state", "!=", "cancelled")
        return {
            "no_client": live & Domain("client_id", "=", False),
            "unsigned": self._get_unsigned_domain(),
            "duplicate": live & self._get_duplicate_domain(),
            "overlapping": live & self._get_overlapping_domain(),
            "over_plan": live
            & (
                Domain("task_id.overtime", ">", 0)
                | Domain("ticket_id.task_id.overtime", ">", 0)
            ),
        }

    @api.model
    def _get_unsigned_domain(self):
        """Return the domain of the reports that nobody has signed for too long."""
        today = fields.Date.context_today(self)
        return Domain("state", "in", UNSIGNED_STATES) & Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain("date", "<", today - timedelta(days=company.psa_work_report_days))
            for company in self.env.companies
        )

    @api.model
    def _get_duplicate_domain(self):
        """Return the domain of reports that are there twice, cancelled ones aside."""
        self.flush_model(["date", "state", "task_id", "ticket_id", "user_id"])
        twice = SQL(
            """
            (SELECT report.id
               FROM psa_work_report AS report
               JOIN psa_work_report AS other
                 ON other.user_id = report.user_id
                AND other.date = report.date
                AND other.id <> report.id
                AND (other.ticket_id = report.ticket_id
                     OR other.task_id = report.task_id)
              WHERE report.state <> 'cancelled'
                AND other.state <> 'cancelled')
            """
        )
        return Domain("id", "in", twice)

    @api.model
    def _get_overlapping_domain(self):
        # In sudo: technicians read their own entries only.
        entries = (
            self.env["account.analytic.line"]
            .sudo()
            ._search(
                Domain("psa_work_report_id", "!=", False)
                & Domain("psa_is_overlapping", "=", True)
            )
        )
        return Domain("id", "in", entries.subselect("psa_work_report_id"))

    @api.model
    def _get_unchecked_domains(self):
        """Return the domains of what is odd and was not found right, by code."""
        return {
            code: domain & Domain("checked_problems", "not like", f",{code},")
            for code, domain in self._get_problem_domains().items()
        }

    @api.depends_context("lang", "allowed_company_ids")
    def _compute_problem(self):
        texts = self._get_problem_texts()
        # In sudo: what is odd about a report does not depend on who looks.
        reports = self.sudo()
        mine = Domain("id", "in", self._origin.ids)
        found = {
            code: set(reports.search(mine & domain).ids)
            for code, domain in self._get_unchecked_domains().items()
        }
        for report in self:
            codes = [code for code in texts if report._origin.id in found[code]]
            report.problem = codes[0] if codes else False
            report.problems = [
                {"code": code, "label": texts[code][0], "text": texts[code][1]}
                for code in codes
            ]

    def _search_problem(self, operator, value):
        if operator != "in":
            return NotImplemented
        domains = self._get_unchecked_domains()
        result = Domain.OR(domains[code] for code in value if code in domains)
        if False in value:
            result |= ~Domain.OR(domains.values())
        return result

    def action_check(self):
        """Take reports off the check: what looks odd is right.

        As long as they stay as they are, and nothing else is odd about them.

        :raise AccessError: for all but service managers and billing
        """
        user = self.env.user
        if not (
            user.has_group("psa_core.group_psa_manager")
            or user.has_group("psa_core.group_psa_billing")
        ):
            raise AccessError(
                self.env._("Only a service manager or billing checks work reports.")
            )
        self.check_access("read")
        checked = {
            report: (report.checked_problems or ",")
            + "".join(f"{problem['code']}," for problem in report.problems or [])
            for report in self
        }
        # In sudo: billing writes nothing else, and signed reports are locked.
        for codes, reports in self.sudo().grouped(checked.get).items():
            reports.write(
                {
                    "checked_by_id": self.env.uid,
                    "checked_at": fields.Datetime.now(),
                    "checked_problems": codes,
                }
            )

    def _forget_check(self):
        """Look at reports again that have changed since they were found right."""
        # In sudo: nobody sets these values by hand.
        self.sudo().filtered("checked_by_id").write(
            {"checked_by_id": False, "checked_at": False, "checked_problems": False}
        )

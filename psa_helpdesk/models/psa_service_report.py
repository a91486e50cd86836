# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import format_date, formataddr

REPORT = "psa_helpdesk.action_report_service_report"
WORKED_OUT = {"error", "figures", "figures_at", "sent_at", "state"}


class PsaServiceReport(models.Model):
    """A client's month: a snapshot of its figures, sent to chosen contacts once."""

    _name = "psa.service.report"
    _description = "Service Report"
    _inherit = [
        "psa.service.report.figures",
        "psa.service.report.sending",
        "mail.thread",
    ]
    _order = "month desc, client_id, id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self._default_company_id(),
    )
    client_id = fields.Many2one(
        "res.partner",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('parent_id', '=', False)]",
        check_company=True,
    )
    month = fields.Date(
        required=True,
        default=lambda self: self._default_month(),
        help="Any day of it: the first one is kept.",
    )
    month_name = fields.Char(string="Month in Words", compute="_compute_month_name")
    state = fields.Selection(
        [("draft", "Draft"), ("sent", "Sent"), ("failed", "Failed")],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
    )
    error = fields.Char(readonly=True, copy=False, help="Why it could not be sent.")
    sent_at = fields.Datetime(string="Sent On", readonly=True, copy=False)
    figures = fields.Json(readonly=True, copy=False)
    figures_at = fields.Datetime(
        string="As Of", readonly=True, copy=False, help="When the figures were taken."
    )
    contact_ids = fields.Many2many(
        "res.partner",
        string="Goes To",
        compute="_compute_contact_ids",
        help="Contacts of the client that are chosen to get its service report.",
    )
    opened_count = fields.Integer(string="New Tickets", compute="_compute_counts")
    resolved_count = fields.Integer(string="Solved", compute="_compute_counts")
    open_count = fields.Integer(string="Open at the End", compute="_compute_counts")

    _month_unique = models.UniqueIndex(
        "(company_id, client_id, month)",
        "This client has a report of this month already.",
    )
    _first_of_month = models.Constraint(
        "CHECK (EXTRACT(DAY FROM month) = 1)", "A month is kept as its first day."
    )

    # ------------------------------------------------------------
    # Defaults and computes
    # ------------------------------------------------------------

    def _default_company_id(self):
        return self.env.company

    def _default_month(self):
        return self.env.company._psa_get_local_today().replace(day=1) - relativedelta(
            months=1
        )

    @api.depends("client_id", "company_id")
    def _compute_contact_ids(self):
        # In sudo: the mark is for users, and who sends need not see every contact.
        contacts = self.env["res.partner"].sudo()
        for company, reports in self.grouped("company_id").items():
            chosen = contacts.search(
                self._get_chosen_domain(company)
                & Domain("commercial_partner_id", "in", reports.client_id.ids)
            ).grouped("commercial_partner_id")
            for report in reports:
                report.contact_ids = chosen.get(report.client_id.sudo(), contacts)

    @api.depends("figures")
    def _compute_counts(self):
        for report in self:
            figures = report.figures or {}
            report.opened_count = figures.get("opened", 0)
            report.resolved_count = figures.get("resolved", 0)
            report.open_count = figures.get("open", 0)

    @api.depends("month")
    @api.depends_context("lang")
    def _compute_month_name(self):
        for report in self:
            report.month_name = report._get_month_name(self.env.lang)

    @api.depends("client_id", "month_name")
    def _compute_display_name(self):
        for report in self:
            report.display_name = f"{report.client_id.name or ''}, {report.month_name}"

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self._check_worked_out(vals_list)
        reports = super().create([self._normalize(vals) for vals in vals_list])
        reports.browse(
            report.id
            for report, vals in zip(reports, vals_list, strict=True)
            if "figures" not in vals
        )._take_figures()
        return reports

    def write(self, vals):
        self._check_worked_out([vals])
        if vals.keys() & {"client_id", "month", "company_id"}:
            raise UserError(
                self.env._("A report stays of its client and month. Make another one.")
            )
        return super().write(vals)

    def _check_worked_out(self, vals_list):
        """Refuse figures and states that somebody sets himself, over RPC included.

        :raise AccessError: when there are any
        """
        names = {name for vals in vals_list for name in vals}
        if not self.env.su and names & WORKED_OUT:
            raise AccessError(self.env._("The figures and the state are worked out."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        if "sent" in self.mapped("state"):
            raise UserError(
                self.env._("A report that was sent stays: it would be sent again.")
            )

    @api.model
    def _normalize(self, vals):
        """Return values with the first day of their month.

        :raise UserError: for a month that has not begun
        """
        month = fields.Date.to_date(vals.get("month")) or self._default_month()
        if month > self.env.company._psa_get_local_today():
            raise UserError(self.env._("This month has not begun yet."))
        return {**vals, "month": month.replace(day=1)}

    # ------------------------------------------------------------
    # What is on it
    # ------------------------------------------------------------

    def _take_figures(self):
        for report in self:
            report.sudo().write(
                {
                    "figures": report._prepare_figures(),
                    "figures_at": fields.Datetime.now(),
                }
            )

    def _get_lang(self):
        """Return the language the client reads."""
        self.ensure_one()
        return self.client_id.lang or self.company_id.partner_id.lang or self.env.lang

    def _get_month_name(self, lang):
        return format_date(
            self.env, self.month or date.today(), date_format="MMMM y", lang_code=lang
        )

    def _get_file_name(self):
        self.ensure_one()
        name = self.with_context(lang=self._get_lang()).env._("Service Report")
        return f"{name} {self.client_id.name} {self.month:%Y-%m}"

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_refresh(self):
        """Take the figures again, as long as nobody has got them."""
        self.check_access("write")
        self.filtered(lambda report: report.state != "sent")._take_figures()

    def action_send(self):
        """Send the report to the chosen contacts; sent already: nothing happens.

        :raise UserError: when nobody is chosen, or somebody else sends it right now
        """
        self.check_access("write")
        self.lock_for_update()
        waiting = self.filtered(lambda report: report.state != "sent")
        for report in waiting:
            if not report.contact_ids:
                raise UserError(
                    self.env._(
                        "Choose who gets it: no contact of %s with a mail address is "
                        "marked to get service reports.",
                        report.client_id.name,
                    )
                )
        waiting._send()

    def action_print(self):
        return self.env.ref(REPORT).report_action(self)

    def _get_sender(self):
        """Return who writes, and where answers go: the team that helps this client."""
        groups = (
            self.env["psa.ticket"]
            .sudo()
            ._read_group(
                [
                    ("client_id", "=", self.client_id.id),
                    ("company_id", "=", self.company_id.id),
                ],
                ["team_id"],
                order="__count desc",
                limit=1,
            )
        )
        teams = self.env["psa.ticket.team"].sudo()
        team = groups[0][0] if groups else teams._get_default(self.company_id)
        address = team and team._get_mail_address(team.id)
        return (
            formataddr((self.company_id.name, address))
            if address
            else self.company_id.email_formatted
        )

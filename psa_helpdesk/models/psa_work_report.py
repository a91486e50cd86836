# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from collections import defaultdict
from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

STATES = [
    ("draft", "Draft"),
    ("to_sign", "To Sign"),
    ("signed", "Signed"),
    ("cancelled", "Cancelled"),
]
LOCKED_STATES = ("signed", "cancelled")

# Worked out by the suite: what is signed and billed rests on them.
SYSTEM_FIELDS = {
    "access_token",
    "cancel_reason",
    "checked_at",
    "checked_by_id",
    "checked_problems",
    "client_id",
    "company_id",
    "hours",
    "number",
    "pdf_id",
    "requested_at",
    "requested_version",
    "send_error",
    "send_state",
    "sent_message_id",
    "signature",
    "signed_at",
    "signed_by",
    "signed_digest",
    "signed_summary",
    "state",
    "version",
}

# What the customer reads above the signature.
PRINTED_FIELDS = {
    "date",
    "description",
    "distance",
    "entry_ids",
    "material_ids",
    "partner_id",
    "task_id",
    "ticket_id",
    "user_id",
}


class PsaWorkReport(models.Model):
    """A "rapportino": what was done on a ticket or task, for the customer to sign.

    Cut by concern: signing and cancelling (``psa.work.report.signing``), the mails
    (``psa.work.report.sending``), what customers see (``psa.work.report.portal``), the
    PDF (``psa.work.report.print``), and what is odd or not billed yet
    (``psa.work.report.check``).
    """

    _name = "psa.work.report"
    _description = "Work Report"
    _inherit = [
        "psa.work.report.signing",
        "psa.work.report.sending",
        "psa.work.report.portal",
        "psa.work.report.print",
        "psa.work.report.check",
        "portal.mixin",
        "mail.thread",
    ]
    _order = "date desc, id desc"
    _rec_name = "number"
    _rec_names_search = ["number", "ticket_id", "task_id", "client_id"]
    _check_company_auto = True
    # A signed report cannot be written, but people may talk about it.
    _mail_post_access = "read"

    number = fields.Char(readonly=True, copy=False, index="trigram")
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        precompute=True,
        required=True,
        index=True,
    )
    ticket_id = fields.Many2one(
        "psa.ticket",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="The ticket that was worked on.",
    )
    task_id = fields.Many2one(
        "project.task",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain=[("project_id", "!=", False)],
        help="The task that was worked on.",
    )
    client_id = fields.Many2one(
        "res.partner",
        compute="_compute_client_id",
        store=True,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The company worked for. It stays as it was when the report was signed.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Contact",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Who signs, and gets the signed report by mail.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Technician",
        default=lambda self: self.env.user,
        tracking=True,
        index="btree_not_null",
        domain="[('share', '=', False)]",
        check_company=True,
    )
    date = fields.Date(
        required=True,
        default=fields.Date.context_today,
        index=True,
        help="The day the report is written.",
    )
    description = fields.Html(
        string="Work Done", help="What was done, in words: the customer reads it."
    )
    entry_ids = fields.One2many(
        "account.analytic.line",
        "psa_work_report_id",
        string="Work Entries",
        domain=[("project_id", "!=", False)],
    )
    material_ids = fields.One2many(
        "psa.work.report.material", "report_id", string="Materials"
    )
    distance = fields.Float(
        digits=(9, 1), help="Kilometres driven. Empty: none, or not counted."
    )
    hours = fields.Float(
        string="Time",
        compute="_compute_hours",
        compute_sudo=True,
        store=True,
        help="Hours of everybody's work on this report.",
    )
    state = fields.Selection(
        STATES,
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
        help="A signed report can no longer be changed.",
    )
    version = fields.Integer(
        default=1,
        readonly=True,
        copy=False,
        export_string_translation=False,
        help="Grows with each change of what the customer reads: nobody signs another "
        "version than he has seen.",
    )

    _number_unique = models.UniqueIndex(
        "(company_id, number)", "Two reports of a company cannot have the same number."
    )
    _one_record = models.Constraint(
        "CHECK (num_nonnulls(ticket_id, task_id) = 1)",
        "A work report belongs to one ticket or to one task.",
    )
    _distance_positive = models.Constraint(
        "CHECK (distance >= 0)", "The distance cannot be negative."
    )

    # ------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------

    @api.depends("ticket_id", "task_id")
    def _compute_company_id(self):
        for report in self:
            record = report._get_record()
            report.company_id = (
                record.company_id or report.company_id or self.env.company
            )

    # Once signed it is the client's who has signed.
    @api.depends("ticket_id.client_id", "task_id.partner_id")
    def _compute_client_id(self):
        for report in self:
            if report.state in LOCKED_STATES:
                report.client_id = report.client_id
            elif report.ticket_id:
                report.client_id = report.ticket_id.client_id
            else:
                report.client_id = report.task_id.partner_id.commercial_partner_id

    @api.depends("ticket_id.partner_id", "task_id.partner_id")
    def _compute_partner_id(self):
        for report in self:
            if report.state in LOCKED_STATES:
                report.partner_id = report.partner_id
            else:
                report.partner_id = report._get_record().partner_id

    @api.depends("entry_ids.unit_amount")
    def _compute_hours(self):
        sums = dict(
            self.env["account.analytic.line"]._read_group(
                [
                    ("psa_work_report_id", "in", self._origin.ids),
                    ("project_id", "!=", False),
                ],
                ["psa_work_report_id"],
                ["unit_amount:sum"],
            )
            if self._origin
            else []
        )
        for report in self:
            # What was signed stays when it is cancelled and its work freed; until
            # then its work is locked.
            if report.signed_at and report.state == "cancelled":
                report.hours = report.hours
            else:
                report.hours = sums.get(report._origin, 0.0)

    @api.constrains("partner_id")
    def _check_partner_id(self):
        for report in self:
            chosen = report.partner_id != report._get_record().partner_id
            if chosen and not report._is_contact_of_client():
                raise UserError(
                    self.env._(
                        "%(contact)s is no contact of the client of %(report)s.",
                        contact=report.partner_id.display_name,
                        report=report.number or report._get_record().display_name,
                    )
                )

    def _is_contact_of_client(self):
        """Is the contact, if there is one, somebody of the client?"""
        self.ensure_one()
        contact = self.partner_id
        return not contact or contact.commercial_partner_id == self.client_id

    def _get_record(self):
        """Return the ticket or task the report is about."""
        self.ensure_one()
        return self.ticket_id or self.task_id

    def _get_entries(self):
        """Return everybody's work entries on these reports, in sudo."""
        # In sudo: technicians read their own entries only, the report shows all.
        return (
            self.env["account.analytic.line"]
            .sudo()
            .search(
                [
                    ("psa_work_report_id", "in", self.ids),
                    ("project_id", "!=", False),
                ],
                order="date, psa_date_start, id",
            )
        )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        names = {name for vals in vals_list for name in vals}
        names.update(
            name.removeprefix("default_")
            for name in self.env.context
            if name.startswith("default_")
        )
        self._check_system_fields(names)
        reports = super().create(vals_list)
        reports._give_numbers()
        return reports

    def write(self, vals):
        self._check_system_fields(vals)
        if vals.keys() - {"message_follower_ids", "message_ids"}:
            self._check_unlocked()
        if not self.env.su and {"ticket_id", "task_id"} & vals.keys():
            self._check_same_record(vals)
        if {"partner_id", "task_id", "ticket_id"} & vals.keys():
            with self._withdraw_from_strangers():
                result = super().write(vals)
        else:
            result = super().write(vals)
        if PRINTED_FIELDS & vals.keys():
            self._touch()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_signed(self):
        for report in self:
            if report.signed_at:
                raise UserError(
                    self.env._("%s was signed and cannot be deleted.", report.number)
                )

    def copy_data(self, default=None):
        # The work belongs to one report: a copy begins without any.
        return super().copy_data({"entry_ids": False, **(default or {})})

    def _give_numbers(self):
        """Number these reports: one query per company."""
        by_company = defaultdict(self.browse)
        for report in self:
            if not report.number:
                by_company[report.company_id] |= report
        for company, reports in by_company.items():
            numbers = company._psa_next_work_report_numbers(len(reports))
            for report, number in zip(reports, numbers, strict=True):
                # In sudo: nobody sets the number by hand.
                report.sudo().number = number

    @api.model
    def _check_system_fields(self, names):
        """Refuse values that only the suite sets.

        :raise AccessError: when there are any
        """
        if not self.env.su and (forged := SYSTEM_FIELDS.intersection(names)):
            raise AccessError(
                self.env._(
                    "These values are worked out and cannot be set: %(fields)s.",
                    fields=", ".join(
                        sorted(self._fields[name].string for name in forged)
                    ),
                )
            )

    def _check_same_record(self, vals):
        """Refuse to move a report, whose entries are of its ticket or task."""
        for report in self:
            for name in ("ticket_id", "task_id"):
                if name in vals and vals[name] != report[name].id:
                    raise UserError(
                        self.env._(
                            "%s stays with the ticket or task it was made for.",
                            report.number,
                        )
                    )

    def _touch(self):
        """Note that what the customer reads has changed.

        Whoever signs at the same moment writes the same row: the host repeats the
        request that comes second, and it sees the change.
        """
        for version, reports in self.grouped("version").items():
            # In sudo: nobody sets the version by hand.
            reports.sudo().version = version + 1
        self._forget_check()

    @contextmanager
    def _withdraw_from_strangers(self):
        """Take back what was sent for signature if its customer changes in between.

        Whoever has the link read the report of somebody else, and signed for him.
        """
        # In sudo: who corrects a ticket need not be allowed to write its reports.
        customers = {
            report: (report.client_id, report.partner_id)
            for report in self.sudo()
            if not report._is_locked()
        }
        yield
        for report, customer in customers.items():
            if (report.client_id, report.partner_id) != customer:
                report.write(
                    {
                        "state": "draft",
                        "access_token": report._default_access_token(),
                        "version": report.version + 1,
                    }
                )

    # ------------------------------------------------------------
    # Locks
    # ------------------------------------------------------------

    def _is_locked(self):
        self.ensure_one()
        return self.state in LOCKED_STATES

    def _get_locked_reason(self):
        """Return why nobody may change the report, or False."""
        self.ensure_one()
        if self.state == "signed":
            return self.env._(
                "%(report)s was signed by %(name)s and can no longer be changed. A "
                "service manager can cancel it with a reason.",
                report=self.number,
                name=self.signed_by,
            )
        if self.state == "cancelled":
            return self.env._("%s is cancelled.", self.number)
        return False

    def _check_unlocked(self):
        """Raise a UserError when one of the reports is signed or cancelled."""
        if self.env.su:
            return
        for report in self:
            if reason := report._get_locked_reason():
                raise UserError(reason)

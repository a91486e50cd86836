# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..cost_groups import COST_GROUPS
from .psa_work_entry_review import REVIEW_FIELDS

# Set by the suite only: a forged value would be billed, or hide what is odd.
SYSTEM_FIELDS = REVIEW_FIELDS | {
    "psa_billable_hours",
    "psa_client_id",
    "psa_is_inconsistent",
    "psa_is_on_closed_period",
    "psa_is_overlapping",
    "psa_is_too_long",
    "psa_source",
}


class AccountAnalyticLine(models.Model):
    """A work entry: the host's time entry, with what it takes to review and bill it.

    ``unit_amount`` stays the hours that were worked; nothing here changes it.
    """

    _name = "account.analytic.line"
    _inherit = [
        "account.analytic.line",
        "psa.work.entry.flag",
        "psa.work.entry.review",
        "psa.work.entry.rounding",
    ]

    amount = fields.Monetary(groups=COST_GROUPS)
    psa_work_type_id = fields.Many2one(
        "psa.work.type",
        string="Work Type",
        compute="_compute_psa_work_type_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Decides the price, the rounding and whether work is billable by default.",
    )
    psa_date_start = fields.Datetime(
        string="Start Time", help="When the work began, if it is known."
    )
    psa_date_end = fields.Datetime(
        string="End Time",
        help="When the work ended. The time worked may be shorter by the pauses.",
    )
    psa_client_id = fields.Many2one(
        "res.partner",
        string="Client",
        compute="_compute_psa_client_id",
        store=True,
        index="btree_not_null",
        help="The company worked for. It stays when a contact changes company.",
    )
    psa_billable = fields.Boolean(
        string="Billable Work",
        compute="_compute_psa_billable",
        store=True,
        readonly=False,
        help="Whether this work may be invoiced. From the work type and the project.",
    )
    psa_internal_note = fields.Text(
        string="Internal Note",
        groups="base.group_user",
        help="Seen by colleagues only. The description is what the customer reads.",
    )
    psa_source = fields.Selection(
        [("manual", "Manual"), ("timer", "Timer"), ("quick", "Quick entry")],
        string="Recorded By",
        compute="_compute_psa_source",
        store=True,
        groups="base.group_user",
        help="How the entry was recorded.",
    )

    _psa_employee_day_idx = models.Index(
        "(employee_id, date) WHERE project_id IS NOT NULL"
    )

    # ------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------

    @api.depends("project_id")
    def _compute_psa_work_type_id(self):
        entries = self.filtered("project_id")
        missing = entries.filtered(lambda entry: not entry.psa_work_type_id)
        (self - entries).psa_work_type_id = False
        default_by_company = self.env["psa.work.type"]._get_default_by_company(
            missing.company_id
        )
        for entry in entries:
            entry.psa_work_type_id = (
                entry.psa_work_type_id
                or entry.project_id.psa_work_type_id
                or default_by_company.get(entry.company_id)
            )

    # Only the contact itself: someone who changes company leaves the old work behind.
    @api.depends("partner_id")
    def _compute_psa_client_id(self):
        for line in self:
            if not line._psa_is_settled():
                line.psa_client_id = line.partner_id.commercial_partner_id

    @api.depends("project_id", "psa_work_type_id")
    def _compute_psa_billable(self):
        for line in self:
            if not line._psa_is_settled():
                line.psa_billable = line.project_id.allow_billable and (
                    line.psa_work_type_id.billable or not line.psa_work_type_id
                )

    @api.depends("project_id")
    def _compute_psa_source(self):
        for line in self:
            line.psa_source = (
                (line.psa_source or "manual") if line.project_id else False
            )

    def _compute_partner_id(self):
        kept = self.filtered(
            lambda entry: (
                entry.psa_review_state == "approved" or entry._psa_is_client_given()
            )
        )
        return super(AccountAnalyticLine, self - kept)._compute_partner_id()

    def _compute_project_id(self):
        # As the host does with invoiced entries: moving a task moves open work only.
        approved = self.filtered(lambda entry: entry.psa_review_state == "approved")
        return super(AccountAnalyticLine, self - approved)._compute_project_id()

    def _psa_is_client_given(self):
        """Whether the entry's client was named on the entry itself.

        The host takes the partner of the task or project. The support project works
        for every client and has none. Extend: say when your record names the client.
        """
        self.ensure_one()
        support = self.company_id.psa_support_project_id
        return bool(self.partner_id and self.project_id == support)

    def _psa_day_values(self):
        """Return what the screen "My day" shows of this entry."""
        self.ensure_one()
        return {
            "id": self.id,
            "name": self.name,
            "project": self.project_id.display_name,
            "task": self.task_id.display_name,
            "client": self.psa_client_id.display_name,
            "hours": self.unit_amount,
            "billable_hours": self.psa_billable_hours,
            "start": fields.Datetime.to_string(self.psa_date_start),
            "stop": fields.Datetime.to_string(self.psa_date_end),
            "work_type": self.psa_work_type_id.name,
            "review_state": self.psa_review_state,
            "warning": self.psa_warning,
        }

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        defaults = [
            name.removeprefix("default_")
            for name in self.env.context
            if name.startswith("default_")
        ]
        self._psa_check_system_fields({name for vals in vals_list for name in vals})
        self._psa_check_system_fields(set(defaults))
        entries = super().create(vals_list)
        entries.sudo()._psa_touching()._psa_recompute("psa_is_overlapping")
        return entries

    def write(self, vals):
        self._psa_check_system_fields(vals.keys())
        # Asked before the host adds to vals, and before the totals change.
        if not self._psa_moves_others(vals):
            result = super().write(vals)
        else:
            entries = self.sudo()
            later, touching = entries._psa_later_in_totals(), entries._psa_touching()
            result = super().write(vals)
            entries._psa_rerate_approved()
            later |= entries._psa_later_in_totals()
            later._psa_recompute("psa_billable_hours")
            touching |= entries._psa_touching()
            touching._psa_recompute("psa_is_overlapping")
        self._psa_resubmit()
        return result

    def unlink(self):
        entries = self.sudo()
        later, touching = entries._psa_later_in_totals(), entries._psa_touching()
        result = super().unlink()
        later._psa_recompute("psa_billable_hours")
        touching._psa_recompute("psa_is_overlapping")
        return result

    @api.model
    def _psa_moves_others(self, vals):
        """Whether writing these values may change what other entries derive."""
        watched = {"employee_id", "partner_id", "psa_date_end", "psa_date_start"}
        return bool(watched.union(self._psa_round_depends()) & vals.keys())

    @api.model
    def _psa_check_system_fields(self, names):
        """Refuse values that only the suite sets."""
        if self.env.su:
            return
        if REVIEW_FIELDS & names:
            raise AccessError(
                self.env._("Only a service manager reviews work entries.")
            )
        if forged := SYSTEM_FIELDS & names:
            raise AccessError(
                self.env._(
                    "These values are worked out and cannot be set: %(fields)s.",
                    fields=", ".join(self._fields[name].string for name in forged),
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_locked(self):
        self._psa_check_unlocked()

    def _check_can_write(self, values):
        self._psa_check_unlocked()
        return super()._check_can_write(values)

    def _is_readonly(self):
        return super()._is_readonly() or bool(self._psa_locked_reason())

    def copy_data(self, default=None):
        """Leave the cost out: it is computed again, and technicians may not read it."""
        if not all(line.project_id for line in self):
            return super().copy_data(default)
        vals_list = super().copy_data({**(default or {}), "amount": 0.0})
        for vals in vals_list:
            vals.pop("amount")
        return vals_list

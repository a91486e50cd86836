# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain

from ..cost_groups import COST_GROUPS
from ..tools.rounding import (
    billable_seconds_group,
    hours_to_seconds,
    multiplied_seconds,
    seconds_to_hours,
)

# A change of one of these may change the billable hours, or the overlap, of others.
NEIGHBOUR_FIELDS = {
    "date",
    "employee_id",
    "project_id",
    "psa_billable",
    "psa_date_end",
    "psa_date_start",
    "psa_work_type_id",
    "task_id",
    "unit_amount",
}


class AccountAnalyticLine(models.Model):
    """A work entry: the host's time entry, with what it takes to review and bill it.

    ``unit_amount`` stays the hours that were worked; nothing here changes it.
    """

    _name = "account.analytic.line"
    _inherit = ["account.analytic.line", "psa.work.entry.review", "psa.work.entry.flag"]

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
        string="Start", help="When the work began, if it is known."
    )
    psa_date_end = fields.Datetime(
        string="End",
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
    psa_billable_hours = fields.Float(
        string="Billable Hours",
        compute="_compute_psa_billable_hours",
        store=True,
        help="Hours to bill: the time worked, rounded as the work type says, times its "
        "multiplier. Zero when the entry is not billable.",
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
        readonly=False,
        copy=False,
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
            line.psa_client_id = line.partner_id.commercial_partner_id

    @api.depends("project_id", "psa_work_type_id")
    def _compute_psa_billable(self):
        for line in self:
            line.psa_billable = line.project_id.allow_billable and (
                line.psa_work_type_id.billable or not line.psa_work_type_id
            )

    @api.depends("project_id")
    def _compute_psa_source(self):
        for line in self:
            line.psa_source = line.project_id and (line.psa_source or "manual")

    @api.depends(
        "date",
        "project_id",
        "psa_billable",
        "psa_work_type_id",
        "task_id",
        "unit_amount",
    )
    def _compute_psa_billable_hours(self):
        totals = self._psa_seconds_before()
        for entry in self:
            work_type = entry.psa_work_type_id
            if not (entry.project_id and entry.psa_billable):
                entry.psa_billable_hours = 0.0
                continue
            if not work_type:
                entry.psa_billable_hours = entry.unit_amount
                continue
            # What the entry adds to the rounded total, so the sum is rounded once.
            _before, share = billable_seconds_group(
                [totals.get(entry, 0), hours_to_seconds(entry.unit_amount)],
                work_type.rounding_minimum * 60,
                work_type.rounding_increment * 60,
            )
            entry.psa_billable_hours = seconds_to_hours(
                multiplied_seconds(share, work_type.multiplier)
            )

    def _compute_partner_id(self):
        """Keep the client given to an entry whose project and task name none.

        The host takes the partner of the task or the project; the support project works
        for every client and has none.
        """
        given = {entry: entry.partner_id for entry in self if entry.project_id}
        result = super()._compute_partner_id()
        for entry, partner in given.items():
            if not entry.partner_id:
                entry.partner_id = partner
        return result

    # ------------------------------------------------------------
    # Rounding on the total of a record and day
    # ------------------------------------------------------------

    @api.model
    def _psa_round_record_fields(self):
        """Return the fields naming the record a day's total is rounded on, in order.

        The first one that is set counts; without any, the project and the client do.
        Extend: put your record before or after (``["psa_ticket_id", *super()…]``).
        """
        return ["task_id"]

    def _psa_is_rounded_by_day(self):
        self.ensure_one()
        return bool(
            self.project_id
            and self.psa_billable
            and self.psa_work_type_id.rounding_scope == "day"
        )

    def _psa_round_key(self):
        """Return what identifies the total this entry is rounded with."""
        self.ensure_one()
        for fname in self._psa_round_record_fields():
            if self[fname]:
                return (fname, self[fname]._origin.id, *self._psa_round_day())
        return (
            "project_id",
            self.project_id._origin.id,
            self.psa_client_id._origin.id,
            *self._psa_round_day(),
        )

    def _psa_round_day(self):
        return (self.date, self.psa_work_type_id._origin.id)

    def _psa_round_groups(self):
        """Return {key: entries in order of recording} of all totals these belong to.

        One query, whatever the number of entries.
        """
        grouped = self.filtered(lambda entry: entry._psa_is_rounded_by_day())
        groups = defaultdict(self.browse)
        if not grouped:
            return groups
        keys = {entry._psa_round_key() for entry in grouped}
        candidates = grouped | self.sudo().search(
            Domain("id", "not in", grouped._origin.ids)
            & Domain("date", "in", set(grouped.mapped("date")))
            & Domain("project_id", "in", grouped.project_id.ids)
            & Domain("psa_work_type_id", "in", grouped.psa_work_type_id.ids)
            & Domain("psa_billable", "=", True)
        )
        for entry in candidates.sorted(lambda entry: entry._origin.id or float("inf")):
            key = entry._psa_round_key()
            if key in keys:
                groups[key] |= entry
        return groups

    def _psa_seconds_before(self):
        """Return {entry: seconds of its total recorded before it}.

        An entry is billed with what it adds to the rounded total, so a new entry never
        changes those before it.
        """
        result = {}
        for entries in self._psa_round_groups().values():
            before = 0
            for entry in entries:
                result[entry] = before
                before += hours_to_seconds(entry.unit_amount)
        return result

    def _psa_later_in_total(self):
        """Return the open entries recorded later in the totals these belong to."""
        later = self.browse()
        for entries in self._psa_round_groups().values():
            first = min((entries & self).ids, default=0)
            later |= entries.filtered(
                lambda entry, first=first: (
                    entry.id > first and entry.psa_review_state != "approved"
                )
            )
        return later - self

    def _psa_neighbours(self):
        """Return the other entries whose computed values depend on these ones."""
        return self._psa_later_in_total() | self._psa_touching()

    def _psa_recompute(self):
        """Recompute what neighbours of a changed entry derive from it."""
        for fname in ("psa_billable_hours", "psa_is_overlapping"):
            self.env.add_to_compute(self._fields[fname], self)

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
        entries = super().create(vals_list)
        entries._psa_check_review_forged()
        entries.sudo()._psa_touching()._psa_recompute()
        return entries

    def write(self, vals):
        self._psa_check_review_values(vals)
        # Read before the host adds to vals, and before the totals change.
        moves_others = bool(NEIGHBOUR_FIELDS & vals.keys())
        neighbours = self.sudo()._psa_neighbours() if moves_others else self.browse()
        result = super().write(vals)
        if moves_others:
            (neighbours | self.sudo()._psa_neighbours())._psa_recompute()
        self._psa_resubmit()
        return result

    def unlink(self):
        neighbours = self.sudo()._psa_neighbours()
        result = super().unlink()
        neighbours._psa_recompute()
        return result

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

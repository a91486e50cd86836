# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

from .psa_coverage_part import COVERAGE

DECISION_FIELDS = {
    "psa_decision",
    "psa_decision_line_id",
    "psa_decision_note",
    "psa_decision_reason_id",
    "psa_decision_user_id",
}
#: set by the suite only
COVERAGE_FIELDS = DECISION_FIELDS | {
    "psa_chargeable_hours",
    "psa_contract_id",
    "psa_coverage",
    "psa_coverage_due",
    "psa_coverage_error",
    "psa_coverage_log",
    "psa_coverage_part_ids",
    "psa_covered_hours",
}


class PsaCoverageDecision(models.AbstractModel):
    """What covers a work entry, why, and what a manager decided about it."""

    _name = "psa.coverage.decision"
    _description = "Coverage of a Work Entry"

    psa_coverage = fields.Selection(
        [*COVERAGE, ("mixed", "Several")],
        string="Coverage",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="base.group_user",
        help="Who pays for this work.",
    )
    psa_contract_id = fields.Many2one(
        "psa.contract",
        string="Contract",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        groups="base.group_user",
    )
    psa_covered_hours = fields.Float(
        string="Covered Hours",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="Billable hours that a contract includes or that were bought before.",
    )
    psa_chargeable_hours = fields.Float(
        string="Chargeable Hours",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="Billable hours that the client has still to pay, without sales orders.",
    )
    psa_coverage_part_ids = fields.One2many(
        "psa.coverage.part",
        "entry_id",
        string="Parts",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
    psa_coverage_log = fields.Json(
        readonly=True,
        copy=False,
        export_string_translation=False,
        groups="base.group_user",
        help="Codes of why contract lines did not apply, and where prices come from.",
    )
    psa_coverage_due = fields.Boolean(
        compute="_compute_psa_coverage_due",
        store=True,
        copy=False,
        groups="base.group_user",
        export_string_translation=False,
        help="Something changed since it was decided what covers it.",
    )
    psa_coverage_error = fields.Char(
        string="Coverage Error",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="Why it could not be decided what covers it. It is tried again.",
    )
    psa_decision = fields.Selection(
        [
            ("goodwill", "Goodwill"),
            ("billable", "Billable"),
            ("internal", "Not billable"),
            ("line", "A contract line"),
        ],
        string="Decided",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="What a manager decided instead of the rules.",
    )
    psa_decision_line_id = fields.Many2one(
        "psa.contract.line",
        string="Decided Line",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        groups="base.group_user",
    )
    psa_decision_reason_id = fields.Many2one(
        "psa.coverage.reason",
        string="Decision Reason",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        groups="base.group_user",
    )
    psa_decision_note = fields.Char(
        string="Decision Note", readonly=True, copy=False, groups="base.group_user"
    )
    psa_decision_user_id = fields.Many2one(
        "res.users",
        string="Decided By",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )

    _psa_coverage_due_idx = models.Index(
        "(psa_client_id, company_id) WHERE psa_coverage_due IS TRUE"
    )
    _psa_client_day_idx = models.Index(
        "(psa_client_id, company_id, date) WHERE project_id IS NOT NULL"
    )

    @api.model
    def _psa_coverage_depends(self):
        """Return the fields whose change may change what covers an entry.

        Extend: add the facts you give.
        """
        return [
            "company_id",
            "date",
            "employee_id",
            "partner_id",
            "project_id",
            "psa_billable",
            "psa_billable_hours",
            "psa_client_id",
            "psa_date_end",
            "psa_date_start",
            "psa_decision",
            "psa_decision_line_id",
            "psa_work_type_id",
            "so_line",
            "timesheet_invoice_id.state",
        ]

    @api.depends(lambda self: self._psa_coverage_depends())
    def _compute_psa_coverage_due(self):
        due = []
        for entry in self:
            entry.psa_coverage_due = bool(entry.project_id)
            if entry.project_id and isinstance(entry.id, int):
                due.append(entry.id)
        self._psa_note_due(due)

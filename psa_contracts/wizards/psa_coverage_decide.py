# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..models.psa_contract import NEVER_STARTED
from ..models.psa_contract_terms import COVERING

AUTOMATIC = "automatic"
#: kinds of lines that can be chosen
CHOSEN_KINDS = (*COVERING, "time")


class PsaCoverageDecide(models.TransientModel):
    """Asks what shall cover work instead of what the rules say, and why."""

    _name = "psa.coverage.decide"
    _description = "Change Coverage"

    entry_ids = fields.Many2many(
        "account.analytic.line", string="Work Entries", required=True
    )
    entry_count = fields.Integer(string="Entries", compute="_compute_entry_values")
    hours = fields.Float(string="Billable Hours", compute="_compute_entry_values")
    client_id = fields.Many2one(
        "res.partner",
        compute="_compute_entry_values",
        help="The client of all the entries, if it is one.",
    )
    company_id = fields.Many2one("res.company", compute="_compute_entry_values")
    decision = fields.Selection(
        [
            ("goodwill", "Goodwill"),
            ("billable", "Billable"),
            ("internal", "Not billable"),
            ("line", "A contract line"),
            (AUTOMATIC, "What the rules say"),
        ],
        required=True,
        default="goodwill",
    )
    line_id = fields.Many2one(
        "psa.contract.line",
        string="Contract Line",
        help="Used for this work whatever its scope; when its hours are used up, the "
        "rest is billable.",
    )
    reason_id = fields.Many2one("psa.coverage.reason")
    note = fields.Char()

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if (
            "entry_ids" in fields
            and "entry_ids" not in values
            and self.env.context.get("active_model") == "account.analytic.line"
        ):
            chosen = self.env["account.analytic.line"].browse(
                self.env.context.get("active_ids")
            )
            # Other items of the analytic account are no work.
            values["entry_ids"] = chosen.filtered("project_id").ids
        return values

    @api.depends("entry_ids")
    def _compute_entry_values(self):
        for wizard in self:
            entries = wizard.entry_ids
            clients, companies = entries.psa_client_id, entries.company_id
            wizard.entry_count = len(entries)
            wizard.hours = sum(entries.mapped("psa_billable_hours"))
            wizard.client_id = clients if len(clients) == 1 else False
            wizard.company_id = companies if len(companies) == 1 else False

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_decide(self):
        """Keep the decision, who took it and why on the entries, and apply it.

        :raise AccessError: unless the user is a service manager
        :raise UserError: when work is billed, a reason is missing, or the contract line
            cannot cover the work
        """
        self.ensure_one()
        entries = self.entry_ids
        entries.check_access("write")
        self._check_entries(entries)
        values = dict.fromkeys(
            (
                "psa_decision",
                "psa_decision_line_id",
                "psa_decision_reason_id",
                "psa_decision_note",
                "psa_decision_user_id",
            ),
            False,
        )
        if self.decision != AUTOMATIC:
            self._check_decision(entries)
            values |= {
                "psa_decision": self.decision,
                "psa_decision_line_id": self.decision == "line" and self.line_id.id,
                "psa_decision_reason_id": self.reason_id.id,
                "psa_decision_note": self.note,
                "psa_decision_user_id": self.env.uid,
            }
        # In sudo: nobody else sets these fields.
        entries.sudo().write(values)
        return {"type": "ir.actions.act_window_close"}

    def _check_entries(self, entries):
        if not entries or not all(entry.project_id for entry in entries):
            raise UserError(self.env._("Choose the work entries to decide about."))
        for entry in entries.sudo():
            if entry._psa_is_coverage_billed() or not entry._is_not_billed():
                raise UserError(
                    self.env._(
                        "“%(entry)s” of %(day)s is already invoiced: what covers it "
                        "can no longer be changed. Preview its coverage to post a "
                        "correction.",
                        entry=entry.name,
                        day=format_date(self.env, entry.date),
                    )
                )

    def _check_decision(self, entries):
        if not self.reason_id:
            raise UserError(self.env._("Say why the rules shall not decide."))
        if self.decision == "line":
            self._check_line(entries)

    def _check_line(self, entries):
        """Raise unless the line can cover all of the work; its scope is set aside."""
        line, contract = self.line_id, self.line_id.contract_id
        if line.kind not in CHOSEN_KINDS or contract.state in NEVER_STARTED:
            raise UserError(
                self.env._(
                    "Choose a line that covers or bills work, of a contract that is "
                    "or was in force."
                )
            )
        for entry in entries:
            if (entry.psa_client_id, entry.company_id) != (
                contract.client_id,
                contract.company_id,
            ):
                raise UserError(
                    self.env._(
                        "“%(entry)s” is not work for %(client)s, whose contract this "
                        "is.",
                        entry=entry.name,
                        client=contract.client_id.display_name,
                    )
                )
            if not self._is_in_force(entry.date):
                raise UserError(
                    self.env._(
                        "“%(line)s” is not in force on %(day)s, the day of "
                        "“%(entry)s”.",
                        line=line.display_name,
                        day=format_date(self.env, entry.date),
                        entry=entry.name,
                    )
                )

    def _is_in_force(self, day):
        line, contract = self.line_id, self.line_id.contract_id
        starts = filter(None, (contract.date_start, line.date_start))
        ends = filter(None, (contract.date_end, line.date_end))
        return max(starts) <= day <= min(
            ends, default=day
        ) and not contract.suspension_ids.filtered(
            lambda suspension: (
                suspension.date_start <= day
                and (not suspension.date_end or day <= suspension.date_end)
            )
        )

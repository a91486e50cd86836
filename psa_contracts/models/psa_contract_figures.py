# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.fields import Domain

from .psa_contract_terms import COVERING


class PsaContractFigures(models.AbstractModel):
    """How a contract stands: hours left and work that it paid for."""

    _name = "psa.contract.figures"
    _description = "Figures of a Contract"

    grant_ids = fields.One2many("psa.contract.grant", "contract_id", string="Hours")
    has_hours = fields.Boolean(
        compute="_compute_left_hours",
        export_string_translation=False,
        help="It includes hours, or hours are bought before.",
    )
    left_hours = fields.Float(
        string="Hours Left",
        compute="_compute_left_hours",
        help="That may be used today, of all lines.",
    )
    is_running_low = fields.Boolean(
        compute="_compute_left_hours", search="_search_is_running_low"
    )
    work_entry_count = fields.Integer(
        string="Work Entries",
        compute="_compute_work_entry_count",
        groups="hr_timesheet.group_hr_timesheet_approver",
        help="That it covers, or under which they are billed.",
    )

    @api.depends("line_ids.left_hours", "line_ids.is_running_low")
    def _compute_left_hours(self):
        # Of all contracts together: their balances are read by one set of queries.
        limited = self.line_ids.filtered(
            lambda line: line.kind in COVERING and not line.is_unlimited
        )
        limited.mapped("left_hours")
        for contract in self:
            lines = contract.line_ids & limited
            contract.has_hours = bool(lines)
            contract.left_hours = sum(lines.mapped("left_hours"))
            contract.is_running_low = any(lines.mapped("is_running_low"))

    @api.model
    def _search_is_running_low(self, operator, _value):
        if operator != "in":
            return NotImplemented
        lines = self.env["psa.contract.line"].search(
            Domain("kind", "in", COVERING)
            & Domain("is_unlimited", "=", False)
            & Domain("contract_id.state", "=", "active")
        )
        balances = lines._get_balances(fields.Date.context_today(self))
        low = lines.filtered(
            lambda line: line in balances and balances[line].is_low(line.topup_percent)
        )
        return Domain("id", "in", low.contract_id.ids)

    def _compute_work_entry_count(self):
        counts = dict(
            self.env["psa.coverage.part"]._read_group(
                [("contract_id", "in", self.ids)],
                ["contract_id"],
                ["entry_id:count_distinct"],
            )
        )
        for contract in self:
            contract.work_entry_count = counts.get(contract._origin, 0)

    def action_open_work_entries(self):
        self.ensure_one()
        return self.env["res.partner"]._psa_entries_action(
            Domain("psa_coverage_part_ids.contract_id", "=", self.id)
        )

    def action_open_grants(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.actions"]._for_xml_id("psa_contracts.action_grant"),
            "domain": [("contract_id", "=", self.id)],
            "context": {"search_default_usable": 1},
        }

    def _get_form_action(self):
        """Return the action that opens this contract."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": "psa.contract",
            "res_id": self.id,
            "views": [[False, "form"]],
        }

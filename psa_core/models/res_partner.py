# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from dataclasses import dataclass
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain


@dataclass
class _WorkFigures:
    month: float = 0.0
    billable: float = 0.0
    year: float = 0.0
    waiting: int = 0


class ResPartner(models.Model):
    _inherit = "res.partner"

    psa_summary = fields.Json(
        string="PSA Summary",
        compute="_compute_psa_summary",
        groups="psa_core.group_psa_technician,psa_core.group_psa_billing",
        export_string_translation=False,
        help="What the suite knows about the client, in sections.",
    )

    @api.depends("commercial_partner_id")
    @api.depends_context("uid", "allowed_company_ids", "lang")
    def _compute_psa_summary(self):
        # A contact that is not saved yet has no work.
        by_client = self._origin.commercial_partner_id._psa_client_sections()
        for partner in self:
            client = partner._origin.commercial_partner_id
            sections = by_client.get(client, [])
            partner.psa_summary = sorted(
                sections, key=lambda section: section["sequence"]
            )

    def _psa_client_sections(self):
        """Return {client: [section]} for the client summary.

        Extend: add your section to each client's list, with one query for all
        clients. A section is ``{"name", "title", "sequence", "rows"}``; a row is
        ``{"label", "value", "kind", "warn", "action"}`` with kind hours, money (and
        currency_id), integer, date or text, and an action to open or False.
        """
        return {
            client: [section] for client, section in self._psa_work_section().items()
        }

    def _psa_work_section(self):
        """Return {client: section} of the work everybody did for them.

        In sudo, within the companies of the user: a technician reads only own entries,
        but should know how much a client takes. Hours are no cost.
        """
        today = fields.Date.context_today(self)
        month_start = today - timedelta(days=30)
        domain = Domain("project_id", "!=", False) & Domain("date", "<=", today)
        year = domain & Domain("date", ">", today - timedelta(days=365))
        figures = {client: _WorkFigures() for client in self}
        lines = self.env["account.analytic.line"].sudo()
        for client, day, state, worked, billable, count in lines._read_group(
            year
            & Domain("psa_client_id", "in", self.ids)
            & Domain("company_id", "in", self.env.companies.ids),
            ["psa_client_id", "date:day", "psa_review_state"],
            ["unit_amount:sum", "psa_billable_hours:sum", "__count"],
        ):
            found = figures[client.with_env(self.env)]
            found.year += worked
            found.waiting += count if state != "approved" else 0
            if fields.Date.to_date(day) > month_start:
                found.month += worked
                found.billable += billable
        month = domain & Domain("date", ">", month_start)
        waiting = year & Domain("psa_review_state", "!=", "approved")
        return {
            client: client._psa_prepare_work_section(found, month, year, waiting)
            for client, found in figures.items()
        }

    def _psa_prepare_work_section(self, found, month, year, waiting):
        self.ensure_one()

        def action(domain):
            # Technicians would open a list of their own entries only.
            if not self.env.user.has_group("hr_timesheet.group_hr_timesheet_approver"):
                return False
            return self._psa_entries_action(
                domain & Domain("psa_client_id", "=", self.id)
            )

        row = self._psa_row
        return {
            "name": "work",
            "title": self.env._("Work"),
            "sequence": 10,
            "rows": [
                row(
                    self.env._("Hours, last 30 days"),
                    found.month,
                    "hours",
                    action(month),
                ),
                row(self.env._("of which billable"), found.billable, "hours", False),
                row(
                    self.env._("Hours, last 12 months"),
                    found.year,
                    "hours",
                    action(year),
                ),
                row(
                    self.env._("Entries not approved"),
                    found.waiting,
                    "integer",
                    action(waiting),
                    warn=bool(found.waiting),
                ),
            ],
        }

    @api.model
    def _psa_row(self, label, value, kind, action, warn=False, **extra):
        return {
            "label": label,
            "value": value,
            "kind": kind,
            "action": action,
            "warn": warn,
            **extra,
        }

    @api.model
    def _psa_entries_action(self, domain):
        view_id = self.env["ir.model.data"]._xmlid_to_res_id
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Work Entries"),
            "res_model": "account.analytic.line",
            "views": [
                [view_id("psa_core.work_entry_view_list"), "list"],
                [view_id("psa_core.work_entry_view_form"), "form"],
            ],
            "search_view_id": [view_id("psa_core.work_entry_view_search")],
            "domain": list(domain),
        }

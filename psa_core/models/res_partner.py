# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain


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
        by_client = self.commercial_partner_id._psa_client_sections()
        for partner in self:
            sections = by_client.get(partner.commercial_partner_id, [])
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
        """Return {client: section} of the work done for them."""
        today = fields.Date.context_today(self)
        month = Domain("date", ">", today - timedelta(days=30))
        entry_domain = Domain("project_id", "!=", False) & Domain("date", "<=", today)
        entries = self.env["account.analytic.line"]
        rows = entries._read_group(
            entry_domain
            & Domain("psa_client_id", "in", self.ids)
            & Domain("date", ">", today - timedelta(days=365)),
            ["psa_client_id", "date:month", "psa_review_state"],
            ["unit_amount:sum", "__count"],
        )
        recent = {
            client: (worked, billable)
            for client, worked, billable in entries._read_group(
                entry_domain & month & Domain("psa_client_id", "in", self.ids),
                ["psa_client_id"],
                ["unit_amount:sum", "psa_billable_hours:sum"],
            )
        }
        result = {}
        for client in self:
            own = [row for row in rows if row[0] == client]
            worked, billable = recent.get(client, (0.0, 0.0))
            waiting = sum(row[4] for row in own if row[2] != "approved")
            client_domain = entry_domain & Domain("psa_client_id", "=", client.id)

            def action(domain, client_domain=client_domain):
                return self._psa_entries_action(client_domain & domain)

            result[client] = {
                "name": "work",
                "title": self.env._("Work"),
                "sequence": 10,
                "rows": [
                    self._psa_row(
                        self.env._("Hours, last 30 days"),
                        worked,
                        "hours",
                        action(month),
                    ),
                    self._psa_row(
                        self.env._("of which billable"), billable, "hours", False
                    ),
                    self._psa_row(
                        self.env._("Hours, last 12 months"),
                        sum(row[3] for row in own),
                        "hours",
                        action(Domain.TRUE),
                    ),
                    self._psa_row(
                        self.env._("Entries not approved"),
                        waiting,
                        "integer",
                        action(Domain("psa_review_state", "!=", "approved")),
                        warn=bool(waiting),
                    ),
                ],
            }
        return result

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

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from types import SimpleNamespace

from odoo import api, models
from odoo.fields import Domain

from odoo.addons.psa_contracts.models.res_partner import CURRENT

#: tickets that the job looks at together
CHUNK = 500


class PsaTicket(models.Model):
    _name = "psa.ticket"
    _inherit = ["psa.ticket", "psa.coverage.banner"]

    # ------------------------------------------------------------
    # What the contract promises
    # ------------------------------------------------------------

    @api.model
    def _selection_sla_source(self):
        return [("contract", self.env._("Contract")), *super()._selection_sla_source()]

    def _find_sla_policies(self):
        found = self._find_contract_policies()
        rest = self.browse(ticket.id for ticket in self if ticket not in found)
        return {**super(PsaTicket, rest)._find_sla_policies(), **found}

    def _find_contract_policies(self):
        """Return {ticket: (source, policy)} of those that a contract promises one."""
        asked = {
            ticket: SimpleNamespace(
                client_id=ticket.client_id.id,
                company_id=ticket.company_id.id,
                contact_id=ticket.partner_id.id,
                extra={"ticket_type_id": ticket.type_id.id},
            )
            for ticket in self
            if ticket.client_id
        }
        # In sudo: whoever opens a ticket starts its clocks.
        contracts = self.env["psa.contract"].sudo()
        found = contracts._find_promised("sla_policy_id", asked)
        policies = self.env["psa.sla.policy"]
        return {
            ticket: ("contract", policies.browse(policy_id))
            for ticket, policy_id in found.items()
        }

    @api.model
    def _request_moved_sla(self):
        """Let the job look at open tickets to which a contract promises something else.

        A contract, a line or a suspension begins or ends with a day, and nobody changes
        anything.
        """
        # In sudo: of all companies.
        contracts = self.env["psa.contract"].sudo()._search([("state", "in", CURRENT)])
        clients = contracts.subselect("client_id")
        domain = Domain("is_open", "=", True) & (
            Domain("client_id", "in", clients) | Domain("sla_source", "=", "contract")
        )
        moved, last_id = [], 0
        while tickets := self.sudo().search(
            domain & Domain("id", ">", last_id), order="id", limit=CHUNK
        ):
            last_id = tickets[-1].id
            moved += tickets._filter_moved_sla().ids
            tickets.invalidate_recordset()
        if moved:
            self._request_sla_sync([("id", "in", moved)])

    def _filter_moved_sla(self):
        """Return the tickets to which a contract promises something else by now."""
        found = self._find_contract_policies()
        return self.filtered(
            lambda ticket: (
                (ticket.sla_source == "contract" or ticket in found)
                and found.get(ticket) != (ticket.sla_source, ticket.sla_policy_id)
            )
        )

    # ------------------------------------------------------------
    # What the contract covers
    # ------------------------------------------------------------

    @api.depends("client_id", "is_open", "partner_id", "task_id", "team_id", "type_id")
    def _compute_psa_coverage_banner(self):
        return super()._compute_psa_coverage_banner()

    def _psa_get_coverage_question(self):
        facts = super()._psa_get_coverage_question()
        projects = self.env["project.project"].sudo()
        defaults = {}
        # In sudo: whoever serves need not read the project or the task.
        for number, ticket in enumerate(self.sudo()):
            if not (ticket.is_open and ticket.client_id and ticket.team_id):
                continue
            values = ticket._psa_timer_entry_values()
            project = projects.browse(values["project_id"])
            if not project.allow_billable:
                continue
            company, work_type = ticket.company_id, project.psa_work_type_id
            if not work_type and company not in defaults:
                defaults |= work_type._get_default_by_company(company)
            facts[ticket.with_env(self.env)] = self._psa_get_coverage_fact(
                number,
                ticket.client_id,
                company,
                work_type or defaults[company],
                is_sale=bool(values["task_id"] and ticket.task_id.sale_line_id),
                contact_id=ticket.partner_id.id or None,
                ticket_type_id=ticket.type_id.id,
            )
        return facts

    def _get_client_context(self):
        rows = super()._get_client_context()
        contracts = self.env["psa.contract"]
        if contracts.has_access("read"):
            clients = self.client_id._origin
            domain = [("client_id", "in", clients.ids), ("state", "in", CURRENT)]
            found = contracts.search(domain).grouped("client_id")
            for ticket in self:
                client = ticket.client_id._origin
                if client in found:
                    # What is left of their hours says the banner.
                    rows[ticket] += client._psa_contract_rows(found[client], {})
        return rows

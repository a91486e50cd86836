# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.psa_core.tools.rounding import seconds_to_hours

from .psa_contract_terms import PRICE_GROUPS

#: contracts that are in force or may be again
CURRENT = ("active", "suspended")
#: days before its end in which a contract asks for attention
NOTICE_DAYS = 90


class ResPartner(models.Model):
    _inherit = "res.partner"

    psa_contract_count = fields.Integer(
        string="Contracts",
        compute="_compute_psa_contract_count",
        groups="psa_core.group_psa_technician,psa_core.group_psa_billing",
        help="In force, of the whole client.",
    )
    psa_sees_contracts = fields.Boolean(
        string="Sees All Contracts of the Company",
        groups=PRICE_GROUPS,
        help="On the portal this contact reads all contracts of the company, with "
        "prices and hours. Who signs a contract reads it anyway.",
    )

    @api.depends("commercial_partner_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_psa_contract_count(self):
        clients = self.commercial_partner_id._origin
        counts = dict(
            self.env["psa.contract"]._read_group(
                [("client_id", "in", clients.ids), ("state", "in", CURRENT)],
                ["client_id"],
                ["__count"],
            )
        )
        for partner in self:
            client = partner.commercial_partner_id._origin
            partner.psa_contract_count = counts.get(client, 0)

    def action_psa_open_contracts(self):
        self.ensure_one()
        return self.commercial_partner_id._psa_contracts_action()

    def _psa_contracts_action(self):
        """Return the action that opens the contracts of this client."""
        self.ensure_one()
        return {
            **self.env["ir.actions.actions"]._for_xml_id(
                "psa_contracts.action_contract"
            ),
            "domain": [("client_id", "=", self._origin.id)],
            "context": {
                "default_client_id": self._origin.id,
                "search_default_current": 1,
            },
        }

    def _psa_client_sections(self):
        sections = super()._psa_client_sections()
        for client, section in self._psa_contract_section().items():
            sections[client].append(section)
        return sections

    def _psa_contract_section(self):
        """Return {client: section} of the contracts the user may read."""
        contracts = self.env["psa.contract"].search(
            [("client_id", "in", self.ids), ("state", "in", CURRENT)]
        )
        # All balances by one set of queries.
        balances = contracts.line_ids._get_balances(fields.Date.context_today(self))
        by_client = contracts.grouped("client_id")
        return {
            client: {
                "name": "contracts",
                "title": self.env._("Contracts"),
                "sequence": 7,
                "rows": client._psa_contract_rows(
                    by_client.get(client, contracts.browse()), balances
                ),
            }
            for client in self
        }

    def _psa_contract_rows(self, contracts, balances):
        row = self._psa_row
        active = contracts.filtered(lambda contract: contract.state == "active")
        rows = [
            row(
                self.env._("Contracts in force"),
                len(active),
                "integer",
                self._psa_contracts_action(),
            )
        ]
        rows += [
            row(
                self.env._(
                    "Left: %(line)s (%(contract)s)",
                    line=line._get_printed_name(),
                    contract=line.contract_id.number or line.contract_id.name,
                ),
                seconds_to_hours(balances[line].left),
                "hours",
                line.contract_id._get_form_action(),
                warn=balances[line].is_low(line.topup_percent),
            )
            for line in active.line_ids
            if line in balances
        ]
        rows += [
            row(
                self.env._("Suspended: %(name)s", name=contract.display_name),
                contract.state_reason or "",
                "text",
                contract._get_form_action(),
                warn=True,
            )
            for contract in contracts - active
        ]
        ending = contracts.filtered("date_end").sorted("date_end")[:1]
        if ending:
            today = fields.Date.context_today(self)
            rows.append(
                row(
                    self.env._("Ends next: %(name)s", name=ending.display_name),
                    fields.Date.to_string(ending.date_end),
                    "date",
                    ending._get_form_action(),
                    warn=ending.date_end < today + timedelta(days=NOTICE_DAYS),
                )
            )
        return rows

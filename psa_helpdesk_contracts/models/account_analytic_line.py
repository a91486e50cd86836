# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models


class AccountAnalyticLine(models.Model):
    _inherit = "account.analytic.line"

    @api.model
    def _psa_coverage_depends(self):
        return [
            *super()._psa_coverage_depends(),
            "psa_ticket_id.partner_id",
            "psa_ticket_id.type_id",
        ]

    def _psa_get_coverage_facts(self):
        facts = super()._psa_get_coverage_facts()
        # In sudo: the ticket may be one that who recorded the work may not read.
        for entry in self.sudo():
            fact, ticket = facts[entry.id], entry.psa_ticket_id
            fact.extra["ticket_type_id"] = ticket.type_id.id
            fact.contact_id = ticket.partner_id.id or fact.contact_id
        return facts

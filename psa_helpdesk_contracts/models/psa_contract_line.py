# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class PsaContractLine(models.Model):
    _inherit = "psa.contract.line"

    sla_policy_id = fields.Many2one(check_company=True)

    @api.model
    def _get_scope_columns(self):
        types = self._get_scope_column("ticket_type_ids")
        return {**super()._get_scope_columns(), "ticket_types": types}

    @api.model
    def _get_scope_checks(self):
        def applies(line, fact):
            types = line.extra["ticket_types"]
            return not types or fact.extra.get("ticket_type_id") in types

        return [*super()._get_scope_checks(), ("ticket_type", applies)]

    @api.model
    def _get_scope_reasons(self):
        reason = self.env._("does not cover this type of ticket")
        return {**super()._get_scope_reasons(), "ticket_type": reason}

    @api.model
    def _get_amended_fields(self):
        return [*super()._get_amended_fields(), "sla_policy_id", "ticket_type_ids"]

    @api.model
    def _get_printed_fields(self):
        return [*super()._get_printed_fields(), "sla_policy_id", "ticket_type_ids"]

    def _get_printed_details(self):
        details = super()._get_printed_details()
        if self.ticket_type_ids:
            names = ", ".join(self.ticket_type_ids.mapped("name"))
            details.append(self.env._("Only for tickets of type: %s", names))
        if self.sla_policy_id:
            details.append(self.env._("Service level: %s", self.sla_policy_id.name))
        return details

    @api.model
    def _get_neutral_fields(self):
        return super()._get_neutral_fields() | {"sla_policy_id"}

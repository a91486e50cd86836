# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class PsaContractTemplate(models.Model):
    _inherit = "psa.contract.template"

    sla_policy_id = fields.Many2one(
        "psa.sla.policy",
        string="SLA Policy",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="For tickets of the client, unless a line says otherwise.",
    )

    def _prepare_contract_values(self, client):
        values = super()._prepare_contract_values(client)
        return {**values, "sla_policy_id": self.sla_policy_id.id}

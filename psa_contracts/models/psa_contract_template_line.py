# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.fields import Command

from .psa_contract_terms import DATED_FIELDS

#: what a line of a contract takes over as it is, beside its dated terms
COPIED_FIELDS = (
    "sequence",
    "name",
    "kind",
    "is_unlimited",
    "recurrence_interval",
    "recurrence_unit",
    "anchor_day",
    "billing_timing",
    "proration",
    "validity_months",
    "rollover_share",
    "rollover_cap",
    "rollover_months",
    "overage",
    "topup",
    "topup_percent",
    *DATED_FIELDS,
)

from .psa_contract_terms import DATED_FIELDS


class PsaContractTemplateLine(models.Model):
    _name = "psa.contract.template.line"
    _description = "Contract Template Line"
    _inherit = ["psa.contract.terms"]

    template_id = fields.Many2one(
        "psa.contract.template", required=True, index=True, ondelete="cascade"
    )
    name = fields.Char(translate=True)

    def _prepare_contract_line(self):
        """Return the values of a contract line that begins as this one is now."""
        self.ensure_one()
        # In sudo: whoever sells a package sells it at prices he may not read.
        terms = self.sudo()
        names = [
            name
            for name, field in self.env["psa.contract.terms"]._fields.items()
            if not field.automatic and (field.store or name in DATED_FIELDS)
        ]
        values = {name: terms[name] for name in names}
        return {
            **terms._convert_to_write(values),
            "template_line_id": self.id,
        }

    def _prepare_line_values(self, contract):
        """Return the values of a contract's line that is a copy of this.

        Prices of the template are in the currency of the company; those of the contract
        in its own, at the rate of its first day.
        """
        self.ensure_one()
        # In sudo: whoever compares a contract with its template may not see prices.
        line = self.sudo().with_context(lang=contract.client_id.lang or self.env.lang)
        company = contract.company_id or self.env.company
        values = {name: line[name] for name in COPIED_FIELDS}
        values["price_unit"] = company.currency_id._convert(
            line.price_unit,
            contract.currency_id or company.currency_id,
            company,
            contract.date_start or fields.Date.context_today(self),
            round=contract.currency_id != company.currency_id,
        )
        if line.product_id:
            values["product_id"] = line.product_id.id
        return {
            **values,
            "template_line_id": self.id,
            "calendar_id": line.calendar_id.id,
            "work_type_ids": [Command.set(line.work_type_ids.ids)],
        }

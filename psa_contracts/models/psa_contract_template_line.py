# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models

from .psa_contract_terms import DATED_FIELDS


class PsaContractTemplateLine(models.Model):
    _name = "psa.contract.template.line"
    _description = "Contract Template Line"
    _inherit = ["psa.contract.terms"]

    template_id = fields.Many2one(
        "psa.contract.template", required=True, index=True, ondelete="cascade"
    )
    name = fields.Char(translate=True)

    def _prepare_line_values(self, contract):
        """Return the values of a contract's line that is a copy of this.

        Prices of the template are in the currency of the company; those of the contract
        in its own, at the rate of its first day.
        """
        self.ensure_one()
        # In sudo: whoever sells a package sells it at prices he may not read. In the
        # language of the client, who signs it.
        line = self.sudo().with_context(lang=contract.client_id.lang or self.env.lang)
        names = [
            name
            for name, field in self.env["psa.contract.terms"]._fields.items()
            if name != "id" and (field.store or name in DATED_FIELDS)
        ]
        values = line._convert_to_write({name: line[name] for name in names})
        values["template_line_id"] = self.id
        if not line.product_id:
            # That of its kind.
            del values["product_id"]
        company = contract.company_id or self.env.company
        currency = contract.currency_id or company.currency_id
        if currency != company.currency_id:
            values["price_unit"] = company.currency_id._convert(
                values["price_unit"],
                currency,
                company,
                contract.date_start or fields.Date.context_today(self),
            )
        return values

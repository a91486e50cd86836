# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class PsaContractAmendment(models.Model):
    """Who changed what of a contract in force, before and after. Never edited."""

    _name = "psa.contract.amendment"
    _description = "Amendment of a Contract"
    _order = "id desc"
    _rec_name = "number"

    contract_id = fields.Many2one(
        "psa.contract", required=True, index=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one(related="contract_id.company_id")
    number = fields.Integer(string="Version", readonly=True)
    user_id = fields.Many2one("res.users", required=True, readonly=True)
    changed_at = fields.Datetime(required=True, readonly=True)
    changes = fields.Json(
        readonly=True,
        export_string_translation=False,
        help="Rows with the record, the field, and what it was before and after.",
    )

    _number_uniq = models.UniqueIndex("(contract_id, number)")

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError

from .contract_changes import to_table, to_text
from .psa_contract_terms import PRICE_GROUPS


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
        string="Rows",
        readonly=True,
        # Prices are in it: who does not see them reads the summary.
        groups=PRICE_GROUPS,
        export_string_translation=False,
        help="Rows with the record, the field, and what it was before and after.",
    )
    summary = fields.Html(
        string="Changes",
        compute="_compute_summary",
        help="What changed, without the prices for whom they are not.",
    )

    _number_uniq = models.UniqueIndex("(contract_id, number)")

    @api.depends("changes")
    @api.depends_context("uid", "lang")
    def _compute_summary(self):
        headers = [
            self.env._("What"),
            self.env._("Field"),
            self.env._("Before"),
            self.env._("After"),
        ]
        for amendment in self:
            # In sudo: everybody reads the summary, of what each may see.
            rows = amendment.sudo().changes or []
            amendment.summary = to_table(
                headers, [self._to_cells(row) for row in rows if self._may_read(row)]
            )

    @api.model
    def _may_read(self, row):
        model = self.env.get(row["model"])
        known = model._fields.get(row["field"]) if model is not None else None
        return not known or model._has_field_access(known, "read")

    @api.model
    def _to_cells(self, row):
        model, name = row["model"], row["field"]
        known = self.env[model]._fields.get(name) if model in self.env else None
        label = known._description_string(self.env) if known else row["label"]
        texts = {
            side: to_text(self.env, model, name, row[side])
            for side in ("before", "after")
        }
        if row["step"] == "add":
            texts["before"] = ""
        elif row["step"] == "remove":
            texts["after"] = self.env._("removed")
        return [row["record"], label, texts["before"], texts["after"]]

    def write(self, vals):
        """:raise UserError: whatever is written: what was agreed once was agreed"""
        self.check_access("write")
        if vals:
            raise UserError(
                self.env._("An amendment is a record and cannot be changed.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_always(self):
        raise UserError(self.env._("An amendment is a record and cannot be deleted."))

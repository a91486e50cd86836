# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

from ..tools.period_text import strip_period
from .contract_changes import to_table, to_text, value_to_json


class PsaContractTemplating(models.AbstractModel):
    """A contract is a copy of its template; what differs from it today can be shown."""

    _name = "psa.contract.templating"
    _description = "Template of a Contract"

    template_drift = fields.Html(
        compute="_compute_template_drift",
        help="What differs from the template as it is today; empty: nothing.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Fill a contract made from a template with what the values leave out."""
        vals_list = [self._with_template(vals) for vals in vals_list]
        contracts = super().create(vals_list)
        lines = [
            line_values
            for contract, vals in zip(contracts, vals_list, strict=True)
            if contract.template_id and "line_ids" not in vals
            for line_values in contract._prepare_template_lines()
        ]
        self.env["psa.contract.line"].create(lines)
        return contracts

    @api.model
    def _with_template(self, vals):
        templates = self.env["psa.contract.template"]
        template = templates.browse(
            vals.get("template_id") or self.env.context.get("default_template_id")
        )
        if not template:
            return vals
        client = self.env["res.partner"].browse(vals.get("client_id"))
        return {**template._prepare_contract_values(client), **vals}

    @api.onchange("template_id", "currency_id")
    def _onchange_template_id(self):
        template = self.template_id
        if not template or (self._origin and template == self._origin.template_id):
            return
        values = template._prepare_contract_values(self.client_id)
        values["name"] = self.name or values["name"]
        self.update(values)
        self.line_ids = False
        lines = self.env["psa.contract.line"]
        for line_values in self._prepare_template_lines():
            line_values.pop("contract_id")
            lines += lines.new(line_values)
        self.line_ids = lines

    def _prepare_template_lines(self):
        """Return the values of the lines of the template."""
        self.ensure_one()
        return [
            {**line._prepare_line_values(self), "contract_id": self.id}
            for line in self.template_id.line_ids
        ]

    # ------------------------------------------------------------
    # Drift
    # ------------------------------------------------------------

    @api.depends("template_id", "line_ids")
    @api.depends_context("uid", "lang")
    def _compute_template_drift(self):
        headers = [
            self.env._("What"),
            self.env._("Field"),
            self.env._("Contract"),
            self.env._("Template"),
        ]
        for contract in self:
            contract.template_drift = to_table(headers, contract._get_drift())

    def _get_drift(self):
        """Return rows of texts: what, which field, in the contract, in the template."""
        self.ensure_one()
        template = self.template_id
        if not template:
            return []
        expected = template._prepare_contract_values(self.client_id)
        del expected["name"]
        rows = self._get_differences("", self, expected)
        left = self.line_ids
        for template_line in template.line_ids:
            # Not filtered: of all contracts each field is read at once.
            lines = [
                line for line in self.line_ids if line.template_line_id == template_line
            ]
            left -= self.browse().line_ids.concat(*lines)
            expected = template_line._prepare_line_values(self)
            for line in lines:
                rows += self._get_differences(line.display_name, line, expected)
            if not lines:
                missing = self.env._("is missing")
                rows.append([strip_period(expected["name"]), "", missing, ""])
        rows += [[line.display_name, "", "", self.env._("is missing")] for line in left]
        return rows

    def _get_differences(self, label, record, expected):
        """Return rows of what is not as expected, without what the user may not see."""
        rows = []
        for name, value in expected.items():
            known = record._fields[name]
            if name == "template_line_id" or not record._has_field_access(
                known, "read"
            ):
                continue
            # As the field has it: a new record would be computed for each.
            cached = known.convert_to_cache(value, record)
            wanted = known.convert_to_record(cached, record)
            texts = [
                to_text(self.env, record._name, name, value_to_json(known.type, found))
                for found in (record[name], wanted)
            ]
            if texts[0] != texts[1]:
                rows.append([label, known._description_string(self.env), *texts])
        return rows

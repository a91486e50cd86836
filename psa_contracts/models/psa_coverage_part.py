# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

COVERAGE = [
    ("sale", "Sales Order"),
    ("included", "Included"),
    ("prepaid", "Prepaid"),
    ("billable", "Billable"),
    ("goodwill", "Goodwill"),
    ("internal", "Not Billable"),
]


class PsaCoveragePart(models.Model):
    """A part of a work entry and what covers it. Made by the suite only."""

    _name = "psa.coverage.part"
    _description = "Coverage of Work"
    _order = "entry_id, sequence, id"
    _log_access = False

    entry_id = fields.Many2one(
        "account.analytic.line",
        string="Work Entry",
        required=True,
        index=True,
        ondelete="cascade",
    )
    sequence = fields.Integer(required=True)
    kind = fields.Selection(COVERAGE, string="Coverage", required=True, index=True)
    hours = fields.Float(
        required=True, help="Billable hours: rounded and multiplied by the work type."
    )
    # Copied from the entry: reports group by them, and a moved entry leaves here
    # where it was.
    date = fields.Date(required=True)
    client_id = fields.Many2one("res.partner", ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, index=True)
    contract_id = fields.Many2one(
        "psa.contract", index="btree_not_null", ondelete="restrict"
    )
    line_id = fields.Many2one(
        "psa.contract.line", index="btree_not_null", ondelete="restrict"
    )
    grant_id = fields.Many2one(
        "psa.contract.grant", index="btree_not_null", ondelete="restrict"
    )
    rate_id = fields.Many2one("psa.rate", index="btree_not_null", ondelete="set null")
    price_unit = fields.Float(
        string="Price per Hour", digits="Product Price", help="Without taxes."
    )
    currency_id = fields.Many2one("res.currency")
    amount = fields.Monetary(help="Of this part, without taxes.")
    is_to_approve = fields.Boolean(
        string="To Approve",
        help="The hours are used up, and the contract says to ask first.",
    )
    is_correction = fields.Boolean(
        string="Correction",
        help="Puts right what has been billed; the parts of a correction add up to 0.",
    )

    _client_date_idx = models.Index("(client_id, date)")

    @api.depends("kind", "hours")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for part in self:
            hours = self.env["ir.qweb.field.float_time"].value_to_html(part.hours, {})
            part.display_name = f"{hours} {kinds.get(part.kind, '')}"

    def action_open_entry(self):
        self.ensure_one()
        action = self.env["res.partner"]._psa_entries_action([])
        form = [view for view in action["views"] if view[1] == "form"]
        return {**action, "views": form, "res_id": self.entry_id.id}

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

from ..models.psa_contract_terms import DATED_FIELDS, PRICE_GROUPS, PRICE_MODES


class PsaContractChange(models.TransientModel):
    """Asks what is agreed about a line from a day on."""

    _name = "psa.contract.change"
    _description = "Change Terms of a Contract Line"

    line_id = fields.Many2one("psa.contract.line", required=True, ondelete="cascade")
    kind = fields.Selection(related="line_id.kind")
    date_start = fields.Date(
        string="From",
        required=True,
        default=fields.Date.context_today,
        help="In the past, too: work since then is decided upon again.",
    )
    quantity = fields.Float(
        compute="_compute_terms", store=True, readonly=False, digits="Product Unit"
    )
    hours = fields.Float(compute="_compute_terms", store=True, readonly=False)
    price_mode = fields.Selection(
        PRICE_MODES, compute="_compute_terms", store=True, readonly=False
    )
    price_unit = fields.Float(
        string="Price",
        compute="_compute_terms",
        store=True,
        readonly=False,
        digits="Product Price",
        groups=PRICE_GROUPS,
    )
    discount = fields.Float(
        string="Discount %",
        compute="_compute_terms",
        store=True,
        readonly=False,
        digits="Discount",
        groups=PRICE_GROUPS,
    )
    note = fields.Char(string="Reason", required=True)

    @api.depends("line_id", "date_start")
    def _compute_terms(self):
        for wizard in self:
            term = wizard.line_id._origin
            if term and wizard.date_start:
                term = term._get_term(wizard.date_start)
            for name in DATED_FIELDS:
                wizard[name] = term[name]

    def action_change(self):
        """Change what is different from the day on.

        :raise AccessError: unless the user may change the contract
        """
        self.ensure_one()
        self.line_id._change_terms(
            self.date_start,
            {self.line_id: {name: self[name] for name in DATED_FIELDS}},
            note=self.note,
        )

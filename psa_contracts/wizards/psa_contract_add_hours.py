# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

from ..models.psa_contract_terms import PRICE_GROUPS


class PsaContractAddHours(models.TransientModel):
    """Gives a client hours in a line of his contract, without an order."""

    _name = "psa.contract.add.hours"
    _description = "Add Prepaid Hours"

    line_id = fields.Many2one(
        "psa.contract.line",
        required=True,
        domain=[("kind", "=", "prepaid")],
        ondelete="cascade",
    )
    currency_id = fields.Many2one(related="line_id.currency_id")
    hours = fields.Float(
        required=True,
        compute="_compute_from_line",
        store=True,
        readonly=False,
        precompute=True,
    )
    price = fields.Monetary(
        compute="_compute_from_line",
        store=True,
        readonly=False,
        precompute=True,
        groups=PRICE_GROUPS,
        help="Of all these hours, without taxes.",
    )
    billed_by = fields.Selection(
        [("contract", "The contract"), ("none", "Not billed")],
        string="Billed by",
        required=True,
        default="contract",
        help="Hours bought with an order are given by confirming the order.",
    )
    date_start = fields.Date(
        string="From", required=True, default=fields.Date.context_today
    )
    date_end = fields.Date(
        string="Last Day",
        compute="_compute_from_line",
        store=True,
        readonly=False,
        precompute=True,
        help="Empty: they do not expire.",
    )
    note = fields.Char(help="Why, and what was agreed.")

    _hours_positive = models.Constraint("CHECK (hours > 0)", "Say how many hours.")

    @api.depends("line_id", "date_start")
    def _compute_from_line(self):
        """Propose a block of the line, bought on the day."""
        for wizard in self:
            line, day = wizard.line_id, wizard.date_start
            is_known = bool(line and day)
            wizard.hours = line._get_term(day).hours if is_known else 0.0
            wizard.price = line._get_block_price(day) if is_known else 0.0
            wizard.date_end = is_known and line._get_expiry(day)

    def action_add(self):
        """Give the hours, as who may write contracts."""
        self.ensure_one()
        is_billed = self.billed_by == "contract"
        self.env["psa.contract.grant"].create(
            {
                "line_id": self.line_id.id,
                "hours": self.hours,
                "price": self.price if is_billed else 0.0,
                "billed_by": "contract" if is_billed else False,
                "date_start": self.date_start,
                "date_end": self.date_end,
                "note": self.note,
            }
        )
        return {"type": "ir.actions.act_window_close"}

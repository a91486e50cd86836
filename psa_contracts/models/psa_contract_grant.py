# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from .psa_contract_guard import check_system_fields
from .psa_contract_terms import PRICE_GROUPS, SALE_GROUPS

ORIGINS = [
    ("period", "Period"),
    ("purchase", "Bought"),
    ("rollover", "Rolled Over"),
    ("next_block", "Further Block"),
]

#: fields that decide what hours cover
COVERAGE_FIELDS = {"line_id", "hours", "date_start", "date_end"}
#: what stays as it is once an order gave the hours, or work used them
FIXED_FIELDS = COVERAGE_FIELDS | {
    "billed_by",
    "origin",
    "parent_id",
    "price",
    "sale_line_id",
}
#: worked out, but stored
SYSTEM_FIELDS = {"company_id", "contract_id"}


class PsaContractGrant(models.Model):
    """Hours a client was given. What is left of them is a sum, never a number."""

    _name = "psa.contract.grant"
    _description = "Granted Hours"
    _inherit = ["psa.contract.amended"]
    _order = "date_end nulls last, date_start, id"
    _check_company_auto = True

    line_id = fields.Many2one(
        "psa.contract.line", required=True, index=True, ondelete="cascade"
    )
    # Not precomputed: what the host makes for that stays among the contract's grants.
    contract_id = fields.Many2one(related="line_id.contract_id", store=True, index=True)
    client_id = fields.Many2one(related="contract_id.client_id")
    company_id = fields.Many2one(related="contract_id.company_id", store=True)
    currency_id = fields.Many2one(related="contract_id.currency_id")
    origin = fields.Selection(ORIGINS, required=True, default="purchase", readonly=True)
    parent_id = fields.Many2one(
        "psa.contract.grant",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        help="The hours these are the rest of.",
    )
    date_start = fields.Date(
        string="From", required=True, default=fields.Date.context_today
    )
    date_end = fields.Date(
        string="Last Day", index="btree_not_null", help="Empty: they do not expire."
    )
    hours = fields.Float(required=True)
    price = fields.Monetary(
        groups=PRICE_GROUPS, help="Of all these hours, without taxes."
    )
    sale_line_id = fields.Many2one(
        "sale.order.line",
        index="btree_not_null",
        readonly=True,
        ondelete="restrict",
        check_company=True,
        groups=SALE_GROUPS,
        help="The order with which the client bought them.",
    )
    billed_by = fields.Selection(
        [("order", "The order"), ("contract", "The contract")],
        help="What the hours are invoiced by. Empty: by nothing of their own, as hours "
        "of a period, or a gift.",
    )
    expiry_told = fields.Boolean(
        string="Told Before Expiry",
        readonly=True,
        copy=False,
        help="The responsible was reminded that they expire.",
    )
    note = fields.Char()
    part_ids = fields.One2many("psa.coverage.part", "grant_id", string="Uses")
    used_hours = fields.Float(string="Used", compute="_compute_used_hours")
    expired_hours = fields.Float(string="Expired", compute="_compute_used_hours")
    left_hours = fields.Float(string="Left", compute="_compute_used_hours")

    _period_uniq = models.UniqueIndex("(line_id, date_start) WHERE origin = 'period'")
    _rollover_uniq = models.UniqueIndex("(parent_id) WHERE parent_id IS NOT NULL")
    _sale_line_uniq = models.UniqueIndex(
        "(sale_line_id) WHERE sale_line_id IS NOT NULL",
        "These hours have been given already.",
    )
    _hours_positive = models.Constraint(
        "CHECK (hours >= 0)", "Hours cannot be negative."
    )
    _dates_in_order = models.Constraint(
        "CHECK (date_end IS NULL OR date_end >= date_start)",
        "Hours cannot expire before they are given.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        check_system_fields(self, SYSTEM_FIELDS, vals_list, defaults=True)
        grants = super().create(vals_list)
        grants.contract_id._request_coverage()
        return grants

    def write(self, vals):
        self._check_fixed_fields(vals)
        check_system_fields(self, SYSTEM_FIELDS, [vals])
        contracts = self.contract_id
        if "date_end" in vals:
            # Another last day is another reason to tell.
            vals = {"expiry_told": False, **vals}
        result = super().write(vals)
        if COVERAGE_FIELDS & vals.keys():
            (contracts | self.contract_id)._request_coverage()
        return result

    def unlink(self):
        contracts = self.contract_id
        result = super().unlink()
        contracts._request_coverage()
        return result

    def _check_fixed_fields(self, vals):
        """Refuse changes by hand of hours that are used, or that an order gave.

        :raise UserError: when there are any
        """
        if self.env.su or not FIXED_FIELDS & vals.keys():
            return
        # In sudo: whoever changes hours may not see all work, nor orders.
        for grant in self.sudo():
            if grant.sale_line_id or grant.part_ids:
                raise UserError(
                    self.env._(
                        "%(hours)s: work used these hours, or an order gave them. They "
                        "stay as they are: add others.",
                        hours=grant.display_name,
                    )
                )

    @api.model
    def _get_amended_fields(self):
        return ["date_start", "date_end", "hours", "price", "billed_by"]

    @api.model
    def _get_neutral_fields(self):
        # Hours ask for coverage by themselves, also where nothing is kept.
        return set(self._get_amended_fields())

    def _get_amended_contract(self):
        """Only what is bought by hand: the rest follows work, or has its order."""
        return self.filtered(
            lambda grant: grant.origin == "purchase" and not grant.sale_line_id
        ).contract_id

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # In sudo: whoever deletes hours may not see all work.
        used = self.sudo().filtered("part_ids")
        if used:
            raise UserError(
                self.env._(
                    "Work was covered by %(hours)s: it cannot be deleted.",
                    hours=used[0].display_name,
                )
            )

    @api.depends("hours", "date_end", "part_ids.hours")
    def _compute_used_hours(self):
        # In sudo: whoever reads a balance reads the whole, not the sum of own work.
        parts = self.env["psa.coverage.part"].sudo()
        used = dict(
            parts._read_group(
                [("grant_id", "in", self.ids)], ["grant_id"], ["hours:sum"]
            )
        )
        rolled = {
            child.parent_id: child.hours
            for child in self.sudo().search([("parent_id", "in", self.ids)])
        }
        today = fields.Date.context_today(self)
        for grant in self:
            grant.used_hours = used.get(grant.sudo(), 0.0)
            rest = grant.hours - grant.used_hours
            is_over = bool(grant.date_end and grant.date_end < today)
            grant.left_hours = 0.0 if is_over else rest
            grant.expired_hours = (
                max(0.0, rest - rolled.get(grant.sudo(), 0.0)) if is_over else 0.0
            )

    @api.depends("line_id.display_name", "date_start")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for grant in self:
            day = format_date(self.env, grant.date_start)
            grant.display_name = f"{grant.line_id.display_name} · {day}"

    @api.model
    def _put_block_prices(self, ids):
        """Give further blocks the price that their line has on their first day."""
        # In sudo: whoever records work may make a block necessary.
        for grant in self.sudo().browse(ids):
            grant.write(
                {
                    "price": grant.line_id._get_block_price(grant.date_start),
                    "billed_by": "contract",
                }
            )

    def action_open_uses(self):
        """Open the work that used these hours."""
        self.ensure_one()
        return {
            **self.env["ir.actions.actions"]._for_xml_id(
                "psa_contracts.action_coverage_part"
            ),
            "name": self.display_name,
            "view_mode": "list,pivot,graph",
            "views": [(False, "list"), (False, "pivot"), (False, "graph")],
            "domain": [("grant_id", "=", self.id)],
            "context": {},
        }

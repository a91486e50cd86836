# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

from .psa_contract_guard import check_system_fields
from .psa_contract_terms import SALE_GROUPS

#: worked out, but stored
SYSTEM_FIELDS = {"contract_state"}


class PsaContractLine(models.Model):
    """One thing a contract contains; its kind says how it is paid, what it covers."""

    _name = "psa.contract.line"
    _description = "Contract Line"
    _inherit = [
        "psa.contract.line.life",
        "psa.contract.line.count",
        "psa.contract.line.dated",
        "psa.contract.amended",
        "psa.contract.terms",
        "psa.contract.line.balance",
        "psa.contract.line.print",
        "psa.contract.line.rollover",
        "psa.contract.line.scope",
        "psa.contract.line.topup",
    ]
    _check_company_auto = True

    contract_id = fields.Many2one(
        "psa.contract", required=True, index=True, ondelete="cascade"
    )
    template_line_id = fields.Many2one(
        "psa.contract.template.line",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
    )
    company_id = fields.Many2one(related="contract_id.company_id")
    currency_id = fields.Many2one(related="contract_id.currency_id")
    # Stored for the index below.
    contract_state = fields.Selection(
        related="contract_id.state", store=True, precompute=True
    )
    calendar_id = fields.Many2one(check_company=True)
    date_start = fields.Date(string="First Day", help="Empty: with the contract.")
    date_end = fields.Date(string="Last Day", help="Empty: with the contract.")
    covered_partner_ids = fields.Many2many(
        "res.partner",
        string="Sites and Contacts Covered",
        ondelete="restrict",
        help="With everybody below them. Empty: as the contract says.",
    )
    sale_line_id = fields.Many2one(
        "sale.order.line",
        index="btree_not_null",
        copy=False,
        ondelete="restrict",
        check_company=True,
        groups=SALE_GROUPS,
        help="Where it was sold. A fixed price is billed by it.",
    )
    term_ids = fields.One2many("psa.contract.line.term", "line_id", copy=True)
    grant_ids = fields.One2many("psa.contract.grant", "line_id")

    # As agreed today; see psa.contract.line.dated. Without defaults of their own: those
    # of a row count.
    quantity = fields.Float(compute="_compute_dated", readonly=False, default=None)
    hours = fields.Float(compute="_compute_dated", readonly=False)
    price_mode = fields.Selection(
        compute="_compute_dated",
        readonly=False,
        required=False,
        default=None,
    )
    price_unit = fields.Float(compute="_compute_dated", readonly=False)
    discount = fields.Float(compute="_compute_dated", readonly=False)

    _sale_line_uniq = models.UniqueIndex(
        "(sale_line_id) WHERE sale_line_id IS NOT NULL"
        " AND contract_state <> 'cancelled'",
        "This order line is in a contract already.",
    )
    _dates_in_order = models.Constraint(
        "CHECK (date_end IS NULL OR date_start IS NULL OR date_end >= date_start)",
        "A line cannot end before it starts.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        check_system_fields(self, SYSTEM_FIELDS, vals_list, defaults=True)
        return super().create(vals_list)

    def write(self, vals):
        check_system_fields(self, SYSTEM_FIELDS, [vals])
        return super().write(vals)

    @api.model
    def _get_amended_fields(self):
        return [
            "name",
            "sequence",
            "kind",
            "product_id",
            "date_start",
            "date_end",
            "is_unlimited",
            "work_type_ids",
            "covered_partner_ids",
            "calendar_id",
            "recurrence_interval",
            "recurrence_unit",
            "anchor_day",
            "billing_timing",
            "proration",
            "count_source",
            "validity_months",
            "rollover_share",
            "rollover_cap",
            "rollover_months",
            "overage",
            "topup",
            "topup_percent",
            "tell_client",
        ]

    @api.model
    def _get_neutral_fields(self):
        return {
            "name",
            "product_id",
            "billing_timing",
            "count_source",
            "topup",
            "topup_percent",
            "tell_client",
        }

    @api.model
    def _get_printed_fields(self):
        return [
            "anchor_day",
            "billing_timing",
            "calendar_id",
            "covered_partner_ids",
            "date_end",
            "date_start",
            "is_unlimited",
            "kind",
            "name",
            "overage",
            "product_id",
            "proration",
            "recurrence_interval",
            "recurrence_unit",
            "rollover_cap",
            "rollover_months",
            "rollover_share",
            "sale_line_id",
            "sequence",
            "validity_months",
            "work_type_ids",
        ]

    def action_change_terms(self):
        """Open the dialog that changes quantity, hours and price from a day on."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "psa_contracts.action_contract_change"
        )
        return {**action, "context": {"default_line_id": self.id}}

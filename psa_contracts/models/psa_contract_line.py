# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

from .psa_contract import NEVER_STARTED
from .psa_contract_terms import DATED_FIELDS


class PsaContractLine(models.Model):
    """One thing a contract contains; its kind says how it is paid and what it covers."""

    _name = "psa.contract.line"
    _description = "Contract Line"
    _inherit = ["psa.contract.terms"]
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
    contract_state = fields.Selection(related="contract_id.state")
    product_id = fields.Many2one(check_company=True)
    calendar_id = fields.Many2one(check_company=True)
    date_start = fields.Date(help="Empty: with the contract.")
    date_end = fields.Date(string="Last Day", help="Empty: with the contract.")
    covered_partner_ids = fields.Many2many(
        "res.partner",
        string="Sites and Contacts Covered",
        ondelete="restrict",
        help="With everybody below them. Empty: as the contract says.",
    )
    count_source = fields.Selection(
        selection="_selection_count_source",
        string="Counted From",
        help="What the quantity is counted from, every day. Empty: typed by hand.",
    )
    sale_line_id = fields.Many2one(
        "sale.order.line",
        index="btree_not_null",
        copy=False,
        ondelete="restrict",
        check_company=True,
        help="Where it was sold. A fixed price is billed by it.",
    )
    term_ids = fields.One2many("psa.contract.line.term", "line_id", copy=True)
    grant_ids = fields.One2many("psa.contract.grant", "line_id")

    # As agreed today; rows with a first day keep what was and will be.
    quantity = fields.Float(compute="_compute_dated", inverse="_inverse_dated")
    hours = fields.Float(compute="_compute_dated", inverse="_inverse_dated")
    price_mode = fields.Selection(
        compute="_compute_dated", inverse="_inverse_dated", required=False
    )
    price_unit = fields.Float(compute="_compute_dated", inverse="_inverse_dated")
    discount = fields.Float(compute="_compute_dated", inverse="_inverse_dated")

    _dates_in_order = models.Constraint(
        "CHECK (date_end IS NULL OR date_start IS NULL OR date_end >= date_start)",
        "A line cannot end before it starts.",
    )

    @api.model
    def _selection_count_source(self):
        """Return what can be counted. Extend: add yours (devices, licences)."""
        return [("contact", self.env._("Contacts of the client"))]

    # ------------------------------------------------------------
    # Terms over time
    # ------------------------------------------------------------

    @api.depends(
        "term_ids.date_start",
        "term_ids.quantity",
        "term_ids.hours",
        "term_ids.price_mode",
        "term_ids.price_unit",
        "term_ids.discount",
    )
    def _compute_dated(self):
        today = fields.Date.context_today(self)
        for line in self:
            # In sudo: each field has its own groups.
            term = line.sudo()._get_term(today)
            for name in DATED_FIELDS:
                line[name] = term[name]

    def _inverse_dated(self):
        """Edit the first row of a draft; in force, begin a row today."""
        today = fields.Date.context_today(self)
        terms = self.env["psa.contract.line.term"]
        vals_list = []
        for line in self:
            term = line._get_term(today)
            values = {name: line[name] for name in DATED_FIELDS}
            values["price_mode"] = values["price_mode"] or "fixed"
            is_draft = line.contract_id.state in NEVER_STARTED
            if not term:
                vals_list.append({"line_id": line.id, **values})
            elif is_draft or term.date_start == today:
                term.write(values)
            elif any(term[name] != values[name] for name in DATED_FIELDS):
                vals_list.append({"line_id": line.id, "date_start": today, **values})
        terms.create(vals_list)

    def _get_term(self, day):
        """Return the row of terms in force on a day; before the first one, the first."""
        self.ensure_one()
        terms = self.term_ids.sorted(lambda term: (bool(term.date_start), term.date_start))
        found = terms[:1]
        for term in terms:
            if not term.date_start or term.date_start <= day:
                found = term
        return found

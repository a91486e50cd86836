# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class PsaRate(models.Model):
    """Price of an hour of work: of a contract, a client or the company."""

    _name = "psa.rate"
    _description = "Rate"
    _order = "contract_id, client_id, work_type_id, date_start desc, id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
    )
    contract_id = fields.Many2one(
        "psa.contract", index="btree_not_null", ondelete="cascade", check_company=True
    )
    client_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        ondelete="cascade",
        domain=[("is_company", "=", True), ("parent_id", "=", False)],
        help="Empty, without a contract: the rate is that of the company.",
    )
    work_type_id = fields.Many2one(
        "psa.work.type",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Empty: all.",
    )
    job_id = fields.Many2one(
        "hr.job",
        string="Role",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Of who works. Empty: all.",
    )
    employee_id = fields.Many2one(
        "hr.employee",
        string="Person",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Who works. Empty: everybody.",
    )
    date_start = fields.Date(string="From", help="Empty: always.")
    date_end = fields.Date(string="Last Day", help="Empty: until another one replaces it.")
    mode = fields.Selection(
        [("price", "Price per hour"), ("discount", "Discount on the pricelist")],
        required=True,
        default="price",
    )
    price = fields.Monetary(string="Price per Hour", help="Without taxes.")
    discount = fields.Float(string="Discount %", digits="Discount")
    currency_id = fields.Many2one(
        "res.currency", compute="_compute_currency_id", store=True, precompute=True
    )
    note = fields.Char(string="Reason", help="What was agreed, and with whom.")

    _one_level = models.Constraint(
        "CHECK (contract_id IS NULL OR client_id IS NULL)",
        "A rate is of a contract, of a client, or of the company.",
    )
    _price_positive = models.Constraint(
        "CHECK (price >= 0)", "A price cannot be negative."
    )
    _discount_percent = models.Constraint(
        "CHECK (discount <= 100)", "A discount cannot be more than the price."
    )
    _dates_in_order = models.Constraint(
        "CHECK (date_end IS NULL OR date_start IS NULL OR date_end >= date_start)",
        "A rate cannot end before it starts.",
    )

    @api.depends("contract_id")
    def _compute_company_id(self):
        for rate in self:
            rate.company_id = (
                rate.contract_id.company_id or rate.company_id or self.env.company
            )

    @api.depends("contract_id.currency_id", "client_id", "company_id")
    def _compute_currency_id(self):
        for rate in self:
            client = rate.client_id.with_company(rate.company_id)
            rate.currency_id = (
                rate.contract_id.currency_id
                or client.property_product_pricelist.currency_id
                or rate.company_id.currency_id
            )

    @api.depends("work_type_id", "job_id", "employee_id")
    def _compute_display_name(self):
        for rate in self:
            about = [rate.employee_id, rate.job_id, rate.work_type_id]
            names = [record.sudo().display_name for record in about if record]
            rate.display_name = " · ".join(names) or self.env._("All work")

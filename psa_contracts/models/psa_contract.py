# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .psa_contract_terms import NEVER_STARTED

STATES = [
    ("draft", "Draft"),
    ("active", "Active"),
    ("suspended", "Suspended"),
    ("ended", "Ended"),
    ("cancelled", "Cancelled"),
]


class PsaContract(models.Model):
    """What a client agreed to.

    Cut by concern: what nobody sets (``psa.contract.guard``), from draft to end
    (``.life``), the days that change its state (``.clock``), the package it is a copy
    of (``.templating``), who changed what (``.amending``), what follows for work
    (``.coverage``), how it stands (``.figures``), with which orders it was sold
    (``.sale``), whom it is told (``.reminder``), what the client sees (``.portal``),
    how its hours were used (``.statement``), what is sent (``.offer``), signed
    (``.signing``) and printed (``.print``).
    """

    _name = "psa.contract"
    _description = "Contract"
    _inherit = [
        "psa.contract.guard",
        "psa.contract.life",
        "psa.contract.clock",
        "psa.contract.templating",
        "psa.contract.amending",
        "psa.contract.coverage",
        "psa.contract.figures",
        "psa.contract.sale",
        "psa.contract.reminder",
        "psa.contract.offer",
        "psa.contract.portal",
        "psa.contract.print",
        "psa.contract.signing",
        "psa.contract.statement",
        "portal.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "sequence, date_start, id"
    _rec_names_search = ["number", "name", "client_id.name"]
    _check_company_auto = True

    number = fields.Char(readonly=True, copy=False, index="trigram")
    name = fields.Char(string="Title", required=True, tracking=True)
    sequence = fields.Integer(
        string="Order of Coverage",
        default=10,
        help="Of several contracts of a client the lower one covers first.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    template_id = fields.Many2one(
        "psa.contract.template",
        index="btree_not_null",
        copy=False,
        check_company=True,
        help="The contract was made from it; later changes of it do not come here.",
    )
    client_id = fields.Many2one(
        "res.partner",
        required=True,
        index=True,
        tracking=True,
        ondelete="restrict",
        domain=[("is_company", "=", True), ("parent_id", "=", False)],
        check_company=True,
        help="The company that is served.",
    )
    contact_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('id', 'child_of', client_id)]",
        help="Who signs for the client and is told about its hours.",
    )
    covered_partner_ids = fields.Many2many(
        "res.partner",
        string="Sites and Contacts Covered",
        ondelete="restrict",
        domain="[('id', 'child_of', client_id)]",
        help="With everybody below them. Empty: the whole client.",
    )
    partner_invoice_id = fields.Many2one(
        "res.partner",
        string="Invoice Address",
        compute="_compute_partner_invoice_id",
        store=True,
        precompute=True,
        readonly=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        index="btree_not_null",
        tracking=True,
        domain=[("share", "=", False)],
        check_company=True,
    )
    client_order_ref = fields.Char(string="Client Reference", copy=False)
    description = fields.Html(help="What the client reads and signs, above the lines.")
    calendar_id = fields.Many2one(
        "resource.calendar",
        string="Service Hours",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Hours in which work is covered, unless a line says otherwise. Empty: "
        "always.",
    )

    # Dates
    state = fields.Selection(
        STATES,
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
    )
    state_reason = fields.Char(
        readonly=True, copy=False, help="Why it was suspended, ended or cancelled."
    )
    date_start = fields.Date(
        string="First Day",
        required=True,
        default=fields.Date.context_today,
        copy=False,
        tracking=True,
    )
    term_months = fields.Integer(
        string="Term", help="Months; 0: until somebody ends it."
    )
    date_end = fields.Date(
        string="Last Day",
        compute="_compute_date_end",
        store=True,
        readonly=False,
        copy=False,
        index="btree_not_null",
        tracking=True,
        help="Empty: until somebody ends it.",
    )
    suspension_ids = fields.One2many("psa.contract.suspension", "contract_id")

    # Money
    pricelist_id = fields.Many2one(
        "product.pricelist",
        compute="_compute_pricelist_id",
        store=True,
        precompute=True,
        readonly=False,
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        help="Prices that neither a line nor a rate says.",
    )
    payment_term_id = fields.Many2one(
        "account.payment.term",
        compute="_compute_payment_term_id",
        store=True,
        precompute=True,
        readonly=False,
        check_company=True,
    )
    currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_currency_id",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    analytic_account_id = fields.Many2one(
        "account.analytic.account",
        index="btree_not_null",
        copy=False,
        readonly=True,
        ondelete="restrict",
        check_company=True,
        help="Cost of its work and revenue of its invoices meet here.",
    )

    line_ids = fields.One2many("psa.contract.line", "contract_id", copy=True)
    rate_ids = fields.One2many("psa.rate", "contract_id", copy=True)
    amendment_ids = fields.One2many("psa.contract.amendment", "contract_id")

    _number_uniq = models.UniqueIndex(
        "(number, company_id) WHERE number IS NOT NULL",
        "There is a contract with this number already.",
    )
    _dates_in_order = models.Constraint(
        "CHECK (date_end IS NULL OR date_end >= date_start)",
        "A contract cannot end before it starts.",
    )
    _term_positive = models.Constraint(
        "CHECK (term_months >= 0)", "A term cannot be negative."
    )
    _in_force_idx = models.Index("(client_id, company_id) WHERE state <> 'draft'")

    @api.depends("date_start", "term_months")
    def _compute_date_end(self):
        for contract in self:
            start, months = contract.date_start, contract.term_months
            if start and months > 0 and not contract.end_reason:
                # As periods end: a year from 29 February on ends on 27 February.
                contract.date_end = start + relativedelta(months=months, days=-1)
            else:
                contract.date_end = contract.date_end

    @api.onchange("term_months")
    def _onchange_term_months(self):
        if not self.term_months:
            self.date_end = False

    # A method each: one that sets several would set again what was given, before the
    # currency is worked out from it.

    @api.depends("client_id")
    def _compute_partner_invoice_id(self):
        for contract in self:
            addresses = contract.client_id.address_get(["invoice"])
            contract.partner_invoice_id = addresses["invoice"]

    @api.depends("client_id", "company_id")
    def _compute_pricelist_id(self):
        for contract in self:
            client = contract.client_id.with_company(contract.company_id)
            contract.pricelist_id = client.property_product_pricelist

    @api.depends("client_id", "company_id")
    def _compute_payment_term_id(self):
        for contract in self:
            client = contract.client_id.with_company(contract.company_id)
            contract.payment_term_id = client.property_payment_term_id

    @api.depends("pricelist_id", "company_id")
    def _compute_currency_id(self):
        for contract in self:
            if contract.currency_id and contract.state not in NEVER_STARTED:
                # Its prices are in it.
                continue
            contract.currency_id = (
                contract.pricelist_id.currency_id
                or contract.company_id.currency_id
                or self.env.company.currency_id
            )

    @api.constrains("client_id", "contact_id", "covered_partner_ids")
    def _check_client(self):
        for contract in self:
            partners = contract.contact_id | contract.covered_partner_ids
            for partner in partners:
                above = partner
                while above and above != contract.client_id:
                    above = above.parent_id
                if not above:
                    raise ValidationError(
                        self.env._(
                            "%(partner)s does not belong to %(client)s.",
                            partner=partner.display_name,
                            client=contract.client_id.display_name,
                        )
                    )

    @api.onchange("client_id")
    def _onchange_client_id(self):
        self.contact_id = False
        self.covered_partner_ids = False

    @api.depends("number", "name")
    def _compute_display_name(self):
        for contract in self:
            contract.display_name = " ".join(
                filter(None, [contract.number, contract.name])
            )

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import format_date

#: what a rate is the price of, and for whom
KEY_FIELDS = (
    "company_id",
    "contract_id",
    "client_id",
    "work_type_id",
    "job_id",
    "employee_id",
)
#: a change of these changes what work costs
PRICE_FIELDS = {*KEY_FIELDS, "date_start", "date_end", "discount", "mode", "price"}


class PsaRate(models.Model):
    """Price of an hour of work: of a contract, a client or the company."""

    _name = "psa.rate"
    _description = "Rate"
    _inherit = ["psa.contract.amended"]
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
    level = fields.Selection(
        [("company", "Company"), ("client", "Client"), ("contract", "Contract")],
        compute="_compute_level",
        store=True,
        help="Whose rate it is: the one of the contract counts before the client's.",
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
    date_end = fields.Date(
        string="Last Day", help="Empty: until another one replaces it."
    )
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
    overlap = fields.Char(
        compute="_compute_overlap",
        help="A later rate of the same work counts while both are valid.",
    )

    _same_start_uniq = models.UniqueIndex(
        "(company_id, COALESCE(contract_id, 0), COALESCE(client_id, 0),"
        " COALESCE(work_type_id, 0), COALESCE(job_id, 0), COALESCE(employee_id, 0),"
        " COALESCE(date_start, DATE '0001-01-01'))",
        "There is a rate of the same work that begins on the same day.",
    )
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

    @api.depends("contract_id", "client_id")
    def _compute_level(self):
        for rate in self:
            level = "client" if rate.client_id else "company"
            rate.level = "contract" if rate.contract_id else level

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

    @api.depends(*KEY_FIELDS, "date_start", "date_end", "mode", "price", "discount")
    @api.depends_context("lang")
    def _compute_overlap(self):
        twins = self._origin._get_twins()
        for rate in self:
            later = [
                twin
                for twin in twins.get(rate._get_key(), ())
                if twin != rate._origin and rate._is_replaced_by(twin)
            ]
            rate.overlap = rate._describe_overlap(
                min(later, key=_first_day, default=None)
            )

    def _get_twins(self):
        """Return {key: [rate]} of the rates that are of the same work as these."""
        twins = {}
        for rate in self.search(
            [
                ("company_id", "in", self.company_id.ids),
                ("contract_id", "in", [*self.contract_id.ids, False]),
                ("client_id", "in", [*self.client_id.ids, False]),
            ]
        ):
            twins.setdefault(rate._get_key(), []).append(rate)
        return twins

    def _get_key(self):
        return tuple(self[name]._origin.id for name in KEY_FIELDS)

    def _is_replaced_by(self, other):
        """Whether another rate of the same work counts on one of its days."""
        return _first_day(self) < _first_day(other) and (
            not self.date_end or _first_day(other) <= self.date_end
        )

    def _describe_overlap(self, later):
        if not later:
            return False
        values = {
            "price": later._describe(),
            "first": format_date(self.env, later.date_start),
            "last": format_date(self.env, later.date_end),
        }
        if later.date_end:
            return self.env._("%(price)s from %(first)s to %(last)s", **values)
        return self.env._("%(price)s from %(first)s", **values)

    def _describe(self):
        """Return the price, or the discount, in words."""
        self.ensure_one()
        if self.mode == "discount":
            return self.env._("%(percent)g %% off", percent=self.discount)
        return self.currency_id.format(self.price)

    # ------------------------------------------------------------
    # Work they are the price of
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        rates = super().create(vals_list)
        rates._request_coverage()
        return rates

    def write(self, vals):
        changes_price = bool(PRICE_FIELDS & vals.keys())
        if changes_price:
            before = self._get_concerned()
        result = super().write(vals)
        if changes_price:
            self._request_coverage(before)
        return result

    def unlink(self):
        before = self._get_concerned()
        result = super().unlink()
        self.browse()._request_coverage(before)
        return result

    def _request_coverage(self, before=()):
        """Have work decided upon again that these rates may be the price of.

        :param before: what they were the price of until now
        """
        self.env["account.analytic.line"]._psa_request_coverage(
            [*before, *self._get_concerned()]
        )

    @api.model
    def _get_amended_fields(self):
        return [
            *("work_type_id", "job_id", "employee_id", "date_start", "date_end"),
            *("mode", "price", "discount"),
        ]

    @api.model
    def _get_neutral_fields(self):
        # Rates know themselves which work they are the price of.
        return set(self._get_amended_fields())

    @api.model
    def _get_printed_fields(self):
        return [
            "date_end",
            "date_start",
            "discount",
            "employee_id",
            "job_id",
            "mode",
            "price",
            "work_type_id",
        ]

    def _get_concerned(self):
        """Return the client's id, the company's and the first day of billable work.

        Only work that has been decided upon: a rate does not bring back the years
        before the suite was installed.
        """
        # In sudo: who writes rates need not read all work.
        parts = self.env["psa.coverage.part"].sudo()
        found = parts._read_group(
            Domain("kind", "=", "billable")
            & Domain.OR(rate._get_concerned_domain() for rate in self),
            ["client_id", "company_id"],
            ["date:min"],
        )
        return [(client.id, company.id, day) for client, company, day in found]

    def _get_concerned_domain(self):
        self.ensure_one()
        domain = Domain("company_id", "=", self.company_id.id)
        for name in ("contract_id", "client_id"):
            if self[name]:
                domain &= Domain(name, "=", self[name].id)
        if self.date_start:
            domain &= Domain("date", ">=", self.date_start)
        if self.date_end:
            domain &= Domain("date", "<=", self.date_end)
        return domain


def _first_day(rate):
    return rate.date_start or date.min

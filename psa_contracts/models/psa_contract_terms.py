# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

from odoo.addons.psa_core.tools.proration import METHODS
from odoo.addons.psa_core.tools.recurrence import UNITS

#: states of contracts that never were in force
NEVER_STARTED = ("draft", "cancelled")
KINDS = [
    ("flat", "Recurring Fee"),
    ("unit", "Recurring per Unit"),
    ("included", "Included Hours"),
    ("prepaid", "Prepaid Hours"),
    ("time", "Time and Material"),
    ("fixed", "Fixed Price"),
    ("licence", "Product or Licence"),
]
#: kinds that have a price each period
RECURRING = ("flat", "unit", "included", "licence")
#: kinds that cover work, in the order in which they do
COVERING = ("included", "prepaid")
PRICE_MODES = [
    ("fixed", "Price"),
    ("discount", "Discount on the pricelist"),
    ("pricelist", "Pricelist"),
]
#: who sees what a client pays
PRICE_GROUPS = "psa_core.group_psa_manager,psa_core.group_psa_billing"
#: who sees with which order something was sold, and with it the order's prices
SALE_GROUPS = f"{PRICE_GROUPS},sales_team.group_sale_salesman"
#: what may change while a contract runs: kept in rows with a first day
DATED_FIELDS = ("quantity", "hours", "price_mode", "price_unit", "discount")


class PsaContractTerms(models.AbstractModel):
    """What a line of a template and a line of a contract have in common."""

    _name = "psa.contract.terms"
    _description = "Terms of a Contract Line"
    _order = "sequence, id"

    sequence = fields.Integer(default=10)
    name = fields.Char(
        string="Description",
        required=True,
        help="As the client reads it. {start}, {end}, {month} and {year} stand for the "
        "period that is billed.",
    )
    kind = fields.Selection(KINDS, required=True, default="flat")
    product_id = fields.Many2one(
        "product.product",
        domain=[("sale_ok", "=", True)],
        index="btree_not_null",
        ondelete="restrict",
        help="Gives taxes, accounts and unit of the invoice.",
    )
    quantity = fields.Float(
        default=1.0, digits="Product Unit", help="Units that are paid each period."
    )
    hours = fields.Float(help="Hours of each period, or of one block of prepaid hours.")
    is_unlimited = fields.Boolean(
        string="Without Limit", help="All the work in its scope is included."
    )
    price_mode = fields.Selection(PRICE_MODES, required=True, default="fixed")
    price_unit = fields.Float(
        string="Price",
        digits="Product Price",
        groups=PRICE_GROUPS,
        help="Of one unit and period, or of one block of hours, without taxes.",
    )
    discount = fields.Float(
        string="Discount %",
        digits="Discount",
        groups=PRICE_GROUPS,
    )

    # When it is paid
    recurrence_interval = fields.Integer(string="Every", default=1)
    recurrence_unit = fields.Selection(
        selection=lambda self: self._selection_recurrence_unit(), default="month"
    )
    period_label = fields.Char(
        string="Period",
        compute="_compute_period_label",
        export_string_translation=False,
    )
    anchor_day = fields.Integer(
        string="Day of the Month",
        help="On which periods begin; 0: the day on which the line starts.",
    )
    billing_timing = fields.Selection(
        [("advance", "In advance"), ("arrears", "In arrears")],
        string="Billed",
        required=True,
        default="advance",
    )
    proration = fields.Selection(
        selection=lambda self: self._selection_proration(),
        required=True,
        default="days",
        help="What a part of a period costs, and how many hours it includes.",
    )

    # What it covers
    work_type_ids = fields.Many2many(
        "psa.work.type",
        string="Covered Work Types",
        # A line must not cover everything because the one type it covered is gone.
        ondelete="restrict",
        help="Empty: all.",
    )
    calendar_id = fields.Many2one(
        "resource.calendar",
        string="Service Hours",
        index="btree_not_null",
        ondelete="restrict",
        help="Only work in these hours is covered. Empty: as the contract says.",
    )

    # Hours that are left, or not enough
    validity_months = fields.Integer(
        string="Valid for",
        help="Months in which a block of hours has to be used; 0: for ever.",
    )
    rollover_share = fields.Float(
        string="Rollover %", help="Share of the hours left that may be used later."
    )
    rollover_cap = fields.Float(help="Hours that roll over at most; 0: no limit.")
    rollover_months = fields.Integer(
        default=1, help="Months in which hours that rolled over have to be used."
    )
    overage = fields.Selection(
        [
            ("billable", "Is billed"),
            ("stop", "Has to be approved first"),
            ("next_block", "Takes another block"),
        ],
        string="Work Beyond",
        required=True,
        default="billable",
    )
    topup = fields.Selection(
        [
            ("none", "Nothing"),
            ("activity", "Remind the responsible"),
            ("order", "Make a quotation"),
        ],
        string="When Hours Run Low",
        required=True,
        default="activity",
    )
    topup_percent = fields.Integer(
        string="Running Low At %",
        default=80,
        help="Used share of the hours at which somebody is told.",
    )
    tell_client = fields.Boolean(
        string="Tell the Client",
        help="The contact of the contract is told, too, when hours run low.",
    )

    _recurrence_interval_positive = models.Constraint(
        "CHECK (recurrence_interval > 0)", "A period is at least one unit long."
    )
    _anchor_day_of_month = models.Constraint(
        "CHECK (anchor_day BETWEEN 0 AND 31)", "Choose a day from 1 to 31."
    )
    _validity_positive = models.Constraint(
        "CHECK (validity_months >= 0 AND rollover_months >= 0)",
        "Months cannot be negative.",
    )
    _rollover_share_percent = models.Constraint(
        "CHECK (rollover_share BETWEEN 0 AND 100 AND rollover_cap >= 0)",
        "A rollover is between 0 and 100 %.",
    )
    _blocks_are_prepaid = models.Constraint(
        "CHECK (overage <> 'next_block' OR kind = 'prepaid')",
        "Only of prepaid hours another block can be taken.",
    )
    _topup_percent_range = models.Constraint(
        "CHECK (topup_percent BETWEEN 1 AND 100)", "Choose a percentage up to 100."
    )

    def _selection_recurrence_unit(self):
        labels = {
            "day": self.env._("Days"),
            "week": self.env._("Weeks"),
            "month": self.env._("Months"),
            "quarter": self.env._("Quarters"),
            "year": self.env._("Years"),
        }
        return [(unit, labels[unit]) for unit in UNITS]

    def _selection_proration(self):
        labels = {
            "days": self.env._("By days"),
            "30_360": self.env._("By months of 30 days"),
            "none": self.env._("Always in full"),
        }
        return [(method, labels[method]) for method in METHODS]

    @api.depends("kind", "recurrence_interval", "recurrence_unit")
    @api.depends_context("lang")
    def _compute_period_label(self):
        labels = {
            "day": self.env._("Daily"),
            "week": self.env._("Weekly"),
            "month": self.env._("Monthly"),
            "quarter": self.env._("Quarterly"),
            "year": self.env._("Yearly"),
        }
        units = dict(self._selection_recurrence_unit())
        for line in self:
            unit = line.recurrence_unit
            if line.kind not in RECURRING or not unit:
                line.period_label = False
            elif line.recurrence_interval == 1:
                line.period_label = labels[unit]
            else:
                line.period_label = self.env._(
                    "Every %(number)s %(unit)s",
                    number=line.recurrence_interval,
                    unit=units[unit].lower(),
                )

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models

from .psa_contract_terms import KINDS

#: kinds of a contract line that a product is sold as
SOLD_KINDS = ("flat", "unit", "licence", "prepaid")


class ProductTemplate(models.Model):
    """What becomes of a product in a contract when it is sold."""

    _inherit = "product.template"

    psa_contract_template_id = fields.Many2one(
        "psa.contract.template",
        string="Becomes a Contract From",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="An order with this product becomes a contract with all that is in the "
        "package; quantity and price are those of the order.",
    )
    psa_contract_kind = fields.Selection(
        selection=lambda self: self._selection_psa_contract_kind(),
        string="In Contracts",
        help="An order with this product becomes a contract line of this kind, and the "
        "contract bills it each period. Prepaid hours are billed by the order. Empty: "
        "only the order bills it.",
    )
    psa_contract_interval = fields.Integer(
        string="Contract Period", default=1, help="Its price is of so many units."
    )
    psa_contract_unit = fields.Selection(
        selection=lambda self: self._selection_psa_contract_unit(),
        string="Unit of the Period",
        default="month",
    )
    psa_contract_hours = fields.Float(
        string="Hours per Unit",
        help="Hours that are bought with one unit. 0: as its unit of measure says, or "
        "as much as a block of the contract line.",
    )
    psa_validity_months = fields.Integer(
        string="Hours Valid for",
        help="Months in which the hours have to be used, in a contract line made of "
        "it; 0: for ever.",
    )

    _psa_contract_interval_positive = models.Constraint(
        "CHECK (psa_contract_interval > 0)", "A period is at least one unit long."
    )
    _psa_contract_hours_positive = models.Constraint(
        "CHECK (psa_contract_hours >= 0 AND psa_validity_months >= 0)",
        "Hours and months cannot be negative.",
    )

    def _selection_psa_contract_kind(self):
        field = self.env["psa.contract.line"]._fields["kind"]
        labels = dict(field._description_selection(self.env))
        return [(kind, labels[kind]) for kind, _label in KINDS if kind in SOLD_KINDS]

    def _selection_psa_contract_unit(self):
        return self.env["psa.contract.line"]._selection_recurrence_unit()

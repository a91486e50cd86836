# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

from ..tools.rounding import billable_seconds


class PsaWorkType(models.Model):
    """A kind of work: billable by default or not, at whose price, how rounded."""

    _name = "psa.work.type"
    _description = "Work Type"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, help="Name used inside the firm.")
    customer_name = fields.Char(
        translate=True,
        help="Name on reports and invoices; empty means the same as the name.",
    )
    sequence = fields.Integer(
        default=10, help="The first work type is the default of projects without one."
    )
    active = fields.Boolean(default=True)
    color = fields.Integer(export_string_translation=False)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: shared by all companies."
    )
    billable = fields.Boolean(
        default=True,
        help="Work of this type is billable unless the entry says otherwise.",
    )
    product_id = fields.Many2one(
        "product.product",
        string="Service",
        domain=[("type", "=", "service")],
        check_company=True,
        index="btree_not_null",
        help="The service whose price an hour of this work has.",
    )
    rounding_increment = fields.Integer(
        help="Minutes. Billable time is rounded up to a multiple of it; 0: not rounded."
    )
    rounding_minimum = fields.Integer(
        help="Minutes billed at least, as soon as any time was worked."
    )
    rounding_scope = fields.Selection(
        [("entry", "Each entry"), ("day", "Total per record and day")],
        required=True,
        default="entry",
        help="Rounding each short note separately overbills: five notes of three "
        "minutes would become five quarters of an hour. The total of one record and "
        "day is rounded once.",
    )
    multiplier = fields.Float(
        default=1.0,
        digits=(6, 2),
        help="Billable hours for one hour of work, for example 1.5 after hours.",
    )

    _rounding_increment_positive = models.Constraint(
        "CHECK (rounding_increment >= 0)", "The increment cannot be negative."
    )
    _rounding_minimum_positive = models.Constraint(
        "CHECK (rounding_minimum >= 0)", "The minimum cannot be negative."
    )
    _multiplier_positive = models.Constraint(
        "CHECK (multiplier > 0)", "The multiplier must be above zero."
    )

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for work_type, vals in zip(self, vals_list, strict=True):
            if "name" not in (default or {}):
                vals["name"] = self.env._("%s (copy)", work_type.name)
        return vals_list

    @api.model
    def _get_default_by_company(self, companies):
        """Return {company: its first work type}, in one query."""
        work_types = self.sudo().search([("company_id", "in", companies.ids + [False])])
        return {
            company: work_types.filtered(
                lambda work_type, company=company: (
                    not work_type.company_id or work_type.company_id == company
                )
            )[:1]
            for company in companies
        }

    def _get_customer_name(self):
        """Return the name a customer reads."""
        self.ensure_one()
        return self.customer_name or self.name

    def _get_billable_seconds(self, seconds):
        """Return worked seconds with this type's minimum and increment."""
        self.ensure_one()
        return billable_seconds(
            seconds, self.rounding_minimum * 60, self.rounding_increment * 60
        )

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class PsaWorkReportMaterial(models.Model):
    """A product that was used. What it costs is for the contract or the order."""

    _name = "psa.work.report.material"
    _description = "Material of a Work Report"
    _order = "sequence, id"

    report_id = fields.Many2one(
        "psa.work.report", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="report_id.company_id")
    sequence = fields.Integer(default=10)
    product_id = fields.Many2one(
        "product.product",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Empty for something that is not in the catalogue.",
    )
    name = fields.Char(
        string="Description",
        compute="_compute_name",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="The customer reads it.",
    )
    quantity = fields.Float(digits="Product Unit", default=1.0, required=True)
    uom_id = fields.Many2one(
        "uom.uom",
        string="Unit",
        compute="_compute_uom_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
    )

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "The quantity of a material must be above zero."
    )

    @api.depends("product_id")
    def _compute_name(self):
        for material in self:
            product = material.product_id
            if product:
                lang = material.report_id._get_customer_lang()
                material.name = product.with_context(lang=lang).display_name
            else:
                material.name = material.name

    @api.depends("product_id")
    def _compute_uom_id(self):
        for material in self:
            material.uom_id = material.product_id.uom_id or material.uom_id

    @api.model_create_multi
    def create(self, vals_list):
        materials = super().create(vals_list)
        # By what was created: the report may come from a default of the context, too.
        materials.report_id._check_unlocked()
        materials.report_id._touch()
        return materials

    def write(self, vals):
        reports = self.report_id
        reports._check_unlocked()
        result = super().write(vals)
        # Material that goes to another report changes both.
        reports |= self.report_id
        reports._check_unlocked()
        reports._touch()
        return result

    def unlink(self):
        reports = self.report_id
        reports._check_unlocked()
        result = super().unlink()
        reports.exists()._touch()
        return result

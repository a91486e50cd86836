# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from itertools import pairwise

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date


class PsaContractSuspension(models.Model):
    """Days on which a contract covers and costs nothing."""

    _name = "psa.contract.suspension"
    _description = "Suspension of a Contract"
    _inherit = ["psa.contract.amended"]
    _order = "contract_id, date_start"

    contract_id = fields.Many2one(
        "psa.contract", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="contract_id.company_id")
    date_start = fields.Date(string="From", required=True)
    date_end = fields.Date(string="Last Day", help="Empty: until it is resumed.")
    reason = fields.Char(required=True)

    _dates_in_order = models.Constraint(
        "CHECK (date_end IS NULL OR date_end >= date_start)",
        "A suspension cannot end before it starts.",
    )
    _one_open = models.UniqueIndex(
        "(contract_id) WHERE date_end IS NULL", "The contract is suspended already."
    )

    @api.depends("date_start", "date_end")
    def _compute_display_name(self):
        for suspension in self:
            days = [suspension.date_start, suspension.date_end]
            suspension.display_name = self.env._(
                "Suspended: %(days)s",
                days=" – ".join(format_date(self.env, day) for day in days if day),
            )

    @api.model
    def _get_amended_fields(self):
        return ["date_start", "date_end", "reason"]

    @api.model
    def _get_neutral_fields(self):
        return {"reason"}

    @api.constrains("contract_id", "date_start", "date_end")
    def _check_overlap(self):
        # Those of a contract at the same time meet at the version of the contract.
        every = self.search([("contract_id", "in", self.contract_id.ids)])
        for found in every.grouped("contract_id").values():
            for before, after in pairwise(found.sorted("date_start")):
                if not before.date_end or before.date_end >= after.date_start:
                    raise ValidationError(
                        self.env._(
                            "%(contract)s is suspended already on %(day)s.",
                            contract=after.contract_id.display_name,
                            day=format_date(self.env, after.date_start),
                        )
                    )

    @api.model_create_multi
    def create(self, vals_list):
        suspensions = super().create(vals_list)
        suspensions.contract_id._filter_in_force()._follow_dates()
        return suspensions

    def write(self, vals):
        result = super().write(vals)
        self.contract_id._filter_in_force()._follow_dates()
        return result

    def unlink(self):
        contracts = self.contract_id
        result = super().unlink()
        contracts._filter_in_force()._follow_dates()
        return result

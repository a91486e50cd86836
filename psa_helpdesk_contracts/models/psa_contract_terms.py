# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class PsaContractTerms(models.AbstractModel):
    _inherit = "psa.contract.terms"

    sla_policy_id = fields.Many2one(
        "psa.sla.policy",
        string="SLA Policy",
        index="btree_not_null",
        ondelete="restrict",
        help="For tickets in the scope of this line. Empty: as the contract says.",
    )
    ticket_type_ids = fields.Many2many(
        "psa.ticket.type",
        string="Covered Ticket Types",
        # A line must not cover everything because the one type it covered is gone.
        ondelete="restrict",
        help="Only work on tickets of these types is covered. Empty: all work.",
    )

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class PsaTicketCategory(models.Model):
    """What a ticket is about, as a tree: Network / Wi-Fi."""

    _name = "psa.ticket.category"
    _description = "Ticket Category"
    _parent_store = True
    _order = "complete_name, id"
    _rec_name = "complete_name"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    parent_id = fields.Many2one(
        "psa.ticket.category", index="btree_not_null", ondelete="restrict"
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("psa.ticket.category", "parent_id")
    complete_name = fields.Char(
        compute="_compute_complete_name", recursive=True, store=True
    )
    company_id = fields.Many2one("res.company", help="Empty: for all companies.")

    @api.depends("name", "parent_id.complete_name")
    def _compute_complete_name(self):
        for category in self:
            parent = category.parent_id.complete_name
            category.complete_name = (
                f"{parent} / {category.name}" if parent else category.name
            )

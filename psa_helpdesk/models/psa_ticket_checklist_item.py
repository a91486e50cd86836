# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class PsaTicketChecklistItem(models.Model):
    """A step of a ticket, or of a template from which tickets copy it."""

    _name = "psa.ticket.checklist.item"
    _description = "Checklist Item"
    _order = "sequence, id"

    ticket_id = fields.Many2one(
        "psa.ticket", index="btree_not_null", ondelete="cascade"
    )
    template_id = fields.Many2one(
        "psa.ticket.template", index="btree_not_null", ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True)
    is_mandatory = fields.Boolean(
        string="Mandatory", help="The ticket cannot be resolved while this is open."
    )
    is_done = fields.Boolean(string="Done", copy=False)
    done_by_id = fields.Many2one("res.users", compute="_compute_done", store=True)
    done_at = fields.Datetime(compute="_compute_done", store=True)

    _one_owner = models.Constraint(
        "CHECK (num_nonnulls(ticket_id, template_id) = 1)",
        "A checklist item belongs to a ticket or to a template.",
    )

    @api.depends("is_done")
    def _compute_done(self):
        for item in self:
            item.done_by_id = item.is_done and (item.done_by_id or self.env.user)
            item.done_at = item.is_done and (item.done_at or fields.Datetime.now())

    def write(self, vals):
        result = super().write(vals)
        if {"ticket_id", "template_id"} & vals.keys():
            # The rules looked at where the steps were, not at where they are now.
            self.check_access("write")
        return result

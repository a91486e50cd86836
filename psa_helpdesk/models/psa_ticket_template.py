# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

from .psa_ticket_priority_rule import IMPACTS, URGENCIES


class PsaTicketTemplate(models.Model):
    """A ticket that comes again: what is in it and the steps to take."""

    _name = "psa.ticket.template"
    _description = "Ticket Template"
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        readonly=False,
        precompute=True,
        help="Empty: for all companies. With a team: the team's.",
    )
    subject = fields.Char(
        required=True, translate=True, help="Subject of the tickets made from it."
    )
    description = fields.Html(translate=True)
    team_id = fields.Many2one("psa.ticket.team", check_company=True)
    user_id = fields.Many2one(
        "res.users", string="Assignee", domain="[('share', '=', False)]"
    )
    type_id = fields.Many2one("psa.ticket.type")
    category_id = fields.Many2one("psa.ticket.category", check_company=True)
    tag_ids = fields.Many2many("psa.ticket.tag")
    impact = fields.Selection(IMPACTS)
    urgency = fields.Selection(URGENCIES)
    checklist_ids = fields.One2many(
        "psa.ticket.checklist.item", "template_id", copy=True
    )

    @api.depends("team_id")
    def _compute_company_id(self):
        for template in self:
            template.company_id = template.team_id.company_id or template.company_id

    def _prepare_ticket_values(self):
        """Return the values of a ticket made from this template."""
        self.ensure_one()
        values = {
            "name": self.subject,
            "description": self.description,
            "user_id": self.user_id.filtered("active").id,
            "type_id": self.type_id.id,
            "category_id": self.category_id.id,
            "tag_ids": [fields.Command.set(self.tag_ids.ids)],
            "checklist_ids": self._prepare_checklist_commands(),
        }
        if self.team_id.active:
            values["team_id"] = self.team_id.id
        for name in ("impact", "urgency"):
            if self[name]:
                values[name] = self[name]
        return values

    def _prepare_checklist_commands(self):
        """Return the commands that give a ticket the steps of this template."""
        return [
            fields.Command.create(
                {
                    "name": item.name,
                    "sequence": item.sequence,
                    "is_mandatory": item.is_mandatory,
                }
            )
            for item in self.checklist_ids
        ]

    def action_create_ticket(self):
        """Open the form of a new ticket with what is in this template.

        Nothing is created yet: whom it is for is not in the template.
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "psa.ticket",
            "views": [[False, "form"]],
            "context": {
                f"default_{name}": value
                for name, value in self._prepare_ticket_values().items()
            },
        }

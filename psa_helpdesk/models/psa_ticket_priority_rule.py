# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models, tools

# Not the words of the urgency: in many languages an adjective has the gender of its
# noun, and a term has one translation.
IMPACTS = [("1", "Limited"), ("2", "Moderate"), ("3", "Extensive")]
URGENCIES = [("1", "Low"), ("2", "Medium"), ("3", "High")]
PRIORITIES = [("0", "Low"), ("1", "Normal"), ("2", "High"), ("3", "Critical")]


class PsaTicketPriorityRule(models.Model):
    """One cell of the matrix that makes a priority out of impact and urgency."""

    _name = "psa.ticket.priority.rule"
    _description = "Priority Matrix"
    _order = "impact desc, urgency desc"
    _rec_name = "priority"

    impact = fields.Selection(
        IMPACTS, required=True, help="How many people or how much business it touches."
    )
    urgency = fields.Selection(URGENCIES, required=True, help="How soon it hurts.")
    priority = fields.Selection(PRIORITIES, required=True, default="1")

    _cell_unique = models.Constraint(
        "UNIQUE (impact, urgency)", "This pair of impact and urgency has a priority."
    )

    @api.model
    @tools.ormcache()
    def _get_matrix(self):
        """Return {(impact, urgency): priority}. A pair without a cell is normal."""
        return {
            (rule.impact, rule.urgency): rule.priority
            for rule in self.sudo().search([])
        }

    @api.model
    def _get_priority(self, impact, urgency, client_class):
        """Return the priority of impact and urgency, raised by the client's class."""
        priority = int(self._get_matrix().get((impact, urgency), "1"))
        return str(min(priority + client_class.priority_raise, 3))

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

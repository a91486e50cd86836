# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

from .psa_ticket_priority_rule import PRIORITIES

KINDS = [
    ("first_response", "First Response"),
    ("next_response", "Next Response"),
    ("update", "Update"),
    ("plan", "Appointment"),
    ("resolution", "Resolution"),
]
UNITS = {"minutes": 60, "hours": 3600}


class PsaSlaTarget(models.Model):
    """One promise of a policy."""

    _name = "psa.sla.target"
    _description = "SLA Target"
    _order = "policy_id, kind, priority desc, id"

    policy_id = fields.Many2one(
        "psa.sla.policy", required=True, index=True, ondelete="cascade"
    )
    kind = fields.Selection(
        KINDS,
        string="Promise",
        required=True,
        default="resolution",
        help="First response: a person's first answer. Next response: the answer to "
        "each further message of the customer. Update: after our answer, until we "
        "write again. Appointment: until a date is set. Resolution: until it is "
        "resolved.",
    )
    priority = fields.Selection(PRIORITIES, help="Empty: all priorities.")
    type_ids = fields.Many2many(
        "psa.ticket.type",
        string="Ticket Types",
        ondelete="restrict",
        help="Empty: all types.",
    )
    amount = fields.Integer(string="Within", required=True, default=8)
    unit = fields.Selection(
        [("minutes", "Minutes"), ("hours", "Hours")], required=True, default="hours"
    )
    seconds = fields.Integer(
        compute="_compute_seconds", export_string_translation=False
    )
    around_the_clock = fields.Boolean(
        string="24×7", help="Nights and holidays count, too."
    )

    _amount_positive = models.Constraint(
        "CHECK (amount > 0)", "A target needs more than 0 minutes."
    )
    # Ten years round the clock: what is longer is a mistake, and too big a number.
    _amount_bounded = models.Constraint(
        "CHECK (amount <= 87600)", "A target cannot be longer than 87,600."
    )

    @api.depends("amount", "unit")
    def _compute_seconds(self):
        for target in self:
            target.seconds = target.amount * UNITS.get(target.unit, 0)

    @api.model_create_multi
    def create(self, vals_list):
        targets = super().create(vals_list)
        targets._changed()
        return targets

    def write(self, vals):
        policies = self.policy_id
        result = super().write(vals)
        self._changed()
        (policies - self.policy_id)._request_sync()
        return result

    def unlink(self):
        policies = self.policy_id
        result = super().unlink()
        self.env.registry.clear_cache()
        policies._request_sync()
        return result

    def _changed(self):
        self.env.registry.clear_cache()
        self.policy_id._request_sync()

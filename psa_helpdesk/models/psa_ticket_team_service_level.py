# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models

#: what decides about the SLA of the team's tickets
SLA_SETTINGS = {"calendar_id", "sla_policy_id"}


class PsaTicketTeamServiceLevel(models.AbstractModel):
    """What a team promises, and when it works."""

    _name = "psa.ticket.team.service.level"
    _description = "Service Level of a Team"

    calendar_id = fields.Many2one(
        "resource.calendar",
        string="Working Hours",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        help="When the clocks of its tickets run. Empty: the hours of the company.",
    )
    sla_policy_id = fields.Many2one(
        "psa.sla.policy",
        string="SLA Policy",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="For clients without one of their own. Empty: the company's.",
    )
    stale_days = fields.Integer(
        string="Remind After",
        default=7,
        help="Days in which nothing happened to an open ticket, also a waiting one, "
        "until its technician is reminded; 0: never.",
    )

    _stale_days_positive = models.Constraint(
        "CHECK (stale_days >= 0)", "Days cannot be negative."
    )

    def write(self, vals):
        result = super().write(vals)
        if SLA_SETTINGS & vals.keys():
            self.env["psa.ticket"]._request_sla_sync([("team_id", "in", self.ids)])
        return result

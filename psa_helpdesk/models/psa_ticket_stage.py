# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models, tools
from odoo.exceptions import UserError

STATES = [
    ("new", "New"),
    ("in_progress", "In Progress"),
    ("waiting_client", "Waiting for Customer"),
    ("waiting_third_party", "Waiting for Third Party"),
    ("resolved", "Resolved"),
    ("closed", "Closed"),
    ("cancelled", "Cancelled"),
]
#: nobody works on a ticket in one of these any more
DONE_STATES = {"resolved", "closed", "cancelled"}
WAITING_STATES = {"waiting_client", "waiting_third_party"}
#: where a ticket goes when its team has no stage of the wanted state
FALLBACKS = {
    "in_progress": ["new"],
    "waiting_client": ["in_progress", "new"],
    "waiting_third_party": ["waiting_client", "in_progress", "new"],
    "resolved": ["closed"],
    "closed": ["resolved"],
    "cancelled": ["closed", "resolved"],
}


class PsaTicketStage(models.Model):
    """A column of the board. What the stage means is its state; the name is free."""

    _name = "psa.ticket.stage"
    _description = "Ticket Stage"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    state = fields.Selection(
        STATES,
        required=True,
        default="in_progress",
        help="What the suite does with tickets in this stage: which clock runs, who "
        "has to act, whether the work is over.",
    )
    fold = fields.Boolean(string="Folded", help="Closed column on the board.")
    team_ids = fields.Many2many(
        "psa.ticket.team",
        string="Teams",
        help="Only these teams use the stage; empty: all of them.",
    )
    description = fields.Text(
        translate=True, help="Shown to technicians above the column."
    )

    # ------------------------------------------------------------
    # Stages by state
    # ------------------------------------------------------------

    @api.model
    @tools.ormcache("team_id", "state")
    def _get_stage_id(self, team_id, state):
        """Return the id of the team's first stage of a state, or of its fallbacks.

        :return: an id, or False when no stage of the team would do
        """
        stages = self.sudo().search(
            ["|", ("team_ids", "=", False), ("team_ids", "=", team_id)]
        )
        for wanted in [state, *FALLBACKS.get(state, [])]:
            found = stages.filtered(lambda stage, wanted=wanted: stage.state == wanted)
            if found:
                return found[0].id
        return stages[:1].id if state == "new" else False

    @api.model
    def _get_stage(self, team, state):
        """Return the stage a ticket of the team enters when it gets this state.

        :raise UserError: when the team has no stage that would do
        """
        stage_id = self._get_stage_id(team.id, state)
        if not stage_id:
            raise UserError(
                self.env._(
                    "The team “%(team)s” has no stage for “%(state)s”. Add one in the "
                    "configuration.",
                    team=team.display_name,
                    state=dict(self._fields["state"]._description_selection(self.env))[
                        state
                    ],
                )
            )
        return self.browse(stage_id)

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        if "state" in vals:
            changed = self.filtered(lambda stage: stage.state != vals["state"])
            changed._check_unused()
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._check_unused()

    def _check_unused(self):
        """Raise a UserError when one of these stages has tickets."""
        # In sudo: also those of companies the administrator does not see now.
        tickets = self.env["psa.ticket"].sudo().with_context(active_test=False)
        used = tickets.search([("stage_id", "in", self.ids)], limit=1)
        if used:
            raise UserError(
                self.env._(
                    "“%(stage)s” has tickets. Move them to another stage first, or "
                    "archive the stage.",
                    stage=used.stage_id.display_name,
                )
            )

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError


class PsaTicketAssignment(models.AbstractModel):
    """Who works on a ticket, and why it is this person."""

    _name = "psa.ticket.assignment"
    _description = "Assignment of a Ticket"

    assigned_at = fields.Datetime(
        string="Assigned", readonly=True, copy=False, help="When the assignee got it."
    )
    assignment_reason = fields.Char(
        string="Why This Assignee",
        readonly=True,
        copy=False,
        help="How the ticket came to its assignee.",
    )
    reassign_count = fields.Integer(
        string="Handed Over",
        readonly=True,
        copy=False,
        help="How often another team, or another technician, took it over.",
    )

    @api.model
    def _get_queue_order(self):
        """Return the order in which tickets should be served, as for ``search``.

        Extend: put what presses more in front (the time left until an SLA is missed).
        """
        return "priority desc, client_class_id, opened_at, id"

    def action_take(self):
        """Assign the tickets to the current user and start work on them.

        :raise UserError: when a colleague was faster
        """
        self.lock_for_update()
        self.invalidate_recordset(["user_id"])
        for ticket in self:
            if ticket.user_id and ticket.user_id != self.env.user:
                raise UserError(
                    self.env._(
                        "%(user)s has taken %(ticket)s already.",
                        user=ticket.user_id.name,
                        ticket=ticket.display_name,
                    )
                )
        self.user_id = self.env.user
        self.filtered(lambda ticket: ticket.state == "new")._move_to("in_progress")

    def _hand_over(self, note, team, user):
        """Pass tickets on to a team, a technician or both, with an internal note.

        :param note: HTML; what the next technician needs to know
        :param team: empty to stay in the team
        :param user: empty to let the team decide
        """
        self._stop_my_timers()
        for ticket in self:
            values = {"user_id": user.id}
            if team and team != ticket.team_id:
                values["team_id"] = team.id
            ticket.write(values)
            ticket.message_post(
                body=Markup(note),
                message_type="comment",
                subtype_xmlid="mail.mt_note",
                partner_ids=user.partner_id.ids,
            )
        if not user:
            self._assign_automatically()

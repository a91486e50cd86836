# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from collections import defaultdict

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from .psa_ticket_stage import DONE_STATES

#: what a hook may want to know of a ticket that is not saved yet
DRAFT_TYPES = ("boolean", "char", "many2one", "selection")


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
    released_by_id = fields.Many2one(
        "res.users",
        readonly=True,
        copy=False,
        export_string_translation=False,
        help="Who gave it back to the team; empty once somebody has it.",
    )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        self._add_assignees(vals_list)
        return super().create(vals_list)

    @api.model
    def _add_assignees(self, vals_list):
        """Give tickets to be created the technician their team chooses.

        Before they are saved: assigning them afterwards would cost a message each.
        """
        default_user_id = self.env.context.get("default_user_id")
        drafts = {}
        for vals in vals_list:
            if vals.setdefault("user_id", default_user_id):
                vals.setdefault("assigned_at", fields.Datetime.now())
                user = self.env["res.users"].browse(vals["user_id"])
                vals.setdefault("assignment_reason", self._describe_assigned_by(user))
            elif draft := self._get_draft(vals):
                drafts[draft] = vals
        if not drafts:
            return
        tickets = self.browse(ticket.id for ticket in drafts)
        choices = tickets.team_id._origin._choose_technicians(tickets)
        for ticket, (user, reason) in choices.items():
            drafts[ticket].update(
                user_id=user.id,
                assignment_reason=reason,
                assigned_at=bool(user) and fields.Datetime.now(),
            )

    @api.model
    def _get_draft(self, vals):
        """Return a ticket like the one to be created, or none by hand or when done."""
        # In sudo: whoever may open a ticket need not see its team.
        team = self.env["psa.ticket.team"].sudo().browse(vals["team_id"])
        stage = self.env["psa.ticket.stage"].sudo().browse(vals.get("stage_id"))
        if team.assignment_method == "manual" or stage.state in DONE_STATES:
            return False
        return self.new(
            {
                name: value
                for name, value in vals.items()
                if name in self._fields and self._fields[name].type in DRAFT_TYPES
            }
        )

    def write(self, vals):
        if not {"user_id", "team_id"} & vals.keys():
            return super().write(vals)
        # What has to be written beside them differs by where a ticket comes from.
        groups = defaultdict(lambda: self.browse())
        for ticket in self:
            groups[tuple(ticket._prepare_assignment_values(vals).items())] |= ticket
        result = True
        for added, tickets in groups.items():
            result = super(PsaTicketAssignment, tickets).write({**dict(added), **vals})
        self.browse(
            ticket.id
            for added, tickets in groups.items()
            if added and "team_id" in vals
            for ticket in tickets
        )._assign_automatically()
        return result

    def _prepare_assignment_values(self, vals):
        """Return what writing a team or an assignee changes beside them."""
        self.ensure_one()
        users = self.env["res.users"]
        team = self.team_id
        if "team_id" in vals:
            team = team.browse(vals["team_id"])
        moves = team != self.team_id
        members = team.sudo().member_ids  # Whoever hands over need not see the team.
        values = {}
        user = self.user_id
        if "user_id" in vals:
            user = users.browse(vals["user_id"])
        elif moves and members and user not in members:
            user = users
            values["user_id"] = False
        if user == self.user_id and not moves:
            return {}
        former = self.user_id or self.released_by_id
        if moves or (user and former and user != former):
            values["reassign_count"] = self.reassign_count + 1
        if user != self.user_id:
            values.update(
                assigned_at=bool(user) and fields.Datetime.now(),
                assignment_reason=bool(user) and self._describe_assigned_by(user),
            )
        values["released_by_id"] = False if user or moves else self.user_id.id
        return values

    @api.model
    def _describe_assigned_by(self, user):
        """Return how a user got a ticket from the current one, in the user's words."""
        assigner = self.env.user
        lang_env = self.with_context(lang=user.sudo().lang or self.env.lang).env
        if assigner == user:
            return lang_env._("Taken by %s", user.sudo().name)
        return lang_env._("Assigned by %s", assigner.name)

    # ------------------------------------------------------------
    # Assigning
    # ------------------------------------------------------------

    def _assign_automatically(self):
        """Give open tickets without assignee the technician their team chooses.

        When nobody can get one, its reason says why.
        """
        waiting = self.filtered(lambda ticket: ticket.is_open and not ticket.user_id)
        choices = waiting.team_id._choose_technicians(waiting)
        chosen = defaultdict(lambda: self.browse())
        for ticket, (user, _reason) in choices.items():
            chosen[user.id] |= ticket
        for user_id, tickets in chosen.items():
            if user_id:
                tickets.write({"user_id": user_id})
        reasons = defaultdict(lambda: self.browse())
        for ticket, (_user, reason) in choices.items():
            reasons[reason] |= ticket
        for reason, tickets in reasons.items():
            # In sudo: nobody sets it by hand.
            tickets.sudo().assignment_reason = reason

    def _wait_for_lock(self):
        """Lock the rows of these tickets, waiting for whoever holds them.

        The host's lock methods do not wait. A ticket that was changed meanwhile raises
        a serialization failure, on which the host repeats the request, which then sees
        what the other one did.
        """
        if self:
            self.flush_recordset()
            self.env.cr.execute(
                "SELECT id FROM psa_ticket WHERE id IN %s"
                " ORDER BY id FOR NO KEY UPDATE",
                [tuple(self.ids)],
            )
            self.invalidate_recordset()

    def action_assign_automatically(self):
        """Let the teams choose for open tickets that nobody has.

        :raise UserError: when a team assigns by hand
        """
        waiting = self.filtered(lambda ticket: ticket.is_open and not ticket.user_id)
        by_hand = waiting.team_id.filtered(
            lambda team: team.assignment_method == "manual"
        )
        if by_hand:
            raise UserError(
                self.env._(
                    "%s assigns its tickets by hand. Choose a technician.",
                    by_hand[0].name,
                )
            )
        waiting._assign_automatically()

    def action_take(self):
        """Assign the tickets to the current user and start work on them.

        :raise UserError: when a colleague was faster
        """
        self.check_access("write")
        self._wait_for_lock()
        tickets = self.filtered("is_open")
        for ticket in tickets:
            if ticket.user_id and ticket.user_id != self.env.user:
                raise UserError(
                    self.env._(
                        "%(user)s has taken %(ticket)s already.",
                        user=ticket.user_id.name,
                        ticket=ticket.display_name,
                    )
                )
        tickets.user_id = self.env.user
        tickets.filtered(lambda ticket: ticket.state == "new")._move_to("in_progress")

    def _hand_over(self, note, team, user):
        """Pass tickets on to a team, a technician or both, with an internal note.

        :param note: HTML; what the next technician needs to know
        :param team: empty to stay in the team
        :param user: empty to let the team decide
        """
        self._stop_my_timers()
        values = {"user_id": user.id}
        if team:
            values["team_id"] = team.id
        self.write(values)
        if not user:
            self._assign_automatically()
        for ticket in self:
            ticket.message_post(
                body=Markup(note),
                message_type="comment",
                subtype_xmlid="mail.mt_note",
                partner_ids=ticket.user_id.partner_id.ids,
            )

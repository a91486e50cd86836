# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from collections import Counter

import pytz
from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date, format_time

from ..tools.roster import Roster

#: more names would make the reason a list to search in
NAMED_ABSENCES = 3


class PsaTicketTeamAssignment(models.AbstractModel):
    """How a team chooses the technician of a ticket, and the words for it."""

    _name = "psa.ticket.team.assignment"
    _description = "Choice of a Technician"

    def _choose_technicians(self, tickets):
        """Choose who gets tickets of these teams; nothing is written on the tickets.

        Each choice counts for the next one: a hundred tickets that come at once are
        spread as if they had come one by one. Teams that assign by hand are left out.

        :param tickets: tickets without assignee, saved or not
        :return: {ticket: (user or none, reason)}
        """
        choices = {}
        # In sudo: a customer's ticket is assigned too, and turns are kept by nobody.
        teams = self.sudo().filtered(lambda team: team.assignment_method != "manual")
        rosters = teams._get_rosters()
        for team, team_tickets in tickets.grouped("team_id").items():
            if roster := rosters.get(team.id):
                choices |= team.sudo()._choose_from(roster, team_tickets)
        return choices

    def _choose_from(self, roster, tickets):
        self.ensure_one()
        choices = {}
        takes_turns = self.assignment_method == "round_robin"
        is_own_turn = takes_turns and self._lock_turn()
        if takes_turns and not is_own_turn:
            # Somebody is getting a ticket at this very moment: that turn is taken.
            roster.last = roster.choose(roster.in_turn())[0] or roster.last
        for ticket in tickets:
            ranked = self._rank_candidates(ticket, roster)
            # Who has just given it back gets it only when nobody else is there.
            ranked = sorted(ranked, key=lambda user: user == ticket.released_by_id)
            user, passed = roster.choose(ranked)
            user = user or self.env["res.users"]
            reason = self._explain_choice(ticket, user, passed, roster)
            choices[ticket] = (user, reason)
            if user:
                roster.give(user)
        if is_own_turn and roster.last and roster.last != self.last_assigned_id:
            self.last_assigned_id = roster.last
        return choices

    # ------------------------------------------------------------
    # Hooks
    # ------------------------------------------------------------

    def _rank_candidates(self, ticket, roster):
        """Return the users who may get a ticket, best first, whoever is off included.

        Extend: rank for a method of your own, by what the ticket needs.

        :param ticket: a ticket, saved or not
        :param roster: :class:`~odoo.addons.psa_helpdesk.tools.roster.Roster` of users
        """
        self.ensure_one()
        if self.assignment_method == "round_robin":
            return roster.in_turn()
        return roster.by_load()

    def _describe_choice(self, ticket, user, roster):
        """Return in a few words why this user was chosen, in the context's language.

        Extend: say it for a method of your own.
        """
        self.ensure_one()
        if self.assignment_method == "least_loaded":
            return self.env._("Fewest open tickets (%s)", roster.loads[user])
        if roster.last and roster.last != user:
            return self.env._("In turn, after %s", roster.last.name)
        return self.env._("In turn")

    def _describe_nobody(self, ticket, roster):
        """Return why nobody of the team could get a ticket, whoever is there.

        Extend: say it for a method of your own.
        """
        return self.env._("The team has no members")

    # ------------------------------------------------------------
    # Reasons
    # ------------------------------------------------------------

    def _explain_choice(self, ticket, user, passed, roster):
        """Return the whole reason in the language of who reads it: the technician."""
        lang = (user or self.company_id.partner_id).lang
        team = self.with_context(lang=lang or self.env.lang)
        absences = [
            team._describe_absence(absent, *roster.off[absent])
            for absent in passed[:NAMED_ABSENCES]
        ]
        if user:
            words = [team._describe_choice(ticket, user, roster), *absences]
        elif absences:
            words = [team.env._("Nobody is there"), *absences]
        else:
            words = [team._describe_nobody(ticket, roster)]
        if len(passed) > NAMED_ABSENCES:
            more = len(passed) - NAMED_ABSENCES
            words.append(team.env._("%s more are off", more))
        return "; ".join(words)

    def _describe_absence(self, user, until, tz):
        """Return “Lucia is off until 12 March”, or until which hour of today."""
        today, day = (
            pytz.utc.localize(instant).astimezone(tz).date()
            for instant in (fields.Datetime.now(), until)
        )
        if day == today:
            moment = format_time(self.env, until, tz=tz.zone, time_format="short")
        else:
            moment = format_date(self.env, day, date_format="d MMMM")
        return self.env._("%(user)s is off until %(date)s", user=user.name, date=moment)

    # ------------------------------------------------------------
    # Who is there
    # ------------------------------------------------------------

    def _get_candidates(self):
        """Return the users who may get a ticket of this team, in order of turns."""
        self.ensure_one()
        return self.sudo().member_ids.filtered("active").sorted("id")

    def _get_rosters(self):
        """Return {id of team: roster}, with the absences and loads of today."""
        members = {team.id: team._get_candidates() for team in self}
        everybody = self.env["res.users"].union(*members.values())
        off = self._get_absences(everybody) if everybody else {}
        loads = self._get_loads(everybody)
        return {
            team.id: Roster(
                list(members[team.id]), Counter(loads), off, team.last_assigned_id
            )
            for team in self
        }

    def _get_loads(self, users):
        """Return {user: number of open tickets} where a team asks for it."""
        if not users or {"round_robin"}.issuperset(self.mapped("assignment_method")):
            return {}
        return dict(
            self.env["psa.ticket"]._read_group(
                [("user_id", "in", users.ids), ("is_open", "=", True)],
                ["user_id"],
                ["__count"],
            )
        )

    @api.model
    def _get_absences(self, users):
        """Return {user: (until, zone)} of those who are off now.

        Own time off, and days on which the company or everybody with the same working
        hours is off. Users without an employee are always there. In sudo: that
        somebody is off is seen by all, why is not looked at.
        """
        now = fields.Datetime.now()
        leaves = (
            self.env["resource.calendar.leaves"]
            .sudo()
            .search(
                Domain("date_from", "<=", now)
                & Domain("date_to", ">", now)
                & Domain("time_type", "=", "leave")
                & (
                    Domain("resource_id.user_id", "in", users.ids)
                    | Domain("resource_id", "=", False)
                )
            )
        )
        if not leaves:
            return {}
        absences = {}
        resources = self.env["resource.resource"].sudo()
        for resource in resources.search([("user_id", "in", users.ids)]):
            # The users as they were given: records of sudo are equal, not the same.
            user = users.browse(resource.user_id.id)
            for leave in leaves:
                until = leave.date_to
                is_later = user not in absences or until > absences[user][0]
                if is_later and self._is_leave_of(leave, resource):
                    absences[user] = (until, pytz.timezone(resource.tz or "UTC"))
        return absences

    @api.model
    def _is_leave_of(self, leave, resource):
        if leave.resource_id:
            return leave.resource_id == resource
        return leave.company_id in (
            resource.company_id,
            leave.company_id.browse(),
        ) and (leave.calendar_id in (resource.calendar_id, leave.calendar_id.browse()))

    def _lock_turn(self):
        """Return whether the next turn of this team is this transaction's to give.

        Not waited for: who waits for a turn that somebody else has changed cannot read
        it in this transaction, and a mail that comes in cannot be asked to come again.
        """
        self.ensure_one()
        self.flush_recordset(["last_assigned_id"])
        cr = self.env.cr
        try:
            with cr.savepoint(flush=False):
                # Not FOR UPDATE: every new ticket refers to the row.
                cr.execute(
                    "SELECT last_assigned_id FROM psa_ticket_team WHERE id = %s"
                    " FOR NO KEY UPDATE SKIP LOCKED",
                    [self.id],
                    log_exceptions=False,
                )
                return bool(cr.rowcount)
        except SerializationFailure:
            return False

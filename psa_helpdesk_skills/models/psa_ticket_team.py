# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from collections import defaultdict

from odoo import fields, models
from odoo.fields import Domain


class PsaTicketTeam(models.Model):
    _inherit = "psa.ticket.team"

    assignment_method = fields.Selection(
        selection_add=[("skill", "By skill")],
        ondelete={"skill": "set default"},
        help="How new tickets get their technician. Members who are off are left out. "
        "By skill: who knows best what the type and the category ask for; of equals "
        "who has the fewest open tickets.",
    )

    def _get_rosters(self):
        rosters = super()._get_rosters()
        by_skill = self.filtered(lambda team: team.assignment_method == "skill")
        levels = by_skill._get_skill_levels()
        for team in by_skill:
            rosters[team.id].facts["skill_levels"] = levels
        return rosters

    def _get_skill_levels(self):
        """Return {user: {skill: level in percent}} of what the members know today."""
        members = self.member_ids
        levels = defaultdict(dict)
        if not members:
            return levels
        today = fields.Date.today()
        # In sudo: whoever opens a ticket need not see the employees.
        known = (
            self.env["hr.employee.skill"]
            .sudo()
            .search(
                Domain("employee_id.user_id", "in", members.ids)
                & Domain("valid_from", "<=", today)
                & (Domain("valid_to", "=", False) | Domain("valid_to", ">=", today))
            )
        )
        for skill in known:
            mine = levels[members.browse(skill.employee_id.user_id.id)]
            mine[skill.skill_id] = max(
                skill.level_progress, mine.get(skill.skill_id, 0)
            )
        return levels

    def _get_required_skills(self, ticket):
        """Return the skills a ticket asks for.

        Extend: add those your addon knows of (a contract's product).
        """
        # In sudo: a customer's ticket has a type and a category as well.
        ticket = ticket.sudo()
        category = ticket.category_id._origin
        return ticket.type_id._origin.skill_ids | category._get_required_skills()

    def _rank_candidates(self, ticket, roster):
        if self.assignment_method != "skill":
            return super()._rank_candidates(ticket, roster)
        required = self._get_required_skills(ticket)
        levels = roster.facts["skill_levels"]
        able = [
            user for user in roster.by_load() if set(required) <= levels[user].keys()
        ]
        return sorted(
            able, key=lambda user: -sum(levels[user][skill] for skill in required)
        )

    def _describe_choice(self, ticket, user, roster):
        if self.assignment_method != "skill":
            return super()._describe_choice(ticket, user, roster)
        required = self._get_required_skills(ticket).with_env(self.env)
        if required:
            return self.env._("Knows %s", ", ".join(sorted(required.mapped("name"))))
        return self.env._(
            "No skill is asked for; fewest open tickets (%s)", roster.loads[user]
        )

    def _describe_nobody(self, ticket, roster):
        required = self._get_required_skills(ticket).with_env(self.env)
        if self.assignment_method == "skill" and required and roster.people:
            return self.env._(
                "Nobody in the team knows %s",
                ", ".join(sorted(required.mapped("name"))),
            )
        return super()._describe_nobody(ticket, roster)

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.exceptions import AccessError, UserError

# Worked out by the suite: figures and reports rest on them. An administrator may set
# them, to import the tickets of another system.
SYSTEM_FIELDS = {
    "acknowledged_at",
    "acknowledgement_reason",
    "acknowledgement_state",
    "answer_count",
    "assigned_at",
    "assignment_reason",
    "client_class_id",
    "close_error",
    "close_warned_at",
    "closed_at",
    "company_id",
    "csat_asked_at",
    "csat_email",
    "csat_reason",
    "csat_state",
    "dispatch_state",
    "email_normalized",
    "first_answer_at",
    "first_answer_hours",
    "hours_billable",
    "hours_spent",
    "is_open",
    "is_sla_breached",
    "is_waiting",
    "last_activity_at",
    "last_answer_at",
    "last_customer_message_at",
    "merged_into_id",
    "number",
    "opened_at",
    "rating_last_value",
    "reassign_count",
    "recurrence_date",
    "recurrence_id",
    "released_by_id",
    "reopen_count",
    "reopened_at",
    "resolution_hours",
    "resolved_at",
    "sla_deadline",
    "sla_error",
    "sla_kind",
    "sla_policy_id",
    "sla_source",
    "sla_sync_requested",
    "stale_told_at",
    "state",
}


class PsaTicketGuard(models.AbstractModel):
    """What nobody sets by hand, over RPC included."""

    _name = "psa.ticket.guard"
    _description = "Guard of Tickets"

    @api.model
    def _may_set_system_fields(self):
        return self.env.su or self.env.user.has_group("psa_core.group_psa_admin")

    @api.model
    def _check_system_fields(self, vals_list, defaults=False):
        """Refuse values that only the suite sets.

        :param defaults: look at the defaults of the context, too
        :raise AccessError: when there are any
        """
        names = {name for vals in vals_list for name in vals}
        if defaults:
            names.update(
                name.removeprefix("default_")
                for name in self.env.context
                if name.startswith("default_")
            )
        forged = SYSTEM_FIELDS & names
        if forged and not self._may_set_system_fields():
            raise AccessError(
                self.env._(
                    "These values are worked out and cannot be set: %(fields)s.",
                    fields=", ".join(
                        sorted(self._fields[name].string for name in forged)
                    ),
                )
            )

    def _check_team(self, team):
        """Refuse to move tickets to another company, whose numbers are others.

        :raise UserError: when the team is not of the company of all these tickets
        """
        for ticket in self:
            if ticket.company_id != team.company_id:
                raise UserError(
                    self.env._(
                        "%(ticket)s is of %(company)s and cannot go to the team "
                        "“%(team)s” of another company. Open a new ticket there.",
                        ticket=ticket.display_name,
                        company=ticket.company_id.display_name,
                        team=team.display_name,
                    )
                )

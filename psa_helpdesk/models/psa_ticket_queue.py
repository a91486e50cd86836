# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from babel.dates import format_timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import babel_locale_parse

#: more people do not press the button in the same instant
CANDIDATES = 50


class PsaTicketQueue(models.AbstractModel):
    """What is served next: the queue from which technicians pull."""

    _name = "psa.ticket.queue"
    _description = "Queue of Tickets"

    queue_explanation = fields.Char(
        string="Why Now",
        compute="_compute_queue_explanation",
        help="What puts the ticket where it is in the queue.",
    )

    @api.depends("priority", "client_class_id", "opened_at")
    def _compute_queue_explanation(self):
        for ticket in self:
            reasons = ticket._get_queue_reasons() if ticket.is_open else []
            ticket.queue_explanation = " · ".join(reasons)

    @api.model
    def _get_queue_order(self):
        """Return the order in which tickets should be served, as for ``search``.

        What waits for somebody else comes last, whatever its priority. Extend: put
        what presses more in front (the time left until an SLA is missed).
        """
        return "is_waiting, priority desc, client_class_id, opened_at, id"

    def _get_queue_reasons(self):
        """Return in a few words each what the queue's order looks at.

        Extend: put yours where the order has it.
        """
        self.ensure_one()
        labels = dict(self._fields["priority"]._description_selection(self.env))
        reasons = [self.env._("Priority: %s", labels.get(self.priority, ""))]
        if self.client_class_id:
            reasons.append(self.env._("Client class: %s", self.client_class_id.name))
        if self.opened_at:
            age = fields.Datetime.now() - self.opened_at
            locale = babel_locale_parse(self.env.lang or "en_US")
            reasons.append(
                self.env._("Open for %s", format_timedelta(age, locale=locale))
            )
        return reasons

    @api.model
    def _get_queue_domain(self):
        """Return the domain of the tickets the current user may pull.

        Of the own teams, and of teams without members, whose tickets everybody may
        take. What waits for somebody else is not work to be done.
        """
        return (
            Domain("is_open", "=", True)
            & Domain("user_id", "=", False)
            & Domain("is_waiting", "=", False)
            & (
                Domain("team_id.member_ids", "in", self.env.uid)
                | Domain("team_id.member_ids", "=", False)
            )
        )

    def action_next_ticket(self):
        """Assign the ticket that should be served next to the current user; open it.

        Rows others are taking in the same instant are skipped: two who press at once
        get different tickets.
        """
        queue = self.search(
            self._get_queue_domain(), order=self._get_queue_order(), limit=CANDIDATES
        )
        ticket = queue.try_lock_for_update(allow_referencing=True, limit=1)
        if not ticket:
            return self._notify_queue(
                self.env._("Nothing is waiting: well done."), "success"
            )
        why = ticket.queue_explanation
        ticket.user_id = self.env.uid
        # In sudo: nobody sets it by hand.
        ticket.sudo().assignment_reason = self.env._("Next in the queue: %s", why)
        if ticket.state == "new":
            ticket._move_to("in_progress")
        return self._notify_queue(
            why, "info", title=ticket.display_name, following=ticket._get_form_action()
        )

    def _get_form_action(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "psa.ticket",
            "res_id": self.id,
            "views": [[False, "form"]],
        }

    @api.model
    def _notify_queue(self, message, kind, title=False, following=False):
        """Return the action that shows a message, and then does what follows."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": title,
                "message": message,
                "type": kind,
                "next": following,
            },
        }

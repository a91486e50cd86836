# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import is_html_empty


class PsaTicketResolve(models.TransientModel):
    """Ends tickets: what was done, why it happened, how long it took."""

    _name = "psa.ticket.resolve"
    _description = "Resolve Tickets"

    ticket_ids = fields.Many2many(
        "psa.ticket", default=lambda self: self._default_ticket_ids(), required=True
    )
    ticket_count = fields.Integer(compute="_compute_ticket")
    hours_spent = fields.Float(string="Recorded So Far", compute="_compute_ticket")
    is_timed = fields.Boolean(compute="_compute_ticket")
    needs_time = fields.Boolean(compute="_compute_ticket")
    open_incident_count = fields.Integer(compute="_compute_ticket")
    resolution = fields.Html(compute="_compute_from_ticket", store=True, readonly=False)
    cause_id = fields.Many2one(
        "psa.ticket.cause", compute="_compute_from_ticket", store=True, readonly=False
    )
    tell_customer = fields.Boolean(
        string="Send to the Customer",
        default=True,
        help="The resolution is sent as a message of the ticket.",
    )
    with_incidents = fields.Boolean(
        string="Resolve Its Incidents Too",
        help="The open incidents of these problems get the same resolution and cause.",
    )
    minutes = fields.Integer(
        string="Minutes to Record",
        help="For each ticket. Recorded as work that ends now, beside timers.",
    )
    work_text = fields.Char(
        string="What Was Done",
        help="The text of the work entry: the customer reads it.",
    )
    no_time_reason = fields.Char(string="Why Without Time")

    def _default_ticket_ids(self):
        return self.env["psa.ticket"].browse(self.env.context.get("active_ids", []))

    @api.depends("ticket_ids", "minutes")
    def _compute_ticket(self):
        timers = self.env["psa.timer"]
        for wizard in self:
            tickets = wizard.ticket_ids._origin
            timed = timers.search(tickets._get_my_timers_domain()).mapped("res_id")
            wizard.ticket_count = len(tickets)
            wizard.hours_spent = sum(tickets.mapped("hours_spent"))
            wizard.is_timed = bool(timed)
            wizard.needs_time = not wizard.minutes and any(
                not ticket.hours_spent and ticket.id not in timed
                for ticket in wizard.ticket_ids._origin._get_unresolved()
            )
            wizard.open_incident_count = len(
                tickets.incident_ids.filtered("is_open") - tickets
            )

    @api.depends("ticket_ids")
    def _compute_from_ticket(self):
        for wizard in self:
            single = len(wizard.ticket_ids) == 1
            wizard.resolution = single and wizard.ticket_ids.resolution
            wizard.cause_id = single and wizard.ticket_ids.cause_id

    def action_resolve(self):
        """Record the time, then resolve the tickets that are not yet.

        :raise UserError: when none is left, or without time and a reason for it
        """
        self.ensure_one()
        # Twice, in two tabs, records the time once.
        self.ticket_ids._wait_for_lock()
        tickets = self.ticket_ids._get_unresolved()
        if not tickets:
            raise UserError(self.env._("These tickets have been resolved already."))
        tickets._check_checklist()
        tickets._stop_my_timers()
        if self.minutes:
            self._record_minutes(tickets)
        silent = tickets.filtered(lambda ticket: not ticket.hours_spent)
        if silent and not self.no_time_reason:
            raise UserError(
                self.env._("Record how long it took, or say why there is no time.")
            )
        silent.no_time_reason = self.no_time_reason
        if self.with_incidents:
            incidents = tickets.incident_ids.filtered("is_open") - tickets
            for incident in incidents.filtered(
                lambda ticket: not (ticket.hours_spent or ticket.no_time_reason)
            ):
                incident.no_time_reason = self.env._(
                    "Resolved with the problem %s.", incident.problem_id.number
                )
            tickets |= incidents
        tickets._resolve(
            self.resolution, self.cause_id, tell_customer=self._may_tell_customer()
        )
        return {"type": "ir.actions.act_window_close"}

    def _record_minutes(self, tickets):
        """Record the minutes on each ticket, one after the other until now."""
        stop = fields.Datetime.now()
        for ticket in tickets:
            entry = ticket._record_minutes(self.minutes, self.work_text, stop)
            stop = entry.psa_date_start

    def _may_tell_customer(self):
        return self.tell_customer and not is_html_empty(self.resolution)

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
    needs_time = fields.Boolean(compute="_compute_needs_time")
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
        help="Recorded as work that ends now, beside timers.",
    )
    work_text = fields.Char(
        string="What Was Done",
        help="The text of the work entry: the customer reads it.",
    )
    no_time_reason = fields.Char(string="Why Without Time")

    def _default_ticket_ids(self):
        return self.env["psa.ticket"].browse(self.env.context.get("active_ids", []))

    @api.depends("ticket_ids")
    def _compute_ticket(self):
        timers = self.env["psa.timer"]
        for wizard in self:
            tickets = wizard.ticket_ids._origin
            wizard.ticket_count = len(tickets)
            wizard.hours_spent = sum(tickets.mapped("hours_spent"))
            wizard.is_timed = bool(timers.search_count(tickets._get_my_timers_domain()))
            wizard.open_incident_count = len(
                tickets.incident_ids.filtered("is_open") - tickets
            )

    @api.depends("ticket_ids", "minutes", "is_timed")
    def _compute_needs_time(self):
        for wizard in self:
            wizard.needs_time = not (wizard.minutes or wizard.is_timed) and any(
                not ticket.hours_spent for ticket in wizard.ticket_ids._origin
            )

    @api.depends("ticket_ids")
    def _compute_from_ticket(self):
        for wizard in self:
            single = len(wizard.ticket_ids) == 1
            wizard.resolution = single and wizard.ticket_ids.resolution
            wizard.cause_id = single and wizard.ticket_ids.cause_id

    def action_resolve(self):
        """Record the time, then resolve the tickets.

        :raise UserError: without time and without a reason for it
        """
        self.ensure_one()
        tickets = self.ticket_ids
        tickets._check_checklist()
        tickets._stop_my_timers()
        if self.minutes:
            for ticket in tickets:
                ticket._record_minutes(self.minutes, self.work_text)
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

    def _may_tell_customer(self):
        return self.tell_customer and not is_html_empty(self.resolution)

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

from ..models.psa_sla_target import KINDS
from ..models.psa_ticket_stage import STATES


class PsaTicketReport(models.Model):
    """What is asked, how well it is answered, and where the time goes; always live.

    Three kinds of rows: one per ticket, one per work entry of a ticket and one per
    promise of a ticket. Each has its own measures and nothing in those of the others,
    so that hours can be grouped by who worked, and promises by their target, without
    counting a ticket twice. The formulas are those of ``tools/kpi.py``.
    """

    _name = "psa.ticket.report"
    _description = "Ticket Analysis"
    _inherit = ["psa.ticket.report.query"]
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "ticket_id"
    _depends = {
        "account.analytic.line": [
            "date",
            "project_id",
            "psa_billable_hours",
            "psa_client_id",
            "psa_ticket_id",
            "psa_work_type_id",
            "unit_amount",
            "user_id",
        ],
        "psa.ticket": [
            "active",
            "answer_count",
            "category_id",
            "cause_id",
            "channel",
            "client_id",
            "company_id",
            "first_answer_at",
            "first_answer_hours",
            "merged_into_id",
            "opened_at",
            "partner_id",
            "priority",
            "rating_last_value",
            "reopen_count",
            "resolution_hours",
            "resolved_at",
            "sla_policy_id",
            "state",
            "team_id",
            "type_id",
            "user_id",
        ],
        "psa.ticket.sla": ["breached_at", "kind", "state", "ticket_id", "waived_at"],
        "res.company": ["partner_id", "resource_calendar_id"],
        "res.partner": ["tz"],
        "resource.calendar": ["tz"],
    }

    row_kind = fields.Selection(
        [("ticket", "Ticket"), ("entry", "Work Entry"), ("sla", "SLA Target")],
        string="Kind of Row",
        readonly=True,
    )
    ticket_id = fields.Many2one("psa.ticket", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    date = fields.Date(
        readonly=True,
        help="The day on which the ticket was opened, or on which somebody worked.",
    )
    opened_at = fields.Datetime(string="Opened", readonly=True)
    resolved_at = fields.Datetime(string="Resolved", readonly=True)
    client_id = fields.Many2one("res.partner", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Contact", readonly=True)
    team_id = fields.Many2one("psa.ticket.team", readonly=True)
    user_id = fields.Many2one(
        "res.users",
        string="Technician",
        readonly=True,
        help="Whose ticket it is; of hours, who worked.",
    )
    assignee_id = fields.Many2one("res.users", readonly=True)
    type_id = fields.Many2one("psa.ticket.type", readonly=True)
    category_id = fields.Many2one("psa.ticket.category", readonly=True)
    cause_id = fields.Many2one("psa.ticket.cause", readonly=True)
    sla_policy_id = fields.Many2one(
        "psa.sla.policy", string="SLA Policy", readonly=True
    )
    work_type_id = fields.Many2one("psa.work.type", readonly=True)
    priority = fields.Selection(selection="_selection_priority", readonly=True)
    channel = fields.Selection(selection="_selection_channel", readonly=True)
    state = fields.Selection(STATES, readonly=True)
    sla_kind = fields.Selection(KINDS, string="SLA Target", readonly=True)
    age_bucket = fields.Selection(
        [
            ("a_day", "Up to 1 day"),
            ("a_week", "1 to 7 days"),
            ("a_month", "7 to 30 days"),
            ("a_quarter", "30 to 90 days"),
            ("older", "Over 90 days"),
        ],
        string="Age of Open Tickets",
        readonly=True,
    )

    ticket_count = fields.Integer(string="Tickets", readonly=True)
    open_count = fields.Integer(string="Open", readonly=True)
    solved_count = fields.Integer(string="Solved", readonly=True)
    backlog_days = fields.Float(
        string="Age (Days)",
        readonly=True,
        aggregator="avg",
        help="Days since open tickets came in.",
    )
    first_answer_hours = fields.Float(
        string="Hours to First Answer",
        readonly=True,
        aggregator="avg",
        help="Working hours until a person answered.",
    )
    resolution_hours = fields.Float(
        string="Hours to Resolution",
        readonly=True,
        aggregator="avg",
        help="Working hours until it was solved, without waiting.",
    )
    touches = fields.Float(
        string="Answers per Solved Ticket", readonly=True, aggregator="avg"
    )
    reopen_rate = fields.Float(
        string="Reopened (%)",
        readonly=True,
        aggregator="avg",
        help="Came back ÷ solved at least once.",
    )
    first_contact_rate = fields.Float(
        string="Solved at First Contact (%)",
        readonly=True,
        aggregator="avg",
        help="Solved with one answer at most, for good ÷ solved.",
    )
    single_technician_rate = fields.Float(
        string="Solved by One Person (%)",
        readonly=True,
        aggregator="avg",
        help="One person worked on it ÷ solved ones that somebody worked on.",
    )
    same_day_rate = fields.Float(
        string="Solved on the Same Day (%)",
        readonly=True,
        aggregator="avg",
        help="Solved on the day they came in ÷ opened.",
    )
    csat_rate = fields.Float(
        string="Satisfied Customers (%)",
        readonly=True,
        aggregator="avg",
        help="Positive answers ÷ answers.",
    )
    hours = fields.Float(readonly=True)
    billable_hours = fields.Float(readonly=True)
    sla_rate = fields.Float(
        string="SLA Met (%)",
        readonly=True,
        aggregator="avg",
        help="Targets met ÷ met or missed; missed as soon as the time is over, also of "
        "open tickets.",
    )
    sla_missed = fields.Integer(string="SLA Missed", readonly=True)
    first_response_rate = fields.Float(
        string="First Response in Time (%)", readonly=True, aggregator="avg"
    )
    next_response_rate = fields.Float(
        string="Next Responses in Time (%)", readonly=True, aggregator="avg"
    )
    update_rate = fields.Float(
        string="Updates in Time (%)", readonly=True, aggregator="avg"
    )
    plan_rate = fields.Float(
        string="Appointments Set in Time (%)", readonly=True, aggregator="avg"
    )
    resolution_rate = fields.Float(
        string="Resolution in Time (%)", readonly=True, aggregator="avg"
    )

    @api.model
    def _selection_priority(self):
        return (
            self.env["psa.ticket"]._fields["priority"]._description_selection(self.env)
        )

    @api.model
    def _selection_channel(self):
        return (
            self.env["psa.ticket"]._fields["channel"]._description_selection(self.env)
        )

    def action_open_ticket(self):
        """Open the ticket of this row."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "psa.ticket",
            "res_id": self.ticket_id.id,
            "views": [[False, "form"]],
        }

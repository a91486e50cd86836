# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .psa_sla_target import KINDS
from .sla_sync import SlaSync

#: the customer waits for a first answer; who takes a call has answered
ANSWERED_CHANNELS = {"mail", "portal", "web", "alert"}
#: what decides about clocks
SLA_FACTS = {
    "active",
    "channel",
    "client_id",
    "first_answer_at",
    "has_unread_reply",
    "impact",
    "last_answer_at",
    "opened_at",
    "partner_id",
    "planned_at",
    "priority",
    "stage_id",
    "team_id",
    "type_id",
    "urgency",
}


class PsaTicketServiceLevel(models.AbstractModel):
    """What is promised for a ticket: the policy, and its clocks."""

    _name = "psa.ticket.service.level"
    _description = "Service Level of a Ticket"

    sla_policy_id = fields.Many2one(
        "psa.sla.policy",
        string="SLA Policy",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    sla_source = fields.Selection(
        selection="_selection_sla_source",
        string="SLA From",
        readonly=True,
        copy=False,
    )
    sla_explanation = fields.Char(
        string="Why This SLA", compute="_compute_sla_explanation"
    )
    sla_ids = fields.One2many("psa.ticket.sla", "ticket_id", string="SLA Targets")
    sla_deadline = fields.Datetime(
        string="SLA Deadline",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The first of the targets that run.",
    )
    sla_kind = fields.Selection(KINDS, string="SLA Next", readonly=True, copy=False)
    is_sla_breached = fields.Boolean(
        string="SLA Missed",
        readonly=True,
        copy=False,
        help="A target was missed and not waived, whether the ticket is open or not.",
    )
    sla_sync_requested = fields.Boolean(
        readonly=True,
        copy=False,
        export_string_translation=False,
        help="The job has to look at it: a policy or working hours changed.",
    )
    planned_at = fields.Datetime(
        string="Appointment", copy=False, tracking=True, help="When somebody will come."
    )
    first_answer_hours = fields.Float(
        string="Hours to First Answer",
        compute="_compute_first_answer_hours",
        store=True,
        precompute=True,
        aggregator="avg",
        copy=False,
        help="Working hours of the team from the arrival to a person's first answer.",
    )
    resolution_hours = fields.Float(
        string="Hours to Resolution",
        compute="_compute_resolution_hours",
        store=True,
        precompute=True,
        aggregator="avg",
        copy=False,
        help="Working hours of the team from the arrival to the resolution, without "
        "those in which the ticket waited for somebody else.",
    )

    _sla_sync_idx = models.Index("(id) WHERE sla_sync_requested IS TRUE")
    _sla_open_idx = models.Index("(sla_deadline) WHERE is_open IS TRUE")

    @api.model
    def _selection_sla_source(self):
        """Return where a policy may come from. Extend: add yours (a contract)."""
        return [
            ("client", self.env._("Client")),
            ("team", self.env._("Team")),
            ("company", self.env._("Company")),
        ]

    # ------------------------------------------------------------
    # Choice of the policy
    # ------------------------------------------------------------

    def _find_sla_policies(self):
        """Return {ticket: (source, policy)}; tickets without any are left out.

        Extend: find yours first (a contract's), and call super() for the rest. Each
        policy has to be active and of the ticket's company or of all.
        """
        found = {}
        groups = self.grouped(
            lambda ticket: (ticket.company_id, ticket.client_id, ticket.team_id)
        )
        for (company, client, team), tickets in groups.items():
            for source, policy in (
                ("client", client.with_company(company).psa_sla_policy_id),
                ("team", team.sla_policy_id),
                ("company", company.psa_sla_policy_id),
            ):
                # A ticket never gets the policy of another company, in sudo neither.
                if policy.active and policy.company_id.id in (False, company.id):
                    found.update(dict.fromkeys(tickets, (source, policy)))
                    break
        return found

    def _put_sla_policies(self, chosen):
        """Note the choice on the tickets."""
        nothing = False, self.env["psa.sla.policy"]
        for ticket in self:
            source, policy = chosen.get(ticket, nothing)
            ticket._put_sla(sla_policy_id=policy.id, sla_source=source)
        self.modified(["sla_policy_id", "sla_source"])

    @api.depends("sla_policy_id", "sla_source", "priority", "type_id")
    @api.depends_context("lang")
    def _compute_sla_explanation(self):
        sources = dict(self._selection_sla_source())
        labels = dict(self._fields["priority"]._description_selection(self.env))
        for ticket in self:
            policy = ticket.sudo().sla_policy_id
            if not policy:
                ticket.sla_explanation = self.env._(
                    "Neither the client nor the team nor the company has an SLA."
                )
                continue
            ticket.sla_explanation = self.env._(
                "“%(policy)s”, from: %(origin)s; priority: %(priority)s.",
                policy=policy.name,
                origin=sources.get(ticket.sla_source, ""),
                priority=labels.get(ticket.priority, ""),
            )

    # ------------------------------------------------------------
    # What the ticket asks of its clocks
    # ------------------------------------------------------------

    def _get_sla_demand(self, kind, row, now):
        """Return what should be with a target of this kind: ``(status, instant)``.

        ``wanted`` since an instant, ``reached`` at an instant, or ``stopped``. Extend:
        for kinds of your own.

        :param row: the open row of this kind, or None
        """
        self.ensure_one()
        if not self.active or self.state == "cancelled":
            return "stopped", now
        done_at = False if self.is_open else self.resolved_at or now
        return getattr(self, f"_get_sla_demand_{kind}")(row, now, done_at)

    def _get_sla_demand_first_response(self, row, now, done_at):
        if self.channel not in ANSWERED_CHANNELS and not row:
            return "stopped", now
        if answered_at := self.first_answer_at or done_at:
            return "reached", answered_at
        if self.channel not in ANSWERED_CHANNELS:
            return "stopped", now
        return "wanted", self._get_sla_arrival()

    def _get_sla_demand_next_response(self, row, now, done_at):
        if self.has_unread_reply:
            is_first = not self.first_answer_at and self.channel in ANSWERED_CHANNELS
            since = self.last_customer_message_at or now
            return ("stopped", now) if is_first else ("wanted", since)
        if done_at:
            return "reached", now
        if row and self.last_answer_at and self.last_answer_at >= row.started_at:
            return "reached", self.last_answer_at
        # Somebody has read it and said that it needs no answer.
        return "stopped", now

    def _get_sla_demand_update(self, row, now, done_at):
        since = self.last_answer_at
        if done_at or self.has_unread_reply or not since:
            return "stopped", now
        if (
            not row
            and max(self.last_customer_message_at or since, self.reopened_at or since)
            > since
        ):
            # Nothing was promised while the customer waited, or the ticket was over.
            since = now
        return "wanted", since

    def _get_sla_demand_plan(self, row, now, done_at):
        if self.planned_at:
            return "reached", now
        return ("stopped", now) if done_at else ("wanted", self._get_sla_arrival())

    def _get_sla_demand_resolution(self, row, now, done_at):
        if done_at:
            return "reached", done_at
        return "wanted", self._get_sla_arrival()

    def _get_sla_arrival(self):
        """Return since when the customer waits: a reopened ticket begins anew."""
        return self.reopened_at or self.opened_at

    # ------------------------------------------------------------
    # Keeping the clocks in line
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        tickets = super().create(vals_list)
        # In sudo: whoever opens a ticket starts its clocks.
        tickets.sudo()._sync_sla(is_new=True)
        return tickets

    def write(self, vals):
        if not SLA_FACTS & vals.keys():
            return super().write(vals)
        tickets = self.sudo()
        waited = tickets.filtered("is_waiting")
        result = super().write(vals)
        tickets._sync_sla(waited=waited)
        return result

    def _sync_sla(self, is_new=False, waited=None, check=False):
        """Bring waiting times and SLA in line with these tickets, in sudo.

        :param waited: those of them that have waited until now
        :param check: work the deadlines out again, whatever has happened
        """
        now = fields.Datetime.now()
        waits = self.env["psa.ticket.wait"]
        if not check:
            waiting = self.filtered("is_waiting")
            waited = waited or self.browse()
            waits._end(waited - waiting, now)
            waits._begin(waiting - waited, now)
        self._get_sla_sync(self, now, is_new, check).run()

    @api.model
    def _get_sla_sync(self, tickets, now, is_new=False, check=False):
        return SlaSync(tickets.sudo(), now, is_new, check)

    def _put_sla(self, **values):
        """Write values of the SLA without the cost of ``write``; nobody else does.

        :param values: ids instead of records
        """
        for name, value in values.items():
            field = self._fields[name]
            cached = field.convert_to_cache(value, self)
            if field.convert_to_cache(self[name], self) != cached:
                field._update_cache(self, cached, dirty=True)

    def _refresh_is_sla_breached(self):
        """Work out again whether a target was missed: one was waived."""
        missed = self.env["psa.ticket.sla"].search(
            [
                ("ticket_id", "in", self.ids),
                ("breached_at", "!=", False),
                ("waived_at", "=", False),
            ]
        )
        for ticket in self:
            ticket._put_sla(is_sla_breached=ticket in missed.ticket_id)
        self.modified(["is_sla_breached"])

    # ------------------------------------------------------------
    # Working hours
    # ------------------------------------------------------------

    def _get_team_clocks(self):
        """Return {(team, company): clock}: the team's hours, else the company's."""
        clocks = {}
        for ticket in self:
            key = ticket.team_id, ticket.company_id
            if key not in clocks:
                calendar = ticket.sudo().team_id.calendar_id
                clocks[key] = calendar._psa_clock_for(ticket.company_id)
        return clocks

    @api.depends("first_answer_at", "opened_at")
    def _compute_first_answer_hours(self):
        answered = self.filtered("first_answer_at")
        clocks = answered._get_team_clocks()
        for ticket in self:
            hours = 0.0
            if ticket in answered:
                clock = clocks[ticket.team_id, ticket.company_id]
                seconds = clock.seconds_between(
                    ticket.opened_at, ticket.first_answer_at
                )
                hours = max(0, seconds) / 3600
            ticket.first_answer_hours = hours

    @api.depends("resolved_at", "opened_at")
    def _compute_resolution_hours(self):
        resolved = self.filtered("resolved_at")
        clocks = resolved._get_team_clocks()
        waits = self.env["psa.ticket.wait"]._get_spans(resolved) if resolved else {}
        for ticket in self:
            hours = 0.0
            if ticket in resolved:
                clock = clocks[ticket.team_id, ticket.company_id]
                end = ticket.resolved_at
                seconds = clock.seconds_between(ticket.opened_at, end) - sum(
                    clock.seconds_between(
                        max(begin, ticket.opened_at), min(until or end, end)
                    )
                    for begin, until in waits.get(ticket._origin.id, ())
                    if begin < end
                )
                hours = max(0, seconds) / 3600
            ticket.resolution_hours = hours

    # ------------------------------------------------------------
    # Looked at again by the job
    # ------------------------------------------------------------

    @api.model
    def _request_sla_sync(self, domain):
        """Let the job look again at the open tickets of a domain, in all companies."""
        tickets = self.env["psa.ticket"].sudo()
        query = tickets._search(Domain(domain) & Domain("is_open", "=", True))
        tickets.flush_model(["sla_sync_requested"])
        self.env.execute_query(
            SQL(
                "UPDATE psa_ticket SET sla_sync_requested = TRUE "
                "WHERE sla_sync_requested IS NOT TRUE AND id IN %s",
                query.subselect(),
            )
        )
        tickets.invalidate_model(["sla_sync_requested"], flush=False)
        cron = self.env.ref("psa_helpdesk.ir_cron_sla", raise_if_not_found=False)
        if cron:
            # In sudo: whoever changes working hours may wake up the job.
            cron.sudo()._trigger()

    def _sync_requested_sla(self, now):
        """Look at tickets that were asked for, unless somebody changes them now."""
        tickets = self.try_lock_for_update(allow_referencing=True)
        tickets._sync_sla(check=True)
        for ticket in tickets:
            ticket._put_sla(sla_sync_requested=False, sla_error=False)

    # ------------------------------------------------------------
    # What others show of it
    # ------------------------------------------------------------

    def _get_answer_time(self):
        """Return until when a person will have answered, as promised, or nothing."""
        rows = self.sudo().sla_ids.filtered(
            lambda row: (
                row.kind in ("first_response", "next_response")
                and row.state == "running"
            )
        )
        return min(filter(None, rows.mapped("deadline")), default=False)

    @api.model
    def _get_queue_order(self):
        waiting, rest = super()._get_queue_order().split(",", 1)
        return f"{waiting}, sla_deadline,{rest}"

    def _get_sla_at_risk_domain(self, hours=2):
        """Return the domain of open tickets that miss a target within so many hours."""
        until = fields.Datetime.now() + timedelta(hours=hours)
        return [("is_open", "=", True), ("sla_deadline", "<=", until)]

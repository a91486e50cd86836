# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from collections import defaultdict
from datetime import timedelta

from babel.dates import format_timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import babel_locale_parse

from .psa_ticket_sla import OPEN_STATES


class PsaTicketSlaBoard(models.AbstractModel):
    """What screens and the queue say of the SLA of tickets."""

    _name = "psa.ticket.sla.board"
    _description = "SLA on the Screens of Tickets"

    is_sla_paused = fields.Boolean(
        string="SLA Paused",
        compute="_compute_is_sla_paused",
        search="_search_is_sla_paused",
        help="Its targets stand still: it is somebody else's turn.",
    )
    sla_timeline = fields.Json(
        compute="_compute_sla_timeline",
        export_string_translation=False,
        help="A row per target, the ones that run first, with what happened to it.",
    )

    @api.depends("is_waiting", "sla_deadline", "sla_policy_id")
    def _compute_is_sla_paused(self):
        # Most tickets do not wait, or have a target that goes on: nothing to ask.
        waiting = self.filtered(
            lambda ticket: (
                ticket.is_waiting and ticket.sla_policy_id and not ticket.sla_deadline
            )
        )
        paused = self.browse()
        if waiting:
            paused = self.search(
                Domain("id", "in", waiting.ids) & self._get_sla_paused()
            )
        for ticket in self:
            ticket.is_sla_paused = ticket._origin in paused

    @api.model
    def _search_is_sla_paused(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._get_sla_paused()

    @api.model
    def _get_sla_paused(self):
        """Return the domain of tickets with targets that stand still, and no others."""
        return (
            Domain("is_open", "=", True)
            & Domain("sla_deadline", "=", False)
            & Domain("sla_ids", "any", [("state", "=", "paused")])
        )

    # ------------------------------------------------------------
    # Queue and dispatch
    # ------------------------------------------------------------

    @api.depends("sla_deadline", "sla_kind")
    def _compute_queue_explanation(self):
        return super()._compute_queue_explanation()

    def _get_queue_reasons(self):
        reasons = super()._get_queue_reasons()
        if self.sla_deadline:
            reasons.insert(0, self._describe_sla_deadline())
        return reasons

    def _describe_sla_deadline(self):
        """Return what is due, and how much time is left, in the user's words."""
        self.ensure_one()
        left = self.sla_deadline - fields.Datetime.now()
        kinds = dict(self._fields["sla_kind"]._description_selection(self.env))
        words = {
            "kind": kinds.get(self.sla_kind, ""),
            # Up to two of a unit the smaller one is said: 80 minutes, 30 hours.
            "time": format_timedelta(
                abs(left),
                granularity="minute",
                threshold=2,
                locale=babel_locale_parse(self.env.lang or "en_US"),
            ),
        }
        if left < timedelta(0):
            return self.env._("%(kind)s: %(time)s late", **words)
        return self.env._("%(kind)s: %(time)s left", **words)

    @api.model
    @api.readonly
    def get_board_counters(self):
        return [
            {
                "name": "sla_at_risk",
                "label": self.env._("SLA at risk"),
                "count": self.search_count(self._get_sla_at_risk_domain()),
                "action": self.env["ir.actions.actions"]._for_xml_id(
                    "psa_helpdesk.action_ticket_at_risk"
                ),
            },
            *super().get_board_counters(),
        ]

    # ------------------------------------------------------------
    # The client at a glance
    # ------------------------------------------------------------

    def _get_client_context(self):
        rows = super()._get_client_context()
        make_row = self.env["res.partner"]._psa_row
        for company, tickets in self.grouped("company_id").items():
            # In sudo: the name of what was promised is no secret to who serves.
            for ticket in tickets.sudo().with_company(company or self.env.company):
                policy = ticket.client_id.psa_sla_policy_id
                if policy.active:
                    row = make_row(self.env._("SLA"), policy.name, "text", False)
                    rows[self.browse(ticket.id)].insert(0, row)
        return rows

    # ------------------------------------------------------------
    # The form
    # ------------------------------------------------------------

    @api.depends("sla_ids", "sla_deadline", "is_sla_breached", "state")
    @api.depends_context("uid", "lang")
    def _compute_sla_timeline(self):
        rows = self.env["psa.ticket.sla"].search(
            [("ticket_id", "in", self.ids)], order="started_at desc, id desc"
        )
        logs = self.env["psa.ticket.sla.log"].search(
            [("ticket_id", "in", self.ids)], order="at, id"
        )
        events = defaultdict(list)
        for log in logs:
            events[log.ticket_id.id, log.kind, log.cycle].append(log)
        found = defaultdict(list)
        sync = self._get_sla_sync(self, fields.Datetime.now())
        # In sudo: the names of policies, hours and users. The rows are the user's.
        for row in rows.sudo():
            key = row.ticket_id.id, row.kind, row.cycle
            found[row.ticket_id.id].append(row._prepare_timeline(sync, events[key]))
        for ticket in self:
            # Stable: within both halves the latest comes first.
            ticket.sla_timeline = sorted(
                found[ticket._origin.id],
                key=lambda row: row["state"] not in OPEN_STATES,
            )

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from collections import Counter
from datetime import datetime, time, timezone
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.fields import Domain

from ..tools import kpi
from .psa_ticket_service_level import ANSWERED_CHANNELS

#: categories that are named
TOP = 5


class PsaServiceReportFigures(models.AbstractModel):
    """What a client's month was like: its figures, and only what a customer may see.

    No costs, no internal notes; hours only of teams that show their time to customers.
    Formulas as in ``tools/kpi.py``, over what happened in the month: times to the first
    answer of tickets that were opened, times to the resolution of those resolved, and
    of promises those that were kept or missed.
    """

    _name = "psa.service.report.figures"
    _description = "Figures of a Client's Month"

    def _get_bounds(self):
        """Return the start of the month and its end (UTC), in the company's time."""
        self.ensure_one()
        zone = ZoneInfo(self.company_id._psa_get_timezone())
        return tuple(
            datetime.combine(day, time(), zone)
            .astimezone(timezone.utc)
            .replace(tzinfo=None)
            for day in (self.month, self.month + relativedelta(months=1))
        )

    def _prepare_figures(self):
        """Return the figures as JSON, with names in the client's language.

        Extend: call super() and add yours (what a contract includes).
        """
        self.ensure_one()
        start, stop = self._get_bounds()
        # In sudo: what counts does not depend on who prints it.
        report = self.sudo().with_context(lang=self._get_lang(), active_test=False)
        tickets = report._get_tickets(start, stop)
        entries = report._get_entries()
        within = Domain("opened_at", ">=", start) & Domain("opened_at", "<", stop)
        opened = tickets.filtered_domain(within)
        resolved = tickets.filtered(
            lambda ticket: (
                ticket.state in kpi.SOLVED
                and ticket.resolved_at
                and start <= ticket.resolved_at < stop
            )
        )
        return {
            "opened": len(opened),
            "resolved": len(resolved),
            "open": sum(self._is_open_at(ticket, stop) for ticket in tickets),
            "first_answer_hours": kpi.mean(
                ticket.first_answer_hours
                for ticket in opened
                if ticket.first_answer_at and ticket.channel in ANSWERED_CHANNELS
            ),
            "resolution_hours": kpi.mean(resolved.mapped("resolution_hours")),
            "targets": report._prepare_targets(start, stop),
            "satisfaction": report._prepare_satisfaction(start, stop),
            "categories": [
                {"name": category.display_name, "count": count}
                for category, count in Counter(
                    ticket.category_id for ticket in opened if ticket.category_id
                ).most_common(TOP)
            ],
            "hours": report._prepare_hours(entries),
            "tickets": report._prepare_tickets(tickets, entries),
            "shows_time": bool(entries or tickets.team_id.filtered("portal_show_time")),
        }

    def _get_tickets(self, start, stop):
        """Return the tickets that lived in this time: new, going on, or worked on."""
        return self.env["psa.ticket"].search(
            Domain("client_id", "=", self.client_id.id)
            & Domain("company_id", "=", self.company_id.id)
            & Domain("merged_into_id", "=", False)
            & (Domain("active", "=", True) | Domain("state", "in", kpi.SOLVED))
            & Domain("opened_at", "<", stop)
            & (
                Domain("is_open", "=", True)
                | Domain("resolved_at", ">=", start)
                | Domain("resolved_at", "=", False) & Domain("closed_at", ">=", start)
            ),
            order="opened_at, id",
        )

    @staticmethod
    def _is_open_at(ticket, instant):
        """Was the ticket open then? One that was reopened since is taken as open."""
        ended = ticket.resolved_at or ticket.closed_at
        return not ended or ended >= instant

    def _get_entries(self):
        """Return the work on tickets of the month that customers are shown."""
        return self.env["account.analytic.line"].search(
            [
                ("psa_client_id", "=", self.client_id.id),
                ("company_id", "=", self.company_id.id),
                ("project_id", "!=", False),
                ("psa_ticket_id.team_id.portal_show_time", "=", True),
                ("date", ">=", self.month),
                ("date", "<", self.month + relativedelta(months=1)),
            ]
        )

    def _prepare_targets(self, start, stop):
        """Return what was promised and kept or missed in this time, by kind."""
        promises = self.env["psa.ticket.sla"].search(
            Domain("ticket_id.client_id", "=", self.client_id.id)
            & Domain("ticket_id.company_id", "=", self.company_id.id)
            & Domain("ticket_id.merged_into_id", "=", False)
            & (
                Domain("reached_at", ">=", start) & Domain("reached_at", "<", stop)
                | Domain("breached_at", ">=", start) & Domain("breached_at", "<", stop)
            )
        )
        labels = dict(promises._fields["kind"]._description_selection(self.env))
        kept = {kind: [] for kind in labels}
        for promise in promises:
            value = kpi.is_kept(promise.state, promise.breached_at, promise.waived_at)
            # One that was missed in an earlier month was told then.
            when = promise.reached_at if value else promise.breached_at
            if value is not None and start <= when < stop:
                kept[promise.kind].append(value)
        return [
            {"name": labels[kind], "met": sum(values), "count": len(values)}
            for kind, values in kept.items()
            if values
        ]

    def _prepare_satisfaction(self, start, stop):
        """Return how many answered how content they are in this time, and how."""
        ratings = self.env["rating.rating"].search(
            [
                ("res_model", "=", "psa.ticket"),
                (
                    "res_id",
                    "in",
                    self.env["psa.ticket"]._search(
                        [
                            ("client_id", "=", self.client_id.id),
                            ("company_id", "=", self.company_id.id),
                        ]
                    ),
                ),
                ("consumed", "=", True),
                ("rated_on", ">=", start),
                ("rated_on", "<", stop),
            ],
            order="rated_on, id",
        )
        # A ticket counts once, with its last answer, as in the ticket analysis.
        last = {rating.res_id: rating.rating for rating in ratings}
        content = [kpi.is_content(rating) for rating in last.values()]
        answers = [value for value in content if value is not None]
        return {"positive": sum(answers), "count": len(answers)}

    def _prepare_hours(self, entries):
        return [
            {
                "name": work_type.customer_name or work_type.name or "",
                "hours": sum(ours.mapped("unit_amount")),
            }
            for work_type, ours in sorted(
                entries.grouped("psa_work_type_id").items(),
                key=lambda pair: (pair[0].sequence, pair[0].id),
            )
        ]

    def _prepare_tickets(self, tickets, entries):
        hours = Counter()
        for entry in entries:
            hours[entry.psa_ticket_id] += entry.unit_amount
        # Work may have been done in the month on a ticket that was over before.
        listed = tickets | entries.psa_ticket_id
        states = dict(tickets._fields["state"]._description_selection(self.env))
        return [
            {
                "number": ticket.number,
                "name": ticket.name,
                "contact": ticket.partner_id.name or "",
                "opened": fields.Date.to_string(self._get_local_date(ticket.opened_at)),
                "state": states[ticket.state],
                "hours": hours[ticket],
            }
            for ticket in listed.sorted(lambda ticket: (ticket.opened_at, ticket.id))
        ]

    def _get_local_date(self, instant):
        zone = ZoneInfo(self.company_id._psa_get_timezone())
        return instant.replace(tzinfo=timezone.utc).astimezone(zone).date()

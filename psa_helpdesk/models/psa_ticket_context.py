# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.rating.models.rating_data import _rating_to_text


class PsaTicketContext(models.AbstractModel):
    """What a technician should know about the client while working on a ticket."""

    _name = "psa.ticket.context"
    _description = "Client of a Ticket at a Glance"

    client_context = fields.Json(
        compute="_compute_client_context",
        export_string_translation=False,
        help="Rows as in the summary of a client.",
    )

    @api.depends("client_id")
    @api.depends_context("uid", "allowed_company_ids", "lang")
    def _compute_client_context(self):
        known = self.filtered("client_id")
        rows = known._get_client_context() if known else {}
        for ticket in self:
            ticket.client_context = rows.get(ticket, [])

    def _get_client_context(self):
        """Return {ticket: [row]}, with rows made by ``res.partner._psa_row``.

        Each of these tickets has a client. Extend: add your rows, with one query for
        all of them.
        """
        others = self._get_other_open_counts()
        self.env["rating.rating"].flush_model()
        rated = self._get_last_of_clients(
            [("rating_last_value", ">=", 1)],
            SQL(
                "(SELECT max(write_date) FROM rating_rating WHERE consumed"
                " AND res_model = 'psa.ticket' AND res_id = psa_ticket.id)"
            ),
        )
        resolved = self._get_last_of_clients(
            [("state", "in", ("resolved", "closed")), ("id", "not in", self.ids)],
            SQL("psa_ticket.resolved_at"),
        )
        return {
            ticket: ticket._prepare_client_context(
                others[ticket],
                rated.get(ticket.client_id),
                resolved.get(ticket.client_id),
            )
            for ticket in self
        }

    def _get_other_open_counts(self):
        """Return {ticket: number of the other open tickets of its client}."""
        counts = dict(
            self.env["psa.ticket"]._read_group(
                [("client_id", "in", self.client_id.ids), ("is_open", "=", True)],
                ["client_id"],
                ["__count"],
            )
        )
        return {
            ticket: counts.get(ticket.client_id, 0)
            # As it was counted: on a form both may have been changed since.
            - (ticket._origin.is_open and ticket._origin.client_id == ticket.client_id)
            for ticket in self
        }

    def _get_last_of_clients(self, domain, moment):
        """Return {client: its ticket that matches with the latest moment}.

        :param moment: when it happened, as SQL
        """
        tickets = self.env["psa.ticket"]
        tickets.flush_model(["resolved_at"])
        query = tickets._search([("client_id", "in", self.client_id.ids), *domain])
        query.order = SQL(
            "psa_ticket.client_id, %s DESC NULLS LAST, psa_ticket.id DESC", moment
        )
        rows = self.env.execute_query(
            query.select("DISTINCT ON (psa_ticket.client_id) psa_ticket.id")
        )
        last = tickets.browse(ticket_id for [ticket_id] in rows)
        return {ticket.client_id: ticket for ticket in last}

    def _prepare_client_context(self, others, rated, resolved):
        self.ensure_one()
        row = self.env["res.partner"]._psa_row
        client = self.client_id
        rows = []
        if client.psa_client_class_id:
            name = client.psa_client_class_id.name
            rows.append(row(self.env._("Class"), name, "text", False))
        if others > 0:
            action = client._psa_tickets_action(
                [("is_open", "=", True), ("id", "!=", self._origin.id)]
            )
            label = self.env._("Other open tickets")
            rows.append(row(label, others, "integer", action))
        if rated:
            # Not the host's words: those of a mixin's field cannot be translated.
            labels = {
                "top": self.env._("Happy"),
                "ok": self.env._("So-so"),
                "ko": self.env._("Unhappy"),
            }
            text = _rating_to_text(rated.rating_last_value)
            rows.append(
                row(
                    self.env._("Last rating"),
                    labels[text],
                    "text",
                    rated._get_form_action(),
                    warn=text == "ko",
                )
            )
        if resolved:
            action = resolved._get_form_action()
            label = self.env._("Last resolved")
            rows.append(row(label, resolved.display_name, "text", action))
        return rows

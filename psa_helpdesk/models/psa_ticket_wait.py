# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.tools import SQL


class PsaTicketWait(models.Model):
    """A time in which a ticket waited for somebody else."""

    _name = "psa.ticket.wait"
    _description = "Waiting Time of a Ticket"
    _order = "ticket_id, started_at"
    _log_access = False

    ticket_id = fields.Many2one(
        "psa.ticket", required=True, index=True, ondelete="cascade"
    )
    started_at = fields.Datetime(required=True)
    ended_at = fields.Datetime()

    # Two open ones would be counted twice.
    _open_unique = models.UniqueIndex("(ticket_id) WHERE ended_at IS NULL")

    @api.model
    def _begin(self, tickets, now):
        """Note that tickets wait from now on; those that wait already go on waiting."""
        if tickets:
            self.env.execute_query(
                SQL(
                    """
                    INSERT INTO psa_ticket_wait (ticket_id, started_at)
                         SELECT unnest(%s), %s
                    ON CONFLICT (ticket_id) WHERE ended_at IS NULL DO NOTHING
                    """,
                    tickets.ids,
                    now,
                )
            )
            self.invalidate_model(flush=False)

    @api.model
    def _end(self, tickets, now):
        """Note that tickets wait no longer."""
        if tickets:
            self.env.execute_query(
                SQL(
                    """
                    UPDATE psa_ticket_wait
                       SET ended_at = %s
                     WHERE ticket_id = ANY(%s) AND ended_at IS NULL
                    """,
                    now,
                    tickets.ids,
                )
            )
            self.invalidate_model(flush=False)

    @api.model
    def _get_spans(self, tickets):
        """Return {ticket_id: [(started_at, ended_at or None)]}, ascending."""
        spans = {}
        found = self.env.execute_query(
            SQL(
                """
                  SELECT ticket_id, started_at, ended_at
                    FROM psa_ticket_wait
                   WHERE ticket_id = ANY(%s)
                ORDER BY started_at, id
                """,
                tickets.ids,
            )
        )
        for ticket_id, started_at, ended_at in found:
            spans.setdefault(ticket_id, []).append((started_at, ended_at))
        return spans

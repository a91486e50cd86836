# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.tools import SQL


class PsaCoverageTurn(models.Model):
    """Who decides next about the hours of a client: a lock that also counts.

    A lock alone would not do: in the isolation of the host, a transaction that waited
    still reads the hours as they were before. One that meets a changed row is refused
    by the database, and repeated by the host.
    """

    _name = "psa.coverage.turn"
    _description = "Turn of Deciding About Coverage"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    client_id = fields.Many2one("res.partner", required=True, ondelete="cascade")
    turn = fields.Integer(required=True)

    _client_uniq = models.UniqueIndex("(client_id, company_id)")

    @api.model
    def _take(self, keys):
        """Take the turn of clients, always in the same order.

        :param keys: pairs of a client's id and a company's
        """
        known = sorted({(client, company) for client, company in keys if client})
        if not known:
            return
        clients, companies = zip(*known, strict=True)
        self.env.execute_query(
            SQL(
                """
                INSERT INTO psa_coverage_turn (client_id, company_id, turn)
                SELECT client_id, company_id, 1
                  FROM unnest(%s::int[], %s::int[]) AS due (client_id, company_id)
                ON CONFLICT (client_id, company_id)
                DO UPDATE SET turn = psa_coverage_turn.turn + 1
                RETURNING id
                """,
                list(clients),
                list(companies),
            )
        )

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.tools import SQL

from ..models.psa_sla_target import KINDS
from ..models.psa_ticket_service_level import ANSWERED_CHANNELS
from ..tools import kpi


class PsaTicketReportQuery(models.AbstractModel):
    """How the rows of ``psa.ticket.report`` come about, each measure as SQL.

    What is a share in ``tools/kpi.py`` is 0 or 100 here: its mean is read as percent,
    and is empty, not 0, where nothing counts.
    """

    _name = "psa.ticket.report.query"
    _description = "Query of the Ticket Analysis"

    @property
    def _table_query(self) -> SQL:
        parts = [
            SQL("(SELECT %s %s)", self._select(columns), source)
            for columns, source in (
                (self._get_ticket_columns(), self._from_tickets()),
                (self._get_entry_columns(), self._from_entries()),
                (self._get_sla_columns(), self._from_sla()),
            )
        ]
        return SQL(" UNION ALL ").join(parts)

    def _select(self, columns):
        """Return the columns in the order of the fields; NULL for those not given."""
        known = {**self._get_dimensions(), **columns}
        return SQL(", ").join(
            SQL(
                "%s::%s AS %s",
                known.get(name, SQL("NULL")),
                SQL(field.column_type[1]),
                SQL.identifier(name),
            )
            for name, field in self._fields.items()
            if field.store and field.column_type
        )

    def _get_dimensions(self) -> dict:
        """Return {field: SQL} of what all rows have of their ticket.

        Extend: add your dimensions.
        """
        same = (
            "company_id",
            "opened_at",
            "resolved_at",
            "client_id",
            "partner_id",
            "team_id",
            "user_id",
            "type_id",
            "category_id",
            "cause_id",
            "sla_policy_id",
            "priority",
            "channel",
            "state",
        )
        return {
            **{name: SQL.identifier("ticket", name) for name in same},
            "ticket_id": SQL("ticket.id"),
            "assignee_id": SQL("ticket.user_id"),
            "date": self._sql_local_date("opened_at"),
        }

    def _sql_local_date(self, name) -> SQL:
        """Return the day of an instant of the ticket in its company's time zone."""
        return SQL(
            "((%s AT TIME ZONE 'UTC') AT TIME ZONE zone.name)::date",
            SQL.identifier("ticket", name),
        )

    def _get_ticket_columns(self) -> dict:
        """Return {field: SQL} of the rows of tickets. Extend: add your measures."""
        is_open = SQL("ticket.state NOT IN %s", kpi.DONE)
        is_solved = SQL("ticket.state IN %s", kpi.SOLVED)
        age = SQL(
            "EXTRACT(EPOCH FROM %s - ticket.opened_at) / 86400", fields.Datetime.now()
        )
        buckets = SQL(" ").join(
            SQL("WHEN %s < %s THEN %s", age, days, key) for key, days in kpi.AGE_BUCKETS
        )
        return {
            # Three kinds of rows, and no id twice.
            "id": SQL("ticket.id * 3"),
            "row_kind": SQL("'ticket'"),
            "ticket_count": SQL("1"),
            "open_count": SQL("(%s)::int", is_open),
            "solved_count": SQL("(%s)::int", is_solved),
            "backlog_days": SQL("CASE WHEN %s THEN %s END", is_open, age),
            "age_bucket": SQL(
                "CASE WHEN %s THEN CASE %s ELSE %s END END",
                is_open,
                buckets,
                kpi.OLDEST,
            ),
            "first_answer_hours": SQL(
                "CASE WHEN ticket.first_answer_at IS NOT NULL AND ticket.channel IN %s "
                "THEN ticket.first_answer_hours END",
                tuple(sorted(ANSWERED_CHANNELS)),
            ),
            "resolution_hours": SQL(
                "CASE WHEN %s THEN ticket.resolution_hours END", is_solved
            ),
            "touches": SQL("CASE WHEN %s THEN ticket.answer_count END", is_solved),
            "reopen_rate": SQL(
                "CASE WHEN %s OR ticket.reopen_count > 0 "
                "THEN 100 * (ticket.reopen_count > 0)::int END",
                is_solved,
            ),
            "first_contact_rate": SQL(
                "CASE WHEN %s THEN 100 * (COALESCE(ticket.answer_count, 0) <= 1 "
                "AND COALESCE(ticket.reopen_count, 0) = 0)::int END",
                is_solved,
            ),
            "single_technician_rate": SQL(
                "CASE WHEN %s AND COALESCE(work.first, ticket.user_id) IS NOT NULL "
                "THEN 100 * (COALESCE(work.first = work.last, TRUE) "
                "AND COALESCE(work.first = ticket.user_id, TRUE))::int END",
                is_solved,
            ),
            "same_day_rate": SQL(
                "100 * (%s AND COALESCE(%s = %s, FALSE))::int",
                is_solved,
                self._sql_local_date("opened_at"),
                self._sql_local_date("resolved_at"),
            ),
            "csat_rate": SQL(
                "CASE WHEN ticket.rating_last_value > 0 "
                "THEN 100 * (ticket.rating_last_value >= %s)::int END",
                kpi.POSITIVE,
            ),
        }

    def _from_tickets(self) -> SQL:
        return SQL(
            """
              FROM psa_ticket AS ticket
              %s
              LEFT JOIN (
                       SELECT psa_ticket_id,
                              MIN(user_id) AS first,
                              MAX(user_id) AS last
                         FROM account_analytic_line
                        WHERE psa_ticket_id IS NOT NULL AND project_id IS NOT NULL
                        GROUP BY psa_ticket_id
                   ) AS work
                ON work.psa_ticket_id = ticket.id
             WHERE %s
            """,
            self._join_zone(),
            self._where_counted(),
        )

    def _join_zone(self) -> SQL:
        return SQL(
            """
              JOIN (
                   SELECT company.id, COALESCE(partner.tz, calendar.tz, 'UTC') AS name
                     FROM res_company AS company
                     JOIN res_partner AS partner ON partner.id = company.partner_id
                     LEFT JOIN resource_calendar AS calendar
                       ON calendar.id = company.resource_calendar_id
                   ) AS zone
                ON zone.id = ticket.company_id
            """
        )

    def _where_counted(self) -> SQL:
        return SQL(
            "ticket.merged_into_id IS NULL AND (ticket.active OR ticket.state IN %s)",
            kpi.SOLVED,
        )

    def _get_entry_columns(self) -> dict:
        return {
            "id": SQL("entry.id * 3 + 1"),
            "row_kind": SQL("'entry'"),
            "date": SQL("entry.date"),
            # Settled work stays with the client it was done for.
            "client_id": SQL("COALESCE(entry.psa_client_id, ticket.client_id)"),
            "user_id": SQL("entry.user_id"),
            "work_type_id": SQL("entry.psa_work_type_id"),
            "hours": SQL("entry.unit_amount"),
            "billable_hours": SQL("entry.psa_billable_hours"),
        }

    def _from_entries(self) -> SQL:
        return SQL(
            """
              FROM account_analytic_line AS entry
              JOIN psa_ticket AS ticket ON ticket.id = entry.psa_ticket_id
              %s
             WHERE entry.project_id IS NOT NULL AND %s
            """,
            self._join_zone(),
            self._where_counted(),
        )

    def _get_sla_columns(self) -> dict:
        missed = SQL("(sla.breached_at IS NOT NULL AND sla.waived_at IS NULL)")
        kept = SQL(
            "CASE WHEN %s THEN 0 WHEN sla.waived_at IS NOT NULL THEN NULL "
            "WHEN sla.state = 'reached' THEN 100 END",
            missed,
        )
        return {
            "id": SQL("sla.id * 3 + 2"),
            "row_kind": SQL("'sla'"),
            "sla_kind": SQL("sla.kind"),
            "sla_policy_id": SQL("COALESCE(sla.policy_id, ticket.sla_policy_id)"),
            "sla_rate": kept,
            "sla_missed": SQL("%s::int", missed),
            **{
                f"{kind}_rate": SQL("CASE WHEN sla.kind = %s THEN %s END", kind, kept)
                for kind, _name in KINDS
            },
        }

    def _from_sla(self) -> SQL:
        return SQL(
            """
              FROM psa_ticket_sla AS sla
              JOIN psa_ticket AS ticket ON ticket.id = sla.ticket_id
              %s
             WHERE %s
            """,
            self._join_zone(),
            self._where_counted(),
        )

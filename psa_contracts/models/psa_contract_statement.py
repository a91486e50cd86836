# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date

from odoo import models
from odoo.tools import SQL, format_date

from odoo.addons.psa_core.tools.rounding import seconds_to_hours

from .coverage_facts import ONE_DAY, CoverageGrant, read_grants, read_lines
from .psa_contract_beyond import tidy
from .psa_contract_terms import COVERING


class PsaContractStatement(models.AbstractModel):
    """The hours of a contract as a client reads them, like the statement of a bank.

    All in sudo, as plain values, and with a number of queries that does not depend on
    how much work there was.
    """

    _name = "psa.contract.statement"
    _description = "Statement of Hours"
    _inherit = ["psa.contract.beyond"]

    # ------------------------------------------------------------
    # What is left
    # ------------------------------------------------------------

    def _get_portal_balances(self):
        """Return how each line with hours stands today.

        :return: list of dicts with line_id, name, is_unlimited, granted, used, left
            (hours of today), until (last day of the hours that expire first) and
            grants: dicts with name, hours, left, first and last day
        """
        self.ensure_one()
        today = self._get_company_today(self.company_id)
        facts = self._get_hour_lines()
        by_line = {}
        for grant in self._read_current_grants(facts, today):
            by_line.setdefault(grant.line_id, []).append(grant)
        return [
            self._describe_balance(line, facts.get(line.id), by_line, today)
            for line in self.line_ids.filtered(lambda line: line.kind in COVERING)
        ]

    def _get_hour_lines(self):
        """Return {line's id: CoverageLine} of the lines with hours."""
        lines = read_lines(
            self.env, [(self.client_id.id, self.company_id.id)], self.ids
        )
        return {
            line.id: line
            for line in lines
            if line.contract_id == self.id and line.kind in COVERING
        }

    def _read_current_grants(self, facts, today):
        """Return the grants that may be used today or later."""
        limited = [line.id for line in facts.values() if line.is_limited]
        grants = read_grants(self.env, limited, today) if limited else []
        for line_id in limited:
            if missing := self._get_missing_grant(facts[line_id], grants, today):
                grants.append(missing)
        return grants

    @staticmethod
    def _get_missing_grant(line, grants, today):
        """Return the grant of a period that nobody has worked in yet, or None."""
        if line.kind != "included" or not line.is_in_force(today):
            return None
        if any(
            grant.line_id == line.id and grant.origin == "period" and grant.holds(today)
            for grant in grants
        ):
            return None
        period = line.period(today)
        part = line.part_of(period)
        seconds = line.period_seconds(period)
        return CoverageGrant(None, line.id, "period", part.start, part.stop, seconds)

    def _describe_balance(self, line, fact, by_line, today):
        grants = by_line.get(line.id, [])
        current = [grant for grant in grants if grant.holds(today)]
        if line.kind == "prepaid":
            # A block that is used up would count for ever.
            current = [grant for grant in current if grant.used < grant.seconds]
        granted = sum(grant.seconds for grant in current)
        used = sum(grant.used for grant in current)
        stops = [
            grant.stop for grant in current if grant.stop and grant.used < grant.seconds
        ]
        open_grants = [grant for grant in grants if grant.used < grant.seconds]
        return {
            "line_id": line.id,
            "name": line._get_printed_name(),
            "is_unlimited": bool(fact and not fact.is_limited),
            "granted": seconds_to_hours(granted),
            "used": seconds_to_hours(used),
            "left": seconds_to_hours(granted - used),
            "until": min(stops) - ONE_DAY if stops else None,
            "grants": [
                {
                    "name": self._describe_grant(
                        grant.origin, grant.start, grant.stop and grant.stop - ONE_DAY
                    ),
                    "hours": seconds_to_hours(grant.seconds),
                    "left": seconds_to_hours(grant.seconds - grant.used),
                    "first": grant.start,
                    "last": grant.stop and grant.stop - ONE_DAY,
                }
                for grant in sorted(
                    open_grants, key=lambda grant: (grant.stop or date.max, grant.start)
                )
            ],
        }

    def _describe_grant(self, origin, first, last):
        """Return what hours are, in words.

        :param last: day, or None
        """
        values = {
            "first": format_date(self.env, first),
            "last": format_date(self.env, last),
        }
        if origin == "period":
            return self.env._("Hours of %(first)s – %(last)s", **values)
        if origin == "rollover":
            return self.env._("Left over, since %(first)s", **values)
        return self.env._("Block of %(first)s", **values)

    # ------------------------------------------------------------
    # How they were used
    # ------------------------------------------------------------

    def _get_portal_statement(self, line_id, offset=0, limit=None):
        """Return what changed the hours of a line, the latest first.

        :param line_id: one of the ids of ``_get_portal_balances``
        :return: list of dicts with date, kind (``granted``, ``used`` or ``expired``),
            name, person (first name), source (which hours), hours (negative when they
            were used or expired), worked (hours, where they count differently) and
            balance (None when the line has no limit)
        """
        self.ensure_one()
        line = self.line_ids.filtered(lambda line: line.id == line_id)
        events = line and self._get_events_sql(line)
        if not events:
            return []
        rows = self.env.execute_query_dict(
            SQL(
                """
                WITH event AS (%s), told AS (
                    SELECT *, SUM(hours) OVER (
                               ORDER BY day, step, start NULLS FIRST, part_id, grant_id
                               ROWS UNBOUNDED PRECEDING) AS balance
                      FROM event)
                SELECT told.*, entry.name, entry.unit_amount,
                       entry.psa_billable_hours, employee.name AS person,
                       COALESCE(source.origin, 'period') AS origin,
                       COALESCE(source.date_start, told.day) AS first,
                       COALESCE(source.date_end, told.last) AS last
                  FROM told
             LEFT JOIN psa_coverage_part AS part ON part.id = told.part_id
             LEFT JOIN account_analytic_line AS entry ON entry.id = part.entry_id
             LEFT JOIN hr_employee AS employee ON employee.id = entry.employee_id
             LEFT JOIN psa_contract_grant AS source ON source.id = told.grant_id
              ORDER BY day DESC, step DESC, start DESC NULLS LAST, part_id DESC,
                       told.grant_id DESC
                 LIMIT %s OFFSET %s
                """,
                events,
                limit,
                offset,
            )
        )
        return [self._describe_event(row, line.is_unlimited) for row in rows]

    def _count_portal_statement(self, line_id):
        line = self.line_ids.filtered(lambda line: line.id == line_id)
        events = line and self._get_events_sql(line)
        if not events:
            return 0
        [[count]] = self.env.execute_query(
            SQL("SELECT COUNT(*) FROM (%s) AS event", events)
        )
        return count

    def _get_events_sql(self, line):
        """Return the query of what changed the hours of a line until today."""
        today = self._get_company_today(self.company_id)
        for name in ("psa.contract.grant", "psa.coverage.part"):
            self.env[name].flush_model()
        missing = SQL()
        fact = self._get_hour_lines().get(line.id)
        if fact and fact.is_limited:
            grants = read_grants(self.env, [line.id], today)
            if grant := self._get_missing_grant(fact, grants, today):
                missing = SQL(
                    "UNION ALL SELECT %s::date, 0, NULL, NULL, NULL, %s, %s::date",
                    grant.start,
                    seconds_to_hours(grant.seconds),
                    grant.stop - ONE_DAY,
                )
        return SQL(
            """
            SELECT date_start AS day, 0 AS step, NULL::timestamp AS start,
                   id AS grant_id, NULL::int AS part_id, hours, date_end AS last
              FROM psa_contract_grant
             WHERE line_id = %(line)s AND hours > 0 AND date_start <= %(today)s
            %(missing)s
         UNION ALL
            SELECT part.date, 1, entry.psa_date_start, part.grant_id, part.id,
                   -part.hours, NULL
              FROM psa_coverage_part AS part
              JOIN account_analytic_line AS entry ON entry.id = part.entry_id
             WHERE part.line_id = %(line)s AND part.kind IN ('included', 'prepaid')
         UNION ALL
            SELECT granted.date_end, 2, NULL, granted.id, NULL,
                   COALESCE(used.hours, 0) - granted.hours, granted.date_end
              FROM psa_contract_grant AS granted
         LEFT JOIN LATERAL (SELECT SUM(hours) AS hours FROM psa_coverage_part
                             WHERE grant_id = granted.id) AS used ON TRUE
             WHERE granted.line_id = %(line)s AND granted.date_end < %(today)s
               AND granted.hours - COALESCE(used.hours, 0) > 0.001
            """,
            line=line.id,
            today=today,
            missing=missing,
        )

    def _describe_event(self, row, is_unlimited):
        source = self._describe_grant(row["origin"], row["first"], row["last"])
        values = {
            "date": row["day"],
            "kind": ("granted", "used", "expired")[row["step"]],
            "name": source,
            "person": "",
            "source": "",
            "hours": tidy(row["hours"]),
            "worked": None,
            "balance": None if is_unlimited else tidy(row["balance"]),
        }
        if row["part_id"]:
            values.update(
                self._describe_work(row), source="" if is_unlimited else source
            )
        return values

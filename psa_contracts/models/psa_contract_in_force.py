# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from types import SimpleNamespace

from odoo import api, models
from odoo.tools import SQL

from .coverage_facts import read_contacts


class PsaContract(models.Model):
    """What contracts in force today say about something that is no work yet."""

    _inherit = "psa.contract"

    @api.model
    def _find_promised(self, name, facts):
        """Return what contracts of today say in a field, for each of some facts.

        The first contract in the order of coverage counts; a line that has the fact in
        its scope goes before the rest of its contract. Lines of any kind count, and
        work types do not matter. Archived records and those of other companies are left
        out. It takes one query, and one for the contacts where anything is said at all.

        :param name: a many2one of contracts and of lines to a model with ``active`` and
            ``company_id``
        :param facts: {key: object with ``client_id``, ``company_id``, ``contact_id``
            and ``extra``, as of a ``CoverageFact``}
        :return: {key: id}
        """
        promises = self._read_promises(name, facts.values()) if facts else {}
        asked = {
            key: fact
            for key, fact in facts.items()
            if (fact.client_id, fact.company_id) in promises
        }
        if not asked:
            return {}
        read_contacts(self.env, asked.values())
        checks = [
            applies
            for code, applies in self.env["psa.contract.line"]._get_scope_checks()
            if code != "work_type"
        ]
        found = {}
        for key, fact in asked.items():
            for said, line in promises[fact.client_id, fact.company_id]:
                if all(applies(line, fact) for applies in checks):
                    found[key] = said
                    break
        return found

    @api.model
    def _read_promises(self, name, facts):
        """Return {(client's id, company's id): [(id, line)]}, in order of coverage."""
        lines = self.env["psa.contract.line"]
        target = self.env[self._fields[name].comodel_name]
        for model in (self, lines, self.env["psa.contract.suspension"], target):
            model.flush_model()
        companies = self.env["res.company"]
        days = {
            company_id: self._get_company_today(companies.browse(company_id))
            for company_id in {fact.company_id for fact in facts}
        }
        keys = {(fact.client_id, fact.company_id) for fact in facts}
        scope = lines._get_scope_columns()
        promises = {}
        for row in self.env.execute_query_dict(
            SQL(
                """
                SELECT contract.client_id, contract.company_id, target.id, %(scope)s
                  FROM unnest(
                            %(clients)s::int[], %(companies)s::int[], %(days)s::date[]
                       ) AS wanted (client_id, company_id, day)
                  JOIN psa_contract AS contract USING (client_id, company_id)
            CROSS JOIN (VALUES (TRUE), (FALSE)) AS level (is_line)
             LEFT JOIN psa_contract_line AS line
                    ON level.is_line AND line.contract_id = contract.id
                   AND day >= COALESCE(line.date_start, day)
                   AND day <= COALESCE(line.date_end, day)
                  JOIN %(table)s AS target
                    ON target.id = CASE WHEN level.is_line THEN line.%(name)s
                                        ELSE contract.%(name)s END
                   AND target.active
                   AND COALESCE(target.company_id, contract.company_id)
                       = contract.company_id
                 WHERE contract.state NOT IN ('draft', 'cancelled')
                   AND day >= contract.date_start
                   AND day <= COALESCE(contract.date_end, day)
                   AND NOT EXISTS (
                        SELECT 1 FROM psa_contract_suspension
                         WHERE contract_id = contract.id AND day >= date_start
                           AND day <= COALESCE(date_end, day))
              ORDER BY contract.sequence, contract.date_start, contract.id,
                       level.is_line DESC, line.sequence, line.id
                """,
                clients=[client_id for client_id, _company_id in keys],
                companies=[company_id for _client_id, company_id in keys],
                days=[days[company_id] for _client_id, company_id in keys],
                table=SQL.identifier(target._table),
                name=SQL.identifier(name),
                scope=SQL(", ").join(
                    SQL("%s AS %s", column, SQL.identifier(column_name))
                    for column_name, column in scope.items()
                ),
            )
        ):
            contacts = [row["contract_contacts"], row["line_contacts"]]
            line = SimpleNamespace(
                contacts=[frozenset(ids) for ids in contacts if ids],
                extra={column: row[column] for column in scope},
            )
            key = row["client_id"], row["company_id"]
            promises.setdefault(key, []).append((row["id"], line))
        return promises

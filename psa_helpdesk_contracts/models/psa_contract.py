# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.tools import SQL

#: what the choice of a policy is read from
SLA_MODELS = (
    "psa.contract",
    "psa.contract.line",
    "psa.contract.suspension",
    "psa.sla.policy",
)


class PsaContract(models.Model):
    _inherit = "psa.contract"

    sla_policy_id = fields.Many2one(
        "psa.sla.policy",
        string="SLA Policy",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        check_company=True,
        help="For tickets of the client, unless a line says otherwise. Empty: what the "
        "client was promised, else what the team and the company promise.",
    )

    @api.model
    def _get_sla_promises(self, days):
        """Return the policies that contracts promise, the first to apply first.

        :param days: {(client's id, company's id): day}
        :return: {(client's id, company's id): [(policy's id, scopes)]}, where a scope is
            a set of contacts and sites or of ticket types
        """
        for name in SLA_MODELS:
            self.env[name].flush_model()
        scope = self.env["psa.contract.line"]._get_scope_columns()
        names = "contract_contacts", "line_contacts", "ticket_types"
        promises = {}
        for client_id, company_id, policy_id, *scopes in self.env.execute_query(
            SQL(
                """
                SELECT contract.client_id, contract.company_id, policy.id, %s
                  FROM unnest(%s::int[], %s::int[], %s::date[])
                       AS wanted (client_id, company_id, day)
                  JOIN psa_contract AS contract USING (client_id, company_id)
            CROSS JOIN (VALUES (TRUE), (FALSE)) AS level (is_line)
             LEFT JOIN psa_contract_line AS line
                    ON level.is_line AND line.contract_id = contract.id
                   AND day >= COALESCE(line.date_start, day)
                   AND day <= COALESCE(line.date_end, day)
                  JOIN psa_sla_policy AS policy
                    ON policy.id = CASE WHEN level.is_line THEN line.sla_policy_id
                                        ELSE contract.sla_policy_id END
                   AND policy.active
                   AND COALESCE(policy.company_id, contract.company_id)
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
                SQL(", ").join(scope[name] for name in names),
                [client_id for client_id, _company_id in days],
                [company_id for _client_id, company_id in days],
                list(days.values()),
            )
        ):
            found = promises.setdefault((client_id, company_id), [])
            found.append((policy_id, scopes))
        return promises

    # ------------------------------------------------------------
    # Tickets follow
    # ------------------------------------------------------------

    @api.model
    def _get_amended_fields(self):
        return [*super()._get_amended_fields(), "sla_policy_id"]

    @api.model
    def _get_neutral_fields(self):
        return super()._get_neutral_fields() | {"sla_policy_id"}

    def _request_coverage(self):
        super()._request_coverage()
        self._request_sla_sync()

    @api.model
    def _request_changed_coverage(self, changes, rows_by_contract):
        super()._request_changed_coverage(changes, rows_by_contract)
        self.concat(*rows_by_contract)._request_sla_sync()

    def _request_sla_sync(self):
        """Let the job look again at the open tickets of these contracts' clients."""
        self.env["psa.ticket"]._request_sla_sync(
            [
                ("client_id", "in", self.client_id.ids),
                ("company_id", "in", self.company_id.ids),
            ]
        )

    @api.model
    def _cron_follow_dates(self):
        super()._cron_follow_dates()
        self.env["psa.ticket"]._request_moved_sla()

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import logging

from odoo import api, fields, models

_logger = logging.getLogger(__name__)


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
    def _get_amended_fields(self):
        return [*super()._get_amended_fields(), "sla_policy_id"]

    @api.model
    def _get_neutral_fields(self):
        return super()._get_neutral_fields() | {"sla_policy_id"}

    @api.model
    def _get_printed_fields(self):
        return [*super()._get_printed_fields(), "sla_policy_id"]

    def _request_coverage(self):
        result = super()._request_coverage()
        self._request_sla_sync()
        return result

    @api.model
    def _request_changed_coverage(self, changes, rows_by_contract):
        result = super()._request_changed_coverage(changes, rows_by_contract)
        self.browse().concat(*rows_by_contract)._request_sla_sync()
        return result

    def _request_sla_sync(self):
        """Let the job look again at the open tickets of these contracts' clients."""
        if not self:
            return
        self.env["psa.ticket"]._request_sla_sync(
            [
                ("client_id", "in", self.client_id.ids),
                ("company_id", "in", self.company_id.ids),
            ]
        )

    @api.model
    def _cron_follow_dates(self):
        result = super()._cron_follow_dates()
        try:
            with self.env.cr.savepoint():
                self.env["psa.ticket"]._request_moved_sla()
        except Exception:
            # The days of contracts do not wait for tickets: the next run looks again.
            _logger.exception("tickets could not be compared with contracts")
        return result

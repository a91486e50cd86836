# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.fields import Domain

from .coverage_engine import CoverageEngine
from .psa_contract_terms import COVERING


class PsaContractLineRollover(models.AbstractModel):
    """Hours that roll over when their time is over, also when nobody works."""

    _name = "psa.contract.line.rollover"
    _description = "Rollover of a Contract Line"

    rolled_over_on = fields.Date(
        readonly=True,
        copy=False,
        export_string_translation=False,
        help="Until when it is known which hours rolled over.",
    )

    @api.model
    def _cron_roll_over(self):
        """Let roll over what is left of hours whose last day has passed.

        By what has been done and not by the day, so that days on which the job did not
        run are made up for.
        """
        self.env["psa.contract"]._work_through(
            self.env["psa.contract.line"], self._get_rollover_domain(), "_roll_over"
        )

    @api.model
    def _get_rollover_domain(self):
        today = fields.Date.context_today(self)
        return (
            Domain("kind", "in", COVERING)
            & Domain("rollover_share", ">", 0)
            & Domain("contract_id.state", "in", ("active", "suspended"))
            & (
                Domain("rolled_over_on", "=", False)
                | Domain("rolled_over_on", "<", today)
            )
        )

    def _roll_over(self):
        """Have the hours of these lines that rolled over until today."""
        today = fields.Date.context_today(self)
        spots = {
            (contract.client_id.id, contract.company_id.id, today, False)
            for contract in self.contract_id
        }
        # In sudo: it is worked out, and nobody writes it.
        entries = self.env["account.analytic.line"].sudo()
        CoverageEngine(entries).run(spots)
        self.sudo().rolled_over_on = today

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models


class PsaContractCoverage(models.AbstractModel):
    """What follows for work when a contract changes."""

    _name = "psa.contract.coverage"
    _description = "Coverage by a Contract"

    def _request_coverage(self):
        """Have the work of these contracts' clients decided upon again.

        Everything since their first day; what is billed stays. Called by whatever
        changes what a contract covers or costs, after it has.
        """
        entries = self.env["account.analytic.line"]
        entries._psa_request_coverage(
            [
                (contract.client_id.id, contract.company_id.id, contract.date_start)
                for contract in self
            ]
        )

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from contextlib import contextmanager

from odoo import api, fields, models

from .contract_changes import ContractChanges

_CHANGES = "psa_contracts.changes"


class PsaContractAmending(models.AbstractModel):
    """Keeps who changed what of a contract that was in force: one row per save."""

    _name = "psa.contract.amending"
    _description = "Amendments of a Contract"
    _inherit = ["psa.contract.amended"]

    version = fields.Integer(
        readonly=True, copy=False, help="Number of its last amendment."
    )

    @api.model
    def _get_amended_fields(self):
        return [
            "name",
            "sequence",
            "date_start",
            "term_months",
            "date_end",
            "contact_id",
            "covered_partner_ids",
            "calendar_id",
            "partner_invoice_id",
            "pricelist_id",
            "payment_term_id",
            "description",
        ]

    @api.model
    def _get_neutral_fields(self):
        return {
            "name",
            "term_months",
            "contact_id",
            "partner_invoice_id",
            "payment_term_id",
            "description",
        }

    @api.model
    def _get_printed_fields(self):
        return [
            "calendar_id",
            "client_id",
            "client_order_ref",
            "company_id",
            "contact_id",
            "covered_partner_ids",
            "currency_id",
            "date_end",
            "date_start",
            "description",
            "name",
            "number",
            "partner_invoice_id",
            "payment_term_id",
            "pricelist_id",
            # Made a draft again after it was cancelled.
            "state",
            "term_months",
        ]

    def _get_amended_contract(self):
        return self

    def _get_amended_label(self):
        return ""

    @api.model
    @contextmanager
    def _amending(self):
        """Keep what changes meanwhile as one amendment of each contract.

        And have the work decided upon again that this matters for. The outermost one
        counts: a form is saved by one call that writes lines within it. It is noted on
        the cursor, where no caller over RPC can pretend it.
        """
        noted = self.env.cr.cache
        if _CHANGES in noted:
            yield noted[_CHANGES]
            return
        changes = noted[_CHANGES] = ContractChanges()
        try:
            yield changes
            rows_by_contract = self._keep_changes(changes)
        finally:
            noted.pop(_CHANGES, None)
        self._request_changed_coverage(changes, rows_by_contract)

    @api.model
    @contextmanager
    def _measuring(self):
        """Change terms without an amendment: what is counted was agreed before."""
        noted = self.env.cr.cache
        outer = noted.get(_CHANGES)
        noted[_CHANGES] = ContractChanges()
        try:
            yield
        finally:
            noted.pop(_CHANGES, None)
            if outer:
                noted[_CHANGES] = outer

    @api.model
    def _keep_changes(self, changes):
        """Make the amendments; return {contract: rows}."""
        rows_by_contract = changes.get_rows()
        now = fields.Datetime.now()
        vals_list = []
        for contract, rows in rows_by_contract.items():
            # Written, so that of two saves at the same time the host repeats one.
            contract.version += 1
            vals_list.append(
                {
                    "contract_id": contract.id,
                    "number": contract.version,
                    "user_id": self.env.uid,
                    "changed_at": now,
                    "changes": rows,
                }
            )
        # In sudo: nobody writes amendments, they are kept.
        self.env["psa.contract.amendment"].sudo().create(vals_list)
        return rows_by_contract

    @api.model
    def _request_changed_coverage(self, changes, rows_by_contract):
        keys = [
            (
                contract.client_id.id,
                contract.company_id.id,
                changes.get_first_day(contract),
            )
            for contract, rows in rows_by_contract.items()
            if any(
                row["field"] not in self.env[row["model"]]._get_neutral_fields()
                for row in rows
            )
        ]
        if keys:
            self.env["account.analytic.line"]._psa_request_coverage(keys)

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.exceptions import UserError

from .psa_contract_terms import NEVER_STARTED


class PsaContractAmended(models.AbstractModel):
    """A record that belongs to what was agreed: its changes are kept.

    A model with this mixin has ``contract_id``.
    """

    _name = "psa.contract.amended"
    _description = "Part of an Agreement"

    @api.model
    def _get_amended_fields(self):
        """Return the names of the fields whose changes are kept.

        Extend: add yours.
        """
        return []

    @api.model
    def _get_neutral_fields(self):
        """Return the names of amended fields that do not matter for coverage.

        Extend: add those of yours that change nothing about what covers work.
        """
        return set()

    @api.model
    def _get_printed_fields(self):
        """Return the names of the fields that the client reads above the signature.

        A change of one takes back what was sent, and is refused once it is signed.
        Extend: add those of yours that are printed.
        """
        return []

    def _get_amended_contract(self):
        """Return the contract to which the record belongs, or none."""
        return self.contract_id

    def _get_amended_label(self):
        """Return how an amendment calls the record."""
        return self.display_name

    @api.model_create_multi
    def create(self, vals_list):
        with self.env["psa.contract"]._amending() as changes:
            records = super().create(vals_list)
            changes.note_new(records)
            records._check_not_signed()
        return records

    def write(self, vals):
        # Before it is looked at: who may not, is told nothing else.
        self.check_access("write")
        with self.env["psa.contract"]._amending() as changes:
            changes.note(self)
            # The state follows the signature.
            printed = {"contract_id", "line_id", *self._get_printed_fields()}
            if not (printed - {"state"}) & vals.keys():
                return super().write(vals)
            self._check_not_signed()
            result = super().write(vals)
            # It may belong to another contract now.
            self._check_not_signed()
            return result

    def unlink(self):
        self.check_access("unlink")
        with self.env["psa.contract"]._amending() as changes:
            changes.note(self)
            self._check_not_signed()
            return super().unlink()

    def _check_not_signed(self):
        """Refuse changes of what a client signed and that is not in force.

        In force, each change is kept as an amendment.

        :raise UserError: when there is such a contract
        """
        if not self._get_printed_fields():
            return
        # In sudo: who writes rates need not read contracts.
        contracts = self.sudo()._get_amended_contract()
        for contract in contracts.filtered("signed_at"):
            if contract.state in NEVER_STARTED:
                raise UserError(
                    self.env._(
                        "%(contract)s was signed by %(name)s and cannot change. Cancel "
                        "it and make it a draft again: then it has to be signed anew.",
                        contract=contract.display_name,
                        name=contract.signed_by,
                    )
                )

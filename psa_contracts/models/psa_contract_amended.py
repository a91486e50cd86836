# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models


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
        return records

    def write(self, vals):
        with self.env["psa.contract"]._amending() as changes:
            changes.note(self)
            return super().write(vals)

    def unlink(self):
        with self.env["psa.contract"]._amending() as changes:
            changes.note(self)
            return super().unlink()

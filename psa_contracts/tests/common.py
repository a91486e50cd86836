# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date

from odoo.addons.psa_core.tests.common import PsaCoreCommon

#: first day of the contracts of the tests
FIRST_DAY = date(2026, 1, 1)


class PsaContractsCommon(PsaCoreCommon):
    """The firm of ``psa_core`` with factories of contracts.

    Contracts are made by billing, the role with the fewest rights that may. They begin
    on the first day of 2026 and go on until somebody ends them.
    """

    @classmethod
    def _create_contract(cls, user=None, **kwargs):
        """Create a draft of the client; ``_create_line`` puts something into it."""
        contracts = cls.env["psa.contract"].with_user(user or cls.billing)
        return contracts.create(cls._prepare_contract(**kwargs))

    @classmethod
    def _prepare_contract(cls, **kwargs):
        return {
            "name": "Care",
            "client_id": cls.client.id,
            "date_start": FIRST_DAY,
            **kwargs,
        }

    @classmethod
    def _create_line(cls, contract, kind="flat", **kwargs):
        """Create a line; included hours are 10 a month, a block of hours has 20."""
        values = cls._prepare_line(kind, contract_id=contract.id, **kwargs)
        return contract.env["psa.contract.line"].create(values)

    @classmethod
    def _prepare_line(cls, kind="flat", **kwargs):
        values = {"kind": kind, "name": kind.capitalize(), "price_unit": 100.0}
        if kind in ("included", "prepaid"):
            values["hours"] = {"included": 10.0, "prepaid": 20.0}[kind]
        if kind in ("time", "fixed"):
            values["price_unit"] = 0.0
        return {**values, **kwargs}

    @classmethod
    def _activate(cls, contract):
        """Put a contract in force, as billing; return it."""
        contract.with_user(cls.billing).action_activate()
        return contract

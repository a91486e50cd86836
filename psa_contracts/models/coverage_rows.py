# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Parts of work entries as plain values, read and saved together."""

from dataclasses import astuple, dataclass

from odoo.tools import SQL
from odoo.tools.misc import get_lang
from psycopg2.extras import Json

from odoo.addons.psa_core.tools.rounding import hours_to_seconds, seconds_to_hours

PART_COLUMNS = {
    "entry_id": "int",
    "sequence": "int",
    "kind": "text",
    "hours": "float8",
    "date": "date",
    "client_id": "int",
    "company_id": "int",
    "contract_id": "int",
    "line_id": "int",
    "grant_id": "int",
    "rate_id": "int",
    "price_unit": "float8",
    "currency_id": "int",
    "amount": "float8",
    "is_to_approve": "bool",
    "is_correction": "bool",
}
ENTRY_COLUMNS = {
    "psa_coverage": "text",
    "psa_contract_id": "int",
    "psa_covered_hours": "float8",
    "psa_chargeable_hours": "float8",
    "psa_coverage_log": "jsonb",
    "psa_coverage_error": "text",
    "psa_coverage_due": "bool",
}
GRANT_COLUMNS = {
    "line_id": "int",
    "contract_id": "int",
    "company_id": "int",
    "origin": "text",
    "date_start": "date",
    "date_end": "date",
    "hours": "float8",
}


@dataclass(eq=False, slots=True)
class CoveragePart:
    """A part of an entry and what covers it; the price is of an hour."""

    kind: str
    seconds: int
    contract_id: int | None = None
    line_id: int | None = None
    #: the grant; once it is saved, its id
    grant: object = None
    rate_id: int | None = None
    price_unit: float = 0.0
    currency_id: int | None = None
    amount: float = 0.0
    is_to_approve: bool = False
    is_correction: bool = False
    #: where the price comes from
    source: str | None = None

    @property
    def grant_id(self):
        return getattr(self.grant, "id", self.grant)

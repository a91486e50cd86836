# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.tools import SQL


class PsaContractLineScope(models.AbstractModel):
    """Which work is in the scope of a contract line."""

    _name = "psa.contract.line.scope"
    _description = "Scope of a Contract Line"

    def _get_full_name(self):
        """Return the name of the line with that of its contract."""
        self.ensure_one()
        return f"{self.contract_id.name} · {self.display_name}"

    @api.model
    def _get_scope_columns(self):
        """Return {name: SQL} of what a scope is made of, of ``line`` and ``contract``.

        Extend: add a column for your condition; it is in ``extra`` of a coverage line.
        """
        return {
            "work_types": self._get_scope_column("work_type_ids"),
            "contract_contacts": SQL(
                "ARRAY(SELECT res_partner_id FROM psa_contract_res_partner_rel"
                " WHERE psa_contract_id = contract.id)"
            ),
            "line_contacts": self._get_scope_column("covered_partner_ids"),
        }

    @api.model
    def _get_scope_column(self, name):
        """Return the ids of a many2many field of ``line``, as SQL."""
        field = self._fields[name]
        return SQL(
            "ARRAY(SELECT %s FROM %s WHERE %s = line.id)",
            SQL.identifier(field.column2),
            SQL.identifier(field.relation),
            SQL.identifier(field.column1),
        )

    @api.model
    def _get_scope_checks(self):
        """Return ``[(code, applies)]``: functions of a coverage line and a fact.

        Extend: add your condition, with a text in ``_get_scope_reasons``.
        """
        return [
            (
                "work_type",
                lambda line, fact: (
                    not line.work_types or fact.work_type_id in line.work_types
                ),
            ),
            (
                "contact",
                lambda line, fact: all(ids & fact.contacts for ids in line.contacts),
            ),
        ]

    @api.model
    def _get_scope_reasons(self):
        """Return {code: why a line did not cover some work, or not all of it}."""
        return {
            "dates": self.env._("not in force on this day"),
            "suspended": self.env._("suspended on this day"),
            "decided": self.env._("set aside by a manager"),
            "work_type": self.env._("does not cover this type of work"),
            "contact": self.env._("does not cover this site or contact"),
            "hours": self.env._("only covers its service hours"),
            "empty": self.env._("no hours left"),
            "partly": self.env._("not enough hours left"),
        }

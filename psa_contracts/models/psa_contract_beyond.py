# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.psa_core.tools.rounding import hours_to_seconds, seconds_to_hours


class PsaContractBeyond(models.AbstractModel):
    """Work under a contract that its hours did not cover, as a client reads it.

    In sudo, as plain values.
    """

    _name = "psa.contract.beyond"
    _description = "Work Beyond the Hours of a Contract"

    def _get_beyond_domain(self):
        return Domain("contract_id", "=", self.id) & Domain(
            "kind", "in", ("billable", "goodwill")
        )

    def _count_portal_beyond(self):
        return self.env["psa.coverage.part"].search_count(self._get_beyond_domain())

    def _get_portal_beyond_total(self):
        """Return what was billed by the hour in the last twelve months.

        :return: list of dicts with hours, amount and currency (a record)
        """
        self.ensure_one()
        today = self._get_company_today(self.company_id)
        year_ago = today.replace(year=today.year - 1, day=min(today.day, 28))
        return [
            {"currency": currency, "hours": tidy(hours), "amount": amount}
            for currency, hours, amount in self.env["psa.coverage.part"]._read_group(
                Domain("contract_id", "=", self.id)
                & Domain("kind", "=", "billable")
                & Domain("date", ">", year_ago),
                ["currency_id"],
                ["hours:sum", "amount:sum"],
            )
        ]

    def _get_portal_beyond(self, offset=0, limit=None):
        """Return the work that is billed by the hour, or was done for nothing.

        :return: list of dicts with date, name, person, hours, worked, price (of an
            hour), amount, currency (a record), is_free and is_to_approve
        """
        self.ensure_one()
        self.env["psa.coverage.part"].flush_model()
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT part.date, part.kind, part.hours, part.price_unit, part.amount,
                       part.currency_id, part.is_to_approve, entry.name,
                       entry.unit_amount, entry.psa_billable_hours,
                       employee.name AS person
                  FROM psa_coverage_part AS part
                  JOIN account_analytic_line AS entry ON entry.id = part.entry_id
             LEFT JOIN hr_employee AS employee ON employee.id = entry.employee_id
                 WHERE part.contract_id = %s AND part.kind IN ('billable', 'goodwill')
              ORDER BY part.date DESC, entry.psa_date_start DESC NULLS LAST,
                       part.id DESC
                 LIMIT %s OFFSET %s
                """,
                self.id,
                limit,
                offset,
            )
        )
        currencies = self.env["res.currency"]
        return [
            {
                **self._describe_work(row),
                "date": row["date"],
                "hours": tidy(row["hours"]),
                "price": float(row["price_unit"] or 0.0),
                "amount": float(row["amount"] or 0.0),
                "currency": currencies.browse(row["currency_id"]) or self.currency_id,
                "is_free": row["kind"] == "goodwill",
                "is_to_approve": bool(row["is_to_approve"]),
            }
            for row in rows
        ]

    def _describe_work(self, row):
        """Return what a client reads of a work entry: dict with name, person, worked.

        No cost, no internal note.
        """
        worked, counted = row["unit_amount"], row["psa_billable_hours"]
        return {
            # The host writes a slash where there is no text.
            "name": self.env._("Work") if row["name"] == "/" else row["name"],
            "person": (row["person"] or "").partition(" ")[0],
            "worked": worked
            if hours_to_seconds(worked or 0) != hours_to_seconds(counted or 0)
            else None,
        }


def tidy(hours):
    """Return hours without the noise of adding them up."""
    return seconds_to_hours(hours_to_seconds(hours or 0.0))

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain


class PsaContractLineCount(models.AbstractModel):
    """Quantities that are counted every day; each change is a row of terms."""

    _name = "psa.contract.line.count"
    _description = "Counted Quantities of a Contract Line"

    count_source = fields.Selection(
        selection="_selection_count_source",
        string="Counted From",
        help="What the quantity is counted from, every day. Empty: typed by hand.",
    )

    @api.model
    def _selection_count_source(self):
        """Return what can be counted. Extend: add yours (devices, licences)."""
        return [("contact", self.env._("Contacts of the client"))]

    def _get_counted_quantities(self):
        """Return {line: number} of today.

        Extend: add the lines of your ``count_source``, by one query for all of them. A
        line that is left out keeps the quantity it has: say nothing rather than zero
        when you do not know.
        """
        lines = self.filtered(lambda line: line.count_source == "contact")
        return lines._count_contacts() if lines else {}

    def _count_contacts(self):
        """Return {line: number} of the active persons of each client.

        Of its sites and contacts only, where the line or the contract names some.
        """
        # In sudo: a bill does not depend on whom the user may see.
        persons = (
            self.env["res.partner"]
            .sudo()
            .search_fetch(
                Domain("commercial_partner_id", "in", self.contract_id.client_id.ids)
                & Domain("is_company", "=", False)
                & Domain("type", "=", "contact"),
                ["commercial_partner_id", "parent_id"],
            )
        )
        by_client = persons.grouped("commercial_partner_id")
        return {
            line: sum(
                line._covers_person(person)
                for person in by_client.get(line.sudo().contract_id.client_id, ())
            )
            for line in self
        }

    def _covers_person(self, person):
        """Whether a person is in the scope of the line, and of its contract."""
        above = person
        while above[-1:].parent_id and above[-1:].parent_id not in above:
            above += above[-1:].parent_id
        return all(
            not scope or scope & above
            for scope in (
                self.sudo().covered_partner_ids,
                self.sudo().contract_id.covered_partner_ids,
            )
        )

    # ------------------------------------------------------------
    # When it is counted
    # ------------------------------------------------------------

    @api.model
    def _cron_count_quantities(self):
        """Count what is counted, of all lines that run."""
        # Where a company works it may be yesterday still.
        yesterday = fields.Date.today() - timedelta(days=1)
        self.env["psa.contract"]._work_through(
            self,
            Domain("count_source", "!=", False)
            & Domain("contract_id.state", "in", ("active", "suspended"))
            & (Domain("date_end", "=", False) | Domain("date_end", ">=", yesterday)),
            "_count_quantities",
        )

    def _count_quantities(self):
        """Begin a row of terms today where the number is another one."""
        contracts = self.env["psa.contract"]
        changes = {
            line: {"quantity": number}
            for line, number in self._get_counted_quantities().items()
        }
        with contracts._measuring():
            for company, lines in self.grouped("company_id").items():
                today = contracts._get_company_today(company)
                # In sudo: the source of a number is the suite's to say.
                lines.sudo()._change_terms(
                    today,
                    {line.sudo(): changes[line] for line in lines if line in changes},
                    source="count",
                )

    def _count_first_quantities(self):
        """Take the number of today for the days before, of which nothing is known."""
        counted = self.filtered("count_source")._get_counted_quantities()
        with self.env["psa.contract"]._measuring():
            for line, number in counted.items():
                # In sudo: the source of a number is the suite's to say.
                line.sudo()._get_sorted_terms()[:1].write(
                    {"quantity": number, "source": "count"}
                )

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date

from odoo import api, fields, models
from odoo.fields import Command

from .psa_contract_terms import DATED_FIELDS, NEVER_STARTED


class PsaContractLineDated(models.AbstractModel):
    """Quantity, hours and price of a line over time.

    Rows with a first day keep what was and will be; the line shows those of today and,
    as long as the contract is a draft, its first row.
    """

    _name = "psa.contract.line.dated"
    _description = "Terms of a Contract Line Over Time"

    @api.depends(
        "contract_id.state",
        "term_ids.date_start",
        "term_ids.quantity",
        "term_ids.hours",
        "term_ids.price_mode",
        "term_ids.price_unit",
        "term_ids.discount",
    )
    def _compute_dated(self):
        today = fields.Date.context_today(self)
        for line in self:
            # In sudo: each field has its own groups.
            values = line.sudo()._get_shown_term(today)._get_dated_values()
            for name in DATED_FIELDS:
                line[name] = values[name]

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._with_first_term(vals) for vals in vals_list])

    def write(self, vals):
        """Edit the first row of drafts; in force, change what holds from today on."""
        dated = {name: vals[name] for name in DATED_FIELDS if name in vals}
        if not dated:
            return super().write(vals)
        rest = {name: value for name, value in vals.items() if name not in dated}
        with self.env["psa.contract"]._amending():
            result = super().write(rest)
            self._set_dated(dated)
        return result

    def _set_dated(self, values):
        if "price_mode" in values:
            values["price_mode"] = values["price_mode"] or "fixed"
        today = fields.Date.context_today(self)
        drafts = self.filtered(lambda line: line.contract_id.state in NEVER_STARTED)
        terms = self.env["psa.contract.line.term"]
        missing = []
        for line in drafts:
            term = line._get_shown_term(today)
            terms |= term
            if not term:
                missing.append({"line_id": line.id, **values})
        terms.write(values)
        terms.create(missing)
        others = self - drafts
        others._change_terms(today, dict.fromkeys(others, values))

    @api.model
    def _with_first_term(self, vals):
        """Return the values with the dated ones as the first row of the line.

        The rows that are given count for more than values of the line.
        """
        vals = dict(vals)
        first = {name: vals.pop(name) for name in DATED_FIELDS if name in vals}
        first["price_mode"] = first.get("price_mode") or "fixed"
        rows = list(vals.get("term_ids") or [])
        has_first = any(
            command[0] == Command.CREATE and not command[2].get("date_start")
            for command in rows
        )
        if not has_first:
            vals["term_ids"] = [Command.create(first), *rows]
        return vals

    def _get_shown_term(self, today):
        """Return the row that the line shows and edits."""
        self.ensure_one()
        if self.contract_id.state in NEVER_STARTED:
            return self._get_sorted_terms()[:1]
        return self._get_term(today)

    def _get_sorted_terms(self):
        return self.term_ids.sorted(lambda term: term.date_start or date.min)

    def _get_term(self, day):
        """Return the row in force on a day; before the first one, the first."""
        self.ensure_one()
        terms = self._get_sorted_terms()
        found = terms[:1]
        for term in terms:
            if not term.date_start or term.date_start <= day:
                found = term
        return found

    def _change_terms(self, day, changes, **marks):
        """Change what was agreed, from a day on.

        Later rows follow as long as they have what is replaced: a price that is raised
        from March on is raised in a row of April, too, that was made for a quantity.

        :param day: the first day; in the past, too
        :param changes: {line: {name: value}} of dated fields
        :param marks: other values of the rows of the day, as their reason
        """
        vals_list = []
        for line in self:
            term = line._get_term(day)
            before = term._get_dated_values()
            changed = {
                name: value
                for name, value in changes.get(line, {}).items()
                if value != before[name]
            }
            if not changed:
                continue
            line._change_later_terms(day, before, changed)
            if term and term.date_start == day:
                term.write({**changed, **marks})
            else:
                row = {"line_id": line.id, "date_start": day}
                vals_list.append({**row, **before, **changed, **marks})
        self.env["psa.contract.line.term"].create(vals_list)

    def _change_later_terms(self, day, before, changed):
        later = self._get_sorted_terms().filtered(
            lambda term: term.date_start and term.date_start > day
        )
        for name, value in changed.items():
            for term in later:
                if term[name] != before[name]:
                    break
                term[name] = value

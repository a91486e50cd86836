# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What changed in contracts during one save, and how a reader sees it."""

from dataclasses import dataclass, field

from markupsafe import Markup

from odoo import fields
from odoo.tools import float_repr, format_date, html2plaintext


@dataclass(slots=True)
class _Entry:
    """A record before the save; without values it is a new one."""

    contract: object
    label: str
    before: dict | None


@dataclass(slots=True)
class ContractChanges:
    """Collects records that a save touches; only of contracts that were in force."""

    entries: dict = field(default_factory=dict)
    new_contracts: set = field(default_factory=set)

    def note(self, records):
        """Keep records as they are, before they are changed or deleted."""
        for record in records.sudo():
            contract = record._get_amended_contract()
            if record not in self.entries and contract._filter_in_force():
                self.entries[record] = _Entry(
                    contract, record._get_amended_label(), get_values(record)
                )

    def note_new(self, records):
        for record in records.sudo():
            contract = record._get_amended_contract()
            if record == contract:
                self.new_contracts.add(record)
            elif contract._filter_in_force():
                self.entries[record] = _Entry(contract, "", None)

    def get_rows(self):
        """Return {contract: rows} of what is different now."""
        found = {}
        present = self._get_present()
        for record, entry in self.entries.items():
            if entry.contract in self.new_contracts:
                continue
            rows = _get_rows(record, entry, record in present)
            if rows:
                found.setdefault(entry.contract, []).extend(rows)
        return found

    def _get_present(self):
        """Return the records that are still there, by a query for each model."""
        by_model = {}
        for record in self.entries:
            by_model.setdefault(record._name, []).append(record)
        return {
            record
            for records in by_model.values()
            for record in records[0].union(*records).exists()
        }

    def get_first_day(self, contract):
        """Return the first day that a contract had before the save, or has now."""
        entry = self.entries.get(contract)
        before = entry and entry.before.get("date_start")
        days = [fields.Date.to_date(before), contract.date_start]
        return min(day for day in days if day)


def _get_rows(record, entry, is_there):
    if not is_there and entry.before is None:
        return []
    before = entry.before or {}
    after = get_values(record) if is_there else {}
    step = "change" if is_there else "remove"
    if entry.before is None:
        step = "add"
    return [
        {
            "step": step,
            "model": record._name,
            "record": entry.label or record._get_amended_label(),
            "field": name,
            "label": record._fields[name].string,
            "before": before.get(name, False),
            "after": after.get(name, False),
        }
        for name in record._get_amended_fields()
        if before.get(name, False) != after.get(name, False)
    ]


def get_values(record):
    """Return {name: value} of a record's amended fields, as JSON has them."""
    return {name: to_json(record, name) for name in record._get_amended_fields()}


def to_json(record, name):
    """Return a value as JSON; records with their names, which may change or go."""
    return value_to_json(record._fields[name].type, record[name])


def value_to_json(kind, value):
    """Return a value of a field of some type as :func:`to_json` does."""
    if kind == "many2one":
        return [value.id, value.display_name] if value else False
    if kind in ("one2many", "many2many"):
        return [[found.id, found.display_name] for found in value.sorted("id")] or False
    if kind == "html":
        return html2plaintext(value or "") or False
    if kind == "date":
        return fields.Date.to_string(value)
    return value or False


def to_text(env, model, name, value):
    """Return a value of :func:`to_json` in the reader's language."""
    known = model in env and env[model]._fields.get(name)
    kind = known.type if known else "char"
    if kind == "boolean":
        return env._("Yes") if value else env._("No")
    if kind in ("integer", "float", "monetary"):
        return _to_number(env, known, value or 0)
    if not value:
        return ""
    if kind == "many2one":
        return value[1]
    if kind in ("one2many", "many2many"):
        return ", ".join(text for _id, text in value)
    if kind == "selection":
        return dict(known._description_selection(env)).get(value, value)
    if kind == "date":
        return format_date(env, value)
    return str(value)


def _to_number(env, known, value):
    digits = known.get_digits(env) if known.type == "float" else None
    if known.type == "integer":
        return str(value)
    text = float_repr(value, digits[1] if digits else 2)
    point = env["res.lang"]._get_data(code=env.lang or "en_US").decimal_point or "."
    return text.replace(".", point)


def to_table(headers, rows):
    """Return an HTML table of texts, all of which are escaped."""
    if not rows:
        return False
    head = Markup("").join(Markup("<th>%s</th>") % text for text in headers)
    body = Markup("").join(
        Markup("<tr>%s</tr>")
        % Markup("").join(Markup("<td>%s</td>") % text for text in row)
        for row in rows
    )
    return Markup(
        '<table class="table table-sm"><thead><tr>%s</tr></thead>'
        "<tbody>%s</tbody></table>"
    ) % (head, body)

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain

from ..tools.rounding import (
    hours_to_seconds,
    multiplied_seconds,
    seconds_to_hours,
)


class PsaWorkEntryRounding(models.AbstractModel):
    """How many hours of a work entry are billed.

    A work type rounds each entry, or the total of one record and day once. In a total
    an entry gets what it adds to the rounded sum, in the order of recording. So a new
    entry never changes earlier ones, and what is approved or invoiced never changes.
    """

    _name = "psa.work.entry.rounding"
    _description = "Work Entry Rounding"

    psa_billable_hours = fields.Float(
        string="Billable Hours",
        compute="_compute_psa_billable_hours",
        store=True,
        help="Hours to bill: the time worked, rounded as the work type says, times its "
        "multiplier. Zero when the entry is not billable.",
    )

    @api.depends(lambda self: self._psa_round_depends())
    def _compute_psa_billable_hours(self):
        hours = self._psa_get_billable_hours()
        for entry in self:
            if not entry._psa_is_settled():
                entry.psa_billable_hours = hours[entry]

    # ------------------------------------------------------------
    # Hooks
    # ------------------------------------------------------------

    @api.model
    def _psa_round_record_fields(self):
        """Return the fields naming the record a day's total is rounded on, in order.

        The first one that is set counts; without any, the project and the client do.
        Extend: put your record before or after (``["psa_ticket_id", *super()…]``).
        """
        return ["task_id"]

    @api.model
    def _psa_round_depends(self):
        """Return the fields whose change may move an entry's billable hours."""
        return [
            "date",
            "project_id",
            "psa_billable",
            "psa_client_id",
            "psa_review_state",
            "psa_work_type_id",
            "so_line",
            "unit_amount",
            *self._psa_round_record_fields(),
        ]

    def _psa_is_settled(self):
        """Whether what is billed for this entry is final: approved, or invoiced.

        Extend: say when your addon has settled it.
        """
        self.ensure_one()
        return self.psa_review_state == "approved" or not self._is_not_billed()

    # ------------------------------------------------------------
    # Arithmetic
    # ------------------------------------------------------------

    def _psa_get_billable_hours(self, even_settled=False):
        """Return {entry: hours to bill} by the rules of today.

        :param even_settled: work these entries out anew even if they are settled; other
            settled entries of their totals always count with the hours they have.
        """
        shares = self._psa_get_shares(even_settled)
        result = {}
        for entry in self:
            work_type = entry.psa_work_type_id
            if not (entry.project_id and entry.psa_billable):
                result[entry] = 0.0
            elif not work_type:
                result[entry] = entry.unit_amount
            else:
                share = shares.get(entry)
                if share is None:
                    worked = hours_to_seconds(entry.unit_amount)
                    share = work_type._get_billable_seconds(worked)
                result[entry] = seconds_to_hours(
                    multiplied_seconds(share, work_type.multiplier)
                )
        return result

    def _psa_get_shares(self, even_settled):
        """Return {entry: seconds of its rounded total that it bears}."""
        asked = set(self)
        shares = {}
        for entries in self._psa_round_totals().values():
            total = billed = 0
            for entry in entries:
                worked = hours_to_seconds(entry.unit_amount)
                total += worked
                work_type = entry.psa_work_type_id
                if entry._psa_is_settled() and not (even_settled and entry in asked):
                    hours = entry.psa_billable_hours / work_type.multiplier
                    shares[entry] = hours_to_seconds(hours)
                else:
                    shares[entry] = work_type._get_billable_seconds(total) - billed
                    if worked > 0:
                        # Where settled entries bear too much already.
                        shares[entry] = max(0, shares[entry])
                billed += shares[entry]
        return shares

    # ------------------------------------------------------------
    # Totals
    # ------------------------------------------------------------

    def _psa_round_key(self):
        """Return what identifies the total this entry is rounded with, or False."""
        self.ensure_one()
        work_type = self.psa_work_type_id
        if not (
            self.project_id and self.psa_billable and work_type.rounding_scope == "day"
        ):
            return False
        day = (self.date, work_type._origin.id, self.so_line._origin.id)
        for fname in self._psa_round_record_fields():
            if self[fname]:
                return (fname, self[fname]._origin.id, *day)
        client = self.psa_client_id._origin.id
        return ("project_id", self.project_id._origin.id, client, *day)

    def _psa_round_totals(self):
        """Return {key: [entries in order of recording]} of the totals these belong to.

        One query, whatever the number of entries.
        """
        keys = {entry: entry._psa_round_key() for entry in self}
        grouped = self.filtered(lambda entry: keys[entry])
        totals = defaultdict(list)
        if not grouped:
            return totals
        records = defaultdict(set)
        for entry in grouped:
            fname, record_id = keys[entry][:2]
            records[fname].add(record_id)
        wanted = set(keys.values()) - {False}
        others = self.sudo().search(
            Domain("id", "not in", grouped._origin.ids)
            & Domain("date", "in", set(grouped.mapped("date")))
            & Domain("psa_work_type_id", "in", grouped.psa_work_type_id.ids)
            # Not by psa_billable: it is being computed as well, and asking the database
            # for it would write every new entry twice. The key leaves them out.
            & Domain.OR(Domain(fname, "in", ids) for fname, ids in records.items())
        )
        keys |= {entry: entry._psa_round_key() for entry in others}
        for entry in sorted([*grouped, *others], key=_recorded):
            if keys[entry] in wanted:
                totals[keys[entry]].append(entry)
        return totals

    def _psa_later_in_totals(self):
        """Return the open entries recorded later in the totals these belong to."""
        asked = set(self)
        later = []
        for entries in self._psa_round_totals().values():
            first = next(n for n, entry in enumerate(entries) if entry in asked)
            later += [
                entry.id for entry in entries[first:] if not entry._psa_is_settled()
            ]
        return self.browse(later) - self

    def _psa_recompute(self, fname):
        """Have a stored field of these entries, and what depends on it, computed."""
        if self:
            self.env.add_to_compute(self._fields[fname], self)
            self.modified([fname])

    def _psa_rerate_approved(self):
        """Work out anew approved entries that somebody allowed to has corrected."""
        approved = self.filtered(
            lambda entry: entry._psa_is_settled() and entry._is_not_billed()
        )
        for entry, hours in approved._psa_get_billable_hours(even_settled=True).items():
            if entry.psa_billable_hours != hours:
                entry.psa_billable_hours = hours


def _recorded(entry):
    return entry._origin.id or float("inf")

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What coverage would be, beside what it is."""

from collections import defaultdict
from dataclasses import dataclass, replace

from odoo.addons.psa_core.tools.rounding import seconds_to_hours

from ..models.coverage_engine import CoverageEngine
from ..models.coverage_rows import CoveragePart, save


@dataclass(eq=False, slots=True)
class CoverageChange:
    """The parts of an entry, corrections put together with what they correct."""

    fact: object
    before: list[CoveragePart]
    after: list[CoveragePart]

    @property
    def is_different(self):
        return bool(self.difference())

    def difference(self):
        """Return the parts that turn what is into what would be."""
        taken = [
            replace(part, seconds=-part.seconds, amount=-part.amount)
            for part in self.before
        ]
        return _together(taken + self.after)

    def corrections(self):
        """Return the parts that put right what is billed: no hour more or less.

        None where hours were changed after they had been billed: that is not a question
        of what covers them.
        """
        parts = self.difference()
        return [] if sum(part.seconds for part in parts) else parts


class CoverageDryRun(CoverageEngine):
    """An engine that compares instead of saving."""

    def changes(self):
        """Yield a change for each entry that is decided about, also if it is none."""
        for entry_id, decision in self.decisions.items():
            before = _together(self.old.get(entry_id, ()))
            yield CoverageChange(decision.fact, before, _together(decision.parts))

    def post(self):
        """Save: corrections of what is billed, and what follows for the rest.

        :return: number of entries that were corrected
        """
        changes = [change for change in self.changes() if change.fact.is_billed]
        corrected = [change for change in changes if change.corrections()]
        for change in changes:
            del self.decisions[change.fact.id]
        used = {
            part.grant_id
            for change in changes
            for part in self.old.get(change.fact.id, ())
        }
        self.dropped = [grant for grant in self.dropped if grant.id not in used]
        # Before the corrections: they may draw on hours that are granted only now.
        save(self)
        self.env["psa.coverage.part"].create(
            [
                self._prepare_correction(change, sequence, part)
                for change in corrected
                for sequence, part in enumerate(
                    change.corrections(), len(self.old.get(change.fact.id, ())) + 1
                )
            ]
        )
        # What is not billed was decided as if nothing were: what is, has its hours.
        CoverageEngine(self.entries).run()
        return len(corrected)

    @staticmethod
    def _prepare_correction(change, sequence, part):
        return {
            "entry_id": change.fact.id,
            "sequence": sequence,
            "kind": part.kind,
            "hours": seconds_to_hours(part.seconds),
            "date": change.fact.day,
            "client_id": change.fact.client_id,
            "company_id": change.fact.company_id,
            "contract_id": part.contract_id,
            "line_id": part.line_id,
            "grant_id": part.grant_id,
            "rate_id": part.rate_id,
            "price_unit": part.price_unit,
            "currency_id": part.currency_id,
            "amount": part.amount,
            "is_to_approve": part.is_to_approve,
            "is_correction": True,
        }

    def _put_back(self, ids):
        """Return what corrections have used, too, where billed work is free."""
        super()._put_back(ids)
        if not self.free:
            return
        used = defaultdict(list)
        for entry_id in ids:
            for part in self.old.get(entry_id, ()):
                if part.is_correction:
                    used[part.grant_id].append(part.seconds)
        self.pools.put_back(used)


def _together(parts):
    """Add up parts that say the same, leaving out those that come to nothing."""
    found = {}
    for part in parts:
        key = (
            part.kind,
            part.contract_id,
            part.line_id,
            part.grant_id or part.grant,
            part.price_unit,
            part.currency_id,
            part.is_to_approve,
        )
        if key in found:
            found[key].seconds += part.seconds
            found[key].amount += part.amount
        else:
            found[key] = replace(part)
    return [part for part in found.values() if part.seconds or round(part.amount, 6)]

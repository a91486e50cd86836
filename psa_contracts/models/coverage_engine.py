# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What covers the work of clients, in a number of queries that does not depend on how
many entries, contracts or clients there are."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from odoo import fields
from odoo.tools import SQL

from ..tools.scope import divide
from ..tools.waterfall import Claim, pour
from .coverage_facts import read_contacts, read_lines
from .coverage_pools import CoveragePools
from .coverage_prices import CoveragePrices
from .coverage_reach import CoverageReach
from .coverage_rows import CoveragePart, read_parts, save


@dataclass(eq=False, slots=True)
class CoverageDecision:
    """What is decided about an entry, and why."""

    fact: object
    parts: list = field(default_factory=list)
    #: [contract line, code]: why it did not apply, or not for all of the work
    log: list = field(default_factory=list)
    #: contract lines that may cover this work
    lines: list = field(default_factory=list)
    #: those that would but for their service hours or a manager, too: it is billed
    #: under the first of them
    candidates: list = field(default_factory=list)


class CoverageEngine:
    """Decide about entries and about others that share hours with them.

    :param entries: in sudo
    :param contract_ids: contracts to count as active, whatever their state
    :param free: decide about what is billed, too, as if it were not
    """

    def __init__(self, entries, contract_ids=(), free=False):
        self.env = entries.env
        self.entries = entries
        self.contract_ids = contract_ids
        self.free = free
        self.today = fields.Date.context_today(entries)
        self.lines = {}
        self.pools = CoveragePools(self.env, self.today)
        self.prices = CoveragePrices(self.env)
        self.decisions = {}
        self.old = {}
        self.dropped = []
        self._clocks = {}

    # ------------------------------------------------------------
    # The way through
    # ------------------------------------------------------------

    def run(self, spots=()):
        """Decide and save.

        :param spots: where else work was: ``(client's id, company's id, day, whether it
            gave hours back)``
        """
        self.decide(spots)
        save(self)

    def decide(self, spots=(), lock=True):
        """Find out what covers the entries and those that share hours with them."""
        due = list(self.entries._psa_get_coverage_facts().values())
        days = defaultdict(dict)
        for client_id, company_id, day, gives_back in [
            *((*fact.key, fact.day, fact.seconds < 0) for fact in due if fact.key),
            *self._former_spots(),
            *spots,
        ]:
            if client_id:
                found = days[client_id, company_id]
                found[day] = found.get(day, False) or gives_back
        limited = self._read_agreements(days)
        if lock:
            # Also without a limit: somebody may change a contract at the same time.
            self.env["psa.coverage.turn"]._take(days)
        if limited:
            self._read_grants(limited)
            asked = {fact.id for fact in due}
            due += self._read_others(limited, asked)
        self.old = read_parts(self.env, [fact.id for fact in due])
        self.prices.keep(
            {key: parts for key, parts in self.old.items() if key not in asked}
            if limited
            else {}
        )
        claimed = [fact for fact in due if self.free or not fact.is_billed]
        if any(line.contacts for line in self.lines_by_id.values()):
            read_contacts(self.env, claimed)
        self._put_back({fact.id for fact in claimed})
        self._decide_all(claimed)

    def quote(self, facts, put_worker=None):
        """Return what would cover work that is not recorded yet, and its price.

        :param facts: facts with ids of the caller's, one hour each
        :param put_worker: function that fills in who works, where a price depends on it
        :return: {id: (pools in order, billable part)}; without pools when no contract
            is asked
        """
        days = defaultdict(dict)
        for fact in facts:
            if fact.key:
                days[fact.key][fact.day] = False
        if limited := self._read_agreements(days):
            self._read_grants(limited)
        if any(line.contacts for line in self.lines_by_id.values()):
            read_contacts(self.env, facts)
        self.pools.prepare(self.lines_by_id.values())
        pour(
            [], self.pools.heirs, max([fact.day for fact in facts], default=self.today)
        )
        quotes = {}
        for fact in facts:
            decision = CoverageDecision(fact)
            if kind := self._settled_kind(fact):
                quotes[fact.id] = [], self._free_part(fact, kind)
                continue
            claim = self._claim(decision)
            pools = [
                pool
                for _seconds, pools in claim.pieces
                for asked in pools
                for pool in asked.open_on(fact.day)
            ]
            part = self._billable_part(decision, fact.seconds)
            quotes[fact.id] = list(dict.fromkeys(pools)), part
        self.prices.finish(put_worker)
        return quotes

    def _former_spots(self):
        """Return where the entries were when they were last decided upon."""
        if not self.entries:
            return []
        return self.env.execute_query(
            SQL(
                "SELECT client_id, company_id, date, BOOL_OR(hours < 0)"
                "  FROM psa_coverage_part WHERE entry_id = ANY(%s)"
                " GROUP BY client_id, company_id, date",
                self.entries.ids,
            )
        )

    def _read_agreements(self, days):
        """Read the contract lines of clients; return the days of those with a limit."""
        self.lines_by_id = {}
        if days:
            for line in read_lines(self.env, days, self.contract_ids):
                self.lines.setdefault(line.key, []).append(line)
                self.lines_by_id[line.id] = line
        self._checks = self.env["psa.contract.line"]._get_scope_checks()
        return {
            key: found
            for key, found in days.items()
            if any(line.is_limited for line in self.lines.get(key, ()))
        }

    def _read_grants(self, days):
        lines = [line for key in days for line in self.lines[key] if line.is_limited]
        self.pools.load(lines, days)
        # Hours given back concern work before: for that, more grants may be needed.
        first = {key: self._reach(key).first_days(found) for key, found in days.items()}
        if any(min(first[key]) < min(days[key]) for key in days):
            self.pools.load(lines, first)

    def _reach(self, key):
        return CoverageReach(self.lines[key], self.grants, self.today)

    @property
    def grants(self):
        """Grants by the line's id."""
        return self.pools.grants

    # ------------------------------------------------------------
    # Who shares hours with whom
    # ------------------------------------------------------------

    def _read_others(self, days, known):
        """Return the facts of other work that shares hours with what is due."""
        rows = [
            (*key, first, stop or date.max)
            for key, found in days.items()
            for first, stop in self._reach(key).windows(found)
        ]
        columns = [list(column) for column in zip(*rows, strict=True)]
        self.env["account.analytic.line"].flush_model()
        found = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT entry.id
                  FROM account_analytic_line AS entry
                  JOIN unnest(%s::int[], %s::int[], %s::date[], %s::date[])
                       AS span (client_id, company_id, first, stop)
                    ON entry.psa_client_id = span.client_id
                   AND entry.company_id = span.company_id
                   AND entry.date >= span.first AND entry.date < span.stop
                 WHERE entry.project_id IS NOT NULL
                """,
                *columns,
            )
        )
        others = self.entries.browse({entry_id for [entry_id] in found} - known)
        return list(others._psa_get_coverage_facts().values())

    def _put_back(self, ids):
        """Return to the grants what the entries to decide upon have used."""
        used = defaultdict(list)
        for entry_id, parts in self.old.items():
            if entry_id in ids:
                for part in parts:
                    if part.grant_id and not part.is_correction:
                        used[part.grant_id].append(part.seconds)
        self.pools.put_back(used)

    # ------------------------------------------------------------
    # What each entry may draw on
    # ------------------------------------------------------------

    def _decide_all(self, facts):
        self.pools.prepare(self.lines_by_id.values())
        claims = []
        # In order: what is left of a period is there for those that come later.
        for fact in sorted(facts, key=lambda fact: fact.order):
            decision = self.decisions[fact.id] = CoverageDecision(fact)
            if kind := self._settled_kind(fact):
                decision.parts = [self._free_part(fact, kind)]
            else:
                claims.append(self._claim(decision))
        poured = pour(claims, self.pools.heirs, self.today)
        for claim in claims:
            self._conclude(self.decisions[claim.key], poured[claim.key])
        self.prices.finish()
        self.dropped = self.pools.finish()

    @staticmethod
    def _settled_kind(fact):
        """Return the kind of coverage that asks no contract, or None."""
        if not fact.is_billable or fact.decision == "internal":
            return "internal"
        if fact.decision == "goodwill":
            return "goodwill"
        if fact.is_sale and not fact.decision:
            return "sale"
        return None

    def _claim(self, decision):
        """Return the claim of an entry: what it asks for, from which pools in order."""
        fact = decision.fact
        lines, log = [], decision.log
        for line in self.lines.get(fact.key, ()):
            code = self._why_not(line, fact)
            if not code:
                decision.candidates.append(line)
                code = self._why_set_aside(line, fact)
            if code:
                log.append([line.id, code])
            else:
                lines.append(line)
        clocks = {
            line.calendar_id: self._clock(line) for line in lines if line.calendar_id
        }
        divided = divide(fact.seconds, fact.start, fact.stop, clocks)
        pieces = tuple(
            (
                seconds,
                tuple(
                    pool
                    for line in lines
                    if line.calendar_id is None or line.calendar_id in inside
                    for pool in self.pools.of(line, fact.day)
                ),
            )
            for seconds, inside in divided
        )
        touched = frozenset().union(*(inside for _seconds, inside in divided))
        for line in lines:
            if line.calendar_id is None or line.calendar_id in touched:
                decision.lines.append(line)
            if line.calendar_id and any(
                line.calendar_id not in inside for _seconds, inside in divided
            ):
                log.append([line.id, "hours"])
        return Claim(fact.id, fact.order, fact.day, pieces)

    def _why_not(self, line, fact):
        """Return the code of why a line does not apply to an entry, or None."""
        if not line.is_in_force(fact.day):
            return "dates"
        if line.is_suspended(fact.day):
            return "suspended"
        if fact.decision == "line" and fact.decision_line_id == line.id:
            return None
        for code, applies in self._checks:
            if not applies(line, fact):
                return code
        return None

    @staticmethod
    def _why_set_aside(line, fact):
        """Return the code of what a manager decided against a line, or None."""
        if fact.decision == "billable" and line.kind != "time":
            return "decided"
        if fact.decision == "line" and fact.decision_line_id != line.id:
            return "decided"
        return None

    def _clock(self, line):
        key = line.calendar_id, line.company_id
        if key not in self._clocks:
            calendar = self.env["resource.calendar"].browse(line.calendar_id)
            company = self.env["res.company"].browse(line.company_id)
            self._clocks[key] = calendar._psa_clock_for(company)
        return self._clocks[key]

    # ------------------------------------------------------------
    # What it comes to
    # ------------------------------------------------------------

    def _conclude(self, decision, poured):
        """Turn what the pools gave into parts, and say which had nothing left."""
        lines = decision.lines
        gave = set()
        for pool, seconds in poured:
            if pool is None:
                decision.parts.append(self._billable_part(decision, seconds))
                continue
            line, grant = self.pools.origin_of(pool)
            gave.add(line.id)
            part = CoveragePart(line.kind, seconds, line.contract_id, line.id, grant)
            part.currency_id = line.currency_id
            decision.parts.append(part)
        short = any(pool is None for pool, _seconds in poured)
        last = max((n for n, line in enumerate(lines) if line.id in gave), default=0)
        for line in lines if short else lines[:last]:
            if line.is_limited:
                code = "partly" if line.id in gave else "empty"
                decision.log.append([line.id, code])
        if not decision.parts:
            decision.parts = [self._empty_part(decision)]

    def _empty_part(self, decision):
        """Return the part of work of which nothing is billed, rounding included."""
        line = next((line for line in decision.lines if line.kind != "time"), None)
        if not line:
            return self._billable_part(decision, decision.fact.seconds)
        part = CoveragePart(line.kind, 0, line.contract_id, line.id)
        part.currency_id = line.currency_id
        return part

    def _free_part(self, fact, kind):
        """Return all of an entry that costs nothing here, so that it can be summed."""
        company = self.env["res.company"].browse(fact.company_id)
        return CoveragePart(kind, fact.seconds, currency_id=company.currency_id.id)

    def _billable_part(self, decision, seconds):
        fact, lines = decision.fact, decision.lines
        candidates = lines if fact.decision == "line" else decision.candidates
        time = next((line for line in candidates if line.kind == "time"), None)
        line = time or next(iter(candidates), None)
        part = CoveragePart("billable", seconds)
        if line:
            part.contract_id = line.contract_id
            part.line_id = line.id
        part.is_to_approve = not time and any(
            line.overage == "stop" for line in lines if line.is_limited
        )
        self.prices.put(part, fact, line)
        return part

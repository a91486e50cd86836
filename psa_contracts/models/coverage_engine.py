# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What covers the work of clients, in a number of queries that does not depend on how
many entries, contracts or clients there are."""

from collections import defaultdict
from dataclasses import dataclass, field

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.tools import SQL

from ..tools.scope import divide
from ..tools.waterfall import Blocks, Claim, Pool, pour
from .coverage_facts import (
    ONE_DAY,
    CoverageGrant,
    read_contacts,
    read_grants,
    read_lines,
)
from .coverage_prices import CoveragePrices
from .coverage_rows import CoveragePart, read_parts, save


@dataclass(eq=False, slots=True)
class CoverageDecision:
    """What is decided about an entry, and why."""

    fact: object
    parts: list = field(default_factory=list)
    #: [contract line, code]: why it did not apply, or not for all of the work
    log: list = field(default_factory=list)
    #: contract lines that have this work in their scope
    lines: list = field(default_factory=list)


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
        self.grants = defaultdict(list)
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
        self._read_agreements(days)
        limited = {
            key: found
            for key, found in days.items()
            if any(line.is_limited for line in self.lines.get(key, ()))
        }
        if lock:
            self.env["psa.coverage.turn"]._take(limited)
        if limited:
            self._read_grants(limited)
            due += self._read_others(limited, {fact.id for fact in due})
        self.old = read_parts(self.env, [fact.id for fact in due])
        claimed = [fact for fact in due if self.free or not fact.is_billed]
        if any(line.contacts for line in self.lines_by_id.values()):
            read_contacts(self.env, claimed)
        self._put_back({fact.id for fact in claimed})
        self._decide_all(claimed)

    def quote(self, facts):
        """Return what would cover work that is not recorded yet, and its price.

        :param facts: facts with ids of the caller's, one hour each
        :return: {id: (pools in order, billable part)}; without pools when no contract
            is asked
        """
        days = defaultdict(dict)
        for fact in facts:
            if fact.key:
                days[fact.key][fact.day] = False
        self._read_agreements(days)
        limited = {
            key: found
            for key, found in days.items()
            if any(line.is_limited for line in self.lines.get(key, ()))
        }
        if limited:
            self._read_grants(limited)
        if any(line.contacts for line in self.lines_by_id.values()):
            read_contacts(self.env, facts)
        self._prepare_pools()
        quotes = {}
        for fact in facts:
            decision = CoverageDecision(fact)
            if kind := self._settled_kind(fact):
                quotes[fact.id] = [], CoveragePart(kind, fact.seconds)
                continue
            claim = self._claim(decision)
            pools = [pool for _seconds, pools in claim.pieces for pool in pools]
            part = self._billable_part(decision, fact.seconds)
            quotes[fact.id] = list(dict.fromkeys(pools)), part
        self.prices.finish()
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

    def _read_agreements(self, keys):
        self.lines_by_id = {}
        if keys:
            for line in read_lines(self.env, keys, self.contract_ids):
                self.lines.setdefault(line.key, []).append(line)
                self.lines_by_id[line.id] = line
        self._checks = self.env["psa.contract.line"]._get_scope_checks()

    # ------------------------------------------------------------
    # Who shares hours with whom
    # ------------------------------------------------------------

    def _read_grants(self, days):
        lines = [line for key in days for line in self.lines[key] if line.is_limited]
        since = min(line.before(min(days[line.key])) for line in lines)
        for grant in read_grants(self.env, [line.id for line in lines], since):
            self.grants[grant.line_id].append(grant)
        for line in lines:
            self._refresh_periods(line, since)

    def _refresh_periods(self, line, since):
        """Have the hours of periods that the terms say.

        Where hours roll over, those of periods without any work count as well.
        """
        if line.kind != "included":
            return
        for grant in self.grants[line.id]:
            if grant.origin == "period":
                grant.seconds = line.period_seconds(line.period(grant.start))
        if line.rollover_share:
            stop = self.today + ONE_DAY
            first = max(since, line.start)
            for period in line.recurrence.periods_between(first, stop):
                self._grant_period(line, period)

    def _windows(self, key, days):
        """Return the days on which work may share hours with work of given days.

        Whoever draws on the same pool is concerned, and whoever draws on a pool with
        one who is.

        :return: list of (first day, day after the last one or None)
        """
        windows = []
        for day in sorted(days):
            if windows and (windows[-1][1] is None or day < windows[-1][1]):
                continue
            first, stop = self._reach(key, day)
            windows.append((first, stop))
        return windows

    def _reach(self, key, day):
        stop = day + ONE_DAY
        while True:
            further = stop
            for line in self.lines[key]:
                if line.is_limited:
                    further = self._reach_of(line, day, further)
                    if further is None:
                        return day, None
            if further == stop:
                return day, stop
            stop = further

    def _reach_of(self, line, day, stop):
        """Return up to where the pools of a line reach that touch ``[day, stop)``."""
        if line.kind == "prepaid" and line.overage == "next_block":
            # A block that is bought earlier is there for all that follows.
            return None
        ends = []
        if line.kind == "included" and line.start < stop:
            last = line.period(stop - ONE_DAY)
            if line.part_of(last):
                ends.append(last.stop)
        for grant in self.grants[line.id]:
            if grant.start < stop and (grant.stop is None or grant.stop > day):
                ends.append(grant.stop)
        if None in ends:
            return None
        if line.rollover_share and ends:
            # What is left goes on.
            months = relativedelta(months=line.rollover_months)
            ends.append(max(ends) + months)
        return max([stop, *ends])

    def _read_others(self, days, known):
        """Return the facts of other work that shares hours with what is due."""
        rows = [
            (client_id, company_id, first, stop or fields.Date.to_date("9999-12-31"))
            for (client_id, company_id), found in days.items()
            for first, stop in self._windows(
                (client_id, company_id),
                self._first_days((client_id, company_id), found),
            )
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
                 WHERE entry.project_id IS NOT NULL AND entry.id <> ALL(%s)
                """,
                *columns,
                list(known),
            )
        )
        others = self.entries.browse([row[0] for row in found])
        return list(others._psa_get_coverage_facts().values())

    def _first_days(self, key, days):
        """Return the days from which on work is concerned.

        Hours that are given back count for all the work of their pool.
        """
        first = set(days)
        for day in (day for day, gives_back in days.items() if gives_back):
            for line in self.lines[key]:
                if line.is_limited and line.is_in_force(day):
                    if line.kind == "included":
                        first.add(max(line.start, line.period(day).start))
                    first.update(
                        grant.start
                        for grant in self.grants[line.id]
                        if grant.holds(day)
                    )
        return first

    def _put_back(self, ids):
        """Return to the grants what the entries to decide upon have used."""
        used = defaultdict(int)
        for entry_id, parts in self.old.items():
            if entry_id in ids:
                for part in parts:
                    if part.grant_id and not part.is_correction:
                        used[part.grant_id] += part.seconds
        for grants in self.grants.values():
            for grant in grants:
                grant.used -= used.get(grant.id, 0)

    # ------------------------------------------------------------
    # What each entry may draw on
    # ------------------------------------------------------------

    def _decide_all(self, facts):
        self._prepare_pools()
        claims = []
        # In order: what is left of a period is there for those that come later.
        for fact in sorted(facts, key=lambda fact: fact.order):
            decision = self.decisions[fact.id] = CoverageDecision(fact)
            if kind := self._settled_kind(fact):
                decision.parts = [CoveragePart(kind, fact.seconds)]
            else:
                claims.append(self._claim(decision))
        heirs = [pool for pool in self._pools.values() if pool.parent]
        poured = pour(claims, heirs, self.today)
        for claim in claims:
            self._conclude(self.decisions[claim.key], poured[claim.key])
        self.prices.finish()
        for pool in heirs:
            if pool.rolled is not None:
                pool.key[1].seconds = pool.rolled
        for line in self.lines_by_id.values():
            opened = self._blocks[line.id].opened if line.id in self._blocks else ()
            self.dropped += self._spare(line.id)[len(opened) :]

    def _prepare_pools(self):
        self.prices = CoveragePrices(self.env)
        self._pools, self._blocks, self._opened = {}, {}, {}
        self._pools_by_day = {}
        for line in self.lines_by_id.values():
            for grant in list(self.grants[line.id]):
                if self._is_kept(grant):
                    self._pool(line, grant)

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
            if code := self._why_not(line, fact):
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
                    for pool in self._pools_of(line, fact.day)
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
        if fact.decision == "billable" and line.kind != "time":
            return "decided"
        if fact.decision == "line" and fact.decision_line_id != line.id:
            return "decided"
        if fact.decision == "line":
            return None
        for code, applies in self._checks:
            if not applies(line, fact):
                return code
        return None

    def _clock(self, line):
        key = line.calendar_id, line.company_id
        if key not in self._clocks:
            calendar = self.env["resource.calendar"].browse(line.calendar_id)
            company = self.env["res.company"].browse(line.company_id)
            self._clocks[key] = calendar._psa_clock_for(company)
        return self._clocks[key]

    def _pools_of(self, line, day):
        """Return what work of a day may draw on, first what expires first."""
        key = line.id, day
        if key not in self._pools_by_day:
            self._pools_by_day[key] = self._find_pools(line, day)
        return self._pools_by_day[key]

    def _find_pools(self, line, day):
        if line.kind == "time":
            return []
        if not line.is_limited:
            return [self._pool(line, None)]
        if line.kind == "included":
            self._grant_period(line, line.period(day))
        pools = [
            self._pool(line, grant)
            for grant in self.grants[line.id]
            if grant.holds(day) and self._is_kept(grant)
        ]
        pools.sort(key=lambda pool: _expiry(pool.key[1]))
        if line.overage == "next_block":
            pools.append(self._blocks_of(line))
        return pools

    def _pool(self, line, grant):
        key = line, grant
        if key not in self._pools:
            if grant is None:
                self._pools[key] = Pool(key, None)
            elif grant.parent and grant.origin == "rollover":
                self._pools[key] = Pool(
                    key,
                    -grant.used,
                    self._pool(line, grant.parent),
                    grant.start,
                    line.rollover_share,
                    line.rollover_cap,
                )
            else:
                self._pools[key] = Pool(key, grant.seconds - grant.used)
                self._add_heir(line, grant)
        return self._pools[key]

    def _grant_period(self, line, period):
        """Have the grant of a period, with the hours that the terms say."""
        part = line.part_of(period)
        if not part:
            return
        seconds = line.period_seconds(period)
        for grant in self.grants[line.id]:
            if grant.origin == "period" and grant.start == part.start:
                grant.seconds, grant.stop = seconds, part.stop
                return
        self.grants[line.id].append(
            CoverageGrant(None, line.id, "period", part.start, part.stop, seconds)
        )

    def _add_heir(self, line, grant):
        """Have the grant that receives what another has left, if any does."""
        if not (line.rollover_share and grant.stop and line.rollover_months):
            return
        stop = grant.stop + relativedelta(months=line.rollover_months)
        for heir in self.grants[line.id]:
            if heir.parent is grant:
                heir.start, heir.stop = grant.stop, stop
                break
        else:
            heir = CoverageGrant(
                None, line.id, "rollover", grant.stop, stop, 0, parent=grant
            )
            self.grants[line.id].append(heir)
        self._pool(line, heir)

    def _blocks_of(self, line):
        if line.id not in self._blocks:
            self._spare(line.id)
            self._blocks[line.id] = Blocks(line, line.block_seconds, line.expiry)
        return self._blocks[line.id]

    @staticmethod
    def _is_kept(grant):
        """Is it there whatever is decided now? Blocks come and go with the work."""
        return grant.origin != "next_block" or grant.used > 0

    def _spare(self, line_id):
        """Return the blocks of a line that nobody else uses, to be used again."""
        if line_id not in self._opened:
            self._opened[line_id] = [
                grant for grant in self.grants[line_id] if not self._is_kept(grant)
            ]
        return self._opened[line_id]

    # ------------------------------------------------------------
    # What it comes to
    # ------------------------------------------------------------

    def _conclude(self, decision, poured):
        """Turn what the pools gave into parts, and say which had nothing left."""
        fact, lines = decision.fact, decision.lines
        gave = set()
        for pool, seconds in poured:
            if pool is None:
                decision.parts.append(self._billable_part(decision, seconds))
                continue
            line, grant = self._origin_of(pool)
            gave.add(line.id)
            decision.parts.append(
                CoveragePart(line.kind, seconds, line.contract_id, line.id, grant)
            )
        short = any(pool is None for pool, _seconds in poured)
        last = max((n for n, line in enumerate(lines) if line.id in gave), default=0)
        for line in lines if short else lines[:last]:
            if line.is_limited:
                code = "partly" if line.id in gave else "empty"
                decision.log.append([line.id, code])
        if not decision.parts:
            decision.parts = [self._billable_part(decision, fact.seconds)]

    def _origin_of(self, pool):
        """Return the line and the grant of a pool; no grant when there is no limit."""
        line, grant = pool.key
        if isinstance(grant, int):
            return line, self._block_grant(line, pool, grant)
        return line, grant

    def _block_grant(self, line, pool, number):
        spare = self._spare(line.id)
        if number == len(spare):
            spare.append(
                CoverageGrant(None, line.id, "next_block", pool.start, None, 0)
            )
            self.grants[line.id].append(spare[number])
        grant = spare[number]
        grant.start, grant.stop = pool.start, line.expiry(pool.start)
        grant.seconds = line.block_seconds(pool.start)
        return grant

    def _billable_part(self, decision, seconds):
        fact, lines = decision.fact, decision.lines
        time = next((line for line in lines if line.kind == "time"), None)
        line = time or next((line for line in lines if line.is_limited), None)
        part = CoveragePart("billable", seconds)
        if line:
            part.contract_id = line.contract_id
            part.line_id = line.id
        part.is_to_approve = not time and any(
            line.overage == "stop" for line in lines if line.is_limited
        )
        self.prices.put(part, fact, line)
        return part


def _expiry(grant):
    """Sort by what expires first; what never expires comes last."""
    if grant is None:
        return (False,)
    return (grant.stop is None, grant.stop or grant.start, grant.start, grant.id or 0)

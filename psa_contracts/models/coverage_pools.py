# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The hours of clients as pools that work is poured into."""

from collections import defaultdict

from dateutil.relativedelta import relativedelta

from ..tools.waterfall import Blocks, Pool
from .coverage_facts import ONE_DAY, CoverageGrant, read_grants


class CoveragePools:
    """Grants of contract lines, those that are made now included, and their pools.

    :param today: what has to roll over by then does, and where hours roll over,
        periods up to then have hours even without any work
    """

    def __init__(self, env, today):
        self.env = env
        self.today = today
        self.grants = defaultdict(list)
        self._lines = []
        self._pools = {}
        self._by_day = {}
        self._blocks = {}
        self._spare = {}

    def load(self, lines, days):
        """Read the grants that matter for work of some days.

        :param lines: limited lines
        :param days: {key of a client: days}
        """
        since = min(line.before(min(days[line.key])) for line in lines)
        self.grants.clear()
        for grant in read_grants(self.env, [line.id for line in lines], since):
            self.grants[grant.line_id].append(grant)
        for line in lines:
            until = max(self.today, *days[line.key])
            self._refresh_periods(line, since, until)

    def put_back(self, used):
        """Return hours to the grants.

        :param used: {grant's id: seconds of each part that used it}
        """
        for grants in self.grants.values():
            for grant in grants:
                parts = used.get(grant.id, ())
                grant.used -= sum(parts)
                grant.parts -= len(parts)

    def prepare(self, lines):
        """Make the pools of all grants, so that each has its heir."""
        self._lines = list(lines)
        for line in self._lines:
            for grant in list(self.grants[line.id]):
                if _is_there(grant):
                    self._pool(line, grant)

    @property
    def heirs(self):
        """Pools that begin with what another has left."""
        return [pool for pool in self._pools.values() if pool.parent]

    def of(self, line, day):
        """Return what work of a day may draw on, first what expires first."""
        key = line.id, day
        if key not in self._by_day:
            self._by_day[key] = self._find(line, day)
        return self._by_day[key]

    def origin_of(self, pool):
        """Return the line and the grant of a pool; no grant when there is no limit."""
        line, grant = pool.key
        if isinstance(grant, int):
            return line, self._block_grant(line, pool, grant)
        return line, grant

    def finish(self):
        """Note what rolled over, and return the blocks that no work needs any more."""
        for pool in self.heirs:
            if pool.rolled is not None:
                _line, grant = pool.key
                grant.seconds = pool.rolled
        dropped = [
            grant
            for grants in self.grants.values()
            for grant in grants
            if grant.is_stale
            and not grant.parts
            and not any(heir.parts for heir in grants if heir.parent is grant)
        ]
        for line in self._lines:
            opened = self._blocks[line.id].opened if line.id in self._blocks else ()
            dropped += self._spare_of(line)[len(opened) :]
        return dropped

    @property
    def is_running_low(self):
        """Is of hours of today no more left than what somebody is told about?"""
        return any(
            pool.left * 100 <= grant.seconds * (100 - line.topup_percent)
            for (line, grant), pool in self._pools.items()
            if grant and grant.seconds and grant.holds(self.today)
        )

    # ------------------------------------------------------------
    # Grants
    # ------------------------------------------------------------

    def _refresh_periods(self, line, since, until):
        """Have the hours of periods that the terms say.

        Where hours roll over, those of periods without any work count as well.
        """
        if line.kind != "included":
            return
        for grant in self.grants[line.id]:
            if grant.origin == "period":
                period = line.period(grant.start)
                part = line.part_of(period)
                grant.is_stale = not part or part.start != grant.start
                grant.seconds = 0 if grant.is_stale else line.period_seconds(period)
        if line.rollover_share:
            first = max(since, line.start)
            for period in line.recurrence.periods_between(first, until + ONE_DAY):
                self._grant_period(line, period)

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

    def _heir_of(self, line, grant):
        """Return the grant that receives what another has left."""
        stop = grant.stop + relativedelta(months=line.rollover_months)
        for heir in self.grants[line.id]:
            if heir.parent is grant:
                heir.start, heir.stop = grant.stop, stop
                return heir
        heir = CoverageGrant(
            None, line.id, "rollover", grant.stop, stop, 0, parent=grant
        )
        self.grants[line.id].append(heir)
        return heir

    # ------------------------------------------------------------
    # Pools
    # ------------------------------------------------------------

    def _find(self, line, day):
        if line.kind == "time":
            return []
        if not line.is_limited:
            return [self._pool(line, None)]
        if line.opens_blocks:
            return [self._blocks_of(line)]
        if line.kind == "included":
            self._grant_period(line, line.period(day))
        pools = [
            self._pool(line, grant)
            for grant in self.grants[line.id]
            if grant.holds(day) and _is_there(grant)
        ]
        return sorted(pools, key=lambda pool: _expiry(pool.key[1]))

    def _pool(self, line, grant):
        key = line, grant
        if key not in self._pools:
            self._pools[key] = self._make(key)
            if grant and grant.stop and self._rolls_over(line, grant):
                self._pool(line, self._heir_of(line, grant))
        return self._pools[key]

    @staticmethod
    def _rolls_over(line, grant):
        # Blocks come and go with the work; what rolls over must not.
        return (
            line.rollover_share
            and line.rollover_months
            and grant.origin not in ("rollover", "next_block")
        )

    def _make(self, key):
        line, grant = key
        if grant is None:
            return Pool(key, None)
        pool = Pool(key, -grant.used, start=grant.start, stop=grant.stop)
        if grant.parent and grant.origin == "rollover":
            pool.parent = self._pool(line, grant.parent)
            pool.share, pool.cap = line.rollover_share, line.rollover_cap
        else:
            pool.left += grant.seconds
        return pool

    # ------------------------------------------------------------
    # Blocks that are bought when work needs them
    # ------------------------------------------------------------

    def _blocks_of(self, line):
        if line.id not in self._blocks:
            kept, beside = [], []
            self._spare_of(line)
            for grant in self.grants[line.id]:
                if _is_kept(grant):
                    is_block = grant.origin == "next_block"
                    (kept if is_block else beside).append(self._pool(line, grant))
            self._blocks[line.id] = Blocks(
                line, line.block_seconds, line.expiry, beside, kept
            )
        return self._blocks[line.id]

    def _spare_of(self, line):
        """Return the blocks of a line that nobody else uses, to be used again."""
        if line.id not in self._spare:
            self._spare[line.id] = [
                grant for grant in self.grants[line.id] if not _is_kept(grant)
            ]
        return self._spare[line.id]

    def _block_grant(self, line, pool, number):
        spare = self._spare_of(line)
        while len(spare) <= number:
            spare.append(
                CoverageGrant(None, line.id, "next_block", pool.start, pool.stop, 0)
            )
            self.grants[line.id].append(spare[-1])
        grant = spare[number]
        grant.start, grant.stop = pool.start, pool.stop
        grant.seconds = line.block_seconds(pool.start)
        return grant


def _is_there(grant):
    """Can it be drawn on, whatever is decided now?"""
    is_stale = grant.is_stale or (grant.parent and grant.parent.is_stale)
    return _is_kept(grant) and not is_stale


def _is_kept(grant):
    """Is it there whatever is decided now? Blocks come and go with the work."""
    return grant.origin != "next_block" or grant.parts > 0


def _expiry(grant):
    """Sort by what expires first; what never expires comes last.

    Of those that expire together, what rolled over first: it would be lost.
    """
    return (
        grant.stop is None,
        grant.stop or grant.start,
        grant.start,
        grant.origin != "rollover",
        grant.id or 0,
    )

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who shares hours with whom: which work has to be decided upon when some changes."""

from dateutil.relativedelta import relativedelta

from .coverage_facts import ONE_DAY


class CoverageReach:
    """How far the hours of a client reach.

    :param lines: the client's coverage lines
    :param grants: grants by the line's id
    :param today: how far is looked; whatever is later counts as reached
    """

    def __init__(self, lines, grants, today):
        self.today = today
        self.lines = [line for line in lines if line.is_limited]
        self.grants = grants

    def windows(self, days):
        """Return the days on which work may share hours with work of given days.

        Whoever draws on the same pool is concerned, and whoever draws on a pool with
        one who is.

        :param days: {day: whether hours were given back}
        :return: list of (first day, day after the last one or None)
        """
        windows = []
        for day in sorted(self.first_days(days)):
            if windows and (windows[-1][1] is None or day < windows[-1][1]):
                continue
            windows.append((day, self._stop(day)))
        return windows

    def first_days(self, days):
        """Return the days from which on work is concerned.

        Hours that are given back count for all the work of their pool.
        """
        first = set(days)
        for day in (day for day, gives_back in days.items() if gives_back):
            for line in self.lines:
                if not line.is_in_force(day):
                    continue
                if line.kind == "included":
                    first.add(max(line.start, line.period(day).start))
                first.update(
                    grant.start for grant in self.grants[line.id] if grant.holds(day)
                )
        return first

    def _stop(self, day):
        stop = day + ONE_DAY
        while True:
            further = stop
            for line in self.lines:
                further = self._stop_of(line, day, further)
                if further is None:
                    return None
            if further == stop:
                return stop
            if further > max(day, self.today):
                # Periods of two lines that overlap would touch each other for ever.
                return None
            stop = further

    def _stop_of(self, line, day, stop):
        """Return up to where the pools of a line reach that touch ``[day, stop)``."""
        if line.opens_blocks or (line.kind == "included" and line.rollover_share):
            # A block that is bought earlier is there for all that follows, and what
            # rolls over from a month leaves more of the next one to roll over.
            return None
        ends = [stop]
        if line.kind == "included" and line.start < stop:
            last = line.period(stop - ONE_DAY)
            if line.part_of(last):
                ends.append(last.stop)
        for grant in self.grants[line.id]:
            if grant.start < stop and (grant.stop is None or grant.stop > day):
                if grant.stop is None:
                    return None
                ends.append(grant.stop)
                if line.rollover_share and grant.origin != "rollover":
                    months = relativedelta(months=line.rollover_months)
                    ends.append(grant.stop + months)
        return max(ends)

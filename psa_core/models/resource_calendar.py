# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import datetime, timedelta

from pytz import timezone, utc

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import ormcache

from ..tools.clock import WorkingClock
from ..tools.growing_clock import GrowingClock
from ..tools.zone import SteadyZone

HALF_A_YEAR = timedelta(days=183)
ATTENDANCE_FIELDS = (
    "dayofweek",
    "week_type",
    "hour_from",
    "hour_to",
    "day_period",
    "display_type",
)
LEAVE_FIELDS = ("date_from", "date_to")


class ResourceCalendar(models.Model):
    """Give every calendar a working clock.

    The clock of a calendar is kept in the process and found again by *what it was made
    from* (working hours, time zone, time off), which two queries read. So it is never
    stale: not after a change in another process, nor in a transaction that is rolled
    back. Nothing has to be invalidated either, and the time off that HR adds every
    day does not clear a cache that others use too.
    """

    _inherit = "resource.calendar"

    # ------------------------------------------------------------
    # Clocks
    # ------------------------------------------------------------

    def _psa_clock_for(self, company=None):
        """Return a clock that always answers, whatever is configured.

        Call it on a calendar or on none: the fallback is the calendar of the company,
        then round the clock. Ask once and keep the clock for all records of a batch.

        :param company: whose time off counts, see :meth:`_psa_clock`
        :return: :class:`GrowingClock`; it answers ``None`` for "never" when there is
            not that much work in the next 20 years
        """
        calendar = self.sudo()  # see _psa_clock()
        company = company or calendar.company_id or self.env.company
        calendar = calendar or company.sudo().resource_calendar_id

        def build(start, stop):
            if calendar:
                return calendar._psa_clock(start, stop, company)
            return WorkingClock.always()

        now = fields.Datetime.now()
        return GrowingClock(build, now - HALF_A_YEAR, now + HALF_A_YEAR)

    def _psa_clock(self, start, stop, company=None, resource=None):
        """Return the working clock of this calendar, for ``[start, stop)`` at least.

        :param start: naive UTC
        :param stop: naive UTC
        :param company: its time off without a calendar counts, that of other companies
            does not; by default the company of the calendar, then ``env.company``
        :param resource: a ``resource.resource`` whose time zone and own time off count
            too; such a clock is made anew each time
        :return: :class:`WorkingClock`; it raises ``ClockHorizonError`` outside
        """
        self.ensure_one()
        # Only employees may read calendars, and each only some of the time off. A
        # deadline is computed for whoever opens a ticket, and is the same for all.
        calendar = self.sudo()
        if resource:
            bounds = _local_mondays(start, stop, timezone(resource.tz))
            intervals = calendar._psa_work_intervals(*bounds, resource.sudo())
            return WorkingClock.from_intervals(intervals, *bounds)
        company = company or calendar.company_id or self.env.company
        bounds = _local_mondays(*_whole_years(start, stop), timezone(calendar.tz))
        return calendar._psa_clock_cached(
            *bounds,
            calendar._psa_clock_sources(),
            calendar._psa_clock_leaves(*bounds, company),
        )

    @ormcache("self.id", "start", "stop", "sources", "leaves")
    def _psa_clock_cached(self, start, stop, sources, leaves):
        intervals = self._psa_work_intervals(start, stop)
        return WorkingClock.from_intervals(intervals, start, stop, excluded=leaves)

    def _psa_work_intervals(self, start, stop, resource=None):
        """Ask the host for the working intervals, with time off only of a resource.

        :return: pairs of naive UTC datetimes
        """
        intervals = self._work_intervals_batch(
            utc.localize(start),
            utc.localize(stop),
            resources=resource,
            tz=SteadyZone(timezone((resource or self).tz)),
            compute_leaves=bool(resource),
        )[resource.id if resource else False]
        return [
            (
                begin.replace(tzinfo=None) - begin.utcoffset(),
                end.replace(tzinfo=None) - end.utcoffset(),
            )
            for begin, end, _attendance in intervals
        ]

    # ------------------------------------------------------------
    # Hooks
    # ------------------------------------------------------------

    def _psa_clock_sources(self):
        """Return all that the working hours depend on, as one hashable value.

        Extend: add what your override of ``_attendance_intervals_batch`` reads.
        """
        attendances = self.env["resource.calendar.attendance"].search_fetch(
            [("calendar_id", "=", self.id)], ATTENDANCE_FIELDS
        )
        return (
            self.tz,
            self.two_weeks_calendar,
            self.flexible_hours,
            self.hours_per_day,
            self.full_time_required_hours,
            frozenset(
                tuple(attendance[name] for name in ATTENDANCE_FIELDS)
                for attendance in attendances
            ),
        )

    def _psa_clock_leaves(self, start, stop, company):
        """Return the time off for everybody, as a tuple of naive UTC pairs.

        The host leaves the company to the record rules, so that a cron would close the
        office on the public holidays of every company.

        Extend: add days off that are kept elsewhere.
        """
        domain = (
            Domain("time_type", "=", "leave")
            & Domain("resource_id", "=", False)
            & Domain("date_from", "<=", stop)
            & Domain("date_to", ">=", start)
            & (
                Domain("calendar_id", "=", self.id)
                | Domain("calendar_id", "=", False)
                & Domain("company_id", "in", (False, company.id))
            )
        )
        leaves = self.env["resource.calendar.leaves"].search_fetch(domain, LEAVE_FIELDS)
        return tuple((leave.date_from, leave.date_to) for leave in leaves)


def _whole_years(start, stop):
    """Widen a range to calendar years, so that few different clocks are asked for."""
    end = datetime(stop.year, 1, 1)
    return (
        datetime(start.year, 1, 1),
        end if end == stop else datetime(stop.year + 1, 1, 1),
    )


def _local_mondays(start, stop, zone):
    """Widen a range of naive UTC instants to local midnights between two weeks.

    The host spreads flexible hours over weeks counted from the first day asked for.
    """
    day = timedelta(days=1)
    first = utc.localize(start).astimezone(zone).date()
    last = utc.localize(stop - timedelta(seconds=1)).astimezone(zone).date() + day
    return tuple(
        zone.localize(datetime.combine(date, datetime.min.time()))
        .astimezone(utc)
        .replace(tzinfo=None)
        for date in (first - first.weekday() * day, last + -last.weekday() % 7 * day)
    )

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A fast door to a pytz zone."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo


class SteadyZone(tzinfo):
    """A pytz zone that asks pytz only in the weeks in which its offset changes.

    The host turns every attendance into a UTC instant with ``zone.localize``, which
    takes most of the time of a two-year calendar (pytz tries each offset it knows).
    In a week that begins and ends with the same offset the answer is known already.

    Give it to the host wherever a pytz zone is expected: it has ``localize`` and
    ``fromutc``, and the datetimes that it returns carry pytz's own zones.

    >>> import pytz
    >>> rome = SteadyZone(pytz.timezone("Europe/Rome"))
    >>> str(rome.localize(datetime(2026, 7, 1, 8)))
    '2026-07-01 08:00:00+02:00'
    """

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone
        #: zone at the start of each seven days, and during them unless it changes
        self._midnights: dict[int, tzinfo] = {}
        self._weeks: dict[int, tzinfo | None] = {}

    def localize(self, wall: datetime) -> datetime:
        """Attach the zone to a naive wall-clock time, as pytz does by default.

        A time that does not exist (spring) is read with the offset before the change,
        one that exists twice (autumn) is the second of the two.
        """
        week = wall.toordinal() // 7
        try:
            zone = self._weeks[week]
        except KeyError:
            zone, after = self._midnight(week), self._midnight(week + 1)
            zone = self._weeks[week] = zone if zone is after else None
        return wall.replace(tzinfo=zone) if zone else self._zone.localize(wall)

    def _midnight(self, week: int) -> tzinfo:
        if week not in self._midnights:
            midnight = datetime.fromordinal(week * 7)
            self._midnights[week] = self._zone.localize(midnight).tzinfo
        return self._midnights[week]

    def fromutc(self, instant: datetime) -> datetime:
        """Let ``instant.astimezone(zone)`` return one of pytz's own datetimes."""
        return self._zone.fromutc(instant.replace(tzinfo=self._zone))

    def utcoffset(self, instant: datetime | None) -> timedelta | None:
        return self._zone.utcoffset(instant and instant.replace(tzinfo=None))

    def dst(self, instant: datetime | None) -> timedelta | None:
        return self._zone.dst(instant and instant.replace(tzinfo=None))

    def tzname(self, instant: datetime | None) -> str | None:
        return self._zone.tzname(instant and instant.replace(tzinfo=None))

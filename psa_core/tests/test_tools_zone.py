# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import doctest
from datetime import datetime, timedelta

import pytz
from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from odoo.addons.psa_core.tests.properties import bounded
from odoo.addons.psa_core.tools import zone as zone_module
from odoo.addons.psa_core.tools.zone import SteadyZone

DST_ZONES = (
    "Africa/Casablanca",
    "America/New_York",
    "Australia/Lord_Howe",
    "Europe/Dublin",
    "Europe/Rome",
)


class TestSteadyZone(BaseCase):
    def assert_same(self, name, wall):
        zone = pytz.timezone(name)
        expected, found = zone.localize(wall), SteadyZone(zone).localize(wall)
        self.assertEqual(found, expected, f"{wall} in {name}")
        self.assertIs(found.tzinfo, expected.tzinfo)

    def test_doctests(self):
        self.assertFalse(doctest.testmod(zone_module).failed)

    def test_every_half_hour_around_the_changes_of_a_year(self):
        for name in DST_ZONES:
            zone = pytz.timezone(name)
            steady = SteadyZone(zone)
            for change in zone._utc_transition_times:
                if change.year != 2026:
                    continue
                for n in range(-96, 97):
                    wall = change + timedelta(minutes=30 * n)
                    self.assertEqual(steady.localize(wall), zone.localize(wall))

    @bounded(400)
    @given(
        st.sampled_from(pytz.all_timezones),
        st.datetimes(datetime(1995, 1, 1), datetime(2045, 1, 1)),
    )
    def test_same_as_pytz_everywhere(self, name, wall):
        self.assert_same(name, wall)

    def test_instants_come_back_as_those_of_pytz(self):
        rome = pytz.timezone("Europe/Rome")
        instant = datetime(2026, 7, 1, 8, tzinfo=pytz.utc)
        found = instant.astimezone(SteadyZone(rome))
        self.assertEqual(found, instant)
        self.assertIs(found.tzinfo, instant.astimezone(rome).tzinfo)

    def test_is_a_time_zone(self):
        zone = SteadyZone(pytz.timezone("Europe/Rome"))
        summer = datetime(2026, 7, 1, 8, tzinfo=zone)
        self.assertEqual(summer.utcoffset(), timedelta(hours=2))
        self.assertEqual(summer.dst(), timedelta(hours=1))
        self.assertEqual(summer.tzname(), "CEST")

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import datetime, timedelta
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st
from pytz import utc

from odoo import Command
from odoo.tests import TransactionCase, freeze_time, new_test_user

from odoo.addons.psa_core.tests.properties import bounded

START = datetime(2026, 1, 1)
STOP = datetime(2028, 1, 1)
OFFICE = [(day, *hours) for day in range(5) for hours in ((8, 12), (13, 17))]
HALF_DAYS = [(0, 9, 12.5), (1, 14, 18.25), (2, 9, 12.5), (4, 7.75, 13)]
NIGHT = [(day, *hours) for day in range(7) for hours in ((0, 6), (22, 24))]
ROUND_THE_CLOCK = [(day, 0, 24) for day in range(7)]

instants = st.integers(0, (STOP - START).days * 1440 - 1).map(
    lambda minute: START + timedelta(minutes=minute)
)


class ClockCase(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create({"name": "Clocks"})
        cls.env = cls.env(context={"allowed_company_ids": cls.company.ids})

    @classmethod
    def _create_calendar(cls, hours, tz="Europe/Rome", **values):
        """Make a calendar of (day of the week, from, to[, week]) rows."""
        return cls.env["resource.calendar"].create(
            {
                "name": "Clock",
                "company_id": cls.company.id,
                "tz": tz,
                "attendance_ids": [
                    Command.clear(),
                    *(
                        Command.create(
                            {
                                "name": "Work",
                                "dayofweek": str(day),
                                "hour_from": hour_from,
                                "hour_to": hour_to,
                                "week_type": week[0] if week else False,
                            }
                        )
                        for day, hour_from, hour_to, *week in hours
                    ),
                ],
                **values,
            }
        )

    @classmethod
    def _create_leave(cls, calendar, date_from, date_to, **values):
        return cls.env["resource.calendar.leaves"].create(
            {
                "name": "Closed",
                "calendar_id": calendar.id,
                "date_from": date_from,
                "date_to": date_to,
                **values,
            }
        )


class TestClockAgainstHost(ClockCase):
    """The same answers as the host, on calendars of every kind."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        two_weeks = [(*row, "0") for row in OFFICE[:6]]
        two_weeks += [(*row, "1") for row in OFFICE[4:]]
        cls.calendars = {
            "office": cls._create_calendar(OFFICE),
            "New York": cls._create_calendar(OFFICE, tz="America/New_York"),
            "Lord Howe": cls._create_calendar(NIGHT, tz="Australia/Lord_Howe"),
            "half days": cls._create_calendar(HALF_DAYS),
            "night": cls._create_calendar(NIGHT),
            "round the clock": cls._create_calendar(ROUND_THE_CLOCK),
            "two weeks": cls._create_calendar(two_weeks, two_weeks_calendar=True),
            "empty": cls._create_calendar([]),
        }
        for calendar in cls.calendars.values():
            for month in range(0, 24, 2):
                day = datetime(2026 + month // 12, month % 12 + 1, 5 + month)
                cls._create_leave(calendar, day, day + timedelta(days=1, seconds=-1))
                # Half a day; HR accepts no time off that overlaps or touches.
                cls._create_leave(
                    calendar, day + timedelta(hours=24), day + timedelta(hours=34.5)
                )
            cls._create_leave(calendar, datetime(2027, 8, 1), datetime(2027, 8, 22))
            # Training is work.
            cls._create_leave(
                calendar,
                datetime(2026, 6, 1),
                datetime(2026, 6, 8),
                time_type="other",
            )
        cls.clocks = {
            name: calendar._psa_clock(START, STOP)
            for name, calendar in cls.calendars.items()
        }

    def test_intervals(self):
        for name, calendar in self.calendars.items():
            with self.subTest(calendar=name):
                clock = self.clocks[name]
                self.assert_intervals(calendar, clock)

    def assert_intervals(self, calendar, clock):
        """Compare all intervals, those that touch joined, to the second."""
        expected = []
        for start, stop, _attendance in calendar._work_intervals_batch(
            utc.localize(clock.start), utc.localize(clock.stop)
        )[False]:
            begin, end = (
                (instant.astimezone(utc) + timedelta(milliseconds=500)).replace(
                    microsecond=0, tzinfo=None
                )
                for instant in (start, stop)
            )
            if expected and expected[-1][1] == begin:
                begin = expected.pop()[0]
            expected.append((begin, end))
        self.assertEqual(clock.intervals(clock.start, clock.stop), expected)

    @bounded(60)
    @given(st.data(), instants, st.integers(-400 * 60, 400 * 60))
    def test_plan_hours(self, data, instant, minutes):
        name = data.draw(st.sampled_from([*self.calendars][:-1]))
        clock = self.clocks[name]
        theirs = self.calendars[name].plan_hours(
            minutes / 60, instant, compute_leaves=True
        )
        if not clock.start <= theirs <= clock.stop:
            return
        ours = clock.add(instant, minutes * 60)
        # The host loses a microsecond at each midnight, so where work ends with the
        # day, it sees a rest and goes on to the next one.
        self.assertLessEqual(abs(clock.seconds_between(ours, theirs)), 1)
        if name in ("office", "New York", "half days", "two weeks"):
            self.assertLessEqual(abs(ours - theirs), timedelta(seconds=1))

    def test_plan_hours_at_the_edges(self):
        calendar, clock = self.calendars["office"], self.clocks["office"]
        for hour in range(5, 20):
            for hours in (-16, -8, -4, 0, 4, 8, 16):
                instant = datetime(2026, 3, 27, hour)
                with self.subTest(instant=instant, hours=hours):
                    self.assertEqual(
                        clock.add(instant, hours * 3600),
                        calendar.plan_hours(hours, instant, compute_leaves=True),
                    )

    @bounded(100)
    @given(st.data(), instants, instants)
    def test_work_duration(self, data, one, other):
        name = data.draw(st.sampled_from([*self.calendars]))
        first, second = sorted((one, other))
        hours = self.calendars[name].get_work_duration_data(first, second)["hours"]
        self.assertAlmostEqual(
            self.clocks[name].seconds_between(first, second) / 3600, hours, places=3
        )

    def test_clock_changes(self):
        """Nights on which the clock moves, in hours that really pass."""
        for name, day, hours in (
            ("night", datetime(2026, 3, 28, 12), 7),
            ("night", datetime(2026, 10, 24, 12), 9),
            ("Lord Howe", datetime(2027, 4, 3, 4), 8.5),
            ("Lord Howe", datetime(2026, 10, 3, 4), 7.5),
        ):
            with self.subTest(calendar=name, day=day):
                worked = self.clocks[name].seconds_between(
                    day, day + timedelta(hours=20)
                )
                self.assertEqual(worked / 3600, hours)

    def test_flexible_hours_are_spread_over_weeks(self):
        calendar = self._create_calendar(
            [],
            tz="America/New_York",
            schedule_type="flexible",
            hours_per_day=7.6,
            full_time_required_hours=38,
        )
        self._create_leave(calendar, datetime(2026, 3, 10), datetime(2026, 3, 11))
        clock = calendar._psa_clock(START, STOP)
        self.assert_intervals(calendar, clock)
        # From the middle of a week on there is as much work left as the week has,
        # and not the hours of a week anew.
        monday = datetime(2026, 3, 2, 5)
        self.assertEqual(
            clock.seconds_between(monday, monday + timedelta(days=7)), 38 * 3600
        )
        self.assertEqual(
            calendar._psa_clock(datetime(2026, 3, 5), STOP).seconds_between(
                monday, monday + timedelta(days=7)
            ),
            38 * 3600,
        )

    def test_resource(self):
        calendar = self.calendars["office"]
        resource = self.env["resource.resource"].create(
            {
                "name": "Technician",
                "calendar_id": calendar.id,
                "company_id": self.company.id,
                "tz": "America/New_York",
            }
        )
        start, stop = datetime(2026, 6, 10), datetime(2026, 6, 11)
        clock = calendar._psa_clock(start, stop, resource=resource)
        self.assertEqual(clock.next_working(start), datetime(2026, 6, 10, 12))
        self.assertEqual(clock.seconds_between(start, stop), 8 * 3600)
        self._create_leave(
            calendar,
            datetime(2026, 6, 10, 12),
            datetime(2026, 6, 10, 16),
            resource_id=resource.id,
        )
        clock = calendar._psa_clock(start, stop, resource=resource)
        self.assertEqual(clock.seconds_between(start, stop), 4 * 3600)
        office = calendar._psa_clock(start, stop)
        self.assertEqual(office.seconds_between(start, stop), 8 * 3600)


class TestClockIsKept(ClockCase):
    """A clock is built once, and never older than what it was made from."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calendar = cls._create_calendar(OFFICE)
        cls.leave = cls._create_leave(
            cls.calendar, datetime(2026, 3, 3), datetime(2026, 3, 4)
        )

    def setUp(self):
        super().setUp()
        self.registry.clear_cache()
        self.env.flush_all()
        self.env.invalidate_all()

    def worked(self, day=2):
        clock = self.calendar._psa_clock(START, STOP)
        start = datetime(2026, 3, day)
        return clock.seconds_between(start, start + timedelta(days=1)) / 3600

    def test_queries(self):
        self.calendar.fetch()  # whoever asks has read the calendar
        with self.assertQueryCount(3):
            built = self.calendar._psa_clock(START, STOP)
        self.env.invalidate_all()
        self.calendar.fetch()
        with self.assertQueryCount(2):
            self.assertIs(self.calendar._psa_clock(START, STOP), built)

    @freeze_time("2026-11-20 10:00:00")
    def test_a_batch_asks_once(self):
        clock = self.calendar._psa_clock_for()
        instant = datetime(2026, 11, 20, 10)
        clock.add(instant, 3600)
        with self.assertQueryCount(0):
            for hours in range(50):
                clock.add(instant, hours * 3600)

    def test_a_year_is_one_clock(self):
        built = self.calendar._psa_clock(START, STOP)
        for start, stop in (
            (datetime(2026, 3, 1), datetime(2027, 2, 1)),
            (datetime(2026, 12, 31, 23), datetime(2027, 12, 31, 23)),
        ):
            with self.subTest(start=start):
                self.assertIs(self.calendar._psa_clock(start, stop), built)

    def test_covers_what_was_asked(self):
        for tz in ("Pacific/Kiritimati", "Pacific/Niue", "Europe/Rome"):
            self.calendar.tz = tz
            for start, stop in (
                (START, STOP),
                # Years that begin on a Monday.
                (datetime(2018, 1, 1), datetime(2024, 1, 1)),
                (datetime(2023, 12, 31, 23, 59), datetime(2024, 1, 1, 0, 1)),
            ):
                with self.subTest(tz=tz, start=start):
                    clock = self.calendar._psa_clock(start, stop)
                    self.assertLessEqual(clock.start, start)
                    self.assertGreaterEqual(clock.stop, stop)

    def test_changed_hours(self):
        self.assertEqual(self.worked(), 8)
        monday = self.calendar.attendance_ids.filtered(lambda a: a.dayofweek == "0")
        monday[0].hour_from = 10
        self.assertEqual(self.worked(), 6)
        monday[1].unlink()
        self.assertEqual(self.worked(), 2)

    def test_changed_calendar(self):
        clock = self.calendar._psa_clock(START, STOP)
        self.calendar.tz = "America/New_York"
        self.assertNotEqual(self.calendar._psa_clock(START, STOP), clock)

    def test_changed_leaves(self):
        self.assertEqual(self.worked(day=3), 0)
        self.leave.date_from = datetime(2026, 3, 3, 12)
        self.assertEqual(self.worked(day=3), 4)
        self.leave.unlink()
        self.assertEqual(self.worked(day=3), 8)

    def test_rolled_back(self):
        built = self.calendar._psa_clock(START, STOP)
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            self._create_leave(
                self.calendar, datetime(2026, 3, 2), datetime(2026, 3, 2, 23)
            )
            self.assertEqual(self.worked(), 0)
            raise ZeroDivisionError
        self.assertEqual(self.worked(), 8)
        self.assertIs(self.calendar._psa_clock(START, STOP), built)

    def test_changed_behind_the_orm(self):
        self.assertEqual(self.worked(day=3), 0)
        self.env.cr.execute(
            "DELETE FROM resource_calendar_leaves WHERE id = %s", [self.leave.id]
        )
        self.env.invalidate_all()
        self.assertEqual(self.worked(day=3), 8)

    def test_hooks(self):
        """An addon with days off and hours of its own is heard, and not kept back."""
        calendar_class = type(self.calendar)
        closed = ((datetime(2026, 3, 2), datetime(2026, 3, 3)),)
        self.assertEqual(self.worked(), 8)
        with patch.object(calendar_class, "_psa_clock_leaves", lambda *args: closed):
            self.assertEqual(self.worked(), 0)
        built = self.calendar._psa_clock(START, STOP)
        with patch.object(calendar_class, "_psa_clock_sources", lambda self: "season"):
            self.assertIsNot(self.calendar._psa_clock(START, STOP), built)


@freeze_time("2026-11-20 10:00:00")
class TestClockFor(ClockCase):
    """Whatever is configured, there is an answer."""

    MONDAY = datetime(2026, 11, 23)

    def test_own_calendar(self):
        calendar = self._create_calendar([(0, 10, 11)], tz="UTC")
        self.assertEqual(
            calendar._psa_clock_for(self.company).add(self.MONDAY, 1800),
            datetime(2026, 11, 23, 10, 30),
        )

    def test_calendar_of_the_company(self):
        self.company.resource_calendar_id = self._create_calendar(
            [(1, 9, 17)], tz="UTC"
        )
        clock = self.env["resource.calendar"]._psa_clock_for(self.company)
        self.assertEqual(clock.next_working(self.MONDAY), datetime(2026, 11, 24, 9))

    def test_round_the_clock(self):
        self.company.resource_calendar_id = False
        clock = self.env["resource.calendar"]._psa_clock_for()
        self.assertEqual(
            clock.add(self.MONDAY, 48 * 3600), self.MONDAY + timedelta(days=2)
        )

    def test_without_hours(self):
        clock = self._create_calendar([])._psa_clock_for()
        self.assertIsNone(clock.add(self.MONDAY, 60))
        self.assertIsNone(clock.next_working(self.MONDAY))
        self.assertEqual(clock.seconds_between(self.MONDAY, datetime(2030, 1, 1)), 0)

    def test_400_working_days(self):
        calendar = self._create_calendar(OFFICE, tz="UTC")
        self.assertEqual(
            calendar._psa_clock_for().add(self.MONDAY, 400 * 8 * 3600),
            self.MONDAY + timedelta(weeks=79, days=4, hours=17),
        )

    def test_ticket_of_another_decade(self):
        calendar = self._create_calendar(OFFICE, tz="UTC")
        monday = datetime(2012, 1, 2)
        self.assertEqual(
            calendar._psa_clock_for().seconds_between(monday, monday + timedelta(7)),
            40 * 3600,
        )

    def test_time_off_of_the_company_only(self):
        calendar = self._create_calendar(OFFICE, tz="UTC", company_id=False)
        other = self.env["res.company"].sudo().create({"name": "Elsewhere"})
        no_calendar = self.env["resource.calendar"]
        day = timedelta(days=1)
        for company, shift in ((self.company, 0), (other, 1)):
            start = self.MONDAY + shift * day
            leave = self._create_leave(no_calendar, start, start + 0.9 * day)
            leave.company_id = company
        week = self.MONDAY, self.MONDAY + timedelta(days=7)
        for company, tuesday in ((self.company, True), (other, False)):
            with self.subTest(company=company.name):
                clock = calendar._psa_clock_for(company)
                noon = self.MONDAY + timedelta(days=1, hours=10)
                self.assertIs(clock.is_working(noon), tuesday)
                self.assertEqual(clock.seconds_between(*week), 32 * 3600)

    def test_asked_by_a_portal_user(self):
        user = new_test_user(
            self.env,
            "clock_portal",
            groups="base.group_portal",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        calendar = self._create_calendar([(0, 10, 11)], tz="UTC").with_user(user)
        self.assertEqual(
            calendar._psa_clock_for().next_working(self.MONDAY),
            datetime(2026, 11, 23, 10),
        )
        self.assertIsNotNone(
            calendar.browse()._psa_clock_for().next_working(self.MONDAY)
        )

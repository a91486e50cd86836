# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form
from odoo.tools import mute_logger

from odoo.addons.psa_core.tests.common import at

from .common_sla import PsaSlaCommon

TUESDAY = date(2026, 3, 3)


class TestSlaFaults(PsaSlaCommon):
    """No configuration raises, nothing is forgotten."""

    @freeze_time(at(9))
    def test_nothing_configured(self):
        self.team.calendar_id = False
        self.company.resource_calendar_id = False
        ticket = self._create_mail_ticket()
        # Round the clock.
        self.assertEqual(self._row(ticket).deadline, at(17))

    @freeze_time(at(9))
    def test_calendar_without_hours(self):
        self.calendar.attendance_ids.unlink()
        ticket = self._create_mail_ticket()
        self.assertFalse(self._row(ticket).deadline)
        self._answer(ticket)
        self.assertEqual(self._row(ticket, "first_response").state, "reached")

    def test_calendar_changed_while_it_runs(self):
        with freeze_time(at(9)):
            ticket = self._create_mail_ticket()
        row = self._row(ticket)
        with freeze_time(at(10)):
            self.calendar.attendance_ids.write({"hour_to": 12})
            self._check()
        # One hour is used, two are left today, four tomorrow, one on Wednesday.
        self.assertEqual(row.deadline, at(9, day=date(2026, 3, 4)))
        with freeze_time(at(10)):
            self.env["resource.calendar.leaves"].create(
                {
                    "name": "Holiday",
                    "calendar_id": self.calendar.id,
                    "date_from": at(0, day=TUESDAY),
                    "date_to": at(23, day=TUESDAY),
                }
            )
            self._check()
        self.assertEqual(row.deadline, at(9, day=date(2026, 3, 5)))

    def test_calendar_deleted_while_it_runs(self):
        with freeze_time(at(9)):
            ticket = self._create_mail_ticket()
        row = self._row(ticket)
        self.company.resource_calendar_id = False
        with freeze_time(at(10)):
            self.calendar.unlink()
            self._check()
        self.assertFalse(row.calendar_id)
        # One hour is used; round the clock from now on.
        self.assertEqual(row.deadline, at(17))

    def test_amounts_have_bounds(self):
        for amount in (0, -1, 90000):
            with (
                self.subTest(amount=amount),
                mute_logger("odoo.sql_db"),
                self.assertRaises(Exception) as raised,
                self.cr.savepoint(),
            ):
                self.policy.target_ids[0].amount = amount
                self.env.flush_all()
            self.assertIn("check", str(raised.exception).lower())

    @freeze_time(at(9))
    def test_four_hundred_working_days(self):
        long = self._create_policy("Long", ("resolution", 3200, {}))
        self.client.psa_sla_policy_id = long
        ticket = self._create_ticket(channel="phone")
        self.assertEqual(self._row(ticket).deadline - at(9) > timedelta(days=550), True)

    def test_clock_change_inside_a_target(self):
        rome = self.calendar.copy({"name": "Rome", "tz": "Europe/Rome"})
        rome.attendance_ids.write({"hour_from": 9, "hour_to": 17})
        self.team.calendar_id = rome
        friday = date(2026, 3, 27)
        with freeze_time(at(14, day=friday)):
            ticket = self._create_ticket(channel="phone")
        # Two hours on Friday till 17:00 (16:00 UTC), six on Monday from 7:00 (UTC).
        self.assertEqual(self._row(ticket).deadline, at(13, day=date(2026, 3, 30)))

    def test_rows_and_log_are_nobodys_to_write(self):
        ticket = self._create_mail_ticket()
        row = self._row(ticket)
        log = self.env["psa.ticket.sla.log"].search([("ticket_id", "=", ticket.id)])
        for user in (self.technician, self.manager, self.admin):
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    row.with_user(user).breached_at = False
                with self.assertRaises(AccessError):
                    row.with_user(user).unlink()
                with self.assertRaises(AccessError):
                    log[0].with_user(user).event = "reach"
        with self.assertRaises(AccessError):
            log.sudo().unlink()
        with self.assertRaises(AccessError):
            ticket.with_user(self.manager).sla_deadline = at(20)

    def test_waiving(self):
        with freeze_time(at(8)):
            ticket = self._create_ticket(channel="phone")
        row = self._row(ticket)
        with freeze_time(at(9, day=TUESDAY)):
            self._check()
            self.assertTrue(ticket.is_sla_breached)
            with self.assertRaises(AccessError):
                row.with_user(self.technician)._waive("It was hard")
            with self.assertRaises(UserError):
                row.with_user(self.manager)._waive(" ")
            wizard = Form(
                self.env["psa.ticket.sla.waive"]
                .with_user(self.manager)
                .with_context(default_sla_ids=row.ids)
            )
            wizard.reason = "The client had no power"
            wizard.save().action_waive()
        self.assertRecordValues(
            row,
            [
                {
                    "waived_by_id": self.manager.id,
                    "waive_reason": "The client had no power",
                    "state": "stopped",
                    "breached_at": at(16),
                }
            ],
        )
        self.assertFalse(ticket.is_sla_breached or ticket.sla_deadline)
        log = self.env["psa.ticket.sla.log"].search(
            [("ticket_id", "=", ticket.id), ("event", "=", "waive")]
        )
        self.assertEqual(
            (log.user_id, log.detail), (self.manager, "The client had no power")
        )

    def profile_queries(self):
        """Count the queries within a block."""

        class Counter:
            def __enter__(counter):
                self.env.flush_all()
                counter.before = self.cr.sql_log_count
                return lambda: counter.count

            def __exit__(counter, *error):
                counter.count = self.cr.sql_log_count - counter.before

        return Counter()

    def test_queries_do_not_grow(self):
        def moved(tickets):
            with self.profile_queries() as counted:
                tickets._move_to("waiting_client")
                tickets._move_to("in_progress")
                self.env.flush_all()
            return counted()

        tickets = [
            self.env["psa.ticket"].create(
                [self._prepare_ticket(channel="mail") for _index in range(number)]
            )
            for number in (3, 5, 10)
        ]
        moved(tickets[0])
        self.assertEqual(moved(tickets[1]), moved(tickets[2]))

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


class TestSlaClock(PsaSlaCommon):
    """When an SLA starts, stands still and ends."""

    @freeze_time(at(9))
    def test_new_ticket(self):
        ticket = self._create_mail_ticket()
        self.assertRecordValues(
            ticket.sudo().sla_ids.sorted("kind"),
            [
                {
                    "kind": "first_response",
                    "state": "running",
                    "started_at": at(9),
                    "deadline": at(10),
                    "cycle": 1,
                },
                {
                    "kind": "resolution",
                    "state": "running",
                    "started_at": at(9),
                    "deadline": at(9, day=TUESDAY),
                    "cycle": 1,
                },
            ],
        )
        self.assertRecordValues(
            ticket,
            [
                {
                    "sla_policy_id": self.policy.id,
                    "sla_source": "team",
                    "sla_deadline": at(10),
                    "sla_kind": "first_response",
                    "is_sla_breached": False,
                }
            ],
        )
        self.assertEqual(self._events(ticket), [("start", at(9))])
        self.assertEqual(ticket._get_answer_time(), at(10))

    def test_who_records_has_answered(self):
        for channel in ("phone", "manual"):
            ticket = self._create_ticket(channel=channel)
            self.assertEqual(ticket.sudo().sla_ids.mapped("kind"), ["resolution"])

    def test_answer_reaches_first_response(self):
        with freeze_time(at(9)):
            ticket = self._create_mail_ticket()
        with freeze_time(at(9, 30)):
            self._answer(ticket)
        self.assertRecordValues(
            self._row(ticket, "first_response"),
            [
                {
                    "state": "reached",
                    "reached_at": at(9, 30),
                    "breached_at": False,
                    "elapsed": 1800,
                }
            ],
        )
        self.assertEqual(ticket.sla_kind, "resolution")
        self.assertEqual(ticket.first_answer_hours, 0.5)

    def test_late_answer_was_missed_at_the_deadline(self):
        with freeze_time(at(9)):
            ticket = self._create_mail_ticket()
        with freeze_time(at(11)):
            self._answer(ticket)
        row = self._row(ticket, "first_response")
        self.assertEqual((row.reached_at, row.breached_at), (at(11), at(10)))
        self.assertTrue(ticket.is_sla_breached)

    def test_acknowledgement_and_notes_are_no_answer(self):
        with freeze_time(at(9)):
            ticket = self._create_mail_ticket()
            ticket.with_user(self.technician).message_post(
                body="Call them", subtype_xmlid="mail.mt_note"
            )
            ticket.sudo()._write_acknowledgement()
        self.assertEqual(self._row(ticket, "first_response").state, "running")

    def test_waiting_pauses(self):
        with freeze_time(at(9)):
            ticket = self._create_ticket(channel="phone")
        with freeze_time(at(11)):
            ticket._move_to("waiting_client")
            row = self._row(ticket)
            self.assertRecordValues(
                row,
                [
                    {
                        "state": "paused",
                        "elapsed": 7200,
                        "deadline": False,
                        "next_check_at": False,
                    }
                ],
            )
            self.assertFalse(ticket.sla_deadline)
        with freeze_time(at(10, day=TUESDAY)):
            ticket._move_to("in_progress")
        # Two of eight hours are used: six are left on Tuesday at ten.
        self.assertRecordValues(
            row,
            [
                {
                    "state": "running",
                    "deadline": at(16, day=TUESDAY),
                    "paused": 7 * 3600,
                }
            ],
        )
        self.assertEqual(
            [event for event, _at in self._events(ticket)], ["start", "pause", "resume"]
        )

    @freeze_time(at(9))
    def test_born_waiting(self):
        ticket = self._create_mail_ticket(
            stage_id=self._get_stage("waiting_third_party").id
        )
        self.assertEqual(set(ticket.sudo().sla_ids.mapped("state")), {"paused"})
        with freeze_time(at(9, day=TUESDAY)):
            ticket._move_to("in_progress")
        self.assertEqual(self._row(ticket).deadline, at(9, day=date(2026, 3, 4)))

    @freeze_time(at(9))
    def test_born_closed(self):
        ticket = self._create_ticket(
            self.admin,
            stage_id=self._get_stage("closed").id,
            no_time_reason="Recorded afterwards",
        )
        row = self._row(ticket)
        self.assertEqual((row.state, row.breached_at), ("reached", False))
        self.assertFalse(ticket.sla_deadline)

    def test_imported_history_is_judged(self):
        with freeze_time(at(9, day=TUESDAY)):
            ticket = self._create_ticket(
                self.admin,
                stage_id=self._get_stage("closed").id,
                no_time_reason="Imported",
                channel="mail",
                opened_at=at(8),
                first_answer_at=at(8, 30),
                resolved_at=at(15),
                closed_at=at(15),
            )
        self.assertEqual(self._row(ticket, "first_response").elapsed, 1800)
        self.assertEqual(self._row(ticket).state, "reached")

    def test_imported_resolved_tickets_keep_their_day(self):
        with freeze_time(at(9, day=TUESDAY)):
            first, second = self.env["psa.ticket"].create(
                [
                    self._prepare_ticket(
                        stage_id=self._get_stage("resolved").id,
                        no_time_reason="Imported",
                        opened_at=at(8),
                        resolved_at=resolved_at,
                    )
                    for resolved_at in (at(10), False)
                ]
            )
        self.assertEqual(
            (first.resolved_at, second.resolved_at), (at(10), at(9, day=TUESDAY))
        )
        self.assertEqual((first.resolution_hours, second.resolution_hours), (2, 9))

    @freeze_time(at(9))
    def test_cancelled_and_archived_stop(self):
        cancelled, archived = (self._create_mail_ticket() for _index in range(2))
        cancelled.action_cancel()
        archived.active = False
        for ticket in (cancelled, archived):
            self.assertEqual(set(ticket.sudo().sla_ids.mapped("state")), {"stopped"})
            self.assertFalse(ticket.sla_deadline)

    def test_reopening_begins_a_new_round(self):
        with freeze_time(at(9)):
            ticket = self._create_ticket(channel="phone")
        with freeze_time(at(10)):
            ticket.write({"no_time_reason": "Nothing to do"})
            ticket._move_to("resolved")
        with freeze_time(at(12)):
            ticket._move_to("closed")
        with freeze_time(at(9, day=TUESDAY)):
            ticket._reopen()
        self.assertRecordValues(
            ticket.sudo().sla_ids.sorted("cycle"),
            [
                {
                    "cycle": 1,
                    "state": "reached",
                    "reached_at": at(10),
                    "deadline": False,
                },
                {
                    "cycle": 2,
                    "state": "running",
                    "reached_at": False,
                    "deadline": at(9, day=date(2026, 3, 4)),
                },
            ],
        )

    def test_missed_round_stays_after_reopening(self):
        with freeze_time(at(9)):
            ticket = self._create_ticket(channel="phone", no_time_reason="None")
        with freeze_time(at(12, day=TUESDAY)):
            ticket._move_to("resolved")
            ticket._reopen()
        first, second = ticket.sudo().sla_ids.sorted("cycle")
        self.assertEqual(first.breached_at, at(9, day=TUESDAY))
        self.assertFalse(second.breached_at)
        self.assertTrue(ticket.is_sla_breached)

    def test_next_response(self):
        with freeze_time(at(8)):
            ticket = self._create_mail_ticket()
        with freeze_time(at(8, 30)):
            self._answer(ticket)
        self.assertFalse(self._row(ticket, "next_response"))
        with freeze_time(at(9)):
            self._ask(ticket)
        row = self._row(ticket, "next_response")
        self.assertEqual((row.started_at, row.deadline), (at(9), at(11)))
        with freeze_time(at(10)):
            self._ask(ticket)
        # The second question does not move the deadline.
        self.assertEqual(row.deadline, at(11))
        with freeze_time(at(10, 30)):
            self._answer(ticket)
        self.assertEqual((row.state, row.reached_at), ("reached", at(10, 30)))
        with freeze_time(at(10, 45)):
            self._answer(ticket)
        self.assertEqual(len(ticket.sudo().sla_ids), 3)
        with freeze_time(at(12)):
            self._ask(ticket)
        self.assertEqual(self._row(ticket, "next_response", 2).deadline, at(14))

    def test_question_before_the_first_answer(self):
        with freeze_time(at(8)):
            ticket = self._create_mail_ticket()
        with freeze_time(at(8, 30)):
            self._ask(ticket)
        self.assertEqual(self._row(ticket, "first_response").deadline, at(9))
        self.assertFalse(self._row(ticket, "next_response"))

    def test_question_while_a_third_party_is_waited_for(self):
        with freeze_time(at(8)):
            ticket = self._create_mail_ticket()
            self._answer(ticket)
            ticket._move_to("waiting_third_party")
        with freeze_time(at(9)):
            self._ask(ticket)
        self.assertEqual(self._row(ticket, "next_response").state, "running")
        self.assertEqual(self._row(ticket).state, "paused")

    def test_read_but_not_answered(self):
        with freeze_time(at(8)):
            ticket = self._create_mail_ticket()
            self._answer(ticket)
        with freeze_time(at(9)):
            self._ask(ticket)
            ticket.action_mark_read()
        self.assertEqual(self._row(ticket, "next_response").state, "stopped")

    def test_update(self):
        self.env["psa.sla.target"].create(
            {"policy_id": self.policy.id, "kind": "update", "amount": 4}
        )
        with freeze_time(at(8)):
            ticket = self._create_mail_ticket()
            self._answer(ticket)
        first = self._row(ticket, "update")
        self.assertEqual(first.deadline, at(12))
        with freeze_time(at(9)):
            self._ask(ticket)
        # Now the customer waits for an answer, which is due sooner.
        self.assertEqual(first.state, "stopped")
        self.assertEqual(ticket.sla_deadline, at(11))
        with freeze_time(at(10)):
            self._answer(ticket)
        second = self._row(ticket, "update", 2)
        self.assertEqual(second.deadline, at(14))
        with freeze_time(at(13)):
            self._answer(ticket)
        self.assertEqual(second.state, "reached")
        self.assertEqual(self._row(ticket, "update", 3).deadline, at(9, day=TUESDAY))

    def test_plan(self):
        self.env["psa.sla.target"].create(
            {"policy_id": self.policy.id, "kind": "plan", "amount": 4}
        )
        with freeze_time(at(8)):
            ticket = self._create_ticket(channel="phone")
        self.assertEqual(self._row(ticket, "plan").deadline, at(12))
        with freeze_time(at(10)):
            ticket.planned_at = at(9, day=TUESDAY)
        self.assertEqual(self._row(ticket, "plan").reached_at, at(10))

    def test_merging_counts_from_the_earlier_arrival(self):
        with freeze_time(at(8)):
            older = self._create_ticket(channel="phone")
        with freeze_time(at(9)):
            younger = self._create_ticket(channel="phone")
        with freeze_time(at(10)):
            older._merge_into(younger)
        self.assertEqual(self._row(older).state, "stopped")
        row = self._row(younger)
        self.assertEqual((row.started_at, row.deadline), (at(8), at(16)))

    def test_working_times(self):
        with freeze_time(at(8)):
            ticket = self._create_ticket(channel="phone", no_time_reason="None")
        with freeze_time(at(10)):
            ticket._move_to("waiting_client")
        with freeze_time(at(10, day=TUESDAY)):
            ticket._move_to("in_progress")
        with freeze_time(at(12, day=TUESDAY)):
            ticket._move_to("resolved")
        self.assertEqual(ticket.resolution_hours, 4)


class TestSlaChoice(PsaSlaCommon):
    """Which policy a ticket gets, and what happens when that changes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gold = cls._create_policy("Gold", ("resolution", 2, {}))
        cls.basic = cls._create_policy("Basic", ("resolution", 40, {}))

    def test_client_before_team_before_company(self):
        self.company.psa_sla_policy_id = self.basic
        self.client.psa_sla_policy_id = self.gold
        ticket = self._create_ticket()
        self.assertEqual(
            (ticket.sla_policy_id, ticket.sla_source), (self.gold, "client")
        )
        self.assertIn("Gold", ticket.sla_explanation)
        ticket = self._create_ticket(partner_id=self.other_contact.id)
        self.assertEqual(
            (ticket.sla_policy_id, ticket.sla_source), (self.policy, "team")
        )
        self.team.sla_policy_id = False
        ticket = self._create_ticket(partner_id=self.other_contact.id)
        self.assertEqual(
            (ticket.sla_policy_id, ticket.sla_source), (self.basic, "company")
        )

    def test_no_policy(self):
        self.team.sla_policy_id = False
        ticket = self._create_mail_ticket()
        self.assertFalse(ticket.sla_policy_id or ticket.sudo().sla_ids)
        self.assertIn("Neither", ticket.sla_explanation)
        ticket._move_to("waiting_client")
        self._ask(ticket)
        self._answer(ticket)
        self.assertFalse(ticket._get_answer_time())

    def test_archived_and_foreign_policies_do_not_count(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.gold.company_id = other
        self.client.psa_sla_policy_id = self.gold
        self.assertEqual(self._create_ticket().sla_policy_id, self.policy)
        self.gold.company_id = False
        self.gold.active = False
        self.assertEqual(self._create_ticket().sla_policy_id, self.policy)

    def test_clients_policy_is_per_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.client.with_company(other).psa_sla_policy_id = self.gold
        self.assertEqual(self._create_ticket().sla_policy_id, self.policy)
        team = self.env["psa.ticket.team"].search([("company_id", "=", other.id)])
        ticket = self.env["psa.ticket"].create(self._prepare_ticket(team_id=team.id))
        self.assertEqual(ticket.sla_policy_id, self.gold)

    def test_priority_keeps_what_has_elapsed(self):
        with freeze_time(at(9)):
            ticket = self._create_ticket(channel="phone")
        with freeze_time(at(11)):
            ticket.priority = "3"
        row = self._row(ticket)
        # Two of four hours are used; the rest runs round the clock.
        self.assertEqual((row.deadline, row.around_the_clock), (at(13), True))
        with freeze_time(at(12)):
            ticket.priority = "1"
        self.assertEqual(row.deadline, at(9, day=TUESDAY))
        self.assertEqual(
            [event for event, _at in self._events(ticket)],
            ["start", "change", "change"],
        )

    def test_two_hours_more_are_two_hours_later(self):
        with freeze_time(at(8)):
            ticket = self._create_ticket(channel="phone")
        row = self._row(ticket)
        with freeze_time(at(9)):
            row.target_id.amount = 6
            self._check()
            self.assertEqual(row.deadline, at(14))
            row.target_id.amount = 8
            self._check()
            self.assertEqual(row.deadline, at(16))

    def test_client_found_later_counts_from_arrival(self):
        self.client.psa_sla_policy_id = self.gold
        with freeze_time(at(8)):
            ticket = self._create_mail_ticket(
                partner_id=False, email_from="who@nowhere.example"
            )
        with freeze_time(at(9)):
            ticket.partner_id = self.contact
        self.assertEqual(self._row(ticket).deadline, at(10))
        self.assertEqual(self._row(ticket, "first_response").state, "stopped")

    def test_breach_stays_when_it_gets_easier(self):
        with freeze_time(at(8)):
            ticket = self._create_ticket(channel="phone")
        with freeze_time(at(9, day=TUESDAY)):
            self.client.psa_sla_policy_id = self.basic
            self._check()
        row = self._row(ticket)
        self.assertEqual(row.policy_id, self.basic)
        self.assertEqual(row.breached_at, at(16))

    def test_type_goes_before_priority(self):
        incident = self.env["psa.ticket.type"].create({"name": "Outage"})
        self.policy.target_ids = [
            (0, 0, {"kind": "resolution", "amount": 1, "type_ids": incident.ids})
        ]
        with freeze_time(at(9)):
            ticket = self._create_ticket(type_id=incident.id, priority="3")
            self.assertEqual(self._row(ticket).deadline, at(10))
            ticket.type_id = False
        self.assertEqual(self._row(ticket).deadline, at(13))

    def test_calendar_of_the_policy_goes_before_the_teams(self):
        night = self.calendar.copy({"name": "Night"})
        night.attendance_ids.write({"hour_from": 20, "hour_to": 23})
        self.policy.calendar_id = night
        with freeze_time(at(9)):
            ticket = self._create_mail_ticket()
        self.assertEqual(self._row(ticket, "first_response").deadline, at(21))


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

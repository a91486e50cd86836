# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date

from freezegun import freeze_time

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

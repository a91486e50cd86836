# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date

import psycopg2
from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tools import mute_logger

from odoo.addons.psa_core.tests.common import at

from .common_sla import PsaSlaCommon

TUESDAY = date(2026, 3, 3)
WEDNESDAY = date(2026, 3, 4)


class TestSlaRules(PsaSlaCommon):
    """Rules that every help desk has, and faults that others have."""

    def test_opened_by_somebody_else_than_the_requestor(self):
        """Nobody waits for an answer who is on the phone."""
        with freeze_time(at(8)):
            ticket = self._create_ticket(channel="phone")
        self.assertFalse(self._row(ticket, "first_response"))

    def test_answers_and_questions_in_turns(self):
        self.policy.target_ids = [
            Command.create({"kind": "update", "amount": 4, "unit": "hours"})
        ]
        with freeze_time(at(8)):
            ticket = self._create_mail_ticket(priority="1")
        for hour, minute, happen, kind, deadline in (
            (8, 10, self._answer, "update", at(12, 10)),
            (8, 20, self._answer, "update", at(12, 20)),
            (8, 30, self._ask, "next_response", at(10, 30)),
            (8, 40, self._ask, "next_response", at(10, 30)),
            (8, 50, self._answer, "update", at(12, 50)),
            (9, 0, self._ask, "next_response", at(11)),
        ):
            with self.subTest(at=f"{hour}:{minute}"), freeze_time(at(hour, minute)):
                happen(ticket)
                self.assertEqual(
                    (ticket.sla_kind, ticket.sla_deadline), (kind, deadline)
                )

    def test_a1_reached_is_what_happened_not_where_a_stage_stands(self):
        with freeze_time(at(8)):
            ticket = self._create_mail_ticket()
        stages = self.env["psa.ticket.stage"].search([])
        for number, stage in enumerate(stages.sorted("sequence", reverse=True)):
            stage.sequence = number
        with freeze_time(at(9)):
            ticket._move_to("in_progress")
        self.assertEqual(set(ticket.sudo().sla_ids.mapped("state")), {"running"})

    def test_a2_how_late_it_was_and_reopened_tickets_count(self):
        with freeze_time(at(8)):
            ticket = self._create_ticket(channel="phone", no_time_reason="None")
        with freeze_time(at(10, day=TUESDAY)):
            ticket._move_to("resolved")
            ticket._reopen()
        first, second = ticket.sudo().sla_ids.sorted("cycle")
        self.assertEqual(
            (first.breached_at, first.reached_at, first.elapsed),
            (at(16), at(10, day=TUESDAY), 10 * 3600),
        )
        self.assertEqual(second.state, "running")

    def test_a3_what_changes_on_a_ticket_changes_its_sla(self):
        gold = self._create_policy("Gold", ("resolution", 2, {}))
        night = self.calendar.copy({"name": "Late"})
        night.attendance_ids.write({"hour_from": 12, "hour_to": 20})
        late = self.team.copy(
            {"name": "Late", "calendar_id": night.id, "alias_name": "late"}
        )
        self.other_client.psa_sla_policy_id = gold
        kind = self.env["psa.ticket.type"].create({"name": "Outage"})
        self.policy.target_ids = [
            Command.create({"kind": "resolution", "amount": 1, "type_ids": kind.ids})
        ]
        for values, deadline in (
            ({"partner_id": self.other_contact.id}, at(10)),
            ({"priority": "3"}, at(12)),
            ({"type_id": kind.id}, at(9)),
            # No time of the late team has been used before twelve.
            ({"team_id": late.id}, at(19)),
        ):
            with self.subTest(values=values):
                with freeze_time(at(8)):
                    ticket = self._create_ticket(channel="phone")
                with freeze_time(at(9)):
                    ticket.write(values)
                self.assertEqual(self._row(ticket).deadline, deadline)

    def test_a4_calendars_that_are_missing_or_empty(self):
        """Tickets come in whatever is configured, by mail and by phone."""
        self.calendar.attendance_ids.unlink()
        with freeze_time(at(8)):
            ticket = self._create_mail_ticket()
            ticket._move_to("waiting_client")
            self._ask(ticket)
            self._check()
        self.assertEqual((ticket.sla_deadline, ticket.is_sla_breached), (False, False))
        self.team.calendar_id = self.company.resource_calendar_id = False
        with freeze_time(at(8)):
            ticket = self._create_mail_ticket()
        self.assertEqual(ticket.sla_deadline, at(9))

    def test_a5_missed_or_not_and_minutes(self):
        self.policy.target_ids.filtered(
            lambda target: target.kind == "first_response"
        ).write({"amount": 15, "unit": "minutes"})
        with freeze_time(at(8)):
            late, fine = (self._create_mail_ticket() for _index in range(2))
        self.assertEqual(late.sla_deadline, at(8, 15))
        with freeze_time(at(8, 20)):
            fine.sudo().first_answer_at = at(8, 10)
            self._check()
        self.team.sla_policy_id = False
        without = self._create_mail_ticket()
        tickets = self.env["psa.ticket"].with_user(self.technician)
        mine = [("id", "in", (late | fine | without).ids)]
        for missed, found in ((True, late), (False, fine | without)):
            self.assertEqual(
                tickets.search([*mine, ("is_sla_breached", "=", missed)]), found
            )

    def test_s4_nobody_reads_rows_of_tickets_that_are_not_his(self):
        with freeze_time(at(8)):
            ticket = self._create_mail_ticket()
        portal = self._create_user("psa-sla-portal", "base.group_portal")
        employee = self._create_user("psa-sla-employee", "base.group_user")
        for user in (portal, employee):
            for model in ("psa.ticket.sla", "psa.ticket.sla.log", "psa.ticket.wait"):
                with self.subTest(user=user.login, model=model):
                    records = self.env[model].with_user(user)
                    with self.assertRaises(AccessError):
                        records.search([])
                    with self.assertRaises(AccessError):
                        records.formatted_read_group([], ["ticket_id"], ["__count"])
        company = self.env["res.company"].create({"name": "Other"})
        stranger = self._create_user(
            "psa-sla-stranger",
            "psa_core.group_psa_manager",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        for model in ("psa.ticket.sla", "psa.ticket.sla.log"):
            groups = (
                self.env[model]
                .with_user(stranger)
                ._read_group([], ["ticket_id"], ["__count"])
            )
            self.assertNotIn(ticket.id, [found.id for found, _count in groups])

    def test_s8_policies_of_other_companies_do_not_count_in_sudo_neither(self):
        other = self.env["res.company"].create({"name": "Other"})
        foreign = self._create_policy(
            "Foreign", ("resolution", 1, {}), company_id=other.id
        )
        self.client.with_company(other).psa_sla_policy_id = foreign
        self.client.psa_sla_policy_id = foreign
        self.team.sla_policy_id = False
        with freeze_time(at(8)):
            ticket = self._create_mail_ticket()
            ticket.sudo().with_company(other).write({"priority": "2"})
        self.assertFalse(ticket.sla_policy_id or ticket.sudo().sla_ids)


class TestSlaLife(PsaSlaCommon):
    """What else happens to tickets, policies and people."""

    def test_waived_stays_waived(self):
        with freeze_time(at(8)):
            ticket = self._create_mail_ticket(no_time_reason="None")
            self._answer(ticket)
        with freeze_time(at(9)):
            self._ask(ticket)
        with freeze_time(at(10)):
            rows = ticket.sudo().sla_ids.filtered(lambda row: row.state == "running")
            self.assertEqual(len(rows), 2)
            rows.with_user(self.manager)._waive("No power there")
        with freeze_time(at(11)):
            ticket.write({"priority": "2"})
            ticket._move_to("waiting_client")
            ticket._move_to("in_progress")
            self._check()
        self.assertEqual(len(ticket.sudo().sla_ids), 3)
        with freeze_time(at(12)):
            self._ask(ticket)
        # What is asked anew has to be answered.
        self.assertEqual(self._row(ticket, "next_response", 2).deadline, at(14))
        with freeze_time(at(13)):
            ticket._move_to("resolved")
            ticket._reopen()
        self.assertEqual(self._row(ticket, cycle=2).state, "running")

    def test_born_closed_promised_what_can_be_known(self):
        self.policy.target_ids = [Command.create({"kind": "update", "amount": 4})]
        with freeze_time(at(9, day=TUESDAY)):
            for channel, kinds in (
                ("mail", {"first_response", "resolution"}),
                ("phone", {"resolution"}),
            ):
                ticket = self._create_ticket(
                    self.admin,
                    channel=channel,
                    stage_id=self._get_stage("closed").id,
                    no_time_reason="Imported",
                    opened_at=at(8),
                    resolved_at=at(15),
                )
                self.assertEqual(set(ticket.sudo().sla_ids.mapped("kind")), kinds)

    def test_merging_counts_from_the_older_one(self):
        with freeze_time(at(8)):
            old = self._create_mail_ticket()
        with freeze_time(at(10)):
            new = self._create_mail_ticket()
            self._answer(new)
        with freeze_time(at(11)):
            old.with_user(self.technician)._merge(new.with_user(self.technician))
        self.assertEqual(
            (self._row(new).started_at, self._row(new).deadline), (at(8), at(16))
        )
        self.assertEqual(set(old.sudo().sla_ids.mapped("state")), {"stopped"})
        self.assertEqual(self._row(old, "first_response").breached_at, at(9))

    def test_recurrences_and_copies_begin_with_a_fresh_clock(self):
        with freeze_time(at(8)):
            ticket = self._create_ticket(channel="phone")
        with freeze_time(at(9, day=TUESDAY)):
            self._check()
            copy = ticket.copy()
        self.assertRecordValues(
            copy,
            [
                {
                    "sla_policy_id": self.policy.id,
                    "sla_deadline": at(9, day=WEDNESDAY),
                    "is_sla_breached": False,
                }
            ],
        )
        self.assertEqual(len(copy.sudo().sla_ids), 1)
        self.assertTrue(ticket.is_sla_breached)

    def test_deleted_with_rows_and_log(self):
        """The log is append-only for people; with its ticket it goes."""
        with freeze_time(at(8)):
            ticket = self._create_mail_ticket()
            ticket._move_to("waiting_client")
        tables = ("psa.ticket.sla", "psa.ticket.sla.log", "psa.ticket.wait")
        mine = [("ticket_id", "=", ticket.id)]
        for model in tables:
            self.assertTrue(self.env[model].search_count(mine))
        ticket.with_user(self.manager).unlink()
        for model in tables:
            self.assertFalse(self.env[model].search_count(mine))

    def test_target_deleted_while_it_runs(self):
        with freeze_time(at(8)):
            ticket = self._create_mail_ticket()
        with freeze_time(at(9)):
            targets = self.policy.with_user(self.admin).target_ids
            targets.filtered(lambda target: target.kind == "resolution").unlink()
            self._check()
        self.assertEqual(self._row(ticket).state, "stopped")
        self.assertFalse(self._row(ticket).target_id)
        self.assertEqual(self._row(ticket, "first_response").state, "running")

    def test_policy_archived_and_taken_back(self):
        with freeze_time(at(8)):
            ticket = self._create_ticket(channel="phone")
        policy = self.policy.with_user(self.admin)
        with freeze_time(at(9)):
            policy.action_archive()
            self._check()
        self.assertEqual((ticket.sla_policy_id.id, ticket.sla_deadline), (False, False))
        with freeze_time(at(10)):
            policy.action_unarchive()
            self._check()
        self.assertEqual(ticket.sla_policy_id, self.policy)
        # It stood still for an hour.
        self.assertEqual(ticket.sla_deadline, at(9, day=TUESDAY))

    def test_used_policies_are_not_deleted(self):
        self._create_mail_ticket()
        self.team.sla_policy_id = False
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.IntegrityError),
            self.cr.savepoint(),
        ):
            self.policy.with_user(self.admin).unlink()

    def test_class_of_the_client(self):
        """A class that raises the priority brings other targets."""
        gold = self.env["psa.client.class"].create(
            {"name": "Gold", "priority_raise": 3}
        )
        with freeze_time(at(8)):
            ticket = self._create_ticket(channel="phone")
        with freeze_time(at(9)):
            self.client.psa_client_class_id = gold
            self._check()
        self.assertEqual((ticket.priority, ticket.sla_deadline), ("3", at(12)))

    def _count(self, call):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        call()
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def test_queries_of_creating_do_not_grow(self):
        for name in ("A", "B", "C", "D"):
            self._create_policy(name, ("resolution", 4, {}), ("update", 4, {}))
        tickets = self.env["psa.ticket"].with_context(mail_create_nosubscribe=True)

        def create(number):
            tickets.create([self._prepare_ticket() for _index in range(number)])

        create(3)
        self.assertEqual(
            self._count(lambda: create(5)), self._count(lambda: create(10))
        )

    def test_queries_of_the_job_do_not_grow(self):
        self.env["psa.sla.warning"].search([]).unlink()
        counts = []
        now = at(9, day=TUESDAY)
        for number in (3, 5, 10):
            with freeze_time(at(8)):
                tickets = self.env["psa.ticket"].create(
                    [self._prepare_ticket() for _index in range(number)]
                )
                self._sync_requested()
            with freeze_time(now):
                rows = self.env["psa.ticket.sla"].search(
                    [("ticket_id", "in", tickets.ids)]
                )
                counts.append(
                    self._count(
                        lambda rows=rows: self.env["psa.ticket"]._watch(
                            rows, "_check", now
                        )
                    )
                )
            self.assertEqual(set(tickets.mapped("is_sla_breached")), {True})
        self.assertEqual(counts[1], counts[2])
        self.assertLessEqual(counts[2], 11)

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date

from freezegun import freeze_time

from odoo.tools.safe_eval import safe_eval

from odoo.addons.psa_core.tests.common import at

from .common_sla import PsaSlaCommon

TUESDAY = date(2026, 3, 3)


class TestSlaScreens(PsaSlaCommon):
    """What lists, boards, the queue and the form say of the SLA."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tickets = cls.env["psa.ticket"].with_user(cls.technician)
        cls.rows = cls.env["psa.ticket.sla"].with_user(cls.technician)

    def _of_team(self, *domain):
        return self.tickets.search([("team_id", "=", self.team.id), *domain])

    # ------------------------------------------------------------
    # Queue, board, filters
    # ------------------------------------------------------------

    def test_time_left_is_the_first_reason(self):
        with freeze_time(at(9)):
            ticket = self._create_mail_ticket()
        for hour, minute, reason in (
            (9, 20, "First Response: 40 minutes left"),
            (10, 20, "First Response: 20 minutes late"),
        ):
            with freeze_time(at(hour, minute)):
                ticket.invalidate_recordset(["queue_explanation"])
                explanation = ticket.queue_explanation
            self.assertEqual(explanation.split(" · ")[0], reason)

    def test_time_left_in_the_users_language(self):
        self.env["res.lang"]._activate_lang("it_IT")
        with freeze_time(at(9)):
            ticket = self._create_mail_ticket()
        with freeze_time(at(9, 20)):
            reasons = ticket.with_context(lang="it_IT")._get_queue_reasons()
        self.assertIn("40 minuti", reasons[0])

    def test_nothing_running_is_no_reason(self):
        ticket = self._create_ticket()
        ticket._move_to("waiting_client")
        self.assertNotIn("left", ticket.queue_explanation)

    def test_at_risk_on_the_board(self):
        with freeze_time(at(9)):
            self._create_mail_ticket(name="First response within an hour")
            calm = self._create_ticket(name="Eight hours for it")
            over = self._create_mail_ticket(name="Answered and resolved")
            over.no_time_reason = "A test"
            over._move_to("resolved")
        with freeze_time(at(9, 30)):
            # Of this team: there may be tickets of the demo data.
            counter = self.tickets.get_board_counters()[0]
            domain = safe_eval(counter["action"]["domain"])
            self.assertEqual(self.tickets.search_count(domain), counter["count"])
            self.assertEqual(
                self._of_team(*domain).mapped("name"), ["First response within an hour"]
            )
        self.assertEqual(counter["name"], "sla_at_risk")
        with freeze_time(at(9, 30, day=TUESDAY)):
            self.assertIn(calm, self._of_team(*domain))

    def test_paused(self):
        with freeze_time(at(9)):
            waiting = self._create_ticket(name="Waits")
            asked = self._create_ticket(name="Waits, but the customer has asked")
            self._answer(asked)
            self._create_ticket(name="In progress")
            stage = self._get_stage("waiting_third_party")
            (waiting | asked).write({"stage_id": stage.id})
        with freeze_time(at(10)):
            self._ask(asked)
            asked.sudo().stage_id = stage
        self.assertEqual(self._of_team(("is_sla_paused", "=", True)), waiting)
        self.assertEqual(
            self._of_team(("is_sla_paused", "=", False)).mapped("is_sla_paused"),
            [False, False],
        )
        self.assertTrue(waiting.is_sla_paused)

    def test_waiting_without_a_promise_is_not_paused(self):
        self.team.sla_policy_id = self._create_policy("Answers only")
        ticket = self._create_ticket(stage_id=self._get_stage("waiting_client").id)
        self.assertFalse(ticket.is_sla_paused)

    # ------------------------------------------------------------
    # Results
    # ------------------------------------------------------------

    def test_results(self):
        names = ("missed", "met", "paused", "stopped", "waived", "running")
        with freeze_time(at(8)):
            tickets = {
                name: self._create_ticket(name=name, no_time_reason="A test")
                for name in names[:-1]
            }
            tickets["paused"]._move_to("waiting_client")
            tickets["stopped"]._move_to("cancelled")
        with freeze_time(at(9)):
            tickets["met"]._move_to("resolved")
        with freeze_time(at(9, day=TUESDAY)):
            tickets["running"] = self._create_ticket(name="running")
            self._row(tickets["waived"]).with_user(self.manager)._waive("Agreed")
            self._check()
        self.env.flush_all()
        self.env.invalidate_all()
        of_team = [("team_id", "=", self.team.id)]
        rows = self.rows.search(of_team)
        self.assertEqual(
            {row.ticket_id.name: row.result for row in rows},
            {name: name for name in names},
        )
        self.assertEqual(
            dict(self.rows._read_group(of_team, ["result"], ["__count"])),
            dict.fromkeys(names, 1),
        )
        for name in names:
            found = self.rows.search([*of_team, ("result", "=", name)])
            self.assertEqual(found.ticket_id, tickets[name])
        others = self.rows.search([*of_team, ("result", "not in", names[:4])])
        self.assertEqual(set(others.mapped("result")), set(names[4:]))

    def test_a_row_opens_its_ticket(self):
        ticket = self._create_ticket()
        action = self._row(ticket).with_user(self.technician).action_open_ticket()
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("psa.ticket", ticket.id)
        )

    # ------------------------------------------------------------
    # Timeline
    # ------------------------------------------------------------

    def _create_paused(self):
        """Two hours used on Monday, waiting until Tuesday at ten."""
        with freeze_time(at(9)):
            ticket = self._create_ticket()
        with freeze_time(at(11)):
            ticket._move_to("waiting_client")
        with freeze_time(at(10, day=TUESDAY)):
            ticket._move_to("in_progress")
        return ticket

    def test_timeline(self):
        ticket = self._create_paused()
        with freeze_time(at(12, day=TUESDAY)):
            [row] = ticket.sla_timeline
        events = row.pop("events")
        self.assertEqual(
            row,
            {
                "id": self._row(ticket).id,
                "label": "Resolution",
                "kind": "resolution",
                "cycle": 1,
                "state": "running",
                "result": "running",
                "result_label": "Running",
                "policy": "Office",
                "hours": "Eight to four",
                "target": 8 * 3600,
                "used": 4 * 3600,
                "deadline": "2026-03-03 16:00:00",
                "waive_reason": "",
                "may_waive": False,
            },
        )
        self.assertEqual(
            [(event["event"], event["at"], event["used"]) for event in events],
            [
                ("start", "2026-03-02 09:00:00", 0),
                ("pause", "2026-03-02 11:00:00", 7200),
                ("resume", "2026-03-03 10:00:00", 7200),
            ],
        )
        self.assertEqual({event["by"] for event in events}, {self.technician.name})

    def test_timeline_of_a_missed_target(self):
        with freeze_time(at(8)):
            ticket = self._create_ticket(no_time_reason="A test")
        with freeze_time(at(10, day=TUESDAY)):
            ticket._move_to("resolved")
        [row] = ticket.with_user(self.manager).sla_timeline
        self.assertEqual(
            (row["result"], row["used"], row["deadline"], row["may_waive"]),
            ("missed", 10 * 3600, False, True),
        )
        self.assertEqual(
            [(event["event"], event["used"]) for event in row["events"]],
            [("start", 0), ("breach", 8 * 3600), ("reach", 10 * 3600)],
        )
        with freeze_time(at(11, day=TUESDAY)):
            self._row(ticket).with_user(self.manager)._waive("Power cut")
        self.env.flush_all()
        self.env.invalidate_all()
        [row] = ticket.with_user(self.manager).sla_timeline
        self.assertEqual(
            (row["result"], row["waive_reason"], row["may_waive"]),
            ("waived", "Power cut", False),
        )

    def test_running_targets_come_first_then_the_latest(self):
        with freeze_time(at(9)):
            ticket = self._create_mail_ticket(user_id=self.technician.id)
        with freeze_time(at(9, 30)):
            self._answer(ticket)
        with freeze_time(at(10)):
            self._ask(ticket)
            timeline = ticket.with_user(self.technician).sla_timeline
        self.assertEqual(
            [(row["kind"], row["state"]) for row in timeline],
            [
                ("next_response", "running"),
                ("resolution", "running"),
                ("first_response", "reached"),
            ],
        )

    def test_hours_of_service_that_changed_do_not_change_what_was_counted(self):
        ticket = self._create_paused()
        self.calendar.attendance_ids.write({"hour_to": 10})
        with freeze_time(at(12, day=TUESDAY)):
            ticket.invalidate_recordset()
            [row] = ticket.sla_timeline
        for event in row["events"]:
            self.assertLessEqual(event["used"], row["used"])

    def test_a_ticket_that_is_not_saved_has_no_timeline(self):
        self.assertFalse(self.tickets.new({"name": "A call"}).sla_timeline)

    def test_timelines_cost_the_same_for_more_tickets(self):
        def count():
            tickets = self._of_team()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            tickets.mapped("sla_timeline")
            tickets.mapped("is_sla_paused")
            tickets.mapped("client_context")
            return self.env.cr.sql_log_count - before

        vals = [self._prepare_ticket(channel="mail") for _number in range(10)]
        stage = self._get_stage("waiting_client").id
        self.env["psa.ticket"].create([*vals, {**vals[0], "stage_id": stage}])
        count()
        few = count()
        self.env["psa.ticket"].create([*vals, {**vals[0], "stage_id": stage}])
        self.assertEqual(count(), few)

    # ------------------------------------------------------------
    # The client
    # ------------------------------------------------------------

    def test_policy_of_the_client_at_a_glance(self):
        ticket = self._create_ticket()
        self.assertFalse(ticket.client_context)
        self.client.psa_sla_policy_id = self._create_policy("Gold, 24×7")
        ticket.invalidate_recordset()
        rows = {row["label"]: row["value"] for row in ticket.client_context}
        self.assertEqual(rows["SLA"], "Gold, 24×7")

    @freeze_time(at(15, day=TUESDAY))
    def test_targets_met_in_the_summary_of_the_client(self):
        with freeze_time(at(9)):
            met = self._create_ticket(no_time_reason="A test")
            missed = self._create_ticket()
            self._create_ticket(partner_id=self.other_contact.id)
        with freeze_time(at(10)):
            met._move_to("resolved")
        self._check()
        self.assertTrue(missed.is_sla_breached)
        self.client.invalidate_recordset()
        client = self.client.with_user(self.billing)
        sections = {section["name"]: section for section in client.psa_summary}
        rows = {row["label"]: row for row in sections["tickets"]["rows"]}
        row = rows["SLA met, last 12 months"]
        self.assertEqual(row["value"], "50 % (1 of 2)")
        self.assertEqual(
            self.rows.search(row["action"]["domain"]).ticket_id, met | missed
        )

    # ------------------------------------------------------------
    # Tickets that had a life before the promise
    # ------------------------------------------------------------

    def test_promised_while_it_waits(self):
        self.team.sla_policy_id = False
        with freeze_time(at(9)):
            ticket = self._create_ticket()
        with freeze_time(at(11)):
            ticket._move_to("waiting_client")
        with freeze_time(at(14)):
            self.team.sla_policy_id = self.policy
            self._check()
        self.assertRecordValues(
            self._row(ticket), [{"state": "paused", "elapsed": 7200}]
        )

    def test_imported_tickets_are_not_judged_by_what_nobody_knows(self):
        values = {
            "stage_id": self._get_stage("closed").id,
            "no_time_reason": "Imported",
        }
        mail = self._create_ticket(self.admin, channel="mail", **values)
        call = self._create_ticket(self.admin, channel="phone", **values)
        self.assertEqual(
            mail.sudo().sla_ids.mapped("kind"), ["first_response", "resolution"]
        )
        self.assertEqual(call.sudo().sla_ids.mapped("kind"), ["resolution"])

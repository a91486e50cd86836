# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta
from unittest.mock import patch

from odoo import SUPERUSER_ID, api, fields
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

from odoo.addons.psa_core.tests.threads import run_at_once

LOGIN = "psa-sla-race"


@tagged("post_install", "-at_install")
class TestSlaRace(BaseCase):
    """The job and technicians at the same time, with transactions that commit."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())

    def setUp(self):
        super().setUp()
        self.addCleanup(self._run, self._clean)
        self._run(self._clean)
        self._run(self._prepare)
        # Waiting between two tries would only make the test slow.
        patcher = patch("odoo.service.model.time.sleep")
        patcher.start()
        self.addCleanup(patcher.stop)

    def _run(self, call, uid=SUPERUSER_ID):
        with self.registry.cursor() as cr:
            return call(api.Environment(cr, uid, {}))

    def _prepare(self, env):
        """A ticket of two hours that was due an hour ago."""
        group = env.ref("psa_core.group_psa_technician")
        user = env["res.users"].create(
            {"name": LOGIN, "login": LOGIN, "group_ids": [Command.link(group.id)]}
        )
        self.user_id = user.id
        policy = env["psa.sla.policy"].create(
            {
                "name": LOGIN,
                "target_ids": [
                    Command.create(
                        {"kind": kind, "amount": 2, "around_the_clock": True}
                    )
                    for kind in ("resolution", "next_response")
                ],
            }
        )
        team = env["psa.ticket.team"].create(
            {
                "name": LOGIN,
                "sla_policy_id": policy.id,
                "member_ids": [Command.link(user.id)],
                "leader_id": user.id,
            }
        )
        self.now = fields.Datetime.now()
        self.ticket_id = self._create_ticket(env, team)

    def _create_ticket(self, env, team):
        ticket = env["psa.ticket"].create(
            {
                "name": LOGIN,
                "team_id": team.id,
                "user_id": self.user_id,
                "channel": "phone",
            }
        )
        begin = self.now - timedelta(hours=3)
        ticket.sla_ids.write(
            {
                "started_at": begin,
                "running_since": begin,
                "deadline": begin + timedelta(hours=2),
                "next_check_at": begin + timedelta(hours=1),
            }
        )
        return ticket.id

    def _clean(self, env):
        teams = env["psa.ticket.team"].with_context(active_test=False)
        team = teams.search([("name", "=", LOGIN)])
        tickets = env["psa.ticket"].with_context(active_test=False)
        tickets.search([("team_id", "in", team.ids)]).unlink()
        policies = team.sla_policy_id
        team.unlink()
        policies.unlink()
        user = env["res.users"].search([("login", "=", LOGIN)])
        partner = user.partner_id
        user.unlink()
        partner.unlink()

    def _check(self, env):
        rows = env["psa.ticket.sla"].search(
            [("ticket_id", "=", self.ticket_id), ("next_check_at", "<=", self.now)]
        )
        env["psa.ticket"]._watch(rows, "_check", self.now)

    def _request(self, call, uid=None):
        """Do what a request of the technician does, retries included."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, uid or self.user_id, {})
            return retrying(lambda: call(env["psa.ticket"].browse(self.ticket_id)), env)

    def _activities(self, env):
        return env["mail.activity"].search_count(
            [("res_model", "=", "psa.ticket"), ("res_id", "=", self.ticket_id)]
        )

    def _rows(self, env):
        rows = env["psa.ticket.sla"].search(
            [("ticket_id", "=", self.ticket_id)], order="kind, cycle"
        )
        return [(row.kind, row.cycle, row.state, bool(row.breached_at)) for row in rows]

    def _events(self, env):
        logs = env["psa.ticket.sla.log"].search(
            [("ticket_id", "=", self.ticket_id), ("kind", "=", "resolution")],
            order="id",
        )
        return [log.event for log in logs if log.event not in ("start", "warn")]

    def test_two_jobs(self):
        """Of 75 and 90 %, the technician leads, too: one activity for the higher."""
        errors = run_at_once(*[lambda: self._run(self._check)] * 2)
        self.assertFalse(errors)
        self._run(self._check)
        self.assertEqual(self._run(self._activities), 1)

    def test_killed_before_its_end(self):
        """Told and noted are one: neither is left of a job that dies."""

        def die(env):
            self._check(env)
            self.assertEqual(self._activities(env), 1)
            raise RuntimeError("killed")

        with self.assertRaises(RuntimeError):
            self._run(die)
        self.assertEqual(self._run(self._activities), 0)
        for _run in range(2):
            self._run(self._check)
        self.assertEqual(self._run(self._activities), 1)

    def test_ticket_moved_while_the_job_looks(self):
        errors = run_at_once(
            lambda: self._run(self._check),
            lambda: self._request(lambda ticket: ticket._move_to("waiting_client")),
        )
        self.assertFalse(errors)
        self._run(self._check)
        self.assertEqual(self._run(self._rows), [("resolution", 1, "paused", True)])
        events = self._run(self._events)
        self.assertEqual(sorted(events), ["breach", "pause"])

    def test_moved_after_the_job_began(self):
        """The job cannot see the change: it leaves the row to the next run."""

        def look(env):
            self._rows(env)  # from here on it sees nothing new
            self._request(lambda ticket: ticket._move_to("waiting_client"))
            self._check(env)

        self._run(look)
        self.assertEqual(self._run(self._events), ["breach", "pause"])
        self.assertFalse(
            self._run(lambda env: env["psa.ticket"].browse(self.ticket_id).sla_error)
        )

    def test_job_does_not_wait_for_a_technician(self):
        def work(ticket):
            ticket._move_to("waiting_client")
            ticket.env.flush_all()
            self._run(self._check)

        self._request(work)
        self.assertEqual(self._run(self._rows), [("resolution", 1, "paused", True)])

    def test_two_technicians_move_it(self):
        errors = run_at_once(
            lambda: self._request(lambda ticket: ticket._move_to("waiting_client")),
            lambda: self._request(lambda it: it._move_to("waiting_third_party")),
        )
        self.assertFalse(errors)
        self.assertEqual(self._run(self._rows), [("resolution", 1, "paused", True)])
        self.assertEqual(self._run(self._events).count("pause"), 1)
        waits = self._run(
            lambda env: env["psa.ticket.wait"].search_count(
                [("ticket_id", "=", self.ticket_id)]
            )
        )
        self.assertEqual(waits, 1)

    def test_two_mails_of_the_customer(self):
        """One clock, although neither sees the message of the other."""

        def ask(ticket):
            ticket.sudo()._note_customer_message()

        with mute_logger("odoo.sql_db"):
            errors = run_at_once(*[lambda: self._request(ask)] * 2)
        self.assertFalse(errors)
        self.assertEqual(
            self._run(self._rows)[0], ("next_response", 1, "running", False)
        )
        self.assertEqual(len(self._run(self._rows)), 2)

    def test_reopened_twice_at_once(self):
        self._request(
            lambda ticket: (
                ticket.write({"no_time_reason": "None"}) and ticket._move_to("resolved")
            )
        )
        errors = run_at_once(
            *[lambda: self._request(lambda ticket: ticket._reopen())] * 2
        )
        self.assertFalse(errors)
        self.assertEqual(
            self._run(self._rows),
            [("resolution", 1, "reached", True), ("resolution", 2, "running", False)],
        )

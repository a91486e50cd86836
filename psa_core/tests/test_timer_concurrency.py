# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from unittest.mock import patch

import psycopg2

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

from .threads import run_at_once


@tagged("post_install", "-at_install")
class TestTimerConcurrency(BaseCase):
    """Two tabs at once and a lost connection, with transactions that really commit."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())

    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            user = env["res.users"].create(
                {
                    "name": "Concurrent",
                    "login": "psa-concurrent",
                    "group_ids": [(4, env.ref("psa_core.group_psa_technician").id)],
                }
            )
            env["hr.employee"].create({"name": "Concurrent", "user_id": user.id})
            project = env["project.project"].create(
                {
                    "name": "Concurrent",
                    "allow_timesheets": True,
                    "privacy_visibility": "employees",
                }
            )
            tasks = env["project.task"].create(
                [{"name": f"Task {n}", "project_id": project.id} for n in range(2)]
            )
            self.user_id, self.task_ids = user.id, tasks.ids
            self.project_id = project.id
        self.addCleanup(self._clean)
        # Waiting between two tries would only make the test slow.
        patcher = patch("odoo.service.model.time.sleep")
        patcher.start()
        self.addCleanup(patcher.stop)

    def _clean(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            user = env["res.users"].browse(self.user_id)
            env["psa.timer"].search([("user_id", "=", self.user_id)]).unlink()
            mine = [("user_id", "=", self.user_id)]
            entries = env["account.analytic.line"].search(mine)
            entries.unlink()
            project = env["project.project"].browse(self.project_id)
            account = project.account_id
            project.unlink()
            account.unlink()
            user.employee_ids.unlink()
            partner = user.partner_id
            user.unlink()
            partner.unlink()

    def _call(self, method, *args, timer_id=None, before_commit=None):
        """Do what a request of the user's browser does, retries included."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, self.user_id, {})
            timers = env["psa.timer"].browse(timer_id or [])

            def request():
                result = getattr(timers, method)(*args)
                if before_commit:
                    before_commit(cr)
                return result

            return retrying(request, env)

    def _start(self, task_id=None):
        data = self._call("start_timer", "project.task", task_id or self.task_ids[0])
        return data["timers"][-1]["id"]

    def _state(self):
        """Return the states of the user's timers and the number of entries."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            timers = env["psa.timer"].search([("user_id", "=", self.user_id)])
            mine = [("user_id", "=", self.user_id)]
            entries = env["account.analytic.line"].search(mine)
            return sorted(timers.mapped("state")), len(entries)

    def test_stopping_from_two_tabs(self):
        timer_id = self._start()
        errors = run_at_once(*[lambda: self._call("stop_timer", timer_id=timer_id)] * 2)
        self.assertFalse(errors)
        self.assertEqual(self._state(), (["stopped"], 1))

    def test_starting_the_same_task_from_two_tabs(self):
        call = lambda: self._start()  # noqa: E731
        self.assertFalse(run_at_once(call, call))
        self.assertEqual(self._state(), (["running"], 0))

    def test_starting_two_tasks_at_once(self):
        errors = run_at_once(
            *[lambda task_id=task_id: self._start(task_id) for task_id in self.task_ids]
        )
        self.assertFalse(errors)
        self.assertEqual(self._state(), (["paused", "running"], 0))

    def test_pausing_and_stopping_at_once(self):
        timer_id = self._start()
        errors = run_at_once(
            lambda: self._call("pause_timer", timer_id=timer_id),
            lambda: self._call("stop_timer", timer_id=timer_id),
        )
        self.assertFalse(errors)
        self.assertEqual(self._state(), (["stopped"], 1))

    def test_connection_lost_before_commit(self):
        timer_id = self._start()

        def cut(cr):
            cr.flush()
            cr.execute("SELECT pg_backend_pid()")
            (pid,) = cr.fetchone()
            with self.registry.cursor() as other:
                other.execute("SELECT pg_terminate_backend(%s)", [pid])

        with (
            mute_logger("odoo.sql_db", "odoo.service.model"),
            self.assertRaises(psycopg2.Error),
        ):
            self._call("stop_timer", timer_id=timer_id, before_commit=cut)
        self.assertEqual(self._state(), (["running"], 0), "nothing half done")
        self._call("stop_timer", timer_id=timer_id)
        self.assertEqual(self._state(), (["stopped"], 1), "and nothing lost")

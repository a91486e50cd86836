# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import Command, fields
from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestTours(HttpCase):
    """What the roles do in the browser, from the first click to the record."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.technician = cls._create_user("tour-technician", "technician")
        cls.manager = cls._create_user("tour-manager", "manager")
        cls.client = cls.env["res.partner"].create(
            {"name": "Tour Client", "is_company": True}
        )
        cls.project = cls.env["project.project"].create(
            {
                "name": "Tour project",
                "allow_timesheets": True,
                "privacy_visibility": "employees",
            }
        )
        cls.task = cls.env["project.task"].create(
            {
                "name": "Backup check",
                "project_id": cls.project.id,
                "partner_id": cls.client.id,
                "user_ids": [Command.link(cls.technician.id)],
            }
        )

    @classmethod
    def _create_user(cls, login, role):
        user = new_test_user(cls.env, login, groups=f"psa_core.group_psa_{role}")
        cls.env["hr.employee"].create({"name": user.name, "user_id": user.id})
        return user

    def _create_entry(self, name):
        return self.env["account.analytic.line"].create(
            {
                "name": name,
                "date": fields.Date.today(),
                "employee_id": self.technician.employee_id.id,
                "task_id": self.task.id,
                "project_id": self.project.id,
                "unit_amount": 0.5,
            }
        )

    def test_technician_times_and_records(self):
        self.start_tour(
            f"/odoo/project.task/{self.task.id}",
            "psa_core_timer_tour",
            login=self.technician.login,
        )
        entries = self.env["account.analytic.line"].search(
            [("user_id", "=", self.technician.id)], order="id"
        )
        self.assertEqual(
            entries.mapped("name"), ["Tape replaced", "Flying remote check"]
        )
        timed, quick = entries
        self.assertEqual(timed.task_id, self.task)
        self.assertEqual(timed.psa_source, "timer")
        self.assertEqual(quick.unit_amount, 0.25)
        self.assertEqual(quick.psa_source, "quick")
        self.assertEqual(entries.psa_client_id, self.client)
        self.assertFalse(
            self.env["psa.timer"].search(
                [
                    ("user_id", "=", self.technician.id),
                    ("state", "in", ("running", "paused", "forgotten")),
                ]
            )
        )

    def test_manager_reviews(self):
        approved = self._create_entry("Tour: clear work")
        returned = self._create_entry("Tour: unclear work")
        self.start_tour(
            "/odoo/work-entries-to-review",
            "psa_core_review_tour",
            login=self.manager.login,
        )
        self.assertEqual(approved.psa_review_state, "approved")
        self.assertEqual(approved.psa_reviewer_id, self.manager)
        self.assertEqual(returned.psa_review_state, "returned")
        self.assertEqual(returned.psa_return_reason, "Which server was it?")

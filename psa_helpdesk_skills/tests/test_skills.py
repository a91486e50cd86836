# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date, datetime

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import Form, new_test_user

from odoo.addons.psa_core.tests.common import at
from odoo.addons.psa_helpdesk.tests.common import PsaHelpdeskCommon


@freeze_time(at(10))
class TestSkills(PsaHelpdeskCommon):
    """Who knows best what a ticket asks for gets it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.skill_type = cls.env["hr.skill.type"].create(
            {
                "name": "Systems",
                "skill_ids": [
                    Command.create({"name": name}) for name in ("Firewalls", "Linux")
                ],
                "skill_level_ids": [
                    Command.create({"name": "Beginner", "level_progress": 30}),
                    Command.create({"name": "Expert", "level_progress": 90}),
                ],
            }
        )
        cls.firewalls, cls.linux = cls.skill_type.skill_ids.sorted("name")
        cls.beginner, cls.expert = cls.skill_type.skill_level_ids.sorted(
            "level_progress"
        )
        group = "psa_core.group_psa_technician"
        cls.ada = cls._create_user("psa-ada", group, name="Ada")
        cls.bruno = cls._create_user("psa-bruno", group, name="Bruno")
        cls.carla = cls._create_user("psa-carla", group, name="Carla")
        cls.three = cls.ada | cls.bruno | cls.carla
        for user in cls.three:
            cls._create_employee(user)
        cls._learn(cls.ada, cls.firewalls, cls.beginner)
        cls._learn(cls.bruno, cls.firewalls, cls.expert)
        cls._learn(cls.bruno, cls.linux, cls.beginner)
        cls.network = cls.env["psa.ticket.category"].create(
            {"name": "Network", "skill_ids": [Command.set(cls.firewalls.ids)]}
        )
        cls.vpn = cls.env["psa.ticket.category"].create(
            {"name": "VPN", "parent_id": cls.network.id}
        )
        cls.team.write(
            {
                "assignment_method": "skill",
                "member_ids": [Command.set(cls.three.ids)],
            }
        )

    @classmethod
    def _learn(cls, user, skill, level, **kwargs):
        return cls.env["hr.employee.skill"].create(
            {
                "employee_id": user.sudo().employee_id.id,
                "skill_type_id": skill.skill_type_id.id,
                "skill_id": skill.id,
                "skill_level_id": level.id,
                "valid_from": date(2026, 1, 1),
                **kwargs,
            }
        )

    def _assert_assigned(self, user, reason, **kwargs):
        ticket = self._create_ticket(**kwargs)
        self.assertEqual(
            (ticket.user_id, ticket.assignment_reason),
            (user or self.env["res.users"], reason),
        )

    def test_best_level_first(self):
        self._assert_assigned(self.bruno, "Knows Firewalls", category_id=self.vpn.id)

    def test_type_and_category_together(self):
        ticket_type = self.env["psa.ticket.type"].create(
            {"name": "Server", "skill_ids": [Command.set(self.linux.ids)]}
        )
        self._learn(self.carla, self.linux, self.expert)
        values = {"category_id": self.network.id, "type_id": ticket_type.id}
        self._assert_assigned(self.bruno, "Knows Firewalls, Linux", **values)

    def test_equals_by_load(self):
        self._learn(self.carla, self.firewalls, self.expert)
        tickets = self.env["psa.ticket"].create(
            [self._prepare_ticket(category_id=self.vpn.id) for _ticket in range(4)]
        )
        self.assertEqual(
            [ticket.user_id for ticket in tickets],
            [self.bruno, self.carla, self.bruno, self.carla],
        )

    def test_who_is_off(self):
        self.env["resource.calendar.leaves"].create(
            {
                "resource_id": self.bruno.employee_id.resource_id.id,
                "date_from": at(0),
                "date_to": datetime(2026, 3, 12, 16),
            }
        )
        self._assert_assigned(
            self.ada,
            "Knows Firewalls; Bruno is off until 12 March",
            category_id=self.vpn.id,
        )

    def test_nobody_knows(self):
        self.network.skill_ids |= self.linux
        self.env["hr.employee.skill"].search(
            [("skill_id", "=", self.linux.id)]
        ).valid_to = date(2026, 3, 1)
        self._assert_assigned(
            None, "Nobody in the team knows Firewalls, Linux", category_id=self.vpn.id
        )

    def test_what_was_known_and_will_be(self):
        self._learn(self.carla, self.linux, self.expert, valid_to=date(2026, 3, 1))
        self._learn(self.ada, self.linux, self.expert, valid_from=date(2026, 3, 3))
        self.network.skill_ids = self.linux
        self._assert_assigned(self.bruno, "Knows Linux", category_id=self.vpn.id)

    def test_nothing_is_asked_for(self):
        self._assert_assigned(
            self.ada, "No skill is asked for; fewest open tickets (0)"
        )

    def test_other_methods_are_as_before(self):
        self.team.assignment_method = "round_robin"
        self._assert_assigned(self.ada, "In turn", category_id=self.vpn.id)

    def test_nobody_in_the_team(self):
        self.team.member_ids = False
        self._assert_assigned(None, "The team has no members", category_id=self.vpn.id)

    def test_a_customers_ticket(self):
        portal = new_test_user(self.env, "psa-portal", groups="base.group_portal")
        ticket = (
            self.env["psa.ticket"]
            .with_user(portal)
            .sudo()
            .create(self._prepare_ticket(category_id=self.vpn.id))
        )
        self.assertEqual(ticket.user_id, self.bruno)

    def test_handing_over(self):
        ticket = self._create_ticket(category_id=self.vpn.id)
        ticket.with_user(self.bruno)._hand_over(
            "<p>No time</p>", self.team.browse(), self.env["res.users"]
        )
        self.assertEqual(ticket.user_id, self.ada)

    def test_a_batch_costs_no_query_per_ticket(self):
        tickets = self.env["psa.ticket"]

        def count(number):
            vals_list = [
                self._prepare_ticket(category_id=self.vpn.id)
                for _ticket in range(number)
            ]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            tickets._add_assignees(vals_list)
            return self.cr.sql_log_count - before

        count(2)
        self.assertEqual(count(10), count(20))

    def test_the_screens(self):
        admin = self.env["psa.ticket.team"].with_user(self.admin)
        form = Form(admin)
        form.name = "Experts"
        form.assignment_method = "skill"
        self.assertEqual(form.save().assignment_method, "skill")
        for model in ("psa.ticket.type", "psa.ticket.category"):
            arch = self.env[model].with_user(self.admin).get_view(view_type="list")
            self.assertIn('name="skill_ids"', arch["arch"])

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from unittest.mock import patch

from freezegun import freeze_time

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

from odoo.addons.psa_core.tests.common import at
from odoo.addons.psa_core.tests.threads import run_at_once

from .common import PsaHelpdeskCommon


class TestQueue(PsaHelpdeskCommon):
    """The best ticket for whoever has a hand free."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Demo data must not be better.
        cls.env["psa.ticket"].search([("is_open", "=", True)]).action_cancel()
        cls.gold = cls.env["psa.client.class"].create({"name": "Gold", "sequence": 1})
        cls.silver = cls.env["psa.client.class"].create(
            {"name": "Silver", "sequence": 2}
        )
        cls.client.psa_client_class_id = cls.silver
        cls.other_client.psa_client_class_id = cls.gold

    def _next(self, user=None):
        tickets = self.env["psa.ticket"].with_user(user or self.technician)
        return tickets.action_next_ticket()

    def _opened(self, action):
        following = action["params"]["next"]
        return self.env["psa.ticket"].browse(following and following["res_id"])

    def test_order(self):
        gold = {"partner_id": self.other_contact.id}
        with freeze_time(at(8)):
            normal_early = self._create_ticket()
            class_gold = self._create_ticket(**gold)
        with freeze_time(at(7)):
            normal_first = self._create_ticket()
        with freeze_time(at(9)):
            urgent = self._create_ticket(impact="3", urgency="3")
        order = []
        with freeze_time(at(10)):
            while ticket := self._opened(self._next()):
                order.append(ticket)
        self.assertEqual(order, [urgent, class_gold, normal_first, normal_early])

    def test_what_happens(self):
        with freeze_time(at(8)):
            ticket = self._create_ticket()
        with freeze_time(at(10)):
            action = self._next()
        why = "Priority: Normal · Client class: Silver · Open for 2 hours"
        self.assertEqual(
            action,
            {
                "type": "ir.actions.client",
                "tag": "display_notification",
                "params": {
                    "title": ticket.display_name,
                    "message": why,
                    "type": "info",
                    "next": {
                        "type": "ir.actions.act_window",
                        "res_model": "psa.ticket",
                        "res_id": ticket.id,
                        "views": [[False, "form"]],
                    },
                },
            },
        )
        self.assertRecordValues(
            ticket,
            [
                {
                    "user_id": self.technician.id,
                    "state": "in_progress",
                    "assignment_reason": f"Next in the queue: {why}",
                    "assigned_at": at(10),
                }
            ],
        )

    def test_nothing_left(self):
        action = self._next()
        self.assertEqual(action["params"]["type"], "success")
        self.assertFalse(self._opened(action))

    def test_what_is_not_in_the_queue(self):
        others = self.team.copy(
            {"name": "Others", "member_ids": [Command.set(self.manager.ids)]}
        )
        self._create_ticket(user_id=self.colleague.id)
        self._create_ticket(team_id=others.id)
        self._create_ticket().action_cancel()
        self._create_ticket().action_wait_client()
        self._create_ticket()._move_to("waiting_third_party")
        self.assertFalse(self._opened(self._next()))

    def test_teams_without_members_are_everybodys(self):
        anybody = self.team.copy({"name": "Anybody", "member_ids": False})
        ticket = self._create_ticket(team_id=anybody.id)
        self.assertEqual(self._opened(self._next(self.manager)), ticket)

    def test_other_companies_are_not_served(self):
        other = self.env["res.company"].create({"name": "Other"})
        team = self.env["psa.ticket.team"].search([("company_id", "=", other.id)])
        self.env["psa.ticket"].create(self._prepare_ticket(team_id=team.id))
        self.assertFalse(self._opened(self._next()))

    def test_the_explanation_can_be_extended(self):
        ticket = self._create_ticket()
        base = self.registry["psa.ticket"]._get_queue_reasons

        def more(ticket):
            return ["10 minutes left", *base(ticket)]

        self.patch(self.registry["psa.ticket"], "_get_queue_reasons", more)
        self.assertTrue(ticket.queue_explanation.startswith("10 minutes left · "))

    def test_done_tickets_have_no_place(self):
        ticket = self._create_ticket()
        ticket.action_cancel()
        self.assertFalse(ticket.queue_explanation)


@tagged("post_install", "-at_install")
class TestTogether(BaseCase):
    """Two technicians in the same instant, with transactions that really commit."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())

    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            group = env.ref("psa_core.group_psa_technician")
            self.users = env["res.users"].create(
                [
                    {
                        "name": f"Together {number}",
                        "login": f"psa-together-{number}",
                        "group_ids": [Command.link(group.id)],
                    }
                    for number in range(2)
                ]
            )
            self.team = env["psa.ticket.team"].create(
                {"name": "Together", "member_ids": [Command.set(self.users.ids)]}
            )
            self.tickets = self._create(env, 2)
        self.addCleanup(self._clean)
        # Waiting between two tries would only make the test slow.
        patcher = patch("odoo.service.model.time.sleep")
        patcher.start()
        self.addCleanup(patcher.stop)

    def _clean(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["psa.ticket"].search([("team_id", "=", self.team.id)]).unlink()
            env["psa.ticket.team"].browse(self.team.id).unlink()
            users = env["res.users"].browse(self.users.ids)
            partners = users.partner_id
            users.unlink()
            partners.unlink()

    def _create(self, env, count):
        return env["psa.ticket"].create(
            [{"name": "Together", "team_id": self.team.id} for _ticket in range(count)]
        )

    def _call(self, user, method, ids, before_commit=None):
        """Do what a request of a user's browser does, retries included."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, user.id, {})

            def request():
                result = getattr(env["psa.ticket"].browse(ids), method)()
                if before_commit:
                    before_commit()
                return result

            return retrying(request, env)

    def _owners(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            tickets = env["psa.ticket"].search([("team_id", "=", self.team.id)])
            return tickets.mapped(lambda ticket: ticket.user_id.id)

    def test_taking_one_ticket(self):
        """One wins; the other is told who has it, although he looked before."""
        ids = self.tickets[0].ids
        errors = run_at_once(
            *[
                lambda user=user: self._call(user, "action_take", ids)
                for user in self.users
            ]
        )
        self.assertEqual([type(error) for error in errors], [UserError])
        self.assertRegex(str(errors[0]), r"Together \d has taken .* already")
        self.assertEqual(len(set(self._owners()) & set(self.users.ids)), 1)

    def test_pulling_two_tickets(self):
        errors = run_at_once(
            *[
                lambda user=user: self._call(user, "action_next_ticket", [])
                for user in self.users
            ]
        )
        self.assertFalse(errors)
        self.assertEqual(sorted(self._owners()), sorted(self.users.ids))

    def test_pulling_does_not_wait(self):
        """A ticket that somebody is taking is passed over, not waited for."""
        pulled = []

        def meanwhile():
            pulled.append(self._call(self.users[1], "action_next_ticket", []))

        self._call(self.users[0], "action_next_ticket", [], before_commit=meanwhile)
        self.assertEqual(len(pulled), 1)
        self.assertEqual(sorted(self._owners()), sorted(self.users.ids))

    def _open_one(self, before_commit=None):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            # What a transaction sees is settled by its first look.
            env["psa.ticket"].search([], limit=1)
            if before_commit:
                before_commit()
            ticket = self._create(env, 1)
            env.flush_all()
            return ticket.user_id.id

    def test_turns_given_in_the_same_instant(self):
        """Neither mail fails or waits, and each technician gets one."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            team = env["psa.ticket.team"].browse(self.team.id)
            team.assignment_method = "round_robin"
        chosen = []
        with mute_logger("odoo.sql_db"):
            chosen.append(
                self._open_one(before_commit=lambda: chosen.append(self._open_one()))
            )
        self.assertEqual(sorted(chosen), sorted(self.users.ids))

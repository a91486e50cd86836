# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from collections import Counter
from datetime import date, datetime

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import BaseCase, new_test_user

from odoo.addons.psa_core.tests.common import at

from ..tools.roster import Roster
from .common import PsaHelpdeskCommon


class TestRoster(BaseCase):
    """Whose turn it is, without a database."""

    def test_turns_go_round(self):
        roster = Roster(["Anna", "Bruno", "Carla"])
        given = []
        for _piece in range(5):
            person, passed = roster.choose(roster.in_turn())
            roster.give(person)
            given.append((person, passed))
        self.assertEqual(
            given,
            [(name, []) for name in ("Anna", "Bruno", "Carla", "Anna", "Bruno")],
        )

    def test_absent_people_are_passed_and_named(self):
        roster = Roster(["Anna", "Bruno", "Carla"], off={"Bruno"}, last="Anna")
        self.assertEqual(roster.choose(roster.in_turn()), ("Carla", ["Bruno"]))

    def test_whose_turn_it_was_may_have_left(self):
        roster = Roster(["Anna", "Bruno"], last="Zeno")
        self.assertEqual(roster.in_turn(), ["Anna", "Bruno"])

    def test_least_first_and_equals_in_order(self):
        roster = Roster(["Anna", "Bruno", "Carla"], Counter(Anna=2, Carla=1))
        self.assertEqual(roster.by_load(), ["Bruno", "Carla", "Anna"])
        roster.give("Bruno")
        self.assertEqual(roster.by_load(), ["Bruno", "Carla", "Anna"])

    def test_nobody(self):
        self.assertEqual(Roster([]).choose([]), (None, []))
        self.assertEqual(Roster(["Anna"], off={"Anna"}).choose(["Anna"])[0], None)


class AssignmentCommon(PsaHelpdeskCommon):
    """A team of three: Ada, Bruno and Carla, in this order of turns."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        group = "psa_core.group_psa_technician"
        cls.ada = cls._create_user("psa-ada", group, name="Ada")
        cls.bruno = cls._create_user("psa-bruno", group, name="Bruno")
        cls.carla = cls._create_user("psa-carla", group, name="Carla")
        cls.three = cls.ada | cls.bruno | cls.carla
        cls.employees = cls.env["hr.employee"].browse()
        for user in cls.three:
            cls.employees |= cls._create_employee(user)
        cls.team.member_ids = [Command.set(cls.three.ids)]

    @classmethod
    def _create_leave(cls, user=None, start=None, stop=None, **kwargs):
        values = {
            "name": "Off",
            "date_from": start or at(0),
            "date_to": stop or at(23),
            **kwargs,
        }
        if user:
            values["resource_id"] = user.sudo().employee_id.resource_id.id
        return cls.env["resource.calendar.leaves"].create(values)

    @classmethod
    def _create_tickets(cls, count, user=None, **kwargs):
        tickets = cls.env["psa.ticket"].with_user(user or cls.technician)
        return tickets.create(
            [cls._prepare_ticket(**kwargs) for _ticket in range(count)]
        )


class TestAssignment(AssignmentCommon):
    """Who gets a ticket, and the words for it."""

    def test_by_hand(self):
        ticket = self._create_ticket()
        self.assertRecordValues(
            ticket,
            [{"user_id": False, "assignment_reason": False, "assigned_at": False}],
        )

    def test_in_turn(self):
        self.team.assignment_method = "round_robin"
        with freeze_time(at(9)):
            tickets = self._create_tickets(4)
        self.assertEqual(
            [(ticket.user_id, ticket.assignment_reason) for ticket in tickets],
            [
                (self.ada, "In turn"),
                (self.bruno, "In turn, after Ada"),
                (self.carla, "In turn, after Bruno"),
                (self.ada, "In turn, after Carla"),
            ],
        )
        self.assertEqual(set(tickets.mapped("assigned_at")), {at(9)})
        self.assertEqual(set(tickets.mapped("reassign_count")), {0})
        self.assertEqual(self.team.last_assigned_id, self.ada)
        self.assertEqual(self._create_ticket().user_id, self.bruno)

    def test_fewest_open_tickets_first(self):
        self._create_tickets(2, user_id=self.ada.id)
        self._create_tickets(1, user_id=self.carla.id)
        closed = self._create_tickets(3, user_id=self.bruno.id)
        closed.action_cancel()
        self.team.assignment_method = "least_loaded"
        tickets = self._create_tickets(6)
        self.assertEqual(
            Counter(tickets.user_id.browse(ticket.user_id.id) for ticket in tickets),
            {self.bruno: 3, self.carla: 2, self.ada: 1},
        )
        self.assertEqual(tickets[0].assignment_reason, "Fewest open tickets (0)")

    def test_a_batch_is_spread(self):
        for method in ("round_robin", "least_loaded"):
            with self.subTest(method=method):
                self.team.assignment_method = method
                tickets = self._create_tickets(30)
                self.assertEqual(
                    Counter(ticket.user_id.id for ticket in tickets),
                    dict.fromkeys(self.three.ids, 10),
                )

    def test_a_batch_costs_no_query_per_ticket(self):
        self.team.assignment_method = "least_loaded"
        self.env["psa.ticket"].create([self._prepare_ticket() for _ticket in range(2)])

        def count(number):
            vals_list = [self._prepare_ticket() for _ticket in range(number)]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.env["psa.ticket"].browse()._add_assignees(
                [dict(vals) for vals in vals_list]
            )
            return self.cr.sql_log_count - before

        self.assertEqual(count(10), count(20))

    def test_tickets_with_an_assignee_keep_it(self):
        self.team.assignment_method = "round_robin"
        ticket = self._create_ticket(user_id=self.carla.id)
        self.assertRecordValues(
            ticket,
            [
                {
                    "user_id": self.carla.id,
                    "assignment_reason": f"Assigned by {self.technician.name}",
                }
            ],
        )
        self.assertFalse(self.team.last_assigned_id)

    def test_tickets_born_closed_are_nobodys_work(self):
        self.team.assignment_method = "round_robin"
        ticket = self._create_ticket(
            stage_id=self._get_stage("closed").id, no_time_reason="On the phone"
        )
        self.assertFalse(ticket.user_id)

    def test_a_customers_ticket_is_assigned(self):
        self.team.assignment_method = "round_robin"
        portal = new_test_user(self.env, "psa-portal", groups="base.group_portal")
        ticket = (
            self.env["psa.ticket"]
            .with_user(portal)
            .sudo()
            .create(self._prepare_ticket())
        )
        self.assertEqual(ticket.user_id, self.ada)

    # ------------------------------------------------------------
    # People who are off
    # ------------------------------------------------------------

    @freeze_time(at(10))
    def test_who_is_off_is_skipped_and_named(self):
        self.team.assignment_method = "round_robin"
        self._create_leave(self.ada, stop=datetime(2026, 3, 12, 16))
        tickets = self._create_tickets(3)
        self.assertEqual(
            [(ticket.user_id, ticket.assignment_reason) for ticket in tickets],
            [
                (self.bruno, "In turn; Ada is off until 12 March"),
                (self.carla, "In turn, after Bruno"),
                (self.bruno, "In turn, after Carla; Ada is off until 12 March"),
            ],
        )

    @freeze_time(at(10))
    def test_back_today(self):
        self.team.assignment_method = "least_loaded"
        self._create_leave(self.ada, stop=at(13))
        ticket = self._create_ticket()
        self.assertEqual(ticket.user_id, self.bruno)
        self.assertEqual(
            ticket.assignment_reason.replace("\u202f", " "),
            "Fewest open tickets (0); Ada is off until 2:00 PM",
        )

    @freeze_time(at(10))
    def test_leave_that_is_over_or_not_begun_or_work(self):
        self.team.assignment_method = "round_robin"
        self._create_leave(self.ada, start=at(8), stop=at(10))
        self._create_leave(self.ada, start=at(11), stop=at(12))
        self._create_leave(self.ada, time_type="other")
        self.assertEqual(self._create_ticket().user_id, self.ada)

    @freeze_time(at(10))
    def test_nobody_there(self):
        self.team.assignment_method = "round_robin"
        self._create_leave(company_id=self.company.id)
        ticket = self._create_ticket()
        self.assertFalse(ticket.user_id)
        self.assertEqual(ticket.dispatch_state, "unassigned")
        self.assertEqual(
            ticket.assignment_reason,
            "Nobody is there; Ada is off until 3 March; "
            "Bruno is off until 3 March; Carla is off until 3 March",
        )

    @freeze_time(at(10))
    def test_a_day_off_of_others(self):
        self.team.assignment_method = "round_robin"
        calendar = self.env["resource.calendar"].create({"name": "Part time"})
        other = self.env["res.company"].create({"name": "Other"})
        self._create_leave(calendar_id=calendar.id)
        self._create_leave(
            calendar_id=other.resource_calendar_id.id, company_id=other.id
        )
        self.assertEqual(self._create_ticket().user_id, self.ada)

    @freeze_time(at(10))
    def test_users_without_an_employee_are_there(self):
        self.team.assignment_method = "round_robin"
        self.ada.employee_id.unlink()
        self._create_leave(company_id=self.company.id)
        self.assertEqual(self._create_ticket().user_id, self.ada)

    def test_a_team_without_members(self):
        self.team.assignment_method = "round_robin"
        self.team.member_ids = False
        ticket = self._create_ticket()
        self.assertEqual(
            (ticket.user_id, ticket.assignment_reason),
            (self.env["res.users"], "The team has no members"),
        )

    def test_archived_members_get_nothing(self):
        self.team.assignment_method = "round_robin"
        self.ada.active = False
        self.assertEqual(self._create_ticket().user_id, self.bruno)

    @freeze_time(at(10))
    def test_the_reason_is_in_the_technicians_language(self):
        self.env["res.lang"]._activate_lang("it_IT")
        self.bruno.lang = "it_IT"
        self.team.assignment_method = "round_robin"
        self._create_leave(self.ada, stop=datetime(2026, 3, 12, 16))
        ticket = self._create_ticket()
        self.assertIn("12 marzo", ticket.assignment_reason)

    # ------------------------------------------------------------
    # Passing on
    # ------------------------------------------------------------

    def test_counting(self):
        second = self.team.copy({"name": "Second", "member_ids": False})
        steps = [
            ({"user_id": self.ada.id}, 0, "the first one is no hand-over"),
            ({"user_id": self.ada.id}, 0, "nothing changed"),
            ({"user_id": self.bruno.id}, 1, "another technician"),
            ({"user_id": False}, 1, "back to the team"),
            ({"user_id": self.bruno.id}, 1, "who had it takes it again"),
            ({"user_id": False}, 1, "back again"),
            ({"user_id": self.carla.id}, 2, "another one takes it over"),
            ({"team_id": second.id, "user_id": self.ada.id}, 3, "both count once"),
            ({"team_id": self.team.id, "user_id": False}, 4, "another team"),
            ({"user_id": self.bruno.id}, 4, "its first technician"),
            ({"team_id": self.team.id}, 4, "the same team"),
            ({"user_id": False}, 4, "back to the team"),
            ({"team_id": second.id}, 5, "another team"),
            ({"user_id": self.carla.id}, 5, "its first technician"),
        ]
        ticket = self._create_ticket()
        for values, count, why in steps:
            ticket.write(values)
            self.assertEqual(ticket.reassign_count, count, why)

    def test_assigned_at(self):
        ticket = self._create_ticket()
        with freeze_time(at(9)):
            ticket.user_id = self.ada
        with freeze_time(at(10)):
            ticket.user_id = self.ada
        self.assertEqual(ticket.assigned_at, at(9))
        with freeze_time(at(11)):
            ticket.user_id = self.bruno
        self.assertEqual(ticket.assigned_at, at(11))
        ticket.user_id = False
        self.assertFalse(ticket.assigned_at)
        self.assertFalse(ticket.assignment_reason)

    def test_who_is_not_in_the_new_team_is_taken_off(self):
        second = self.team.copy(
            {"name": "Second", "member_ids": [Command.set(self.bruno.ids)]}
        )
        open_to_all = self.team.copy({"name": "All", "member_ids": False})
        ada = self._create_ticket(user_id=self.ada.id)
        bruno = self._create_ticket(user_id=self.bruno.id)
        (ada | bruno).team_id = second
        self.assertFalse(ada.user_id)
        self.assertEqual(bruno.user_id, self.bruno)
        self.assertEqual((ada | bruno).mapped("reassign_count"), [1, 1])
        bruno.team_id = open_to_all
        self.assertEqual(bruno.user_id, self.bruno)

    def test_the_new_team_chooses(self):
        second = self.team.copy(
            {
                "name": "Second",
                "assignment_method": "round_robin",
                "member_ids": [Command.set((self.bruno | self.carla).ids)],
            }
        )
        tickets = self._create_tickets(2, user_id=self.ada.id)
        tickets.team_id = second
        self.assertEqual(
            [(ticket.user_id, ticket.assignment_reason) for ticket in tickets],
            [(self.bruno, "In turn"), (self.carla, "In turn, after Bruno")],
        )
        self.assertEqual(tickets.mapped("reassign_count"), [1, 1])

    def test_handing_over_to_the_team(self):
        """Whoever gives a ticket back does not get it again, unless nobody is there."""
        self.team.assignment_method = "least_loaded"
        ticket = self._create_ticket(user_id=self.ada.id)
        self._create_tickets(1, user_id=self.bruno.id)
        wizard = (
            self.env["psa.ticket.handover"]
            .with_user(self.ada)
            .with_context(active_ids=ticket.ids)
            .create({"note": "<p>It is the fuser</p>"})
        )
        wizard.action_hand_over()
        self.assertRecordValues(
            ticket,
            [
                {
                    "user_id": self.carla.id,
                    "reassign_count": 1,
                    "assignment_reason": "Fewest open tickets (0)",
                }
            ],
        )
        note = ticket.message_ids.filtered(lambda message: "fuser" in message.body)
        self.assertTrue(note.is_internal or note.subtype_id.internal)
        self.assertIn(self.carla.partner_id, note.notified_partner_ids)

    @freeze_time(at(10))
    def test_handing_over_when_nobody_else_is_there(self):
        self.team.assignment_method = "round_robin"
        self._create_leave(self.bruno)
        self._create_leave(self.carla)
        ticket = self._create_ticket(user_id=self.ada.id)
        ticket.with_user(self.ada)._hand_over(
            "<p>Help</p>", self.team.browse(), self.env["res.users"]
        )
        self.assertEqual(ticket.user_id, self.ada)
        self.assertEqual(ticket.reassign_count, 0)

    def test_handing_over_by_hand_leaves_it_to_the_team(self):
        ticket = self._create_ticket(user_id=self.ada.id)
        ticket.with_user(self.ada)._hand_over(
            "<p>Help</p>", self.team.browse(), self.env["res.users"]
        )
        self.assertFalse(ticket.user_id)
        self.assertEqual(ticket.released_by_id, self.ada)

    def test_let_the_team_decide(self):
        ticket = self._create_ticket()
        with self.assertRaisesRegex(UserError, "by hand"):
            ticket.action_assign_automatically()
        self.team.assignment_method = "round_robin"
        ticket.action_assign_automatically()
        self.assertEqual(ticket.user_id, self.ada)
        self.assertEqual(ticket.assignment_reason, "In turn")

    def test_taking(self):
        ticket = self._create_ticket()
        ticket.with_user(self.ada).action_take()
        self.assertRecordValues(
            ticket,
            [
                {
                    "user_id": self.ada.id,
                    "state": "in_progress",
                    "assignment_reason": "Taken by Ada",
                }
            ],
        )
        ticket.with_user(self.ada).action_take()
        with self.assertRaisesRegex(UserError, "Ada has taken"):
            ticket.with_user(self.bruno).action_take()

    # ------------------------------------------------------------
    # Hook
    # ------------------------------------------------------------

    def test_a_method_of_ones_own(self):
        """The order and the words can be replaced; absences are added to them."""
        team_class = self.registry["psa.ticket.team"]

        def rank(team, ticket, roster):
            return sorted(roster.people, key=lambda user: user.name, reverse=True)

        def describe(team, ticket, user, roster):
            return "From Z to A"

        self.patch(team_class, "_rank_candidates", rank)
        self.patch(team_class, "_describe_choice", describe)
        self.team.assignment_method = "round_robin"
        with freeze_time(datetime.combine(date(2026, 3, 2), at(10).time())):
            self._create_leave(self.carla, stop=datetime(2026, 3, 12, 16))
            ticket = self._create_ticket()
        self.assertEqual(ticket.user_id, self.bruno)
        self.assertEqual(
            ticket.assignment_reason, "From Z to A; Carla is off until 12 March"
        )

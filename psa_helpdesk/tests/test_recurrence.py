# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date, timedelta
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2 import IntegrityError
from psycopg2.errors import SerializationFailure

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_cron import IrCron
from odoo.addons.psa_core.tests.common import at

from .common import PsaHelpdeskCommon

LOGGER = "odoo.addons.psa_helpdesk.models.psa_ticket_recurrence"


class TestRecurrence(PsaHelpdeskCommon):
    """Tickets that come again, each of them once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["psa.ticket.recurrence"].search([]).action_archive()
        cls.template = cls.env["psa.ticket.template"].create(
            {
                "name": "Monthly check",
                "subject": "Check the server",
                "description": "<p>Disks, backups, updates</p>",
                "team_id": cls.team.id,
                "type_id": cls.env["psa.ticket.type"].search([], limit=1).id,
                "impact": "1",
                "checklist_ids": [
                    Command.create({"name": "Disks", "is_mandatory": True}),
                    Command.create({"name": "Backups"}),
                ],
            }
        )
        cls.recurrence = cls._create_recurrence()

    @classmethod
    def _create_recurrence(cls, **kwargs):
        values = {
            "template_id": cls.template.id,
            "partner_id": cls.contact.id,
            "date_start": date(2026, 1, 31),
            **kwargs,
        }
        return cls.env["psa.ticket.recurrence"].with_user(cls.manager).create(values)

    def _run(self, day, hour=9):
        with freeze_time(at(hour, day=day)), self.enter_registry_test_mode():
            self.env.ref("psa_helpdesk.ir_cron_recurrence").method_direct_trigger()
        self.env.invalidate_all()

    def _days(self, recurrence=None):
        tickets = (recurrence or self.recurrence).ticket_ids
        return sorted(tickets.mapped("recurrence_date"))

    # ------------------------------------------------------------
    # Days
    # ------------------------------------------------------------

    def test_the_31st_comes_back(self):
        days = [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)]
        for day in days:
            self._run(day - timedelta(days=1))
            self._run(day)
            self._run(day, 15)
        self.assertEqual(self._days(), days)
        self.assertEqual(self.recurrence.next_date, date(2026, 4, 30))

    def test_units(self):
        start = date(2026, 1, 31)
        for unit, interval, expected in [
            ("day", 10, date(2026, 2, 10)),
            ("week", 2, date(2026, 2, 14)),
            ("month", 1, date(2026, 2, 28)),
            ("quarter", 1, date(2026, 4, 30)),
            ("year", 1, date(2027, 1, 31)),
        ]:
            recurrence = self._create_recurrence(unit=unit, interval=interval)
            self.assertEqual(recurrence.next_date, start)
            recurrence.sudo().last_date = start
            self.assertEqual(recurrence.next_date, expected, unit)

    def test_end(self):
        self.recurrence.date_end = date(2026, 2, 28)
        for day in (date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)):
            self._run(day)
        self.assertEqual(self._days(), [date(2026, 1, 31), date(2026, 2, 28)])
        self.assertFalse(self.recurrence.next_date or self.recurrence.open_on)
        with self.assertRaisesRegex(UserError, "before the end"):
            self.recurrence.action_open_now()

    def test_opened_before_it_is_due(self):
        self.recurrence.lead_days = 7
        self._run(date(2026, 1, 23))
        self.assertFalse(self._days())
        self._run(date(2026, 1, 24))
        self.assertEqual(self._days(), [date(2026, 1, 31)])
        self.assertEqual(self.recurrence.open_on, date(2026, 2, 21))

    def test_the_day_is_the_companys(self):
        self._run(date(2026, 1, 30), 22)
        self.assertFalse(self._days(), "eleven in the evening in Rome")
        self._run(date(2026, 1, 30), 23)
        self.assertEqual(self._days(), [date(2026, 1, 31)], "midnight in Rome")

    def test_after_an_outage(self):
        """One ticket for the last day that was missed; it names the others."""
        self._run(date(2026, 5, 10))
        self.assertEqual(self._days(), [date(2026, 4, 30)])
        note = self.recurrence.ticket_ids.message_ids.filtered(
            lambda message: "3 earlier days" in message.body
        )
        self.assertIn("01/31/2026, 02/28/2026, 03/31/2026", note.body)
        self.assertTrue(note.subtype_id.internal)
        self.assertEqual(self.recurrence.next_date, date(2026, 5, 31))

    def test_another_rhythm(self):
        self._run(date(2026, 1, 31))
        self.recurrence.write({"unit": "week", "interval": 1})
        self.assertEqual(self.recurrence.next_date, date(2026, 2, 7))
        self.recurrence.date_start = date(2026, 6, 1)
        self.assertEqual(self.recurrence.next_date, date(2026, 6, 1))

    def test_archived(self):
        self.recurrence.active = False
        self._run(date(2026, 1, 31))
        self.assertFalse(self._days())

    # ------------------------------------------------------------
    # The ticket
    # ------------------------------------------------------------

    def test_the_ticket(self):
        self._run(date(2026, 1, 31))
        ticket = self.recurrence.ticket_ids
        self.assertRecordValues(
            ticket,
            [
                {
                    "name": "Check the server",
                    "partner_id": self.contact.id,
                    "client_id": self.client.id,
                    "team_id": self.team.id,
                    "user_id": False,
                    "type_id": self.template.type_id.id,
                    "impact": "1",
                    "urgency": "2",
                    "company_id": self.company.id,
                    "recurrence_date": date(2026, 1, 31),
                    "channel": "manual",
                }
            ],
        )
        self.assertEqual(
            ticket.checklist_ids.mapped(lambda item: (item.name, item.is_mandatory)),
            [("Disks", True), ("Backups", False)],
        )
        self.assertEqual(self.recurrence.ticket_count, 1)
        action = self.recurrence.action_open_tickets()
        self.assertEqual(self.env["psa.ticket"].search(action["domain"]), ticket)

    def test_team_and_assignee_of_its_own(self):
        other = self.team.copy({"name": "Field", "assignment_method": "round_robin"})
        self.recurrence.team_id = other
        self._run(date(2026, 1, 31))
        self.assertEqual(
            self.recurrence.ticket_ids.user_id,
            min(other.member_ids, key=lambda u: u.id),
        )
        self.recurrence.user_id = self.manager
        self._run(date(2026, 2, 28))
        self.assertEqual(
            self.recurrence.ticket_ids.sorted("recurrence_date")[-1].user_id,
            self.manager,
        )

    def test_in_another_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        recurrence = (
            self.env["psa.ticket.recurrence"]
            .with_company(other)
            .create(
                {
                    "template_id": self.template.copy(
                        {"team_id": False, "company_id": other.id}
                    ).id,
                    "date_start": date(2026, 1, 31),
                }
            )
        )
        self._run(date(2026, 1, 31))
        self.assertEqual(recurrence.ticket_ids.company_id, other)
        self.assertFalse(recurrence.ticket_ids.client_id, "work of our own")

    def test_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("it_IT")
        self.template.with_context(lang="it_IT").subject = "Controllo del server"
        self.contact.lang = "it_IT"
        self._run(date(2026, 1, 31))
        self.assertEqual(self.recurrence.ticket_ids.name, "Controllo del server")

    def test_opened_by_hand(self):
        with freeze_time(at(9, day=date(2026, 1, 20))):
            action = self.recurrence.action_open_now()
        ticket = self.env["psa.ticket"].browse(action["res_id"])
        self.assertEqual(ticket.recurrence_date, date(2026, 1, 31))
        self._run(date(2026, 1, 31))
        self.assertEqual(self._days(), [date(2026, 1, 31)])

    # ------------------------------------------------------------
    # Faults
    # ------------------------------------------------------------

    def test_never_twice(self):
        self._run(date(2026, 1, 31))
        self.recurrence.sudo().last_date = False
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self._create_ticket(
                self.admin,
                recurrence_id=self.recurrence.id,
                recurrence_date=date(2026, 1, 31),
            )

    def test_one_that_fails_holds_up_nobody(self):
        broken = self._create_recurrence(partner_id=self.other_contact.id)
        self.other_contact.active = False
        third = self._create_recurrence(date_start=date(2026, 2, 1))
        with mute_logger(LOGGER):
            self._run(date(2026, 2, 1))
            self._run(date(2026, 2, 2))
        self.assertEqual(self._days(), [date(2026, 1, 31)])
        self.assertEqual(self._days(third), [date(2026, 2, 1)])
        self.assertFalse(self._days(broken))
        self.assertEqual(
            broken.error, "“Cantina Marchetti, Luca Marchetti” is archived."
        )
        self.assertEqual(
            broken.activity_ids.user_id, self.manager, "one, for the leader of the team"
        )
        self.assertEqual(len(broken.activity_ids), 1)
        self.other_contact.active = True
        self._run(date(2026, 2, 3))
        self.assertEqual(self._days(broken), [date(2026, 1, 31)])
        self.assertFalse(broken.error or broken.activity_ids)

    def test_what_is_archived(self):
        own_team = self.team.copy()
        leaver = self._create_user("psa-leaver", "psa_core.group_psa_technician")
        others = [
            self._create_recurrence(team_id=own_team.id),
            self._create_recurrence(user_id=leaver.id),
        ]
        own_team.active = leaver.active = False
        with mute_logger(LOGGER):
            self._run(date(2026, 1, 31))
        self.assertEqual(self._days(), [date(2026, 1, 31)])
        for recurrence, record in zip(others, (own_team, leaver), strict=True):
            self.assertFalse(recurrence.ticket_ids)
            self.assertEqual(recurrence.error, f"“{record.name}” is archived.")
        self.team.active = False
        with mute_logger(LOGGER):
            self._run(date(2026, 2, 28))
        self.assertEqual(self._days(), [date(2026, 1, 31)])
        self.assertIn("Service Desk", self.recurrence.error)

    def test_the_assignee_of_the_template_has_left(self):
        self.team.assignment_method = "round_robin"
        leaver = self._create_user("psa-leaver", "psa_core.group_psa_technician")
        self.template.user_id = leaver
        leaver.active = False
        self._run(date(2026, 1, 31))
        self.assertIn(self.recurrence.ticket_ids.user_id, self.team.member_ids)

    def test_changed_while_it_is_opened(self):
        """It is left to the next run, whenever somebody else was faster."""
        third = self._create_recurrence()
        recurrences = self.registry["psa.ticket.recurrence"]
        base = recurrences.try_lock_for_update

        def lock(recurrence, **kwargs):
            if recurrence == self.recurrence and next(calls):
                raise SerializationFailure
            return base(recurrence, **kwargs)

        for outcomes in ([True], [False, True]):
            calls = iter(outcomes)
            # The second time something is wrong with it, too.
            self.contact.active = len(outcomes) == 1
            with (
                patch.object(recurrences, "try_lock_for_update", lock),
                mute_logger(LOGGER),
            ):
                self._run(date(2026, 1, 31))
            self.assertFalse(self._days() or self.recurrence.error)
            self.assertEqual(self._days(third), [date(2026, 1, 31)])

    def test_stopped_in_the_middle(self):
        second = self._create_recurrence()
        left = iter([1.0, 0.0])
        with (
            freeze_time(at(9, day=date(2026, 1, 31))),
            patch.object(IrCron, "_commit_progress", lambda *args, **kw: next(left)),
        ):
            self.env["psa.ticket.recurrence"]._cron_create_tickets()
        self.assertEqual((len(self._days()), len(self._days(second))), (1, 0))
        self._run(date(2026, 1, 31))
        self.assertEqual((len(self._days()), len(self._days(second))), (1, 1))

    def test_bad_values(self):
        for values in (
            {"interval": 0},
            {"lead_days": -1},
            {"date_end": date(2026, 1, 1)},
        ):
            with (
                self.subTest(values=values),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
            ):
                self._create_recurrence(**values)

    def test_who_may(self):
        with self.assertRaises(AccessError):
            self.recurrence.with_user(self.technician).action_open_now()
        with self.assertRaises(AccessError):
            self.recurrence.with_user(self.technician).write({"interval": 2})
        self.recurrence.with_user(self.technician).read(["name", "next_date"])

    # ------------------------------------------------------------
    # Templates by hand
    # ------------------------------------------------------------

    def test_new_from_template(self):
        action = self.template.with_user(self.technician).action_create_ticket()
        before = self.env["psa.ticket"].search_count([])
        form = Form(
            self.env["psa.ticket"]
            .with_user(self.technician)
            .with_context(**action["context"])
        )
        form.partner_id = self.contact
        self.assertEqual(self.env["psa.ticket"].search_count([]), before)
        ticket = form.save()
        self.assertRecordValues(
            ticket,
            [
                {
                    "name": "Check the server",
                    "client_id": self.client.id,
                    "team_id": self.team.id,
                    "impact": "1",
                }
            ],
        )
        self.assertEqual(ticket.checklist_ids.mapped("name"), ["Disks", "Backups"])
        self.assertIn("Disks, backups", ticket.description)

    def test_the_name(self):
        self.assertEqual(self.recurrence.name, "Monthly check · Officine Bellini")
        self.assertEqual(fields.Date.to_string(self.recurrence.next_date), "2026-01-31")

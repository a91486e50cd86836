# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tools import mute_logger

from odoo.addons.psa_core.tests.common import at

from .common import PsaHelpdeskCommon

LOGGER = "odoo.addons.psa_helpdesk.models.psa_ticket_reminder"


class TestStale(PsaHelpdeskCommon):
    """Tickets to which nothing happens for seven days."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Demo data must not be stale.
        cls.env["psa.ticket"].search([("is_open", "=", True)]).active = False
        cls.ticket = cls._create_at_nine()

    @classmethod
    @freeze_time(at(9))
    def _create_at_nine(cls, **kwargs):
        return cls._create_ticket(**{"user_id": cls.technician.id, **kwargs})

    def _run(self, days):
        with freeze_time(at(10) + timedelta(days)), self.enter_registry_test_mode():
            self.env.ref("psa_helpdesk.ir_cron_stale").method_direct_trigger()
        self.env.invalidate_all()

    def _reminded(self, ticket=None):
        activities = self.env["mail.activity"].search(
            [
                ("res_model", "=", "psa.ticket"),
                ("res_id", "in", (ticket or self.ticket).ids),
            ],
            order="id",
        )
        return [(activity.user_id, activity.summary) for activity in activities]

    def test_once_for_each_silence(self):
        self._run(6)
        self.assertFalse(self._reminded())
        for days in (7, 8, 20):
            self._run(days)
        text = "Nothing has happened for 7 days"
        self.assertEqual(self._reminded(), [(self.technician, text)])
        with freeze_time(at(9) + timedelta(20)):
            self.ticket.with_user(self.technician).message_post(
                body="Still on it", subtype_xmlid="mail.mt_note", message_type="comment"
            )
        self._run(26)
        self.assertEqual(len(self._reminded()), 1)
        self._run(27)
        self.assertEqual(self._reminded(), [(self.technician, text)] * 2)

    def test_waiting_ones_too_but_none_that_is_over(self):
        waiting, done = self._create_at_nine(), self._create_at_nine()
        with freeze_time(at(9)):
            waiting._move_to("waiting_third_party")
            done.action_cancel()
            self.env.flush_all()
        self._run(7)
        self.assertEqual(len(self._reminded(waiting)), 1)
        self.assertFalse(self._reminded(done))

    def test_never(self):
        self.team.stale_days = 0
        self._run(400)
        self.assertFalse(self._reminded())

    def test_after_an_outage(self):
        self._run(30)
        self.assertEqual(
            self._reminded(), [(self.technician, "Nothing has happened for 30 days")]
        )

    def test_what_counts_as_activity(self):
        def work():
            self._create_entry(
                psa_ticket_id=self.ticket.id, task_id=False, project_id=self.project.id
            )

        for name, happen in (
            ("work", work),
            ("stage", lambda: self.ticket._move_to("in_progress")),
            ("priority", lambda: self.ticket.write({"priority": "3"})),
            ("assignee", lambda: self.ticket.write({"user_id": self.colleague.id})),
        ):
            with self.subTest(name), freeze_time(at(9) + timedelta(5)):
                self.ticket.sudo().last_activity_at = at(9)
                happen()
                self.env.flush_all()
                self.assertEqual(self.ticket.last_activity_at, at(9) + timedelta(5))

    def test_who_stands_in(self):
        with freeze_time(at(9)):
            self.ticket.user_id = False
            self.env.flush_all()
        followers = self.ticket.message_partner_ids
        self._run(7)
        self.assertEqual([user for user, _text in self._reminded()], [self.manager])
        self.assertEqual(self.ticket.message_partner_ids, followers)

    def test_one_that_fails_holds_up_nobody(self):
        other = self._create_at_nine()
        tickets = self.registry["psa.ticket"]
        base = tickets._get_reminded

        def fail(ticket, *args):
            if ticket == other:
                raise ValueError("It is broken")
            return base(ticket, *args)

        with patch.object(tickets, "_get_reminded", fail), mute_logger(LOGGER):
            self._run(7)
        self.assertEqual((len(self._reminded()), self._reminded(other)), (1, []))
        self.assertEqual(other.sla_error, "It is broken")
        self._run(8)
        self.assertEqual((len(self._reminded(other)), other.sla_error), (1, False))

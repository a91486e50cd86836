# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tools import mute_logger
from odoo.tools.translate import code_translations

from odoo.addons.psa_core.tests.common import at

from .common_sla import PsaSlaCommon

TUESDAY = date(2026, 3, 3)
THURSDAY = date(2026, 3, 5)
LOGGER = "odoo.addons.psa_helpdesk.models.psa_ticket_reminder"


class SlaAlertCommon(PsaSlaCommon):
    """A ticket of the technician from 8:00 on, to be resolved until 16:00.

    Delivered: 50 % the assignee on his screen, 75 % by activity, 90 % the leader by
    activity, 100 % the managers by mail.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Demo data must not be due.
        cls.env["psa.ticket"].search([("is_open", "=", True)]).active = False
        # Somebody else than the manager, who gets the mails.
        cls.leader = cls._create_user("psa-leader", "psa_core.group_psa_technician")
        cls.team.leader_id = cls.leader
        # Administrators are managers, too: of another company.
        group = cls.env.ref("psa_core.group_psa_manager")
        other = cls.env["res.company"].create({"name": "Elsewhere"})
        (group.all_user_ids - cls.manager - cls.env.user).write(
            {"company_id": other.id, "company_ids": [(6, 0, other.ids)]}
        )
        cls.ticket = cls._create_open()

    @classmethod
    @freeze_time(at(8))
    def _create_open(cls, **kwargs):
        return cls._create_ticket(
            **{"channel": "phone", "user_id": cls.technician.id, **kwargs}
        )

    def _run(self, moment):
        with freeze_time(moment), self.enter_registry_test_mode():
            self.env.ref("psa_helpdesk.ir_cron_sla").method_direct_trigger()
        self.env.invalidate_all()

    def _told(self, ticket=None):
        """Return who was told by which channel, sorted, and what."""
        ticket = ticket or self.ticket
        found = [
            ("activity", activity.user_id, activity.summary)
            for activity in self.env["mail.activity"].search(
                [("res_model", "=", "psa.ticket"), ("res_id", "=", ticket.id)]
            )
        ]
        messages = self.env["mail.message"].search(
            [
                ("model", "=", "psa.ticket"),
                ("res_id", "=", ticket.id),
                ("message_type", "=", "user_notification"),
            ]
        )
        found += [
            ("mail", partner.user_ids, message.subject.split(" · ")[0])
            for message in messages
            for partner in message.notified_partner_ids
        ]
        number = ticket.number
        for notification in self.env["bus.bus"].search([]):
            if "simple_notification" in notification.message and (
                number in notification.message
            ):
                found.append(("bus", self.env["res.users"], ""))
        return sorted(found, key=lambda told: (told[0], told[1].ids, told[2]))


class TestSlaAlert(SlaAlertCommon):
    """Each threshold is told once, to who is there, by what he reads."""

    def test_each_threshold_once(self):
        bus = ("bus", self.env["res.users"], "")
        by_technician = ("activity", self.technician, "SLA: 75 % of Resolution used")
        by_leader = ("activity", self.leader, "SLA: 90 % of Resolution used")
        by_mail = ("mail", self.manager, "SLA missed: Resolution")
        for hour, minute, told in (
            (11, 59, []),
            (12, 0, [bus]),
            (14, 0, [by_technician, bus]),
            (15, 12, [by_technician, by_leader, bus]),
            (16, 1, [by_technician, by_leader, bus, by_mail]),
            (23, 0, [by_technician, by_leader, bus, by_mail]),
        ):
            with self.subTest(time=f"{hour}:{minute}"):
                for _run in range(3):
                    self._run(at(hour, minute))
                self.assertEqual(self._told(), told)
        row = self._row(self.ticket)
        self.assertEqual(
            (row.breached_at, row.next_check_at, self.ticket.is_sla_breached),
            (at(16), False, True),
        )
        self.assertEqual(
            self._events(self.ticket),
            [
                ("start", at(8)),
                ("warn", at(12)),
                ("warn", at(14)),
                ("warn", at(15, 12)),
                ("breach", at(16)),
                ("warn", at(16, 1)),
            ],
        )

    def test_three_days_later(self):
        """Who would be told twice by one channel hears of the highest one only."""
        self.env["psa.sla.warning"].create({"percent": 25, "channel": "activity"})
        self._run(at(9, day=THURSDAY))
        missed = "SLA missed: Resolution"
        self.assertEqual(
            self._told(),
            [
                ("activity", self.technician, missed),
                ("activity", self.leader, missed),
                ("bus", self.env["res.users"], ""),
                ("mail", self.manager, missed),
            ],
        )
        self.assertEqual(self._row(self.ticket).breached_at, at(16))
        logs = self.env["psa.ticket.sla.log"].search(
            [("ticket_id", "=", self.ticket.id), ("event", "=", "warn")]
        )
        self.assertEqual(
            logs.mapped("detail"), ["25 %", "50 %", "75 %", "90 %", "100 %"]
        )

    def test_new_rounds_are_told_anew(self):
        self._run(at(14))
        with freeze_time(at(15)):
            self.ticket.no_time_reason = "None"
            self.ticket._move_to("resolved")
        self._run(at(23))
        with freeze_time(at(8, day=TUESDAY)):
            self.ticket._reopen()
        self.assertEqual(len(self._told()), 2)
        self._run(at(14, day=TUESDAY))
        self.assertEqual(len(self._told()), 4)

    def test_nothing_while_it_waits(self):
        with freeze_time(at(9)):
            self.ticket._move_to("waiting_client")
        self._run(at(9, day=THURSDAY))
        self.assertFalse(self._told() or self.ticket.is_sla_breached)

    def test_waived(self):
        with freeze_time(at(9)):
            self._row(self.ticket).with_user(self.manager)._waive("Closed by strike")
        self._run(at(9, day=THURSDAY))
        self.assertFalse(self._told() or self.ticket.is_sla_breached)

    def test_thresholds_edited_while_it_runs(self):
        warnings = self.env["psa.sla.warning"].with_user(self.admin)
        self._run(at(12))
        warnings.create({"percent": 60, "channel": "activity"})
        warnings.create({"percent": 40, "channel": "activity"})
        self.env.ref("psa_helpdesk.psa_sla_warning_75").with_user(self.admin).unlink()
        self._run(at(12, 1))
        self._run(at(12, 48))
        self._run(at(14))
        self.assertEqual(
            self._told()[:-1],
            [("activity", self.technician, "SLA: 60 % of Resolution used")],
        )

    def test_warnings_of_another_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.env["psa.sla.warning"].search([]).company_id = other
        self._run(at(9, day=THURSDAY))
        self.assertEqual((self._told(), self.ticket.is_sla_breached), ([], True))

    def test_chunks(self):
        others = [self._create_open() for _index in range(2)]
        with patch("odoo.addons.psa_helpdesk.models.psa_ticket_sla_alert.CHUNK", 1):
            self._run(at(14))
        for ticket in (self.ticket, *others):
            self.assertEqual(len(self._told(ticket)), 2)


class TestSlaRecipients(SlaAlertCommon):
    """Who is told, and how."""

    def _activity_users(self):
        return [told[1] for told in self._told() if told[0] == "activity"]

    def test_nobody_has_it(self):
        self.ticket.user_id = False
        self._run(at(14))
        self.assertEqual(self._activity_users(), [self.leader])

    def test_assignee_and_leader_have_left(self):
        (self.technician | self.leader).active = False
        self._run(at(14))
        self.assertEqual(self._activity_users(), [self.manager])

    def test_nobody_at_all(self):
        self.ticket.user_id = self.team.leader_id = False
        self.manager.active = False
        self._run(at(9, day=THURSDAY))
        self.assertEqual((self._told(), self.ticket.is_sla_breached), ([], True))

    def test_who_is_warned_does_not_follow(self):
        before = self.ticket.message_partner_ids
        self._run(at(9, day=THURSDAY))
        self.assertEqual(self.ticket.message_partner_ids, before)

    def test_mail_is_queued(self):
        """A mail server that hangs must not keep rows locked."""
        self._run(at(9, day=THURSDAY))
        mail = self.env["mail.mail"].search(
            [("model", "=", "psa.ticket"), ("res_id", "=", self.ticket.id)]
        )
        self.assertEqual(mail.mapped("state"), ["outgoing"])

    def test_language_of_each(self):
        self.env["res.lang"]._activate_lang("it_IT")
        (self.technician | self.manager).lang = "it_IT"
        words = {"SLA missed: %s": "SLA mancato: %s"}
        with patch.object(
            code_translations,
            "get_python_translations",
            lambda _module, lang: words if lang == "it_IT" else {},
        ):
            self._run(at(9, day=THURSDAY))
        self.assertEqual(
            [
                (user, text.split(":")[0])
                for _channel, user, text in self._told()
                if text
            ],
            [
                (self.technician, "SLA mancato"),
                (self.leader, "SLA missed"),
                (self.manager, "SLA mancato"),
            ],
        )


class TestSlaFailures(SlaAlertCommon):
    """What fails holds up nobody, and says so on its ticket."""

    def _failing(self, name, ticket):
        """Let a method of one ticket raise."""
        tickets = self.registry["psa.ticket"]
        base = getattr(tickets, name)

        def fail(record, *args):
            if record == ticket:
                raise ValueError("It is broken")
            return base(record, *args)

        return patch.object(tickets, name, fail)

    def test_one_that_cannot_be_told(self):
        other = self._create_open()
        with self._failing("_get_reminded", other), mute_logger(LOGGER):
            self._run(at(14))
        self.assertEqual(len(self._told()), 2)
        self.assertEqual((self._told(other), other.sla_error), ([], "It is broken"))
        self.assertEqual(self._row(other).warned_percent, 0)
        self.assertFalse(self.ticket.sla_error)
        self._run(at(14, 1))
        self.assertEqual(len(self._told(other)), 2)
        self.assertFalse(other.sla_error)

    def test_one_that_cannot_follow_its_policy(self):
        other = self._create_open()
        with freeze_time(at(9)):
            self._row(self.ticket).target_id.amount = 4
        failing = self._failing("_get_sla_demand_resolution", other)
        with failing, mute_logger(LOGGER):
            self._run(at(9))
        self.assertEqual(self._row(self.ticket).deadline, at(12))
        self.assertEqual(
            (self._row(other).deadline, other.sla_error), (at(16), "It is broken")
        )
        self._run(at(9, 1))
        self.assertEqual((self._row(other).deadline, other.sla_error), (at(12), False))

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2.errors import SerializationFailure

from odoo.fields import Command
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_cron import IrCron
from odoo.addons.psa_core.tests.common import at

from ..models import psa_ticket_closing
from .common import PsaHelpdeskCommon

LOGGER = "odoo.addons.psa_helpdesk.models.psa_ticket_closing"


class TestClosing(PsaHelpdeskCommon):
    """Resolved tickets close by themselves, whenever the cron gets to run."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["psa.ticket"].search([("state", "=", "resolved")])._move_to("cancelled")
        cls.team.write(
            {"auto_close_days": 5, "close_warning_days": 2, "alias_name": "desk"}
        )
        # Resolved on Monday at nine.
        cls.ticket = cls._create_resolved()

    @classmethod
    def _create_resolved(cls, **kwargs):
        ticket = cls._create_ticket(no_time_reason="A test", **kwargs)
        with freeze_time(at(9)):
            ticket._move_to("resolved")
        return ticket

    def _run(self, days=0, hours=9):
        """Run the cron some days after the tickets were resolved."""
        with (
            freeze_time(at(hours) + timedelta(days=days)),
            self.enter_registry_test_mode(),
        ):
            self.env.ref("psa_helpdesk.ir_cron_close").method_direct_trigger()
        self.env.invalidate_all()

    def _warnings(self, ticket=None):
        return (ticket or self.ticket).message_ids.filtered(
            lambda message: message.message_type == "auto_comment"
        )

    def _assert_state(self, state, warnings, ticket=None):
        ticket = ticket or self.ticket
        self.assertEqual((ticket.state, len(self._warnings(ticket))), (state, warnings))

    def _run_until_stopped(self, days, chunks):
        """Run it until its time is over after some chunks, of one ticket each."""
        left = iter([1.0] * chunks + [0.0])  # the first reports what is due
        with (
            freeze_time(at(9) + timedelta(days=days)),
            patch.object(psa_ticket_closing, "CHUNK", 1),
            # Not as a job: the host would repeat it at once.
            patch.object(IrCron, "_commit_progress", lambda *args, **kw: next(left)),
        ):
            self.env["psa.ticket"]._cron_close()

    # ------------------------------------------------------------
    # When
    # ------------------------------------------------------------

    def test_days(self):
        for days, hours, state, warnings in [
            (2, 9, "resolved", 0),
            (3, 8, "resolved", 0),
            (3, 9, "resolved", 1),
            (3, 10, "resolved", 1),
            (4, 9, "resolved", 1),
            (5, 8, "resolved", 1),
            (5, 9, "closed", 1),
            (9, 9, "closed", 1),
        ]:
            self._run(days, hours)
            self._assert_state(state, warnings)
        self.assertEqual(self.ticket.closed_at, at(9) + timedelta(days=5))
        self.assertEqual(self.ticket.resolved_at, at(9))

    def test_after_an_outage_the_warning_comes_first(self):
        self._run(30)
        self._assert_state("resolved", 1)
        self._run(31)
        self._assert_state("resolved", 1)
        self._run(32)
        self._assert_state("closed", 1)

    def test_every_team(self):
        soon = self.team.copy(
            {"name": "Soon", "auto_close_days": 1, "close_warning_days": 0}
        )
        late = self.team.copy(
            {"name": "Late", "auto_close_days": 2, "close_warning_days": 9}
        )
        never = self.team.copy({"name": "Never", "auto_close_days": 0})
        gone = self.team.copy({"name": "Gone", "close_warning_days": 0})
        tickets = [
            self._create_resolved(team_id=team.id) for team in (soon, late, never, gone)
        ]
        gone.active = False
        self._run(5)
        for ticket, state, warnings in zip(
            tickets,
            ("closed", "resolved", "resolved", "closed"),
            (0, 1, 0, 0),
            strict=True,
        ):
            self._assert_state(state, warnings, ticket)
        self._run(14)
        self._assert_state("closed", 1, tickets[1])
        self._assert_state("resolved", 0, tickets[2])

    def test_a_conversation_that_lives_is_not_closed(self):
        self._run(3)
        self.ticket._reopen()
        self._run(9)
        self._assert_state("new", 1)
        self.assertFalse(self.ticket.close_warned_at)

    def test_an_unread_reply_is_not_closed(self):
        self.ticket.has_unread_reply = True
        self._run(9)
        self._assert_state("resolved", 0)

    def test_each_resolution_has_its_own_warning(self):
        self._run(3)
        self.ticket._reopen()
        with freeze_time(at(9) + timedelta(days=10)):
            self.ticket._move_to("resolved")
        self._run(12)
        self._assert_state("resolved", 1)
        self._run(13)
        self._assert_state("resolved", 2)
        self._run(14)
        self._assert_state("resolved", 2)
        self._run(15)
        self._assert_state("closed", 2)

    def test_open_and_cancelled_tickets_are_left_alone(self):
        open_ticket = self._create_ticket()
        cancelled = self._create_ticket()
        cancelled.action_cancel()
        self._run(30)
        self._assert_state("new", 0, open_ticket)
        self._assert_state("cancelled", 0, cancelled)

    # ------------------------------------------------------------
    # The warning
    # ------------------------------------------------------------

    def test_the_mail(self):
        mate = self.env["res.partner"].create(
            {"name": "Bea", "email": "bea@bellini.example", "parent_id": self.client.id}
        )
        self.ticket.message_subscribe((mate | self.colleague.partner_id).ids)
        self._run(3)
        warning = self._warnings()
        self.assertFalse(warning.is_internal or warning.subtype_id.internal)
        self.assertEqual(warning.notified_partner_ids, self.contact | mate)
        self.assertEqual(
            warning.subject, f"[{self.ticket.number}] {self.ticket.name}: closing soon"
        )
        self.assertIn("2 days", warning.body)
        mails = self.env["mail.mail"].search([("mail_message_id", "=", warning.id)])
        self.assertEqual(mails.recipient_ids, self.contact | mate)
        self.assertEqual(set(mails.mapped("state")), {"outgoing"}, "queued, not sent")
        for mail in mails:
            self.assertIn("'Auto-Submitted': 'auto-generated'", mail.headers)

    def test_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("it_IT")
        template = self.env.ref("psa_helpdesk.mail_template_closing")
        template.with_context(lang="it_IT").subject = "[{{ object.number }}] si chiude"
        self.contact.lang = "it_IT"
        other = self._create_resolved(partner_id=self.other_contact.id)
        self._run(3)
        self.assertEqual(self._warnings().subject, f"[{self.ticket.number}] si chiude")
        self.assertIn("closing soon", self._warnings(other).subject)

    def test_a_customer_without_a_contact(self):
        ticket = self._create_resolved(
            partner_id=False, email_from="Gio <gio@new.example>"
        )
        self._run(3)
        warning = self._warnings(ticket)
        mail = self.env["mail.mail"].search([("mail_message_id", "=", warning.id)])
        self.assertEqual(mail.email_to, "gio@new.example")

    def test_nobody_to_tell(self):
        ticket = self._create_resolved(partner_id=False)
        self._run(3)
        self._assert_state("resolved", 1, ticket)
        self._run(5)
        self._assert_state("closed", 1, ticket)

    def test_the_warning_is_no_answer(self):
        """A machine wrote: it neither answers the customer nor waits for him."""
        self._run(3)
        self.assertRecordValues(
            self.ticket,
            [{"first_answer_at": False, "last_answer_at": False, "state": "resolved"}],
        )

    # ------------------------------------------------------------
    # Faults
    # ------------------------------------------------------------

    def test_one_that_fails_holds_up_nobody(self):
        second, third = self._create_resolved(), self._create_resolved()
        base = self.registry["psa.ticket"]._post_closing_warning

        def post(ticket, *args):
            if ticket == second:
                raise ValueError("The template is broken")
            return base(ticket, *args)

        with (
            patch.object(self.registry["psa.ticket"], "_post_closing_warning", post),
            mute_logger(LOGGER),
        ):
            self._run(3)
        self._assert_state("resolved", 1)
        self._assert_state("resolved", 1, third)
        self._assert_state("resolved", 0, second)
        self.assertEqual(second.close_error, "The template is broken")
        self._run(4)
        self._assert_state("resolved", 1, second)
        self.assertFalse(second.close_error)
        self._run(5)
        self._assert_state("closed", 1)
        self._assert_state("resolved", 1, second)

    def test_one_that_does_not_close(self):
        """Its team has no stage for it any more."""
        team = self.team.copy({"name": "Other"})
        stuck = self._create_resolved(team_id=team.id)
        self._run(3)
        closed = self._get_stage("closed")
        (closed | self._get_stage("resolved")).team_ids = self.team
        with mute_logger(LOGGER):
            self._run(5)
        self._assert_state("closed", 1)
        self.assertEqual(stuck.state, "resolved")
        self.assertIn("has no stage", stuck.close_error)
        closed.team_ids = [Command.link(team.id)]
        self._run(6)
        self._assert_state("closed", 1, stuck)
        self.assertFalse(stuck.close_error)

    def test_a_team_without_a_stage_for_closed_tickets(self):
        self._get_stage("closed").team_ids = self.team.copy({"name": "Other"})
        self._run(3)
        self._run(9)
        self._assert_state("resolved", 0)
        self.assertFalse(self.ticket.close_error)

    def test_changed_while_its_failure_is_reported(self):
        second = self._create_resolved()
        tickets = self.registry["psa.ticket"]
        base = tickets.try_lock_for_update

        def post(ticket, *args):
            if ticket == self.ticket:
                raise ValueError("The template is broken")

        def lock(ticket, **kwargs):
            if ticket == self.ticket and next(calls):
                raise SerializationFailure
            return base(ticket, **kwargs)

        calls = iter([False, True])
        with (
            patch.object(tickets, "_post_closing_warning", post),
            patch.object(tickets, "try_lock_for_update", lock),
            mute_logger(LOGGER),
        ):
            self._run(3)
        self.assertFalse(self.ticket.close_warned_at or self.ticket.close_error)
        self.assertTrue(second.close_warned_at)

    def test_stopped_in_the_middle(self):
        tickets = self.ticket | self._create_resolved() | self._create_resolved()
        self._run_until_stopped(3, chunks=2)
        self.assertEqual([len(self._warnings(each)) for each in tickets], [1, 1, 0])
        self._run(3)
        self.assertEqual([len(self._warnings(each)) for each in tickets], [1, 1, 1])
        self._run_until_stopped(5, chunks=1)
        self.assertEqual(tickets.mapped("state"), ["closed", "resolved", "resolved"])
        self._run(5)
        self.assertEqual(tickets.mapped("state"), ["closed"] * 3)

    def test_killed_before_the_commit(self):
        """What was not committed is not half done: no mail is left either."""

        def killed(cron, processed=0, **kwargs):
            if processed:
                raise KeyboardInterrupt
            return 1.0

        with (
            freeze_time(at(9) + timedelta(days=3)),
            patch.object(IrCron, "_commit_progress", killed),
            self.assertRaises(KeyboardInterrupt),
            self.cr.savepoint(),
        ):
            self.env["psa.ticket"]._cron_close()
        self.env.invalidate_all()
        self._assert_state("resolved", 0)
        self._run(3)
        self._assert_state("resolved", 1)

    def test_queries_do_not_grow_with_the_tickets(self):
        self.team.close_warning_days = 0

        def count(number):
            with freeze_time(at(9)):
                tickets = self.env["psa.ticket"].create(
                    [
                        self._prepare_ticket(no_time_reason="A test")
                        for _ticket in range(number)
                    ]
                )
                tickets._move_to("resolved")
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            with freeze_time(at(9) + timedelta(days=5)):
                tickets._close_safely("_close_resolved")
            self.assertEqual(set(tickets.mapped("state")), {"closed"})
            return self.cr.sql_log_count - before

        count(2)
        self.assertEqual(count(10), count(20))

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta
from email.message import EmailMessage
from email.utils import make_msgid

from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestTours(HttpCase):
    """What the roles do in the browser, from a client's mail to the resolved ticket."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.technician = cls._create_user("tour-technician", "technician")
        cls.manager = cls._create_user("tour-manager", "manager")
        cls.client = cls.env["res.partner"].create(
            {"name": "Tour Client", "is_company": True}
        )
        cls.contact = cls.env["res.partner"].create(
            {
                "name": "Tour Contact",
                "parent_id": cls.client.id,
                "email": "contact@tour-client.example",
            }
        )
        cls.domain = cls.env["mail.alias.domain"].search(
            [("company_ids", "in", cls.env.company.ids)], limit=1
        ) or cls.env["mail.alias.domain"].create({"name": "tour.example"})
        cls.team = cls.env["psa.ticket.team"].create(
            {
                "name": "Tour Desk",
                "alias_name": "tour-desk",
                "alias_domain_id": cls.domain.id,
                "member_ids": [(6, 0, cls.technician.ids)],
            }
        )
        # The tour looks at its own ticket only.
        cls.env["psa.ticket"].search([]).active = False

    @classmethod
    def _create_user(cls, login, role):
        user = new_test_user(
            cls.env,
            login,
            groups=f"psa_core.group_psa_{role}",
            email=f"{login}@tour.example",
        )
        cls.env["hr.employee"].create({"name": user.name, "user_id": user.id})
        return user

    def _receive_mail(self):
        """Let a mail of the contact come in; return its ticket."""
        mail = EmailMessage()
        mail["From"] = self.contact.email_formatted
        mail["To"] = self.team.alias_email
        mail["Subject"] = "Tour: no sound in the meeting room"
        mail["Message-ID"] = make_msgid(domain="tour-client.example")
        mail.set_content("Since this morning there is no sound.")
        ticket_id = self.env["mail.thread"].message_process(None, mail.as_bytes())
        return self.env["psa.ticket"].browse(ticket_id)

    def test_mail_ticket_timer_answer_resolve(self):
        ticket = self._receive_mail()
        self.assertEqual(ticket.partner_id, self.contact)
        self.start_tour(
            "/odoo/dispatch", "psa_helpdesk_ticket_tour", login=self.technician.login
        )
        self.assertRecordValues(
            ticket,
            [
                {
                    "state": "resolved",
                    "user_id": self.technician.id,
                    "client_id": self.client.id,
                    "no_time_reason": False,
                }
            ],
        )
        self.assertIn("wrong socket", ticket.resolution)
        self.assertTrue(ticket.first_answer_at)
        entry = ticket.timesheet_ids
        self.assertEqual(len(entry), 1)
        self.assertEqual(entry.psa_source, "timer")
        self.assertEqual(entry.psa_client_id, self.client)
        answer = ticket.message_ids.filtered(
            lambda message: "other socket" in message.body
        )
        self.assertEqual(answer.author_id, self.technician.partner_id)

    def test_dispatcher_assigns_on_the_board(self):
        ticket = self._receive_mail()
        self.start_tour(
            "/odoo/dispatch", "psa_helpdesk_board_tour", login=self.manager.login
        )
        self.assertEqual(ticket.user_id, self.technician)
        self.assertEqual(ticket.dispatch_state, "in_progress")

    def test_at_risk_missed_waived(self):
        self.client.psa_sla_policy_id = self.env["psa.sla.policy"].create(
            {
                "name": "Four hours, day and night",
                "target_ids": [
                    (
                        0,
                        0,
                        {"kind": "resolution", "amount": 4, "around_the_clock": True},
                    )
                ],
            }
        )
        now = fields.Datetime.now()
        ticket = self.env["psa.ticket"].create(
            {
                "name": "Tour: the till is slow",
                "team_id": self.team.id,
                "partner_id": self.contact.id,
                "user_id": self.technician.id,
                "channel": "phone",
            }
        )
        row = ticket.sla_ids
        # Time goes by: the same as if the customer had called earlier.
        ticket.opened_at = now - timedelta(hours=3, minutes=10)
        row._check(now)
        activity = ticket.activity_ids.filtered("automated")
        self.assertEqual(activity.user_id, self.technician)
        self.start_tour(
            "/odoo/my-tickets", "psa_helpdesk_at_risk_tour", login=self.technician.login
        )
        ticket.opened_at = now - timedelta(hours=4, minutes=20)
        self.assertTrue(row.breached_at)
        self.start_tour(
            "/odoo/sla", "psa_helpdesk_missed_tour", login=self.manager.login
        )
        self.assertRecordValues(
            row,
            [
                {
                    "result": "waived",
                    "waive_reason": "The client had a power cut",
                    "waived_by_id": self.manager.id,
                }
            ],
        )
        self.assertFalse(ticket.is_sla_breached)

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date

from freezegun import freeze_time

from odoo.tests import Form
from odoo.tools import format_amount, html2plaintext

from odoo.addons.psa_core.tests.common import MONDAY, at

from .common import PsaHelpdeskContractsCommon


@freeze_time(at(10))
class TestTicketScreens(PsaHelpdeskContractsCommon):
    """What a technician reads on a ticket before working."""

    def _read_banner(self, ticket):
        ticket = ticket.with_user(self.technician)
        ticket.invalidate_recordset(["psa_coverage_banner"])
        return html2plaintext(ticket.psa_coverage_banner or "").strip()

    def test_banner(self):
        self._create_active(
            ("included", {"name": "Help", "ticket_type_ids": self.incident.ids}),
            date_end=date(2026, 12, 31),
        )
        self.env["psa.rate"].with_user(self.billing).create({"price": 85.0})
        ticket = self._create_ticket(type_id=self.incident.id)
        banners = [self._read_banner(ticket)]
        self._create_entry(
            task_id=False, project_id=False, psa_ticket_id=ticket.id, unit_amount=8.5
        )
        banners.append(self._read_banner(ticket))
        ticket.type_id = self.request
        banners.append(self._read_banner(ticket))
        other = self._create_ticket(partner_id=self.other_contact.id)
        banners.append(self._read_banner(other))
        unknown = self._create_ticket(partner_id=False, email_from="who@no.example")
        banners.append(self._read_banner(unknown))
        ticket._move_to("closed")
        banners.append(self._read_banner(ticket))
        rate = format_amount(self.env, 85.0, self.company.currency_id)
        then = f" → then billable at {rate} per hour"
        self.assertEqual(
            banners,
            [
                "10:00 h left in Care · Help until 03/31/2026" + then,
                "01:30 h left in Care · Help until 03/31/2026" + then,
                f"Billable at {rate} per hour",
                f"Billable at {rate} per hour",
                "",
                "",
            ],
        )

    def test_banner_without_team_or_work_type(self):
        self._create_active(("included", {"name": "Help"}))
        ticket = self._create_ticket()
        project = self.team._get_project()
        project.psa_work_type_id = False
        self.assertIn("10:00 h left", self._read_banner(ticket))
        project.psa_work_type_id = self.work_type_internal
        self.assertEqual(self._read_banner(ticket), "This work is not billable.")
        project.allow_billable = False
        self.assertEqual(self._read_banner(ticket), "")
        form = Form(self.env["psa.ticket"].with_user(self.technician))
        form.partner_id = self.contact
        form.team_id = self.env["psa.ticket.team"]
        self.assertFalse(form.psa_coverage_banner)

    def test_queries_of_the_banner(self):
        """Rules are read; who asks, kinds of work and currencies are in the cache."""
        self.env["psa.rate"].with_user(self.billing).create({"price": 85.0})
        counts = []
        other = self._create_ticket(partner_id=self.other_contact.id)
        ticket = self._create_ticket(type_id=self.incident.id)
        for number in (1, 3):
            for _index in range(number):
                self._create_active(
                    ("included", {"ticket_type_ids": self.incident.ids}),
                    ("prepaid", {"covered_partner_ids": self.client.ids}),
                    ("time", {}),
                )
            self.env.flush_all()
            self.env.invalidate_all()
            self.assertTrue(other.with_user(self.technician).psa_coverage_banner)
            shown = ticket.with_user(self.technician)
            shown.mapped("task_id")
            before = self.cr.sql_log_count
            self.assertIn("left in Care", shown.psa_coverage_banner)
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
        self.assertLessEqual(counts[1], 5)

    def test_client_at_a_glance(self):
        self._create_active(name="Care")
        ends = self._create_active(name="Block", date_end=date(2026, 3, 31))
        halted = self._create_active(name="Halted")
        halted._suspend(MONDAY, "Not paid")
        self._create_line(self._create_contract(name="Draft"))
        ticket = self._create_ticket().with_user(self.technician)
        rows = [
            (row["label"], row["value"], row["warn"], bool(row["action"]))
            for row in ticket.client_context
        ]
        self.assertEqual(
            rows,
            [
                ("Contracts in force", 2, False, True),
                (f"Suspended: {halted.display_name}", "Not paid", True, True),
                (f"Ends next: {ends.display_name}", "2026-03-31", True, True),
            ],
        )
        other = self._create_ticket(partner_id=self.other_contact.id)
        self.assertFalse(other.client_context)

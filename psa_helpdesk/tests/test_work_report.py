# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form
from odoo.tools import mute_logger

from .common_work_report import PsaWorkReportCommon


class TestWorkReport(PsaWorkReportCommon):
    """A report gathers the work and what it took."""

    # ------------------------------------------------------------
    # Making reports
    # ------------------------------------------------------------

    def test_button_on_the_ticket(self):
        self.ticket.sudo().resolution = "<p>The rollers are clean.</p>"
        action = self.ticket.with_user(self.technician).action_work_report()
        report = self.env["psa.work.report"].browse(action["res_id"])
        self.assertRecordValues(
            report,
            [
                {
                    "ticket_id": self.ticket.id,
                    "task_id": False,
                    "company_id": self.company.id,
                    "client_id": self.client.id,
                    "partner_id": self.contact.id,
                    "user_id": self.technician.id,
                    "hours": 2.5,
                    "state": "draft",
                    "description": "<p>The rollers are clean.</p>",
                }
            ],
        )
        self.assertRegex(report.number, r"^W\d{5}$")
        self.assertEqual(
            report._get_entries(), self.entry | self.drive | self.colleagues
        )
        # The technician sees his own; the report is the same on the second press.
        self.assertEqual(
            report.with_user(self.technician).entry_ids, self.entry | self.drive
        )
        again = self.ticket.with_user(self.technician).action_work_report()
        self.assertEqual(again["res_id"], report.id)

    def test_button_on_the_task(self):
        entry = self._create_entry()
        on_ticket = self._create_work(task_id=self.task.id)
        report = self._create_report(self.task)
        self.assertEqual(report._get_entries(), entry)
        self.assertEqual(report.client_id, self.client)
        self.assertEqual(report.partner_id, self.contact)
        self.assertFalse(on_ticket.psa_work_report_id)

    def test_form(self):
        self._create_report()
        later = self._create_work(name="Came back")
        report = self.ticket.with_user(self.technician).work_report_ids
        self.assertEqual(report.unreported_count, 1)
        report.action_add_entries()
        self.assertEqual(later.psa_work_report_id, report)
        self.assertEqual((report.unreported_count, report.hours), (0, 3.5))
        with Form(report) as form:
            form.distance = 42
            with form.material_ids.new() as material:
                material.product_id = self.product
                material.quantity = 2
        self.assertRecordValues(
            report.material_ids,
            [
                {
                    "name": "Roller kit",
                    "quantity": 2.0,
                    "uom_id": self.product.uom_id.id,
                    "company_id": self.company.id,
                }
            ],
        )
        later.action_psa_leave_work_report()
        self.assertFalse(later.psa_work_report_id)
        self.assertEqual((report.unreported_count, report.hours), (1, 2.5))

    def test_invoiced_work_is_not_taken(self):
        invoice = self.env["account.move"].create(
            {"move_type": "out_invoice", "partner_id": self.client.id}
        )
        self.entry.sudo().timesheet_invoice_id = invoice
        self.assertEqual(
            self._create_report()._get_entries(), self.drive | self.colleagues
        )

    def test_work_of_another_ticket_is_refused(self):
        report = self._create_report()
        other = self._create_work(ticket=self._create_ticket())
        with self.assertRaises(UserError):
            other.psa_work_report_id = report
        with self.assertRaises(UserError):
            self._create_entry(psa_work_report_id=report.id)
        with self.assertRaises(AccessError):
            self._create_work(self.colleague, psa_work_report_id=report.id)

    def test_work_that_moves_away_leaves_the_report(self):
        report = self._create_report()
        self.entry.psa_ticket_id = self._create_ticket()
        self.assertFalse(self.entry.psa_work_report_id)
        self.assertEqual(report.hours, 1.5)

    def test_one_ticket_or_one_task(self):
        reports = self.env["psa.work.report"].with_user(self.technician)
        for values in (
            {},
            {"ticket_id": self.ticket.id, "task_id": self.task.id},
        ):
            with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
                reports.create(values)
        report = self._create_report()
        with self.assertRaises(UserError):
            report.ticket_id = self._create_ticket()

    def test_numbers_of_two_companies(self):
        sister = self.env["res.company"].create({"name": "Sister"})
        team = self.env["psa.ticket.team"].search([("company_id", "=", sister.id)])
        theirs = self.env["psa.ticket"].create({"name": "Theirs", "team_id": team.id})
        reports = (theirs.browse(self.ticket.id) | theirs).create_work_reports()
        self.assertEqual(reports.company_id, self.company | sister)
        self.assertEqual(reports[1].number, "W00001")

    def test_queries_do_not_grow(self):
        def count(number):
            tickets = self.env["psa.ticket"].create([self._prepare_ticket()] * number)
            for ticket in tickets:
                self._create_work(ticket=ticket)
            tickets = tickets.with_user(self.technician)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            tickets.create_work_reports()
            self.env.flush_all()
            return self.cr.sql_log_count - before

        count(2)
        five, ten = count(5), count(10)
        self.assertLessEqual(ten - five, 0, f"{five} queries for 5, {ten} for 10")

    # ------------------------------------------------------------
    # Changing and deleting
    # ------------------------------------------------------------

    def test_material_that_moves_changes_both_reports(self):
        first = self._create_report()
        second = self._create_report(self._create_ticket())
        first.material_ids = [Command.create({"name": "Roller"})]
        seen = first.version, second.version
        first.material_ids.report_id = second
        self.assertGreater(first.version, seen[0])
        self.assertGreater(second.version, seen[1])
        self._sign(second)
        with self.assertRaises(UserError):
            second.material_ids.report_id = first
        material = first.material_ids.create({"report_id": first.id, "name": "Cloth"})
        with self.assertRaises(UserError):
            material.with_user(self.manager).report_id = second

    def test_manager_deletes_a_draft_with_work(self):
        report = self._create_report()
        report.with_user(self.manager).unlink()
        self.env.invalidate_all()
        self.assertTrue(self.entry.exists())
        self.assertFalse(self.entry.psa_work_report_id)
        self.assertEqual(self._create_report().hours, 2.5)

    def test_material_needs_a_quantity(self):
        report = self._create_report()
        for quantity in (0, -1):
            with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
                report.material_ids.create(
                    {"report_id": report.id, "name": "x", "quantity": quantity}
                )

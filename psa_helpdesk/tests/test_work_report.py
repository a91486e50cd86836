# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form
from odoo.tools import mute_logger

from .common_work_report import PsaWorkReportCommon


class TestWorkReport(PsaWorkReportCommon):
    """A report gathers the work, and is locked once it is signed."""

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
    # Locked
    # ------------------------------------------------------------

    def test_signed_report_is_locked_for_all(self):
        report = self._create_report()
        report.material_ids = [Command.create({"product_id": self.product.id})]
        self._sign(report)
        material = report.material_ids
        for user in (self.technician, self.manager, self.admin):
            mine = report.with_user(user)
            for values in (
                {"date": "2026-01-01"},
                {"description": "<p>Much more</p>"},
                {"distance": 99},
                {"partner_id": self.other_contact.id},
                {"user_id": self.colleague.id},
                {"entry_ids": [Command.unlink(self.entry.id)]},
                {"material_ids": [Command.create({"name": "Gold"})]},
            ):
                with (
                    self.subTest(user=user.login, values=values),
                    self.assertRaises(UserError),
                ):
                    mine.write(values)
            with self.assertRaises(UserError):
                material.with_user(user).quantity = 9
            with self.assertRaises(UserError):
                material.with_user(user).unlink()
            with self.assertRaises(UserError):
                material.with_user(user).create({"name": "x", "report_id": report.id})
            with self.assertRaises(UserError):
                mine.unlink()

    def test_signed_work_is_locked_for_all(self):
        report = self._create_report()
        self._sign(report)
        other = self._create_ticket()
        for user in (self.technician, self.manager, self.billing, self.admin):
            entry = self.entry.with_user(user)
            for values in (
                {"unit_amount": 9.0},
                {"date": "2026-01-01"},
                {"name": "More"},
                {"psa_ticket_id": other.id},
                {"psa_work_type_id": self.work_type_travel.id},
                {"psa_work_report_id": False},
            ):
                with (
                    self.subTest(user=user.login, values=values),
                    self.assertRaisesRegex(UserError, "has signed"),
                ):
                    entry.write(values)
            with self.assertRaises(UserError):
                entry.unlink()
        self.assertTrue(self.entry.with_user(self.technician).readonly_timesheet)
        with self.assertRaises(UserError):
            self.entry.with_user(self.technician).psa_billable = False
        # Whether it is billed was not signed.
        self.entry.with_user(self.billing).psa_billable = False
        self.assertEqual(self.entry.psa_billable_hours, 0.0)
        with self.assertRaisesRegex(UserError, "has signed"):
            self.entry.with_user(self.manager)._psa_return("Wrong")
        self.entry.with_user(self.manager).action_psa_approve()
        self.assertEqual(self.entry.psa_review_state, "approved")

    def test_signed_while_the_technician_edits(self):
        report = self._create_report()
        form = Form(report)
        form.distance = 12
        self._sign(report)
        with self.assertRaisesRegex(UserError, "was signed by Anna Bellini"):
            form.save()
        self.assertEqual(report.distance, 0)

    def test_signed_work_stays_with_its_client(self):
        report = self._create_report()
        self._sign(report)
        self.ticket.partner_id = self.other_contact
        self.assertEqual(report.client_id, self.client)
        self.assertEqual(self.entry.psa_client_id, self.client)
        draft = self._create_report(self._create_ticket())
        draft.ticket_id.partner_id = self.other_contact
        self.assertEqual(draft.client_id, self.other_client)

    def test_values_of_the_suite_are_not_set_by_hand(self):
        report = self._create_report()
        for user in (self.technician, self.manager, self.admin):
            for values in (
                {"state": "signed"},
                {"signature": self.signature},
                {"signed_by": "Anna"},
                {"number": "W1"},
                {"version": 1},
                {"client_id": self.other_client.id},
                {"hours": 1.0},
                {"checked_by_id": user.id},
            ):
                with self.subTest(user=user.login, values=values):
                    with self.assertRaises(AccessError):
                        report.with_user(user).write(values)
                    with self.assertRaises(AccessError):
                        report.with_user(user).create(
                            {"ticket_id": self.ticket.id, **values}
                        )
                    [(name, value)] = values.items()
                    with self.assertRaises(AccessError):
                        report.with_user(user).with_context(
                            **{f"default_{name}": value}
                        ).create({"ticket_id": self.ticket.id})

    def test_merging_takes_signed_reports_along(self):
        report = self._create_report()
        self._sign(report)
        target = self._create_ticket()
        self.ticket.with_user(self.manager)._merge(target.with_user(self.manager))
        self.assertEqual(report.ticket_id, target)
        self.assertEqual(self.entry.psa_ticket_id, target)
        self.assertEqual(self.entry.psa_work_report_id, report)

    def test_a_default_of_the_context_adds_nothing_to_a_signed_report(self):
        report = self._create_report()
        self._sign(report)
        hours = report.hours
        for user in (self.technician, self.manager, self.admin):
            with self.subTest(user=user.login), self.assertRaises(UserError):
                self.env["account.analytic.line"].with_user(user).with_context(
                    default_psa_work_report_id=report.id
                ).create({"name": "Late", "psa_ticket_id": self.ticket.id})
            with self.subTest(user=user.login), self.assertRaises(UserError):
                self.env["psa.work.report.material"].with_user(user).with_context(
                    default_report_id=report.id
                ).create({"name": "Gold"})
        self.env.invalidate_all()
        self.assertEqual((report.hours, len(report.material_ids)), (hours, 0))

    def test_work_by_a_default_of_the_context(self):
        report = self._create_report()
        seen = report.version
        self.env["account.analytic.line"].with_user(self.technician).with_context(
            default_psa_work_report_id=report.id
        ).create({"name": "More", "unit_amount": 1, "psa_ticket_id": self.ticket.id})
        self.assertEqual((report.hours, report.version > seen), (3.5, True))

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

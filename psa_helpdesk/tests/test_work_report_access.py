# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Date
from odoo.tests import new_test_user, tagged

from .common_work_report import PsaWorkReportCommon


@tagged("post_install", "-at_install")
class TestWorkReportAccess(PsaWorkReportCommon):
    """Who may do what with reports."""

    def test_matrix(self):
        read, write, create, unlink = "read", "write", "create", "unlink"
        everything = {read, write, create, unlink}
        portal = new_test_user(self.env, "psa-portal", groups="base.group_portal")
        plain = new_test_user(self.env, "psa-plain", groups="base.group_user")
        table = {
            "psa.work.report": [
                (portal, set()),
                (plain, set()),
                (self.technician, {read, write, create}),
                (self.manager, everything),
                (self.billing, {read}),
                (self.admin, everything),
            ],
            "psa.work.report.material": [
                (portal, set()),
                (plain, set()),
                (self.technician, everything),
                (self.manager, everything),
                (self.billing, {read}),
            ],
            "psa.work.report.sign": [
                (portal, set()),
                (plain, set()),
                (self.technician, {read, write, create}),
                (self.billing, set()),
            ],
        }
        table["psa.work.report.cancel"] = table["psa.work.report.sign"]
        for model, users in table.items():
            for user, allowed in users:
                records = self.env[model].with_user(user)
                found = {name for name in everything if records.has_access(name)}
                with self.subTest(model=model, user=user.login):
                    self.assertEqual(found, allowed)

    def test_technicians_change_own_reports_only(self):
        report = self._create_report()
        report.material_ids = [Command.create({"name": "Roller"})]
        theirs = report.with_user(self.colleague)
        self.assertEqual(theirs.number, report.number)
        for change in (
            lambda: theirs.write({"distance": 1}),
            lambda: theirs.material_ids.write({"quantity": 2}),
            lambda: theirs.action_request_signature(),
            lambda: theirs.action_add_entries(),
            lambda: theirs.create(
                {"ticket_id": self.ticket.id, "user_id": self.technician.id}
            ),
            lambda: (
                self.env["psa.work.report.sign"]
                .with_user(self.colleague)
                .create(
                    {
                        "report_id": report.id,
                        "signed_by": "Me",
                        "signature": self.signature,
                    }
                )
                .action_sign()
            ),
        ):
            with self.assertRaises(AccessError):
                change()
        self.assertEqual(report.state, "draft")
        # A manager may, and billing may read.
        report.with_user(self.manager).distance = 5
        self.assertEqual(report.with_user(self.billing).hours, 2.5)
        with self.assertRaises(AccessError):
            report.with_user(self.billing).distance = 6

    def test_files_of_a_signed_report_are_locked(self):
        report = self._create_report()
        self._sign(report)
        pdf = report.sudo()._get_signed_pdf()
        signature = self.env["ir.attachment"].search(
            [
                ("res_model", "=", "psa.work.report"),
                ("res_id", "=", report.id),
                ("res_field", "=", "signature"),
            ]
        )
        files = signature | pdf
        self.assertEqual(len(files), 2)

        def assert_locked():
            for user in (self.technician, self.manager, self.admin):
                for file in files.with_user(user):
                    for change in (
                        lambda file=file: file.write({"raw": b"Something else"}),
                        lambda file=file: file.write({"res_id": 0}),
                        lambda file=file: file.unlink(),
                    ):
                        with self.assertRaises(AccessError):
                            change()

        assert_locked()
        report.with_user(self.manager)._cancel("Wrong hours")
        assert_locked()
        # People may still talk about it.
        report.with_user(self.technician).message_post(body="Thanks")

    def test_other_companies_are_not_seen(self):
        sister = self.env["res.company"].create({"name": "Sister"})
        team = self.env["psa.ticket.team"].search([("company_id", "=", sister.id)])
        ticket = self.env["psa.ticket"].create({"name": "Theirs", "team_id": team.id})
        report = ticket.create_work_reports()
        report.material_ids = [Command.create({"name": "Secret"})]
        for user in (self.technician, self.manager, self.billing, self.admin):
            for record in (report, report.material_ids):
                with self.subTest(user=user.login, model=record._name):
                    records = record.with_user(user)
                    self.assertFalse(records.search([("id", "=", record.id)]))
                    with self.assertRaises(AccessError):
                        records.read(["display_name"])
        entry = self.entry.with_user(self.technician)
        with self.assertRaises(UserError):
            entry.psa_work_report_id = report.id


@tagged("post_install", "-at_install")
class TestWorkReportCheck(PsaWorkReportCommon):
    """The month-end check lists what is odd, and what is not invoiced yet."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reports = cls.env["psa.work.report"]
        cls.today = Date.context_today(cls.reports)

    def _get_codes(self, report, user=None):
        report.invalidate_recordset()
        report = report.with_user(user or self.manager)
        return [problem["code"] for problem in report.problems or []]

    def _assert_problem(self, report, *codes):
        """What the report says of itself is what the lists find it by."""
        for user in (self.technician, self.manager, self.billing):
            self.assertEqual(self._get_codes(report, user), list(codes), user.login)
            reports = self.reports.with_user(user)
            for code in self.reports._get_problem_texts():
                found = reports.search([("problem", "=", code)])
                self.assertEqual(report in found, code in codes, (user.login, code))
            odd = reports.search([("problem", "!=", False)])
            right = reports.search([("problem", "=", False)])
            self.assertEqual(report in odd, bool(codes))
            self.assertEqual(report in right, not codes)

    def test_nothing_odd(self):
        report = self._create_report()
        self._assert_problem(report)
        self.assertFalse(report.problem)

    def test_unsigned_for_too_long(self):
        report = self._create_report()
        report.date = self.today - timedelta(days=3)
        self._assert_problem(report)
        report.date = self.today - timedelta(days=4)
        self._assert_problem(report, "unsigned")
        self.company.psa_work_report_days = 10
        self._assert_problem(report)
        report.date = self.today - timedelta(days=11)
        self._sign(report)
        self._assert_problem(report)

    def test_no_client(self):
        ticket = self._create_ticket(partner_id=False)
        report = self._create_report(ticket)
        self._assert_problem(report, "no_client")
        ticket.partner_id = self.contact
        self._assert_problem(report)

    def test_duplicate(self):
        first = self._create_report()
        second = self.reports.with_user(self.technician).create(
            {"ticket_id": self.ticket.id}
        )
        self._assert_problem(first, "duplicate")
        self._assert_problem(second, "duplicate")
        second._cancel("Twice")
        self._assert_problem(first)
        self._assert_problem(second)
        third = self._create_report(user=self.colleague)
        self._assert_problem(third)
        self.assertFalse(first.copy({"date": self.today - timedelta(days=1)}).problem)

    def test_duplicate_on_a_task(self):
        self._create_entry()
        first = self._create_report(self.task)
        self._create_report(self._create_task())
        self._assert_problem(first)
        second = self._create_report(self.task)
        self._assert_problem(first, "duplicate")
        self._assert_problem(second, "duplicate")

    def test_overlapping(self):
        times = {
            "psa_date_start": "2026-03-02 09:00:00",
            "psa_date_end": "2026-03-02 10:00:00",
        }
        self.entry.write(times)
        report = self._create_report()
        self._assert_problem(report)
        self._create_entry(**times)
        self._assert_problem(report, "overlapping")

    def test_over_plan(self):
        self.task.allocated_hours = 2.0
        self._create_entry(unit_amount=1.5)
        report = self._create_report(self.task)
        self._assert_problem(report)
        self._create_work(task_id=self.task.id)
        self._assert_problem(report, "over_plan")
        self.ticket.sudo().task_id = self.task
        self._assert_problem(self._create_report(), "over_plan")

    def test_what_looks_odd_may_be_right(self):
        ticket = self._create_ticket(partner_id=False)
        report = self._create_report(ticket)
        with self.assertRaises(AccessError):
            report.with_user(self.technician).action_check()
        report.description = "<p>x</p>"
        self._sign(report)
        report.with_user(self.billing).action_check()
        self._assert_problem(report)
        self.assertEqual(report.checked_by_id, self.billing)

    def test_checked_is_what_was_odd_then(self):
        ticket = self._create_ticket(partner_id=False)
        report = self._create_report(ticket)
        report.with_user(self.billing).action_check()
        self._assert_problem(report)
        # Something else is odd.
        report.sudo().date = self.today - timedelta(days=30)
        self._assert_problem(report, "no_client", "unsigned")
        report.with_user(self.manager).action_check()
        self._assert_problem(report)
        second = self.reports.with_user(self.technician).create(
            {"ticket_id": ticket.id, "date": report.date}
        )
        self._assert_problem(report, "duplicate")
        report.with_user(self.manager).action_check()
        self._assert_problem(report)
        # What was looked at has changed.
        second._cancel("Twice")
        self._create_work(ticket=ticket, psa_work_report_id=report.id)
        self._assert_problem(report, "no_client", "unsigned")
        self.assertFalse(report.checked_by_id)

    def test_unbilled(self):
        report = self._create_report()
        found = [("is_unbilled", "=", True), ("id", "=", report.id)]
        for user in (self.technician, self.billing):
            reports = self.reports.with_user(user)
            self.assertTrue(report.with_user(user).is_unbilled)
            self.assertTrue(reports.search(found))
        invoice = self.env["account.move"].create(
            {"move_type": "out_invoice", "partner_id": self.client.id}
        )
        report._get_entries().timesheet_invoice_id = invoice
        report.invalidate_recordset()
        self.assertFalse(report.is_unbilled)
        self.assertFalse(self.reports.search(found))
        invoice.button_cancel()
        report.invalidate_recordset()
        self.assertTrue(report.is_unbilled)
        self.assertTrue(self.reports.search(found))
        invoice.button_draft()
        for entry in report._get_entries():
            entry.timesheet_invoice_id = False
            entry.psa_billable = False
        report.invalidate_recordset()
        self.assertFalse(report.is_unbilled)
        self.assertFalse(self.reports.search(found))

    def test_the_list_costs_the_same_at_any_length(self):
        fields = ["number", "problem", "problems", "is_unbilled", "unreported_count"]

        def count(number):
            tickets = self.env["psa.ticket"].create([self._prepare_ticket()] * number)
            tickets.create_work_reports().write(
                {"date": self.today - timedelta(days=30)}
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            reports = self.reports.with_user(self.manager)
            reports.search([("problem", "!=", False)], limit=80).read(fields)
            return self.cr.sql_log_count - before

        count(2)
        five, fifteen = count(5), count(10)
        self.assertLessEqual(fifteen, five, f"{five} queries at 5, {fifteen} at 15")

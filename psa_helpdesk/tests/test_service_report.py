# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date, datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_cron import IrCron

from .common_mail import PsaMailCommon

MARCH = date(2026, 3, 1)
APRIL_2 = datetime(2026, 4, 2, 9)
LOGGER = "odoo.addons.psa_helpdesk.models.psa_service_report_sending"


class TestServiceReport(PsaMailCommon):
    """A client's month: its figures are a snapshot, and it is sent once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.tz = "Europe/Rome"
        cls.env["res.partner"].search(
            [("psa_gets_service_report", "=", True)]
        ).psa_gets_service_report = False
        cls.env["res.company"].search([]).psa_service_report_month = date(2026, 2, 1)
        cls.contact.psa_gets_service_report = True
        cls.team.portal_show_time = True
        cls.category = cls.env["psa.ticket.category"].create({"name": "Printers"})
        cls.reports = cls.env["psa.service.report"]
        cls.entry_date = date(2026, 3, 10)
        # Half past eleven in the night of February's end: it is March in Rome.
        cls.first = cls._add(datetime(2026, 2, 28, 23, 30), solved_days=2)
        cls.going_on = cls._add(datetime(2026, 3, 20, 9))
        cls.old = cls._add(datetime(2026, 1, 10, 9), solved_days=80)
        cls.before = cls._add(datetime(2026, 1, 11, 9), solved_days=1)
        cls.cancelled = cls._add(datetime(2026, 3, 21, 9))
        cls.cancelled._move_to("cancelled")
        cls.cancelled.sudo().closed_at = datetime(2026, 3, 22, 9)
        cls.after = cls._add(datetime(2026, 3, 31, 22, 30))
        cls._create_entry(
            psa_ticket_id=cls.first.id,
            date=cls.entry_date,
            unit_amount=1.5,
            partner_id=cls.client.id,
        )
        cls._create_entry(
            psa_ticket_id=cls.going_on.id, date=date(2026, 4, 1), unit_amount=9
        )
        rating = cls.env["rating.rating"].create(
            {
                "res_model_id": cls.env["ir.model"]._get_id("psa.ticket"),
                "res_id": cls.first.id,
                "consumed": True,
            }
        )
        with freeze_time(datetime(2026, 3, 15)):
            rating.rating = 5
        cls.env.flush_all()

    @classmethod
    def _add(cls, opened, solved_days=None, **kwargs):
        ticket = cls._create_ticket(
            user_id=cls.technician.id,
            no_time_reason="-",
            category_id=cls.category.id,
            channel="mail",
            **kwargs,
        )
        values = {"opened_at": opened}
        if solved_days:
            ticket._move_to("resolved")
            values["resolved_at"] = opened + timedelta(days=solved_days)
        ticket.sudo().write(values)
        return ticket

    def _create(self, user=None, **kwargs):
        return self.reports.with_user(user or self.manager).create(
            {"client_id": self.client.id, "month": MARCH, **kwargs}
        )

    def _run(self, now=APRIL_2):
        with freeze_time(now), self.enter_registry_test_mode():
            self.env.ref("psa_helpdesk.ir_cron_service_report").method_direct_trigger()
        self.env.invalidate_all()

    def _get_all(self):
        return self.reports.search([("client_id", "=", self.client.id)], order="month")

    # ------------------------------------------------------------
    # Figures
    # ------------------------------------------------------------

    def test_figures(self):
        self.first.sudo().write({"first_answer_at": datetime(2026, 3, 2, 8)})
        self.env["psa.ticket.sla"].sudo().search(
            [("ticket_id.client_id", "=", self.client.id)]
        ).unlink()
        self.env["psa.ticket.sla"].sudo().create(
            [
                {
                    "ticket_id": self.first.id,
                    "kind": kind,
                    "cycle": cycle,
                    "state": "reached",
                    "target_seconds": 60,
                    "started_at": datetime(2026, 3, 2),
                    "reached_at": reached,
                    "breached_at": breached,
                }
                for kind, cycle, reached, breached in [
                    ("resolution", 1, datetime(2026, 3, 5), False),
                    ("resolution", 2, datetime(2026, 3, 9), datetime(2026, 3, 8)),
                    # Missed in February, and told then.
                    ("resolution", 3, datetime(2026, 3, 9), datetime(2026, 2, 8)),
                    ("first_response", 1, datetime(2026, 4, 5), False),
                ]
            ]
        )
        self.env.flush_all()
        figures = self._create().figures
        self.assertEqual(
            figures.pop("first_answer_hours"), self.first.first_answer_hours
        )
        self.assertAlmostEqual(
            figures.pop("resolution_hours"),
            sum((self.first | self.old).mapped("resolution_hours")) / 2,
        )
        self.assertEqual(
            [(row["number"], row["hours"]) for row in figures.pop("tickets")],
            [
                (self.old.number, 0),
                (self.first.number, 1.5),
                (self.going_on.number, 0),
                (self.cancelled.number, 0),
            ],
        )
        self.assertEqual(
            figures,
            {
                "opened": 3,
                "resolved": 2,
                "open": 1,
                "targets": [{"name": "Resolution", "met": 1, "count": 2}],
                "satisfaction": {"positive": 1, "count": 1},
                "categories": [{"name": "Printers", "count": 3}],
                "hours": [{"name": "Project work", "hours": 1.5}],
                "shows_time": True,
            },
        )

    def test_no_time_unless_the_team_shows_it(self):
        self.team.portal_show_time = False
        figures = self._create().figures
        self.assertEqual((figures["hours"], figures["shows_time"]), ([], False))
        self.assertFalse(any(row["hours"] for row in figures["tickets"]))

    def test_page(self):
        self.first.name = "<script>alert(1)</script>"
        report = self._create()
        page = (
            self.env["ir.actions.report"]
            ._render_qweb_html("psa_helpdesk.action_report_service_report", report.ids)[
                0
            ]
            .decode()
        )
        self.assertIn("&lt;script&gt;alert(1)", page)
        self.assertNotIn("<script>alert(1)", page)
        for text in ("March 2026", self.client.name, "01:30", "Printers"):
            self.assertIn(text, page)

    # ------------------------------------------------------------
    # By hand
    # ------------------------------------------------------------

    def test_by_hand(self):
        report = self._create(month=date(2026, 3, 17))
        self.assertEqual(report.month, MARCH)
        self.assertEqual(report.contact_ids, self.contact)
        report.action_send()
        mail = (
            self.env["mail.mail"]
            .sudo()
            .search([("model", "=", report._name), ("res_id", "=", report.id)])
        )
        self.assertEqual(mail.recipient_ids, self.contact)
        self.assertEqual(mail.state, "outgoing", "The host's queue sends it")
        self.assertIn(self.address, mail.reply_to)
        self.assertEqual(
            mail.attachment_ids.name,
            f"Service Report {self.client.name} 2026-03.pdf",
        )
        self.assertEqual(report.state, "sent")
        # Sent is sent: neither again nor changed.
        figures = report.figures
        self._add(datetime(2026, 3, 6))
        report.action_send()
        report.action_refresh()
        self.assertEqual(report.figures, figures)
        self.assertEqual(
            self.env["mail.mail"]
            .sudo()
            .search_count([("model", "=", report._name), ("res_id", "=", report.id)]),
            1,
        )
        with self.assertRaises(UserError):
            report.unlink()

    def test_refresh(self):
        report = self._create()
        self._add(datetime(2026, 3, 6))
        report.action_refresh()
        self.assertEqual(report.opened_count, 4)

    def test_what_is_refused(self):
        self.contact.email = False
        report = self._create()
        with self.assertRaisesRegex(UserError, "Choose who gets it"):
            report.action_send()
        with self.assertRaises(UserError):
            report.month = date(2026, 2, 1)
        with self.assertRaises(AccessError):
            report.state = "sent"
        with self.assertRaises(AccessError):
            self._create(month=date(2026, 1, 1), figures={})
        with freeze_time(APRIL_2), self.assertRaisesRegex(UserError, "not begun"):
            self._create(month=date(2026, 5, 1))
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self._create()

    def test_who_may(self):
        report = self._create()
        self.assertEqual(report.with_user(self.billing).opened_count, 3)
        with self.assertRaises(AccessError):
            report.with_user(self.billing).action_send()
        with self.assertRaises(AccessError):
            report.with_user(self.technician).read(["figures"])
        other = self.env["res.company"].create({"name": "Another"})
        report.sudo()._write({"company_id": other.id})
        report.invalidate_recordset()
        self.assertNotIn(report, self.reports.with_user(self.manager).search([]))

    # ------------------------------------------------------------
    # By itself
    # ------------------------------------------------------------

    def test_month_by_month(self):
        self._run(datetime(2026, 4, 1, 20))
        self.assertFalse(self._get_all(), "Time is recorded late")
        self._run()
        report = self._get_all()
        self.assertEqual((report.month, report.state), (MARCH, "sent"))
        self._run()
        self._run(APRIL_2 + timedelta(days=20))
        self.assertEqual(self._get_all(), report)
        self.assertEqual(self.company.psa_service_report_month, MARCH)

    def test_missed_months(self):
        self._run(datetime(2026, 5, 20))
        reports = self._get_all()
        self.assertEqual(reports.mapped("month"), [MARCH, date(2026, 4, 1)])
        self.assertEqual(set(reports.mapped("state")), {"sent"})

    def test_who_gets_one(self):
        """Not who nobody asked for, nor whose month was empty."""
        self.other_contact.psa_gets_service_report = True
        self._run()
        self.assertEqual(
            self.reports.search([("month", "=", MARCH)]).client_id, self.client
        )
        self.assertEqual(
            self.company.psa_service_report_month, MARCH, "The month is done"
        )

    def test_draft_of_the_running_month(self):
        with freeze_time(datetime(2026, 3, 18)):
            draft = self._create()
        self.assertEqual(draft.figures_at, datetime(2026, 3, 18))
        self._run()
        self.assertEqual(self._get_all(), draft)
        self.assertEqual((draft.state, draft.figures_at), ("sent", APRIL_2))

    @mute_logger(LOGGER)
    def test_one_that_fails_stops_nobody(self):
        other = self._add(datetime(2026, 3, 4), partner_id=self.other_contact.id)
        self.other_contact.psa_gets_service_report = True
        send = type(self.reports)._send

        def fail(report):
            if report.client_id == self.client:
                raise ValueError("No printer")
            return send(report)

        with patch.object(type(self.reports), "_send", fail):
            self._run()
        failed = self._get_all()
        self.assertEqual((failed.state, failed.error), ("failed", "No printer"))
        sent = self.reports.search([("client_id", "=", other.client_id.id)])
        self.assertEqual(sent.state, "sent")
        # The next day it is tried again, the other one is not.
        self._run(APRIL_2 + timedelta(days=1))
        self.assertEqual((failed.state, failed.error), ("sent", False))
        self.assertEqual(sent.sent_at, APRIL_2)

    @mute_logger(LOGGER)
    def test_figures_that_fail(self):
        with patch.object(
            type(self.reports), "_prepare_figures", side_effect=ValueError("Oh")
        ):
            self._run()
        report = self._get_all()
        self.assertEqual((report.state, report.figures), ("failed", False))
        self._run(APRIL_2 + timedelta(days=1))
        self.assertEqual((report.state, report.opened_count), ("sent", 3))

    def test_killed_in_the_middle(self):
        self._add(datetime(2026, 3, 4), partner_id=self.other_contact.id)
        self.other_contact.psa_gets_service_report = True
        left = iter([1.0, 0.0])
        with (
            freeze_time(APRIL_2),
            patch.object(IrCron, "_commit_progress", lambda *args, **kw: next(left)),
        ):
            self.reports._cron_send()
        month = [("month", "=", MARCH)]
        [first] = self.reports.search(month)
        self._run(APRIL_2 + timedelta(hours=1))
        self.assertEqual(
            sorted(self.reports.search(month).mapped("sent_at")),
            [APRIL_2, APRIL_2 + timedelta(hours=1)],
        )
        self.assertEqual(first.sent_at, APRIL_2)

    def test_client_opens_its_reports(self):
        report = self._create()
        action = self.client.with_user(self.manager).action_psa_open_service_reports()
        self.assertEqual(self.reports.search(action["domain"]), report)
        self.assertEqual(action["context"], {"default_client_id": self.client.id})

    def test_ticket_rated_twice_counts_with_its_last_answer(self):
        rating = self.env["rating.rating"].create(
            {
                "res_model_id": self.env["ir.model"]._get_id("psa.ticket"),
                "res_id": self.first.id,
                "consumed": True,
            }
        )
        with freeze_time(datetime(2026, 3, 16)):
            rating.rating = 1
        self.env.flush_all()
        self.assertEqual(
            self._create().figures["satisfaction"], {"positive": 0, "count": 1}
        )
        rows = self.env["psa.ticket.report"]._read_group(
            [("ticket_id", "=", self.first.id)], [], ["csat_rate:avg"]
        )
        self.assertEqual(rows, [(0,)])

    def test_contact_of_another_company_gets_nothing(self):
        sister = self.env["res.company"].create({"name": "Sister"})
        other = self.contact.copy(
            {
                "name": "Piero",
                "email": "piero@bellini.example",
                "company_id": sister.id,
                "psa_gets_service_report": True,
            }
        )
        report = self._create()
        self.assertEqual(report.contact_ids, self.contact)
        self.contact.psa_gets_service_report = False
        report.invalidate_recordset()
        self.assertFalse(report.contact_ids)
        self.assertTrue(other.psa_gets_service_report)
        self.assertNotIn(
            self.client, self.reports._get_due_clients(self.company, MARCH)
        )

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from hashlib import sha256

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form

from .common_work_report import PsaWorkReportCommon


class TestWorkReportLocks(PsaWorkReportCommon):
    """What is signed stays as it is; until then it follows the customer."""

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
    # Whose it is
    # ------------------------------------------------------------

    def test_unsigned_report_follows_the_customer(self):
        for record in (self.ticket, self.task):
            report = self._create_report(record)
            report.description = "<p>Looked at it.</p>"
            report.action_request_signature()
            seen = report.version
            token = report.access_token
            record.with_user(self.manager).partner_id = self.other_contact
            self.assertRecordValues(
                report,
                [
                    {
                        "client_id": self.other_client.id,
                        "partner_id": self.other_contact.id,
                        "state": "draft",
                    }
                ],
            )
            self.assertGreater(report.version, seen)
            self.assertNotEqual(report.access_token, token)
            report.sudo().state = "to_sign"
            portal = report.sudo()
            self.assertFalse(portal.search(portal._get_portal_domain(self.contact)))
            self.assertEqual(
                portal._get_portal_access(report.id, token)[0], portal.browse()
            )
            self.assertFalse(portal._can_be_signed_by(self.contact, token))
            self.assertTrue(portal._can_be_signed_by(self.other_contact))

    def test_contact_who_left_the_client_does_not_sign(self):
        report = self._create_report()
        report.action_request_signature()
        self.contact.parent_id = self.other_client
        self.assertEqual(report.client_id, self.client)
        portal = report.sudo()
        token = report.access_token
        self.assertFalse(portal._can_be_signed_by(self.contact, token))
        self.assertEqual(
            portal._get_portal_access(report.id, token)[0], portal.browse()
        )

    def test_contact_is_one_of_the_client(self):
        bruno = self.env["res.partner"].create(
            {"name": "Bruno", "parent_id": self.client.id}
        )
        report = self._create_report()
        report.action_request_signature()
        token = report.access_token
        with self.assertRaisesRegex(UserError, "no contact of the client"):
            report.partner_id = self.other_contact
        self.assertEqual(report.access_token, token)
        report.partner_id = bruno
        self.assertEqual(report.state, "draft")
        self.assertNotEqual(report.access_token, token)

    def test_signed_report_stays_as_it_was_signed(self):
        bruno = self.env["res.partner"].create(
            {
                "name": "Bruno Bellini",
                "parent_id": self.client.id,
                "email": "bruno@bellini.example",
            }
        )
        report = self._create_report()
        self._sign(report)
        signed = report._get_summary()
        self.assertIn("The printer does not print", signed)
        self.assertEqual(report.signed_digest, sha256(signed.encode()).hexdigest())
        address = report._get_customer_address()
        target = self._create_ticket(partner_id=bruno.id, name="Another subject")
        self.ticket.with_user(self.manager)._merge(target.with_user(self.manager))
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(report.ticket_id, target)
        self.assertEqual(report.partner_id, self.contact)
        self.assertEqual(report._get_customer_address(), address)
        self.assertEqual(report._get_summary(), signed)
        report.with_user(self.manager)._cancel("Wrong hours")
        self.assertEqual(report._get_summary(), signed)
        self.assertEqual(report.hours, 2.5)
        content, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "psa_helpdesk.action_report_work_report", report.ids
        )
        for text in (b"Cleaned the rollers", report.signed_digest.encode()):
            self.assertIn(text, content)
        self.assertNotIn(b"Another subject", content)

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_portal import PsaPortalCommon
from .common_work_report import draw_signature


@tagged("post_install", "-at_install")
class TestPortalWorkReport(PsaPortalCommon):
    """Customers read and sign their reports, nobody else does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.signature = draw_signature()
        cls.report = cls.ticket.with_user(cls.technician).create_work_reports()
        cls.report.material_ids = [Command.create({"name": "Roller kit"})]
        cls.report._message_log(body="SECRET-NOTE")
        cls.report.sudo().state = "to_sign"
        cls.ticket.sudo().message_subscribe(cls.bruno.partner_id.ids)
        cls.env.flush_all()

    def setUp(self):
        super().setUp()
        self.report_url = self.report.access_url
        self.token = {"access_token": self.report.access_token}

    def _sign(self, query="", name="Anna Bellini", signature=None, version=None):
        version = self.report.version if version is None else version
        return self._call(
            f"{self.report_url}/sign?version={version}{query}",
            name=name,
            signature=signature or self.signature,
        )

    def _get_status(self, path="", **params):
        with mute_logger("odoo.http"):
            response = self.url_open(
                self.report_url + path, params=params, allow_redirects=False
            )
        return response.status_code

    def test_page(self):
        for user, access in ((self.anna, {}), (self.carla, {}), (None, self.token)):
            with self.subTest(user=user and user.login):
                self._login(user)
                response = self.url_open(self.report_url, params=access)
                self.assertEqual(response.status_code, 200)
                for text in (
                    self.report.number,
                    "Cleaned the rollers",
                    "Roller kit",
                    "portal.signature_form",
                ):
                    self.assertIn(text, response.text)
                self.assertNotIn("SECRET", response.text)
                pdf = self.url_open(f"{self.report_url}/pdf", params=access)
                self.assertEqual(pdf.status_code, 200)
                self.assertEqual(pdf.headers["Content-Type"], "application/pdf")

    def test_strangers_find_nothing(self):
        self.other_ticket.sudo().message_subscribe(self.contact.ids)
        for user, access in (
            (self.luca, {}),
            (self.luca, {"access_token": "wrong"}),
            (None, {"access_token": "wrong"}),
            (None, {"access_token": self.ticket.access_token}),
            (None, {}),
        ):
            with self.subTest(user=user and user.login, access=access):
                self._login(user)
                # Who is nobody may log in.
                self.assertEqual(self._get_status(**access), 404 if user else 303)
                self.assertEqual(self._get_status("/pdf", **access), 404)
                token = access.get("access_token", "")
                result = self._sign(f"&access_token={token}")
                self.assertEqual(result, {"error": "This work report cannot be found."})
        for report_id in (0, 2**31, 10**12):
            with mute_logger("odoo.http"):
                response = self.url_open(
                    f"/my/work-reports/{report_id}", allow_redirects=False
                )
            self.assertIn(response.status_code, (303, 404))
        self.assertEqual(self.report.state, "to_sign")

    def test_drafts_are_not_shown(self):
        self.report.sudo().state = "draft"
        for user, access in ((self.anna, {}), (None, self.token)):
            self._login(user)
            self.assertIn(self._get_status(**access), (303, 404))
            self.assertIn(
                "error", self._sign(f"&access_token={self.token['access_token']}")
            )

    def test_list(self):
        for user, is_shown in (
            (self.anna, True),
            (self.bruno, True),
            (self.carla, True),
            (self.luca, False),
        ):
            with self.subTest(user=user.login):
                self._login(user)
                page = self.url_open("/my/work-reports").text
                self.assertEqual(self.report.number in page, is_shown)
                ticket = self.url_open(self.url)
                self.assertEqual(
                    f"Work Report {self.report.number}, to be signed" in ticket.text,
                    is_shown,
                )
                self.assertNotIn(self.report.access_token, ticket.text)

    def test_sign_with_a_login(self):
        self._login(self.anna)
        result = self._sign()
        self.assertEqual(
            result,
            {
                "force_refresh": True,
                "redirect_url": f"{self.report_url}?message=signed",
            },
        )
        self.env.invalidate_all()
        self.assertRecordValues(
            self.report, [{"state": "signed", "signed_by": "Anna Bellini"}]
        )
        tracked = self.report.sudo().message_ids[0]
        self.assertEqual(tracked.author_id, self.contact)
        page = self.url_open(result["redirect_url"]).text
        self.assertIn("Thank you.", page)
        self.assertNotIn("portal.signature_form", page)
        # Signed twice: nothing happens.
        self.assertEqual(self._sign(name="Somebody"), result)
        self.env.invalidate_all()
        self.assertEqual(self.report.signed_by, "Anna Bellini")

    def test_sign_by_the_link(self):
        self._login(None)
        query = f"&access_token={self.report.access_token}"
        result = self._sign(query)
        self.assertIn("access_token", result["redirect_url"])
        self.env.invalidate_all()
        self.assertEqual(self.report.state, "signed")
        # The signed file is a document of the ticket.
        self.report.sudo()._get_signed_pdf()
        self._login(self.anna)
        page = self.url_open(self.url).text
        self.assertIn(f"Work Report {self.report.number}<", page)
        self.assertIn(f"/web/content/{self.report.pdf_id.id}", page)

    def test_who_reads_along_from_elsewhere_does_not_sign(self):
        self.ticket.sudo().message_subscribe(self.luca.partner_id.ids)
        self._login(self.luca)
        page = self.url_open(self.report_url)
        self.assertEqual(page.status_code, 200)
        self.assertNotIn("portal.signature_form", page.text)
        self.assertEqual(
            self._sign(), {"error": "This work report is not for you to sign."}
        )
        # Nor does the technician for the customer.
        self._login(self.technician)
        page = self.url_open(self.report_url)
        self.assertEqual(page.status_code, 200)
        self.assertNotIn("portal.signature_form", page.text)
        self.assertEqual(self._sign(), {"error": "This work report cannot be found."})

    def test_bad_signatures(self):
        self._login(self.anna)
        for kwargs in (
            {"signature": "no base64"},
            {"signature": draw_signature(False)},
            {"name": " "},
            {"name": {"a": 1}},
            {"signature": {"a": 1}},
            {"version": 0},
            {"version": "x"},
            {"version": self.report.version + 1},
        ):
            with self.subTest(kwargs=kwargs):
                self.assertEqual(list(self._sign(**kwargs)), ["error"])
        self.env.invalidate_all()
        self.assertEqual(self.report.state, "to_sign")

    def test_changed_since_the_page_was_opened(self):
        self._login(self.anna)
        seen = self.report.version
        self.entry.unit_amount = 5.0
        self.env.flush_all()
        self.assertIn("changed meanwhile", self._sign(version=seen)["error"])
        self.assertIn("force_refresh", self._sign())

    def test_empty_report(self):
        self.report.material_ids.unlink()
        self.report._get_entries().psa_work_report_id = False
        self._login(self.anna)
        self.assertIn("nothing on", self._sign()["error"])

    def test_the_token_opens_no_more(self):
        self._login(None)
        data = {
            "thread_model": "psa.work.report",
            "thread_id": self.report.id,
            "request_list": ["attachments", "followers", "activities"],
            "access_params": {"token": self.report.access_token},
        }
        with mute_logger("odoo.http"):
            result = self._call("/mail/data", fetch_params=[["mail.thread", data]])
            chatter = self._call(
                "/mail/chatter_fetch",
                thread_model="psa.work.report",
                thread_id=self.report.id,
                token=self.report.access_token,
            )
        for text in (str(result), str(chatter)):
            self.assertNotIn("SECRET", text)
            self.assertNotIn(self.report.number, text)

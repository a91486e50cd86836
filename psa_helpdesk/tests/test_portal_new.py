# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from unittest.mock import patch

from psycopg2.errors import UniqueViolation

from odoo.exceptions import ConcurrencyError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_portal import PsaPortalCommon

NEW = "/my/tickets/new"


@tagged("post_install", "-at_install")
class TestPortalNew(PsaPortalCommon):
    """Opening a ticket on the portal."""

    def setUp(self):
        super().setUp()
        self.last = self.env["psa.ticket"].search([], order="id desc", limit=1)

    def _get_new(self):
        return self.env["psa.ticket"].search([("id", ">", self.last.id)])

    def _open(self, user=None, files=None, **data):
        self._login(user or self.anna)
        data = {"subject": "No paper", "description": "Tray 2\r\nis empty", **data}
        return self._send(NEW, data, files)

    def _assert_refused(self, response, *errors):
        self.assertEqual(response.status_code, 422)
        self.assertEqual(self._get_texts(response, "invalid-feedback"), list(errors))
        self.assertFalse(self._get_new())

    def test_open(self):
        requested = []
        with patch.object(
            self.env.registry["psa.ticket"],
            "_request_acknowledgement",
            lambda tickets: requested.append(tickets.ids),
        ):
            response = self._open(
                impact="3",
                urgency="2",
                files=[
                    ("files", ("a.txt", b"First")),
                    ("files", ("b.html", b"<script>alert(1)</script>")),
                ],
            )
        ticket = self._get_new()
        self.assertEqual(requested, [ticket.ids])
        self.assertIn(f"{ticket.access_url}?message=created", response.url)
        self.assertRecordValues(
            ticket,
            [
                {
                    "name": "No paper",
                    "description": "<p>Tray 2<br>is empty</p>",
                    "team_id": self.team.id,
                    "company_id": self.company.id,
                    "partner_id": self.contact.id,
                    "client_id": self.client.id,
                    "reported_by_id": False,
                    "channel": "portal",
                    "impact": "3",
                    "urgency": "2",
                    "state": "new",
                    "email_normalized": "anna@bellini.example",
                }
            ],
        )
        self.assertIn(self.contact, ticket.message_partner_ids)
        self.assertEqual(
            self._get_texts(response, "o_psa_portal_documents")[0].split()[::2],
            ["b.html", "a.txt"],
        )
        page = next(
            document["url"]
            for document in ticket._get_portal_documents()
            if document["name"] == "b.html"
        )
        headers = self.url_open(page).headers
        self.assertNotIn("html", headers["Content-Type"])

    def test_what_was_typed_is_kept(self):
        response = self._open(
            subject=" ",
            description="A <long> story",
            impact="3",
            addresses="x@gmail.com",
            files=[("files", ("a.txt", b"First"))],
        )
        self._assert_refused(
            response,
            "Please say in a few words what it is about.",
            "Please choose the files again.",
            "x@gmail.com is not an address of your company, and only those can be "
            "added. Ask us to add somebody else.",
        )
        self.assertIn("A &lt;long&gt; story</textarea>", response.text)
        self.assertIn('value="x@gmail.com"', response.text)
        self.assertRegex(response.text, r'id="psa_impact_3"[^>]*checked')

    def test_limits(self):
        self._assert_refused(
            self._open(description=""), "Please describe what you need."
        )
        addresses = ",".join(f"p{number}@bellini.example" for number in range(11))
        self._assert_refused(
            self._open(addresses=addresses), "Please give 10 addresses at most."
        )
        files = [("files", (f"{number}.txt", b"x")) for number in range(11)]
        too_much = "10 files with 25 MB together at most, please."
        self._assert_refused(self._open(files=files), too_much)
        with patch("odoo.addons.psa_helpdesk.controllers.portal_form.MAX_FILES_MB", 0):
            response = self._open(files=files[:1])
        self.assertEqual(response.status_code, 422)
        self._open(subject="x" * 5000, description="y" * 50000)
        self.assertEqual(self._get_new().name, "x" * 200)

    def test_odd_values(self):
        response = self._open(
            subject="a\0b\n c",
            team="x",
            type="-1",
            colleague=str(self.other_contact.id),
            impact="9",
            urgency="",
            key="k" * 1000,
        )
        self.assertEqual(response.status_code, 200)
        self.assertRecordValues(
            self._get_new(),
            [
                {
                    "name": "ab c",
                    "team_id": self.team.id,
                    "type_id": False,
                    "partner_id": self.contact.id,
                    "impact": "1",
                    "urgency": "1",
                    "portal_key": "k" * 36,
                }
            ],
        )

    def test_forged_teams_and_types_are_not_taken(self):
        team = self.company_team[:1]
        hidden = self.env.ref("psa_helpdesk.type_change")
        self._open(team=str(team.id), type=str(hidden.id))
        self.assertRecordValues(
            self._get_new(), [{"team_id": self.team.id, "type_id": False}]
        )

    def test_choices(self):
        self._login(self.anna)
        page = self.url_open(NEW).text
        self.assertNotIn('name="team"', page)
        self.assertNotIn('name="colleague"', page)
        self.assertIn('name="type"', page)
        self.company_team.is_on_portal = True
        self.assertIn('name="team"', self.url_open(NEW).text)
        company = self.env["res.company"].create({"name": "Sister"})
        sister = self.env["psa.ticket.team"].search([("company_id", "=", company.id)])
        choices = self.env["psa.ticket"]._get_portal_choices(self.anna)
        self.assertNotIn(sister, choices["teams"])

    def test_no_team_on_the_portal(self):
        self.team.is_on_portal = False
        self._login(self.anna)
        self.assertNotIn("o_psa_portal_new", self.url_open("/my/tickets").text)
        self.assertIn("Please write us a mail", self.url_open(NEW).text)
        self.assertEqual(self._open().status_code, 422)
        self.assertFalse(self._get_new())

    def test_on_behalf(self):
        key = str(self.bruno.partner_id.id)
        self._open(self.carla, colleague=key)
        ticket = self._get_new()
        self.assertEqual(ticket.partner_id, self.bruno.partner_id)
        self.assertEqual(ticket.reported_by_id, self.carla.partner_id)
        self.assertEqual(
            ticket.message_partner_ids & (self.bruno | self.carla).partner_id,
            (self.bruno | self.carla).partner_id,
        )

    def test_only_responsible_contacts_open_for_others(self):
        self._open(self.anna, colleague=str(self.bruno.partner_id.id))
        self.assertEqual(self._get_new().partner_id, self.contact)

    def test_colleagues_read_along(self):
        self._open(addresses="Bruno <bruno@bellini.example>; store@bellini.example")
        ticket = self._get_new()
        self.assertIn(self.bruno.partner_id, ticket.message_partner_ids)
        self.assertEqual(ticket.email_cc, "store@bellini.example")

    def test_sent_twice(self):
        first = self._open(key="the-same")
        second = self._send(
            NEW, {"subject": "No paper", "description": "x", "key": "the-same"}
        )
        self.assertEqual(first.url, second.url)
        self.assertEqual(len(self._get_new()), 1)
        # The key of somebody else's form is worth nothing.
        self._open(self.luca, key="the-same")
        self.assertEqual(len(self._get_new()), 2)

    def test_sent_twice_at_once(self):
        tickets = self.env["psa.ticket"].with_user(self.anna).sudo()
        values = {**self._prepare_ticket(), "portal_key": "the-same"}
        tickets._create_for_customer(values, self.contact)
        nothing = tickets.browse()
        with (
            patch.object(type(tickets), "search", lambda *args, **kwargs: nothing),
            mute_logger("odoo.sql_db"),
            self.assertRaises(ConcurrencyError) as caught,
        ):
            tickets._create_for_customer(values, self.contact)
        self.assertIsInstance(caught.exception.__cause__, UniqueViolation)

    @mute_logger("odoo.http")
    def test_visitors_and_forged_forms(self):
        self._login(None)
        response = self.url_open(NEW, allow_redirects=False)
        self.assertIn("/web/login", response.headers["Location"])
        self._login(self.anna)
        self.assertEqual(self._send(NEW, {"csrf_token": "x"}).status_code, 400)
        self.assertFalse(self._get_new())

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

from odoo import Command, fields
from odoo.tests import tagged

from .common_portal import SECRETS, PsaPortalCommon


@tagged("post_install", "-at_install")
class TestPortal(PsaPortalCommon):
    """What customers see: home, list and page."""

    def test_home(self):
        self._login(self.anna)
        self.assertIn('href="/my/tickets"', self.url_open("/my").text)
        counters = self._call("/my/counters", counters=["psa_ticket_count"])
        self.assertEqual(counters, {"psa_ticket_count": 1})

    def test_home_of_a_new_customer_offers_tickets(self):
        self.other_ticket.partner_id = self.client
        self._login(self.luca)
        cards = self._get_texts(self.url_open("/my"), "o_portal_index_card")
        self.assertIn("Support Tickets Ask for help and follow your requests", cards)

    def test_page(self):
        self.ticket.sudo().resolution = "<p>New rollers.</p>"
        self._login(self.anna)
        response = self.url_open(self.url)
        self.assertEqual(response.status_code, 200)
        self.assertEqual(
            self._get_texts(response, "o_psa_portal_state"), ["In progress"]
        )
        facts = self._get_texts(response, "o_psa_portal_facts")[0]
        self.assertIn("For Anna Bellini", facts)
        self.assertIn(f"Handled by {self.technician.name}", facts)
        self.assertIn("Time spent 30 minutes", facts)
        self.assertNotIn("Answer expected", facts)
        self.assertEqual(
            self._get_texts(response, "o_psa_portal_resolution"),
            ["What we did New rollers."],
        )
        self.assertIn("PC LOAD LETTER", response.text)
        self.assertEqual(
            self._get_texts(response, "o_psa_portal_entries"),
            ["Cleaned the rollers 03/02/2026 · 30 minutes"],
        )
        documents = self._get_texts(response, "o_psa_portal_documents")
        self.assertRegex(documents[0], r"^manual\.txt \S+$")
        self.assertFalse(SECRETS.search(response.text))

    def test_expected_answer(self):
        now = fields.Datetime.now()
        self.contact.tz = "Asia/Tokyo"
        for hours, is_late in ((5, False), (-5, True)):
            expected = now + timedelta(hours=hours)
            with patch.object(
                type(self.ticket), "_get_answer_time", lambda ticket, at=expected: at
            ):
                response = self.url_open(self._get_personal_url(self.contact))
            [facts] = self._get_texts(response, "o_psa_portal_facts")
            tokyo = expected + timedelta(hours=9)
            self.assertIn(f"Answer expected by {tokyo:%m/%d/%Y %I:%M %p}", facts)
            self.assertEqual("We are late" in facts, is_late)

    def test_request_of_a_mail_is_folded(self):
        self._login(self.anna)
        self.assertRegex(self.url_open(self.url).text, r"<details[^>]*open=")
        self.ticket.sudo().message_post(
            body="It says PC LOAD  LETTER.",
            author_id=self.contact.id,
            message_type="email",
            subtype_xmlid="mail.mt_comment",
        )
        page = self.url_open(self.url).text
        self.assertIn("PC LOAD LETTER", page)
        self.assertNotRegex(page, r"<details[^>]*open=")

    def test_time_is_hidden_unless_the_team_shows_it(self):
        self.team.portal_show_time = False
        self._login(self.anna)
        response = self.url_open(self.url)
        self.assertNotIn("Time spent", response.text)
        self.assertNotIn("Cleaned the rollers", response.text)

    def test_scripts_of_a_description_do_not_run(self):
        self.ticket.description = (
            "<p onclick='alert(1)'>x</p><script>alert(1)</script>"
            "<a href='javascript:alert(1)'>y</a><img src='x' onerror='alert(1)'>"
        )
        self._login(self.anna)
        self.assertNotIn("alert(1)", self.url_open(self.url).text)

    # ------------------------------------------------------------
    # Documents
    # ------------------------------------------------------------

    def test_documents_are_those_of_the_customer(self):
        files = self.env["ir.attachment"].with_user(self.anna).sudo()
        own, inline = files.create(
            [
                {
                    "name": name,
                    "raw": b"Mine",
                    "res_model": "psa.ticket",
                    "res_id": self.ticket.id,
                }
                for name in ("photo.txt", "logo.png")
            ]
        )
        self.ticket.description = f"<p><img src='/web/image/{inline.id}'></p>"
        # A file of hers that a technician talks about internally stays inside.
        moved = own.copy({"name": "discussed.txt"})
        self.note.attachment_ids = [Command.link(moved.id)]
        self.assertEqual(
            self.ticket.sudo()._get_portal_attachments(),
            own | self.answer.attachment_ids,
        )
        self._login(self.anna)
        for document in self.ticket.sudo()._get_portal_documents():
            response = self.url_open(document["url"])
            self.assertIn(response.content, (b"Mine", b"A manual"))

    def test_more_documents_can_be_added(self):
        document = {
            "name": "Report.pdf",
            "url": "/report",
            "date": fields.Datetime.now(),
            "size": None,
        }
        model = self.env.registry["psa.ticket"]
        own = model._get_portal_documents
        self.patch(
            model, "_get_portal_documents", lambda ticket: [document, *own(ticket)]
        )
        self._login(self.anna)
        texts = self._get_texts(self.url_open(self.url), "o_psa_portal_documents")
        self.assertRegex(texts[0], r"^Report\.pdf \S+ manual\.txt \S+$")

    # ------------------------------------------------------------
    # List
    # ------------------------------------------------------------

    def _get_subjects(self, query=""):
        response = self.url_open(f"/my/tickets{query}")
        self.assertEqual(response.status_code, 200)
        return self._get_texts(response, "stretched-link")

    def test_list(self):
        done = self._create_ticket(name="Done", no_time_reason="-")
        done._move_to("resolved")
        waiting = self._create_ticket(name="Waiting")
        waiting._move_to("waiting_client")
        self._login(self.anna)
        printer = self.ticket.name
        self.assertEqual(self._get_subjects(), ["Waiting", printer])
        self.assertEqual(self._get_subjects("?filterby=waiting"), ["Waiting"])
        self.assertEqual(self._get_subjects("?filterby=done"), ["Done"])
        self.assertEqual(
            self._get_subjects("?filterby=all&sortby=subject"),
            ["Done", printer, "Waiting"],
        )
        self.assertEqual(
            self._get_subjects("?filterby=all&groupby=state&sortby=oldest"),
            [printer, "Waiting", "Done"],
        )
        self.assertEqual(
            self._get_subjects("?filterby=all&sortby=answer"),
            [printer, "Waiting", "Done"],
        )
        for query in (
            f"?search={self.ticket.number}",
            "?search=PRINTER&search_in=subject",
            f"?search={self.ticket.number}&search_in=number",
        ):
            self.assertEqual(self._get_subjects(query), [printer], query)
        self.assertEqual(self._get_subjects("?search=nothing"), [])
        self.assertEqual(
            self._get_subjects("?search=Anna&search_in=contact"), ["Waiting", printer]
        )

    def test_list_of_a_responsible_contact_names_the_contacts(self):
        self._login(self.carla)
        response = self.url_open("/my/tickets?groupby=contact")
        self.assertEqual(
            self._get_texts(response, "stretched-link"), [self.ticket.name]
        )
        self.assertEqual(
            self._get_texts(response, "o_psa_portal_contact"), ["For Anna Bellini"]
        )

    def test_list_takes_what_stands_in_the_address(self):
        self._login(self.anna)
        for query in (
            "?page=x",
            "/page/999999999999999999999",
            "?sortby=id;drop&filterby=x&groupby=y&search_in=z",
            "?search=%00%25_'\"\\",
            f"?search={'x' * 5000}",
        ):
            response = self.url_open(f"/my/tickets{query}")
            self.assertEqual(response.status_code, 200, query)

    def test_pages_of_the_list(self):
        vals_list = [self._prepare_ticket(name=f"No {number}") for number in range(31)]
        self.env["psa.ticket"].create(vals_list)
        self._login(self.anna)
        self.assertEqual(len(self._get_subjects()), 30)
        self.assertEqual(len(self._get_subjects("/page/2")), 2)

    def test_queries_do_not_grow_with_the_list(self):
        def count_queries():
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self.url_open("/my/tickets?groupby=contact")
            return self.env.cr.sql_log_count - start

        def create(count):
            contacts = self.anna.partner_id | self.bruno.partner_id
            users = self.technician | self.colleague
            self.env["psa.ticket"].create(
                [
                    self._prepare_ticket(user_id=user.id, partner_id=contact.id)
                    for user, contact in zip(users, contacts, strict=True)
                    for _number in range(count)
                ]
            )

        self._login(self.carla)
        create(5)
        self.url_open("/my/tickets?groupby=contact")
        few = count_queries()
        create(5)
        self.assertEqual(count_queries(), few)

    # ------------------------------------------------------------
    # Who sees what
    # ------------------------------------------------------------

    def _get_status(self, user, url=None):
        self._login(user)
        return self.url_open(url or self.url, allow_redirects=False).status_code

    def test_who_sees_a_ticket(self):
        self.assertEqual(self._get_status(self.anna), 200)
        self.assertEqual(self._get_status(self.bruno), 404)
        self.assertEqual(self._get_status(self.carla), 200)
        self.assertEqual(self._get_status(self.luca), 404)
        self.ticket.message_subscribe(self.bruno.partner_id.ids)
        self.assertEqual(self._get_status(self.bruno), 200)
        self.ticket.message_unsubscribe(self.bruno.partner_id.ids)
        self.ticket.reported_by_id = self.bruno.partner_id
        self.assertEqual(self._get_status(self.bruno), 200)

    def test_nobody_learns_which_tickets_there_are(self):
        last = self.env["psa.ticket"].search([], order="id desc", limit=1)
        for ticket_id in (last.id, last.id + 1000, 0, 2**31, 10**30):
            url = f"/my/tickets/{ticket_id}"
            self.assertEqual(self._get_status(self.bruno, url), 404, url)
        self.assertEqual(self._get_status(None), 303)

    def test_visitors_are_asked_to_log_in(self):
        self._login(None)
        response = self.url_open(self.url, allow_redirects=False)
        target = urlsplit(response.headers["Location"])
        self.assertEqual(target.path, "/web/login")
        self.assertEqual(parse_qs(target.query)["redirect"], [self.url])

    def test_responsible_in_the_companies_of_the_login(self):
        company = self.env["res.company"].create({"name": "Sister"})
        team = self.env["psa.ticket.team"].search([("company_id", "=", company.id)])
        ticket = self.env["psa.ticket"].create(
            self._prepare_ticket(team_id=team.id, name="At the sister's")
        )
        domain = self.env["psa.ticket"]._get_portal_domain

        def sees(user):
            return ticket.filtered_domain(domain(user.partner_id)) == ticket

        self.assertFalse(sees(self.carla))
        self.carla.company_ids |= company
        self.assertTrue(sees(self.carla))
        self.assertTrue(sees(self.anna), "Her own tickets are hers everywhere.")

    def test_nobody_is_not_everybody_without_a_contact(self):
        self._create_ticket(partner_id=False)
        nobody = self.env["res.partner"]
        tickets = self.env["psa.ticket"]
        self.assertFalse(tickets.search(tickets._get_portal_domain(nobody)))

    def test_links_of_mails(self):
        token = {"access_token": self.ticket.access_token}
        links = {
            f"{self.url}?access_token={token['access_token']}": 200,
            self._get_personal_url(self.contact): 200,
            self._get_personal_url(self.carla.partner_id): 200,
            # Signed, but no customer of the ticket (any more).
            self._get_personal_url(self.bruno.partner_id): 303,
            self._get_personal_url(self.other_contact): 303,
            f"{self.url}?access_token=": 303,
            f"{self.url}?access_token=%C3%A9&pid=x&hash=%C3%A9": 303,
            f"{self.url}?pid={self.contact.id}&hash=%C3%A9": 303,
            f"{self.url}?pid={'9' * 5000}&hash=a": 303,
            f"{self.url}?pid=-1&hash=a": 303,
            f"{self.url}?access_token={self.other_ticket.access_token}": 303,
        }
        for link, status in links.items():
            with self.subTest(link=link[:100]):
                self.assertEqual(self._get_status(None, link), status)

    def test_every_ticket_has_its_own_token(self):
        tickets = self.env["psa.ticket"].create(
            [self._prepare_ticket() for _number in range(3)]
        )
        self.assertEqual(len(set(tickets.mapped("access_token"))), 3)
        self.assertTrue(all(tickets.mapped("access_token")))
        self.assertNotEqual(tickets[0].copy().access_token, tickets[0].access_token)

    def test_token_is_not_in_the_page_of_a_customer(self):
        self._login(self.carla)
        self.assertNotIn(self.ticket.access_token, self.url_open(self.url).text)

    def test_merged_tickets_lead_to_the_survivor(self):
        survivor = self._create_ticket(name="The survivor")
        middle = self._create_ticket(name="In between")
        (self.ticket | middle).write({"active": False})
        self.ticket.sudo().merged_into_id = middle
        middle.sudo().merged_into_id = survivor
        self._login(self.anna)
        response = self.url_open(self.url)
        self.assertIn("The survivor", response.text)
        self.assertEqual(
            self._get_texts(response, "o_psa_portal_notice"),
            ["Your ticket was merged into this one."],
        )
        self._login(None)
        link = f"{self.url}?access_token={self.ticket.access_token}"
        self.assertIn("The survivor", self.url_open(link).text)
        self.assertNotIn(self.ticket.name, self._get_subjects("?filterby=all"))

    def test_archived_tickets_are_gone(self):
        self.ticket.active = False
        self.assertEqual(self._get_status(self.anna), 404)

    def test_technicians_look_but_do_not_act(self):
        self._login(self.technician)
        response = self.url_open(self.url)
        self.assertEqual(response.status_code, 200)
        self.assertFalse(SECRETS.search(response.text))
        self.assertFalse(self._get_texts(response, "o_psa_portal_actions"))
        self.assertEqual(self._send(f"{self.url}/close").status_code, 404)
        self.assertTrue(self.ticket.is_open)

    def test_looking_changes_nothing(self):
        self._login(self.anna)
        before = self._read_stored()
        self.url_open(self.url)
        self.url_open(f"{self.url}?message=closed")
        self.url_open("/my/tickets")
        self.url_open("/my/tickets/new")
        self.assertEqual(self._read_stored(), before)
        for path in ("close", "reopen", "rate", "watchers/add", "watchers/remove"):
            response = self.url_open(f"{self.url}/{path}?text=x&rate=5")
            self.assertEqual(response.status_code, 405, path)

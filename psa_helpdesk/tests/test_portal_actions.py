# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_portal import PsaPortalCommon


@tagged("post_install", "-at_install")
class TestPortalActions(PsaPortalCommon):
    """What customers do: close, reopen, rate, and let colleagues read along."""

    def _act(self, path, notice, data=None, url=None):
        """Send a form, expect a notice and return the ticket that is shown."""
        response = self._send(f"{url or self.url}/{path}", data)
        self.assertEqual(
            self._get_texts(response, "o_psa_portal_notice"), [notice], response.url
        )
        self.env.invalidate_all()
        return response

    def _get_last(self, subtype="mail.mt_note"):
        """Return the last message with words; changes of fields have none."""
        return self.ticket.sudo().message_ids.filtered(
            lambda message: message.subtype_id == self.env.ref(subtype) and message.body
        )[:1]

    def _close_for_good(self):
        self.ticket._move_to("closed", no_time_reason="-")
        self.ticket.sudo().closed_at = fields.Datetime.now() - timedelta(days=15)

    # ------------------------------------------------------------
    # Close
    # ------------------------------------------------------------

    def test_close(self):
        self.ticket.sudo().timesheet_ids.unlink()
        self._login(self.anna)
        self._act("close", "Thank you. The ticket is closed.")
        self.assertEqual(self.ticket.state, "closed")
        self.assertEqual(self.ticket.no_time_reason, "Closed by the customer.")
        note = self._get_last()
        self.assertEqual(self.ticket.sudo().message_ids[0].author_id, self.contact)
        self.assertEqual(note.author_id, self.contact)
        self.assertIn("The customer says that it is solved.", note.body)
        self.assertEqual(note.notified_partner_ids, self.technician.partner_id)
        # Sent twice: nothing more happens.
        count = len(self.ticket.message_ids)
        self._act("close", "Thank you. The ticket is closed.")
        self.assertEqual(len(self.ticket.message_ids), count)

    def test_close_with_time_needs_no_reason(self):
        self._login(self.anna)
        self._act("close", "Thank you. The ticket is closed.")
        self.assertFalse(self.ticket.no_time_reason)

    def test_close_what_is_resolved(self):
        self.ticket._move_to("resolved")
        self._login(self.anna)
        self._act("close", "Thank you. The ticket is closed.")
        self.assertEqual(self.ticket.state, "closed")
        self.assertEqual(self.ticket.reopen_count, 0)

    def test_mandatory_steps_come_first(self):
        self.env["psa.ticket.checklist.item"].create(
            {"name": "Backup", "ticket_id": self.ticket.id, "is_mandatory": True}
        )
        self._login(self.anna)
        self._act(
            "close", "Thank you. We close the ticket when our last steps are done."
        )
        self.assertTrue(self.ticket.is_open)
        self.assertTrue(self.ticket.has_unread_reply)
        self.assertIn("mandatory steps", self._get_last().body)

    # ------------------------------------------------------------
    # Reopen
    # ------------------------------------------------------------

    def test_reopen(self):
        self.ticket._move_to("resolved")
        self._login(self.anna)
        self._act("reopen", "We go on with your ticket.", {"text": "No <b>good</b>"})
        self.assertEqual(self.ticket.state, "in_progress")
        self.assertEqual(self.ticket.reopen_count, 1)
        message = self._get_last("mail.mt_comment")
        self.assertEqual(message.author_id, self.contact)
        self.assertIn("No &lt;b&gt;good&lt;/b&gt;", message.body)
        # Sent twice.
        self._act("reopen", "We go on with your ticket.", {"text": "No <b>good</b>"})
        self.assertEqual(self.ticket.reopen_count, 1)
        self.assertEqual(self._get_last("mail.mt_comment"), message)

    def test_reopen_says_why(self):
        self.ticket._move_to("resolved")
        self._login(self.anna)
        response = self._send(f"{self.url}/reopen", {"text": " \0 "})
        self.assertEqual(response.status_code, 422)
        self.assertIn("Please tell us what is not solved.", response.text)
        self.assertEqual(self.ticket.state, "resolved")

    def test_later_a_new_ticket_goes_on(self):
        self._close_for_good()
        self._login(self.anna)
        self.assertIn("Open a new ticket", self.url_open(self.url).text)
        notice = "The earlier ticket is closed for good. We go on with this new one."
        response = self._act("reopen", notice, {"text": "It is back"})
        self.assertEqual(self.ticket.state, "closed")
        new = self.ticket.sudo().related_ids
        self.assertIn(new.access_url, response.url)
        self.assertRecordValues(
            new,
            [
                {
                    "name": self.ticket.name,
                    "description": "<p>It is back</p>",
                    "partner_id": self.contact.id,
                    "client_id": self.client.id,
                    "team_id": self.team.id,
                    "channel": "portal",
                    "state": "new",
                    "related_ids": self.ticket.ids,
                }
            ],
        )
        # Again: it goes on there, and the same words are not said twice.
        self._act("reopen", notice, {"text": "Still"})
        self._act("reopen", notice, {"text": "Still"})
        self.assertEqual(self.ticket.sudo().related_ids, new)
        messages = new.message_ids.filtered(lambda message: "Still" in message.body)
        self.assertEqual(len(messages), 1)

    def test_visitor_goes_on_with_a_new_ticket(self):
        self._close_for_good()
        self._login(None)
        self.url_open(self.url)
        response = self._send(
            f"{self.url}/reopen",
            {"text": "It is back", "access_token": self.ticket.access_token},
        )
        new = self.ticket.sudo().related_ids
        self.assertEqual(new.partner_id, self.contact)
        self.assertIn(f"{new.access_url}?pid={self.contact.id}", response.url)
        self.assertEqual(response.status_code, 200)

    # ------------------------------------------------------------
    # Rate
    # ------------------------------------------------------------

    def test_rate_once_per_closing(self):
        self._login(self.anna)
        self.assertNotIn("psa_rate_5", self.url_open(self.url).text)
        self.ticket._move_to("resolved")
        self.assertIn("psa_rate_5", self.url_open(self.url).text)
        data = {"rate": "1", "feedback": "Slow <script>"}
        self._act("rate", "Thank you for your opinion.", data)
        self._act("rate", "Nothing was changed.", {"rate": "5"})
        self.assertNotIn("psa_rate_5", self.url_open(self.url).text)
        rating = self.ticket.sudo().rating_ids
        self.assertRecordValues(
            rating,
            [
                {
                    "rating": 1,
                    "feedback": "Slow <script>",
                    "partner_id": self.contact.id,
                    "rated_partner_id": self.technician.partner_id.id,
                    "consumed": True,
                }
            ],
        )
        self.assertEqual(self.ticket.rating_last_value, 1)
        self.assertIn("Slow &lt;script&gt;", self._get_last().body)
        self.assertEqual(self.ticket.state, "resolved", "A rating reopens nothing.")
        self.assertFalse(self.ticket.has_unread_reply)
        self.ticket._reopen()
        self.ticket._move_to("resolved")
        self._act("rate", "Thank you for your opinion.", {"rate": "5"})
        self.assertEqual(len(self.ticket.sudo().rating_ids), 2)

    def test_odd_ratings(self):
        self.ticket._move_to("resolved")
        self._login(self.anna)
        for rate in ("", "0", "4", "99", "x", "-1", "5.0"):
            response = self._send(f"{self.url}/rate", {"rate": rate, "feedback": "Mm"})
            self.assertEqual(response.status_code, 422, rate)
            self.assertIn("Please choose one of the three faces.", response.text)
            self.assertIn(">Mm</textarea>", response.text)
        self.assertFalse(self.ticket.sudo().rating_ids)

    # ------------------------------------------------------------
    # Colleagues
    # ------------------------------------------------------------

    def _get_watchers(self):
        return [watcher["name"] for watcher in self.ticket.sudo()._get_watchers()]

    def test_add_and_remove_colleagues(self):
        self._login(self.anna)
        added = "Your colleague will get the messages of this ticket."
        self._act("watchers/add", added, {"email": "BRUNO@bellini.example"})
        self._act("watchers/add", added, {"email": "store@bellini.example"})
        self._act("watchers/add", added, {"email": "store@bellini.example"})
        names = ["Bruno Conti", "store@bellini.example"]
        self.assertEqual(self._get_watchers(), names)
        self.assertEqual(self.ticket.email_cc, "store@bellini.example")
        self.assertFalse(
            self.env["res.partner"].search([("email", "=ilike", "store@%")]),
            "No contact is made unasked.",
        )
        removed = "No more messages of this ticket will be sent there."
        key = str(self.bruno.partner_id.id)
        self._act("watchers/remove", removed, {"watcher": key})
        self._act("watchers/remove", removed, {"watcher": names[1]})
        self.assertEqual(self._get_watchers(), [])

    def test_only_colleagues_can_be_added(self):
        self._login(self.anna)
        for email, error in {
            "luca@marchetti.example": "is not an address of your company",
            "somebody@gmail.com": "is not an address of your company",
            "nonsense": "is not a mail address",
            "": "is not a mail address",
        }.items():
            response = self._send(f"{self.url}/watchers/add", {"email": email})
            self.assertEqual(response.status_code, 422, email)
            self.assertIn(error, response.text)
        self.assertEqual(self._get_watchers(), [])

    def test_public_mail_domains_are_nobodys(self):
        self.contact.email = "anna@gmail.com"
        self.client.email = False
        self._login(self.anna)
        response = self._send(f"{self.url}/watchers/add", {"email": "x@gmail.com"})
        self.assertEqual(response.status_code, 422)

    def test_number_of_colleagues_is_limited(self):
        addresses = [f"p{number}@bellini.example" for number in range(20)]
        self.ticket.email_cc = ", ".join(addresses)
        self._login(self.anna)
        response = self._send(
            f"{self.url}/watchers/add", {"email": "bruno@bellini.example"}
        )
        self.assertIn("20 people read along already", response.text)

    def test_only_colleagues_can_be_removed(self):
        supplier = self.other_contact
        self.ticket.message_subscribe(supplier.ids)
        followers = self.ticket.sudo().message_partner_ids
        self.assertNotIn(supplier.name, self._get_watchers())
        self._login(self.anna)
        for partner in followers:
            self._send(f"{self.url}/watchers/remove", {"watcher": str(partner.id)})
        self.env.invalidate_all()
        self.assertEqual(self.ticket.sudo().message_partner_ids, followers)

    def test_who_stops_reading_along_is_out(self):
        self.ticket.message_subscribe(self.bruno.partner_id.ids)
        link = self._get_personal_url(self.bruno.partner_id)
        self._login(self.bruno)
        key = str(self.bruno.partner_id.id)
        response = self._send(f"{self.url}/watchers/remove", {"watcher": key})
        self.assertTrue(response.url.endswith("/my/tickets"))
        self.assertEqual(self.url_open(self.url).status_code, 404)
        self._login(None)
        response = self.url_open(link, allow_redirects=False)
        self.assertEqual(response.status_code, 303, "His old link is worth nothing.")

    # ------------------------------------------------------------
    # Visitors
    # ------------------------------------------------------------

    def test_visitors_with_a_link_act(self):
        self._login(None)
        query = self._get_personal_url(self.carla.partner_id).partition("?")[2]
        access = dict(part.split("=") for part in query.split("&"))
        self.url_open(f"{self.url}?{query}")
        self._act("close", "Thank you. The ticket is closed.", access)
        self.assertEqual(self._get_last().author_id, self.carla.partner_id)
        token = {"access_token": self.ticket.access_token}
        self._act("rate", "Thank you for your opinion.", {"rate": "5", **token})
        self.assertEqual(self.ticket.sudo().rating_ids.partner_id, self.contact)
        again = {"text": "No", **token}
        self._act("reopen", "We go on with your ticket.", again)
        self.assertEqual(self.ticket.state, "in_progress")

    def test_visitor_of_a_ticket_without_contact(self):
        ticket = self._create_ticket(partner_id=False, email_from="x@unknown.example")
        url = f"/my/tickets/{ticket.id}"
        token = {"access_token": ticket.access_token}
        self._login(None)
        self.url_open(f"{url}?access_token={ticket.access_token}")
        self._act("close", "Thank you. The ticket is closed.", token, url=url)
        note = ticket.sudo().message_ids.filtered(lambda mail: "solved" in mail.body)
        self.assertFalse(note.author_id)
        self.assertEqual(note.email_from, "x@unknown.example")

    def test_strangers_do_nothing(self):
        self.ticket._move_to("resolved")
        before = self._read_stored()
        for user in (self.luca, self.bruno, None):
            self._login(user)
            self.url_open("/web/login")
            for path in ("close", "reopen", "rate", "watchers/add", "watchers/remove"):
                for access in ({}, {"access_token": "x", "pid": "1", "hash": "x"}):
                    data = {
                        **access,
                        "text": "x",
                        "rate": "5",
                        "email": "bruno@bellini.example",
                        "watcher": str(self.contact.id),
                    }
                    response = self._send(f"{self.url}/{path}", data)
                    self.assertEqual(response.status_code, 404, path)
        self.assertEqual(self._read_stored(), before)

    @mute_logger("odoo.http")
    def test_forms_of_other_sites_are_refused(self):
        self._login(self.anna)
        for path in ("close", "reopen", "rate", "watchers/add", "watchers/remove"):
            response = self._send(f"{self.url}/{path}", {"csrf_token": "forged"})
            self.assertEqual(response.status_code, 400, path)
        self.assertTrue(self.ticket.is_open)

    def test_merged_tickets_are_over(self):
        self.ticket.sudo().merged_into_id = self._create_ticket()
        self._login(self.anna)
        self.assertEqual(self._send(f"{self.url}/close").status_code, 404)

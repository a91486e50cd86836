# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.http import Request
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import PsaHelpdeskCommon


@tagged("post_install", "-at_install")
class TestSatisfactionLink(HttpCase, PsaHelpdeskCommon):
    """The links of the mail, by somebody without a login."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ticket = cls._create_ticket(
            user_id=cls.technician.id, no_time_reason="A test"
        )
        cls.ticket._move_to("closed")
        cls.url = f"/rate/{cls.ticket.sudo()._rating_get_access_token()}"
        cls.env.flush_all()

    def _submit(self, rate, **data):
        token = Request.csrf_token(self)
        return self.url_open(
            f"{self.url}/submit_feedback",
            data={"rate": rate, "csrf_token": token, **data},
        )

    def test_link(self):
        self.authenticate(None, None)
        form = self.url_open(f"{self.url}/5")
        self.assertIn("/submit_feedback", form.text)
        self.assertEqual(self.ticket.rating_last_value, 0, "Programs open links, too")
        no_answer = self.url_open(f"{self.url}/submit_feedback")
        self.assertIn("/submit_feedback", no_answer.text)
        with mute_logger("odoo.http"):
            self.assertEqual(self._submit("4").status_code, 400)
        thanks = self._submit("1", feedback="Slow\0")
        self.assertIn("Thank you for your feedback", thanks.text)
        self.env.invalidate_all()
        self.assertEqual(self.ticket.rating_last_value, 1)
        self.assertEqual(self.ticket.rating_last_feedback, "Slow")
        for response in (self._submit("5"), self.url_open(f"{self.url}/5")):
            self.assertIn("You have rated our help already", response.text)
            self.assertNotIn("/submit_feedback", response.text)
        self.env.invalidate_all()
        self.assertEqual(self.ticket.rating_last_value, 1)
        self.assertEqual(len(self.ticket.activity_ids), 1)
        self.assertEqual(self.ticket.state, "closed")

    def test_when_it_cannot_be_rated(self):
        self.authenticate(None, None)
        self.ticket._reopen()
        response = self.url_open(f"{self.url}/1")
        self.assertIn("We are working on it again", response.text)
        self.ticket._move_to("cancelled")
        response = self.url_open(f"{self.url}/1")
        self.assertIn("cannot be rated any more", response.text)
        self.ticket._move_to("closed")
        ticket = self.ticket.sudo()
        other = ticket.env["rating.rating"].create(
            {
                "res_model_id": self.env["ir.model"]._get_id("psa.ticket"),
                "res_id": ticket.id,
            }
        )
        ticket.rating_apply(5, rating=other)
        response = self._submit("1")
        self.assertIn("Our help was rated already", response.text)
        self.assertEqual(ticket.rating_last_value, 5)

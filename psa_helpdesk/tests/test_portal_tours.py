# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.tests import tagged

from .common_portal import PsaPortalCommon


@tagged("post_install", "-at_install")
class TestPortalTours(PsaPortalCommon):
    """A customer in the browser, from the request to the rating."""

    def test_customer(self):
        self.start_tour("/my", "psa_helpdesk_portal_open_tour", login=self.anna.login)
        ticket = self.env["psa.ticket"].search([], order="id desc", limit=1)
        self.assertRecordValues(
            ticket,
            [
                {
                    "name": "No paper in the printer",
                    "partner_id": self.contact.id,
                    "channel": "portal",
                    "impact": "2",
                    "state": "new",
                }
            ],
        )
        technician = ticket.with_user(self.technician)
        technician.action_take()
        for body, subtype in (
            ("Which tray is it?", "mail.mt_comment"),
            ("The key is in the drawer", "mail.mt_note"),
        ):
            technician.message_post(
                body=body, message_type="comment", subtype_xmlid=subtype
            )
        technician.action_wait_client()
        self.start_tour(
            ticket.access_url,
            "psa_helpdesk_portal_answer_tour",
            login=self.anna.login,
        )
        reply = ticket.message_ids.filtered(
            lambda message: "It is the lower one." in message.body
        )
        self.assertEqual(reply.author_id, self.contact)
        self.assertEqual(reply.subtype_id, self.env.ref("mail.mt_comment"))
        self.assertRecordValues(
            ticket,
            [
                {
                    "state": "closed",
                    "no_time_reason": "Closed by the customer.",
                    "rating_last_value": 5,
                    "rating_last_feedback": "Quick!",
                }
            ],
        )

    def test_visitor(self):
        self.start_tour(
            self._get_personal_url(self.carla.partner_id),
            "psa_helpdesk_portal_visitor_tour",
        )
        reply = self.ticket.sudo().message_ids.filtered(
            lambda message: "Here it is." in message.body
        )
        self.assertEqual(reply.author_id, self.carla.partner_id)
        self.assertTrue(self.ticket.has_unread_reply)

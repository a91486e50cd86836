# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

from odoo import fields, http
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MailCase

from .common_portal import SECRETS, PsaPortalCommon


@tagged("post_install", "-at_install")
class TestPortalChatter(PsaPortalCommon, MailCase):
    """The host's conversation on the page, for people without any access right."""

    def _get_access(self, partner):
        query = self._get_personal_url(partner).partition("?")[2]
        return dict(part.split("=") for part in query.split("&"))

    def _get_thread(self):
        return {"thread_model": "psa.ticket", "thread_id": self.ticket.id}

    def _fetch(self, **access):
        return self._call("/mail/chatter_fetch", **self._get_thread(), **access)

    def _write(self, post_data=None, **access):
        return self._call(
            "/mail/message/post",
            post_data={"body": "<p>Here it is</p>", **(post_data or {})},
            **self._get_thread(),
            **access,
        )

    def _upload(self, **access):
        return self.url_open(
            "/mail/attachment/upload",
            data={
                "csrf_token": http.Request.csrf_token(self),
                "is_pending": "true",
                **self._get_thread(),
                **access,
            },
            files={"ufile": ("photo.txt", b"A photo", "text/plain")},
        )

    def _get_last(self):
        self.env.invalidate_all()
        return self.ticket.sudo().message_ids[0]

    def _get_all_ways(self):
        """Yield everybody who may take part: user, his link, and who he is."""
        yield self.anna, {}, self.contact
        yield self.carla, {}, self.carla.partner_id
        yield None, {"token": self.ticket.access_token}, self.contact
        yield None, self._get_access(self.carla.partner_id), self.carla.partner_id
        # A link that was forwarded does not make somebody the contact.
        yield self.luca, {"token": self.ticket.access_token}, self.other_contact

    def _get_no_ways(self):
        yield self.bruno, {}
        yield self.luca, {}
        yield None, {}
        yield None, {"token": "wrong"}
        yield None, {"token": "\u00e9"}
        yield None, {"token": self.other_ticket.access_token}
        yield None, self._get_access(self.bruno.partner_id)
        yield None, {"pid": self.contact.id, "hash": "\u00e9"}
        yield None, {"pid": "x", "hash": "x"}

    # ------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------

    def test_customers_read_what_is_for_them(self):
        for user, access, _person in self._get_all_ways():
            with self.subTest(user=user and user.login, access=access):
                self._login(user)
                result = self._fetch(**access)
                self.assertEqual(result["messages"], self.answer.ids)
                message = result["data"]["mail.message"][0]
                self.assertIn("Please send a photo.", message["body"][1])
                self.assertFalse(SECRETS.search(str(result)))
                if not access.get("token"):
                    self.assertNotIn(self.ticket.access_token, str(result))
                avatar = self.url_open(message["author_avatar_url"])
                self.assertIn("image/", avatar.headers["Content-Type"])
                file = message["attachment_ids"][0]
                content = self.url_open(
                    f"/web/content/{file['id']}?access_token={file['raw_access_token']}"
                )
                self.assertEqual(content.content, b"A manual")
                store = self._call(
                    "/portal/chatter_init", **self._get_thread(), **access
                )
                self.assertTrue(store["mail.thread"][0]["can_react"])
                self.assertEqual("portal_partner" in str(store), user is None)
                self.assertFalse(SECRETS.search(str(store)))

    def test_strangers_read_nothing(self):
        for user, access in self._get_no_ways():
            with self.subTest(user=user and user.login, access=access):
                self._login(user)
                with mute_logger("odoo.http"):
                    self.assertIn("NotFound", str(self._fetch(**access)))
                    self._call("/portal/chatter_init", **self._get_thread(), **access)

    def test_technicians_read_what_customers_read(self):
        self._login(self.technician)
        self.assertEqual(self._fetch()["messages"], self.answer.ids)

    # ------------------------------------------------------------
    # Writing
    # ------------------------------------------------------------

    def test_customers_write(self):
        comment = self.env.ref("mail.mt_comment")
        for user, access, person in self._get_all_ways():
            with self.subTest(user=user and user.login, access=access):
                self._login(user)
                self.url_open("/web/login")
                uploaded = self._upload(**access).json()["data"]
                stored = uploaded["store_data"]["ir.attachment"][0]
                self._write(
                    {
                        "attachment_ids": [uploaded["attachment_id"]],
                        "attachment_tokens": [stored["ownership_token"]],
                    },
                    **access,
                )
                message = self._get_last()
                self.assertEqual(message.author_id, person)
                self.assertEqual(message.body, "<p>Here it is</p>")
                self.assertEqual(message.subtype_id, comment)
                self.assertEqual(message.attachment_ids.raw, b"A photo")
                self.assertEqual(message.attachment_ids.res_id, self.ticket.id)

    def test_a_reply_goes_on_with_a_resolved_ticket(self):
        for state in ("waiting_client", "resolved", "closed"):
            with self.subTest(state=state):
                self.ticket._move_to(state)
                self._login(self.carla)
                self._write()
                self.env.invalidate_all()
                self.assertEqual(self.ticket.state, "in_progress")
                self.assertTrue(self.ticket.has_unread_reply)
        self.assertEqual(self.ticket.reopen_count, 2)

    def test_strangers_write_nothing(self):
        count = len(self.ticket.sudo().message_ids)
        for user, access in self._get_no_ways():
            with self.subTest(user=user and user.login, access=access):
                self._login(user)
                self.url_open("/web/login")
                with mute_logger("odoo.http"):
                    self.assertIn("NotFound", str(self._write(**access)))
                    self.assertEqual(self._upload(**access).status_code, 404)
        self.env.invalidate_all()
        self.assertEqual(len(self.ticket.sudo().message_ids), count)

    def test_customers_write_messages_only(self):
        self._login(self.anna)
        self._write(
            {
                "message_type": "auto_comment",
                "subtype_xmlid": "mail.mt_note",
                "rating_value": 5,
                "partner_ids": self.other_contact.ids,
                "partner_emails": ["x@elsewhere.example"],
                "author_id": self.technician.partner_id.id,
                "is_internal": True,
            }
        )
        self.assertRecordValues(
            self._get_last(),
            [
                {
                    "message_type": "comment",
                    "subtype_id": self.env.ref("mail.mt_comment").id,
                    "author_id": self.contact.id,
                    "partner_ids": [],
                    "is_internal": False,
                }
            ],
        )
        self.assertFalse(self.ticket.sudo().rating_ids)

    def test_scripts_do_not_get_in(self):
        self._login(self.anna)
        self._write({"body": "<p>x</p><script>alert(1)</script><img onerror='y()'>"})
        body = self._get_last().body
        self.assertNotIn("script", body)
        self.assertNotIn("onerror", body)

    def test_over_for_too_long(self):
        self.ticket._move_to("closed")
        self.ticket.sudo().closed_at = fields.Datetime.now() - timedelta(days=15)
        self._login(self.anna)
        self.assertIn('data-allow_composer="0"', self.url_open(self.url).text)
        with mute_logger("odoo.http"):
            self.assertEqual(self._write(), "odoo.exceptions.UserError")

    def test_other_files_are_not_taken(self):
        self._login(self.anna)
        with mute_logger("odoo.http"):
            for attachment in self.note.attachment_ids | self.own_file:
                result = self._write({"attachment_ids": attachment.ids})
                self.assertEqual(result, "odoo.exceptions.UserError")

    # ------------------------------------------------------------
    # Internal messages
    # ------------------------------------------------------------

    def test_internal_messages_are_out_of_reach(self):
        for user, access, _person in self._get_all_ways():
            with self.subTest(user=user and user.login, access=access):
                self._login(user)
                with mute_logger("odoo.http"):
                    for route, params in {
                        "/mail/message/reaction": {"content": "x", "action": "add"},
                        "/mail/message/update_content": {"update_data": {"body": "x"}},
                    }.items():
                        result = self._call(
                            route, message_id=self.note.id, **params, **access
                        )
                        self.assertIn("NotFound", str(result), route)
        self.env.invalidate_all()
        self.assertFalse(self.note.reaction_ids)
        self.assertIn("SECRET-NOTE", self.note.body)

    def test_customers_react_to_what_they_read(self):
        self._login(self.anna)
        self._call(
            "/mail/message/reaction",
            message_id=self.answer.id,
            content="\U0001f44d",
            action="add",
        )
        self.env.invalidate_all()
        self.assertEqual(self.answer.reaction_ids.partner_id, self.contact)

    # ------------------------------------------------------------
    # Links of the mails
    # ------------------------------------------------------------

    def _get_links(self):
        """Return {partner: target of the button in his mail} of an answer."""
        message = self._post("<p>Done</p>", "mail.mt_comment", "x.txt", b"x")
        groups = self.ticket._notify_get_recipients_groups(
            message,
            "Ticket",
            msg_vals={"model": "psa.ticket", "res_id": self.ticket.id},
        )

        def get_link(partner):
            pdata = {
                "id": partner.id,
                "type": "portal" if partner.user_ids else "customer",
                "is_follower": True,
            }
            group = next(group for group in groups if group[1](pdata))
            return group[2].get("button_access", {}).get("url")

        return get_link

    def test_mails_lead_everybody_to_the_page(self):
        plain = self._create_contact("Dora Neri")
        self.ticket.message_subscribe((plain | self.bruno.partner_id).ids)
        get_link = self._get_links()
        contact_link = get_link(self.contact)
        self.assertIn(self.ticket.access_token, contact_link)
        for partner in (plain, self.bruno.partner_id):
            self.assertNotIn(self.ticket.access_token, get_link(partner))
        self._login(None)
        for partner in (self.contact, plain, self.bruno.partner_id):
            response = self.url_open(get_link(partner))
            self.assertEqual(response.status_code, 200)
            self.assertIn("PC LOAD LETTER", response.text)
            self.assertIn(f"pid={partner.id}", response.url)
        self._login(self.anna)
        response = self.url_open(contact_link)
        self.assertTrue(response.url.endswith(self.url), response.url)

    def test_view_link_without_token(self):
        link = f"/mail/view?model=psa.ticket&res_id={self.ticket.id}"
        self._login(self.carla)
        self.assertTrue(self.url_open(link).url.endswith(self.url))
        self._login(self.luca)
        self.assertTrue(self.url_open(link).url.endswith("/my"))
        self._login(None)
        self.assertIn("/web/login", self.url_open(link).url)
        self._login(self.technician)
        target = self.url_open(link, allow_redirects=False).headers["Location"]
        self.assertIn(f"/odoo/psa.ticket/{self.ticket.id}", target)

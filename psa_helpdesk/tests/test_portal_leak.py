# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import re
from threading import current_thread
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_portal import SECRETS, PsaPortalCommon

OPERATIONS = ("read", "write", "create", "unlink")


@tagged("post_install", "-at_install")
class TestPortalLeak(PsaPortalCommon):
    """Nothing internal and nothing of others, by any route, model or file."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = [cls.anna, cls.bruno, cls.carla, cls.luca]
        cls.ticket.activity_schedule(
            "mail.mail_activity_data_todo", note="SECRET-PLAN", user_id=cls.manager.id
        )
        cls.env["mail.scheduled.message"].with_user(cls.technician).create(
            {
                "model": "psa.ticket",
                "res_id": cls.ticket.id,
                "body": "SECRET-DRAFT",
                "author_id": cls.technician.partner_id.id,
                "scheduled_date": "2040-01-01 00:00:00",
                "is_note": True,
            }
        )
        cls.internal_files = cls.note.attachment_ids | cls.own_file
        cls.report = cls.ticket.with_user(cls.technician).create_work_reports()
        cls.report._message_log(body="SECRET-NOTE")
        cls.report.sudo().state = "to_sign"
        cls.env.flush_all()

    def _get_visitors(self):
        """Yield logins and what they come with: customers, strangers, links."""
        for user in (*self.users, None):
            yield user, {}
            yield user, {"access_token": self.ticket.access_token}
        for partner in (self.contact, self.carla.partner_id):
            query = self._get_personal_url(partner).partition("?")[2]
            yield None, dict(part.split("=") for part in query.split("&"))

    def _assert_clean(self, text, *context):
        self.assertFalse(SECRETS.search(text), context)

    # ------------------------------------------------------------
    # Routes
    # ------------------------------------------------------------

    def _get_routes(self):
        """Return the routes of this addon as pairs of address and methods."""
        routes = []
        # Where the host looks for the database outside of a request.
        with patch.object(current_thread(), "dbname", self.env.cr.dbname, create=True):
            routing_map = self.env["ir.http"].routing_map()
        for rule in routing_map.iter_rules():
            module = rule.endpoint.func.__module__
            # The links to rate are the host's routes, and have tests of their own.
            if module.startswith("odoo.addons.psa_helpdesk.") and (
                not rule.rule.startswith("/rate/")
            ):
                path = re.sub(r"<int:ticket_id>", str(self.ticket.id), rule.rule)
                path = re.sub(r"<int:report_id>", str(self.report.id), path)
                path = re.sub(r"<int:page>", "1", path)
                self.assertNotIn("<", path, "Tell the test what to put there.")
                routes.append((path, rule.endpoint.routing))
        return routes

    def test_routes(self):
        routes = self._get_routes()
        self.assertGreater(len(routes), 9)
        self.assertIn(f"{self.url}/close", [path for path, _routing in routes])
        for path, routing in routes:
            methods = routing["methods"]
            if routing["type"] == "http":
                self.assertTrue(methods, f"{path} says what it takes")
                self.assertTrue(routing.get("csrf", True), path)
                self.assertEqual(
                    bool(routing.get("readonly")), methods == ["GET"], path
                )
        odd = {
            "text": "\0",
            "rate": "x",
            "email": "\0",
            "watcher": "\U0001f600",
            "key": "\0",
        }
        self.ticket._move_to("resolved")
        for user, access in self._get_visitors():
            self._login(user)
            self.url_open("/web/login")
            for path, routing in routes:
                with self.subTest(user=user and user.login, access=access, path=path):
                    if routing["type"] != "http":
                        continue
                    if routing["methods"] == ["GET"]:
                        response = self.url_open(path, params=access)
                    else:
                        data = {**access, **odd} if "close" not in path else access
                        response = self._send(path, data)
                    self.assertLess(response.status_code, 500)
                    self._assert_clean(response.text, path)
                    if user != self.luca:
                        self.assertNotIn(self.other_ticket.name, response.text)
                    elif not access:
                        self.assertNotIn(self.ticket.name, response.text)

    # ------------------------------------------------------------
    # Models
    # ------------------------------------------------------------

    def _get_suite_models(self):
        return sorted(name for name in self.env.registry if name.startswith("psa."))

    def test_models_have_no_rights(self):
        public = self.env.ref("base.public_user")
        for name in self._get_suite_models():
            for user in (*self.users, public):
                for operation in OPERATIONS:
                    with self.subTest(model=name, user=user.login, on=operation):
                        records = self.env[name].with_user(user)
                        self.assertFalse(records.has_access(operation))

    def test_models_by_rpc(self):
        calls = {
            "search_read": [[]],
            "search": [[]],
            "search_count": [[]],
            "name_search": [],
            "read_group": [[], ["id"], ["id"]],
            "formatted_read_group": [[], ["id"]],
            "web_search_read": [[], {"display_name": {}}],
            "web_read_group": [[], ["id"]],
            "read": [[1]],
            "web_read": [[1], {"display_name": {}}],
            "write": [[1], {"display_name": "x"}],
            "create": [{}],
            "unlink": [[1]],
            "copy": [[1]],
        }
        models = [
            self.env[name]
            for name in self._get_suite_models()
            if not self.env[name]._abstract
        ]
        for user in (self.carla, self.luca):
            for model in models:
                for method, args in calls.items():
                    with (
                        self.subTest(user=user.login, model=model._name, call=method),
                        mute_logger("odoo.addons.base.models.ir_model"),
                        self.assertRaises(AccessError),
                    ):
                        call_kw(model.with_user(user), method, args, {})

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_model")
    def test_tickets_by_rpc(self):
        call = {
            "model": "psa.ticket",
            "method": "search_read",
            "args": [],
            "kwargs": {},
        }
        self._login(self.carla)
        result = self._call("/web/dataset/call_kw", **call)
        self.assertEqual(result, "odoo.exceptions.AccessError")

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.sql_db")
    @mute_logger("odoo.addons.mail.models.mail_thread")
    def test_methods_of_tickets(self):
        """Whatever the host lets be called by RPC: it tells and changes nothing."""
        before = self._read_stored()
        names = [
            name
            for name in dir(type(self.ticket))
            if not name.startswith("_") and callable(getattr(type(self.ticket), name))
        ]
        self.assertIn("message_post", names)
        told = {}
        for user in (self.carla, self.luca):
            tickets = self.env["psa.ticket"].with_user(user)
            for name in names:
                try:
                    with self.env.cr.savepoint():
                        told[name] = call_kw(tickets, name, [self.ticket.ids], {})
                except Exception:  # pylint: disable=except-pass
                    # Refused, or called in the wrong way: both are no leak.
                    pass
        self._assert_clean(str(told))
        self.assertNotIn(self.ticket.name, str(told))
        self.assertEqual(self._read_stored(), before)

    def test_models_around_tickets(self):
        self.ticket.sudo()._rate_for_customer(self.contact, 1, "SECRET-RATING")
        self.ticket._move_to("resolved")
        self.ticket.sudo()._rate_for_customer(self.contact, 1, "SECRET-RATING")
        about_ticket = [("res_model", "=", "psa.ticket")]
        domains = {
            "ir.attachment": about_ticket,
            "mail.activity": about_ticket,
            "mail.followers": about_ticket,
            "rating.rating": about_ticket,
            "mail.message": [("model", "=", "psa.ticket")],
            "mail.scheduled.message": [("model", "=", "psa.ticket")],
            "mail.notification": [("mail_message_id.model", "=", "psa.ticket")],
            "mail.tracking.value": [("mail_message_id.model", "=", "psa.ticket")],
            "mail.mail": [("model", "=", "psa.ticket")],
            "account.analytic.line": [("psa_ticket_id", "!=", False)],
        }
        for user in self.users:
            for model, domain in domains.items():
                with self.subTest(user=user.login, model=model):
                    records = self.env[model].with_user(user)
                    try:
                        found = records.search(domain)
                        self._assert_clean(str(found.read()))
                    except AccessError:
                        continue
                    if model != "mail.message":
                        self.assertFalse(found)
                        continue
                    self.assertFalse(found & self.note.with_user(user))
                    with self.assertRaises(AccessError):
                        self.note.with_user(user).read(["body"])

    def test_contacts_do_not_tell_who_is_responsible(self):
        for name in ("psa_is_ticket_responsible", "psa_client_class_id"):
            with self.assertRaises(AccessError):
                self.carla.partner_id.with_user(self.anna).read([name])
            with self.assertRaises(AccessError):
                self.contact.with_user(self.anna).write({name: 1})

    # ------------------------------------------------------------
    # Files
    # ------------------------------------------------------------

    def test_files(self):
        self.ticket.sudo().resolution = "<p>SECRET-FIELD</p>"
        files = self.internal_files
        urls = [
            f"/web/{kind}/{part}"
            for file in files
            for kind in ("content", "image")
            for part in (f"{file.id}", f"ir.attachment/{file.id}/raw")
        ]
        urls += [f"/mail/attachment/pdf_first_page/{file.id}" for file in files]
        urls += [
            f"/web/content/psa.ticket/{self.ticket.id}/{name}"
            for name in ("resolution", "description", "access_token")
        ]
        # Each visitor once, with all there is to come with: a link names no user.
        links = {
            value
            for user, access in self._get_visitors()
            if not user
            for value in access.values()
        }
        for user in (*self.users, None):
            self._login(user)
            self.url_open("/web/login")
            tokens = {None, "wrong", self.ticket.access_token}
            tokens |= set() if user else links
            for url in urls:
                for token in tokens:
                    with mute_logger("odoo.http"):
                        response = self.url_open(
                            url, params={"access_token": token} if token else {}
                        )
                    self._assert_clean(response.text, user, url)
            with mute_logger("odoo.http"):
                response = self._send(
                    "/mail/attachment/zip",
                    {"file_ids": ",".join(map(str, files.ids)), "zip_name": "all.zip"},
                )
                self.assertNotEqual(response.status_code, 200)
                for file in files:
                    for route in ("delete", "update_thumbnail"):
                        self._call(
                            f"/mail/attachment/{route}",
                            attachment_id=file.id,
                            access_token=self.ticket.access_token,
                        )
        self.assertEqual(files.exists(), files)

    def test_link_of_one_file_opens_no_other(self):
        own = self.answer.attachment_ids
        token = own._get_raw_access_token()
        self._login(None)
        response = self.url_open(f"/web/content/{own.id}?access_token={token}")
        self.assertEqual(response.content, b"A manual")
        with mute_logger("odoo.http"):
            for file in self.internal_files:
                url = f"/web/content/{file.id}?access_token={token}"
                self.assertEqual(self.url_open(url).status_code, 404)

    # ------------------------------------------------------------
    # Messages and what the host keeps with them
    # ------------------------------------------------------------

    def test_routes_of_the_host(self):
        thread = {"thread_model": "psa.ticket", "thread_id": self.ticket.id}
        everything = [
            "activities",
            "attachments",
            "contact_fields",
            "display_name",
            "followers",
            "scheduledMessages",
            "suggestedRecipients",
        ]
        partners = self.env["res.partner"].search_count([])
        followers = self.ticket.sudo().message_partner_ids
        self.ticket.email_cc = "store@bellini.example"
        for user, access in self._get_visitors():
            link = {
                **access,
                **(
                    {"token": access["access_token"]}
                    if "access_token" in access
                    else {}
                ),
            }
            link.pop("access_token", None)
            data = {**thread, "request_list": everything, "access_params": link}
            calls = [
                ("/mail/data", {"fetch_params": [["mail.thread", data]]}),
                ("/mail/action", {"fetch_params": [["mail.thread", data]]}),
                ("/mail/thread/messages", thread),
                ("/mail/thread/recipients", thread),
                ("/mail/thread/recipients/get_suggested_recipients", thread),
                (
                    "/mail/thread/subscribe",
                    {
                        "res_model": "psa.ticket",
                        "res_id": self.ticket.id,
                        "partner_ids": self.other_contact.ids,
                    },
                ),
                (
                    "/mail/thread/unsubscribe",
                    {
                        "res_model": "psa.ticket",
                        "res_id": self.ticket.id,
                        "partner_ids": followers.ids,
                    },
                ),
                ("/mail/inbox/messages", {}),
                ("/mail/history/messages", {}),
                ("/mail/update_is_internal", {"message_id": self.note.id}),
                (
                    "/website/rating/comment",
                    {"rating_id": 1, "publisher_comment": "x"},
                ),
            ]
            self._login(user)
            for route, params in calls:
                with (
                    self.subTest(user=user and user.login, link=link, route=route),
                    mute_logger("odoo.http", "odoo.addons.mail.models.mail_thread"),
                ):
                    result = str(self._call(route, **params))
                    self._assert_clean(result)
                    self.assertNotIn("store@bellini", result)
                    if user != self.anna:
                        # She reads her messages by their notifications, too.
                        self.assertNotIn(self.ticket.name, result)
                        self.assertNotIn("manual.txt", result)
        self.env.invalidate_all()
        self.assertEqual(self.ticket.sudo().message_partner_ids, followers)
        self.assertEqual(self.env["res.partner"].search_count([]), partners)

    def test_a_note_with_a_customer_in_it_stays_a_note(self):
        self.note.partner_ids = [Command.link(self.contact.id)]
        self._login(self.anna)
        result = self._call(
            "/mail/chatter_fetch",
            thread_model="psa.ticket",
            thread_id=self.ticket.id,
        )
        self.assertEqual(result["messages"], self.answer.ids)
        with self.assertRaises(AccessError):
            self.note.with_user(self.anna).read(["body"])

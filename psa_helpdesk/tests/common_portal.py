# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import re
from datetime import date

from lxml import html
from markupsafe import Markup

from odoo import http
from odoo.tests import HttpCase, JsonRpcException, new_test_user

from .common import PsaHelpdeskCommon

#: what must never leave the firm
SECRETS = re.compile("SECRET-[A-Z]+")


class PsaPortalCommon(HttpCase, PsaHelpdeskCommon):
    """Customers with a login, and a ticket with things that are not for them.

    Anna is the contact of the ticket, Bruno her colleague, Carla is responsible for
    their company, and Luca is somebody else's.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client.email = "info@bellini.example"
        cls.anna = cls._create_customer(cls.contact, "anna")
        cls.bruno = cls._create_customer(cls._create_contact("Bruno Conti"), "bruno")
        cls.carla = cls._create_customer(cls._create_contact("Carla Bellini"), "carla")
        cls.carla.partner_id.psa_is_ticket_responsible = True
        cls.luca = cls._create_customer(cls.other_contact, "luca")
        cls.company_team = cls.env["psa.ticket.team"].search(
            [("company_id", "=", cls.company.id), ("id", "!=", cls.team.id)]
        )
        cls.company_team.is_on_portal = False
        cls.team.portal_show_time = True
        cls.ticket = cls._create_ticket(
            user_id=cls.technician.id, description="<p>It says PC LOAD LETTER.</p>"
        )
        cls.ticket.message_subscribe(cls.contact.ids)
        cls.answer = cls._post(
            "<p>Please send a photo.</p>", "mail.mt_comment", "manual.txt", b"A manual"
        )
        cls.note = cls._post(
            "<p>SECRET-NOTE</p>", "mail.mt_note", "SECRET-FILE.txt", b"SECRET-CONTENT"
        )
        cls.own_file = cls.env["ir.attachment"].create(
            {
                "name": "SECRET-OFFER.txt",
                "raw": b"SECRET-PRICES",
                "res_model": "psa.ticket",
                "res_id": cls.ticket.id,
            }
        )
        cls.entry = cls._create_entry(
            name="Cleaned the rollers",
            psa_ticket_id=cls.ticket.id,
            task_id=False,
            psa_internal_note="SECRET-OPINION",
            unit_amount=0.5,
            date=date(2026, 3, 2),
        )
        cls.other_ticket = cls._create_ticket(
            name="The cellar door", partner_id=cls.other_contact.id
        )
        cls.env.flush_all()

    @classmethod
    def _create_contact(cls, name):
        first = name.split()[0].lower()
        return cls.env["res.partner"].create(
            {
                "name": name,
                "parent_id": cls.client.id,
                "email": f"{first}@bellini.example",
            }
        )

    @classmethod
    def _create_customer(cls, partner, login):
        return new_test_user(
            cls.env,
            f"psa-{login}",
            groups="base.group_portal",
            partner_id=partner.id,
            name=partner.name,
            email=partner.email,
        )

    @classmethod
    def _post(cls, body, subtype, file_name, content):
        message = cls.ticket.with_user(cls.technician).message_post(
            body=Markup(body),
            message_type="comment",
            subtype_xmlid=subtype,
            attachments=[(file_name, content)],
        )
        return message.sudo()

    def setUp(self):
        super().setUp()
        self.url = f"/my/tickets/{self.ticket.id}"

    def _login(self, user):
        """Be a user in the browser, or nobody."""
        login = user.login if user else None
        return self.authenticate(login, login)

    def _send(self, path, data=None, files=None, **kwargs):
        """Send a form of the page, as its browser does."""
        return self.url_open(
            path,
            data={"csrf_token": http.Request.csrf_token(self), **(data or {})},
            files=files,
            method="POST",
            **kwargs,
        )

    def _call(self, route, **params):
        """Return what a JSON route gives, or the name of its error."""
        try:
            return self.make_jsonrpc_request(route, params)
        except JsonRpcException as error:
            return error.args[0]

    def _get_texts(self, response, css_class):
        """Return the texts of the elements of a class, with single spaces."""
        page = html.fromstring(response.text)
        return [
            " ".join(element.text_content().split())
            for element in page.find_class(css_class)
        ]

    def _read_stored(self):
        """Return all that is stored of the ticket, as the database has it."""
        self.env.cr.flush()
        self.env.invalidate_all()
        fields = self.ticket._fields.items()
        return self.ticket.sudo().read([name for name, field in fields if field.store])

    def _get_personal_url(self, partner, ticket=None):
        return (ticket or self.ticket)._get_personal_url(partner)

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import base64
from datetime import date
from io import BytesIO

from lxml import html
from PIL import Image, ImageDraw

from odoo.tests import HttpCase, JsonRpcException, new_test_user
from odoo.tools import mute_logger

from .common import PsaContractsCommon

#: what who signs is told when the offer was taken back, or was never his to see
NOT_OPEN = {"error": "This offer is no longer open. You will get a new one."}
NOT_FOUND = {"error": "This contract cannot be found."}


def draw_signature(drawn=True):
    """Return an image of a signature, base64."""
    image = Image.new("RGBA", (60, 20), (255, 255, 255, 0))
    if drawn:
        ImageDraw.Draw(image).line((2, 18, 58, 2), fill="black", width=2)
    buffer = BytesIO()
    image.save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue()).decode()


class PsaContractsPortalCommon(HttpCase, PsaContractsCommon):
    """Clients with a login, and a contract with things that are not for them.

    Anna signs the contract, Bruno is her colleague, Carla sees all contracts of their
    company, and Luca is somebody else's.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.signature = draw_signature()
        cls.contact.email = "anna@bellini.example"
        cls.other_client = cls.env["res.partner"].create(
            {"name": "Cantina Marchetti", "is_company": True}
        )
        cls.anna = cls._create_login(cls.contact, "anna")
        cls.bruno = cls._create_login(cls._create_contact("Bruno Conti"), "bruno")
        cls.carla = cls._create_login(cls._create_contact("Carla Bellini"), "carla")
        cls.carla.partner_id.psa_sees_contracts = True
        cls.luca = cls._create_login(
            cls._create_contact("Luca Marchetti", cls.other_client), "luca"
        )
        cls.luca.partner_id.psa_sees_contracts = True
        cls.contract = cls._create_contract(
            name="Care Plus",
            contact_id=cls.contact.id,
            description="<p>We take care of your network.</p>",
        )
        cls.fee = cls._create_line(
            cls.contract, "flat", name="Monitoring {month} {year}", price_unit=249.0
        )
        cls.hours_line = cls._create_line(
            cls.contract, "included", name="Remote help", price_unit=80.0
        )

    @classmethod
    def _create_contact(cls, name, client=None):
        first = name.split()[0].lower()
        return cls.env["res.partner"].create(
            {
                "name": name,
                "parent_id": (client or cls.client).id,
                "email": f"{first}@bellini.example",
            }
        )

    @classmethod
    def _create_login(cls, partner, login):
        return new_test_user(
            cls.env,
            f"psa-{login}",
            groups="base.group_portal",
            partner_id=partner.id,
            name=partner.name,
            email=partner.email,
        )

    @classmethod
    def _work(cls, name, hours=1.0, day=date(2026, 3, 2), **kwargs):
        """Record work of the technician for the client."""
        return cls._create_entry(
            name=name,
            date=day,
            unit_amount=hours,
            psa_work_type_id=cls.work_type_project.id,
            psa_internal_note="SECRET-OPINION",
            **kwargs,
        )

    @classmethod
    def _send(cls, contract=None):
        """Ask the client to sign, as billing does."""
        contract = contract or cls.contract
        contract.with_user(cls.billing).action_send_for_signature()
        return contract

    def setUp(self):
        super().setUp()
        self.url = f"/my/contracts/{self.contract.id}"
        self.token = self.contract.sudo().access_token

    def _login(self, user):
        """Be a user in the browser, or nobody."""
        login = user.login if user else None
        return self.authenticate(login, login)

    def _get(self, path="", **params):
        with mute_logger("odoo.http"):
            return self.url_open(self.url + path, params=params, allow_redirects=False)

    def _call(self, route, **params):
        """Return what a JSON route gives, or the name of its error."""
        try:
            return self.make_jsonrpc_request(route, params)
        except JsonRpcException as error:
            return error.args[0]

    def _sign(self, token=None, name="Anna Bellini", version=None, **kwargs):
        version = self.contract.agreed_digest if version is None else version
        query = f"?version={version}" + (f"&access_token={token}" if token else "")
        values = {"name": name, "signature": self.signature, **kwargs}
        return self._call(f"{self.url}/sign{query}", **values)

    def _get_texts(self, response, css_class):
        """Return the texts of the elements of a class, with single spaces."""
        page = html.fromstring(response.text)
        return [
            " ".join(element.text_content().split())
            for element in page.find_class(css_class)
        ]

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from lxml import html

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_portal import PsaContractsPortalCommon

MODELS = (
    "psa.contract",
    "psa.contract.line",
    "psa.contract.line.term",
    "psa.contract.grant",
    "psa.contract.suspension",
    "psa.contract.amendment",
    "psa.coverage.part",
    "psa.rate",
)


@tagged("post_install", "-at_install")
class TestPortal(PsaContractsPortalCommon):
    """Who sees which contract, and what is on the pages."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._activate(cls.contract)
        cls.contract._message_log(body="SECRET-NOTE")
        cls.env["ir.attachment"].create(
            {
                "name": "SECRET-CALCULATION.txt",
                "raw": b"SECRET-COSTS",
                "res_model": "psa.contract",
                "res_id": cls.contract.id,
            }
        )
        cls.other = cls._activate(
            cls._with_line(
                cls._create_contract(name="SECRET-OTHER", client_id=cls.other_client.id)
            )
        )
        cls.draft = cls._with_line(
            cls._create_contract(name="SECRET-DRAFT", contact_id=cls.contact.id)
        )
        cls.env.flush_all()

    @classmethod
    def _with_line(cls, contract):
        cls._create_line(contract, "flat")
        return contract

    # ------------------------------------------------------------
    # Access
    # ------------------------------------------------------------

    def test_who_sees_it(self):
        cases = (
            (self.anna, None, 200),
            (self.carla, None, 200),
            (self.billing, None, 200),
            (self.manager, None, 200),
            (None, self.token, 200),
            (self.bruno, self.token, 200),
            (self.bruno, None, 404),
            (self.luca, None, 404),
            (self.luca, "wrong", 404),
            # Technicians see no prices.
            (self.technician, None, 404),
            (None, None, 303),
            (None, "wrong", 303),
            (None, "wröng", 303),
            (None, self.other.sudo().access_token, 303),
        )
        for user, token, status in cases:
            with self.subTest(user=user and user.login, token=token):
                self._login(user)
                access = {"access_token": token} if token else {}
                page = self._get(**access)
                self.assertEqual(page.status_code, status)
                pdf = self._get("/pdf", **access)
                self.assertEqual(pdf.status_code, 200 if status == 200 else 404)
                self.assertNotIn("SECRET", page.text)

    def test_a_follower_sees_it(self):
        self.contract.message_subscribe(self.bruno.partner_id.ids)
        self._login(self.bruno)
        self.assertEqual(self._get().status_code, 200)

    def test_our_own_people_who_follow_it_see_no_prices(self):
        partner = self.technician.partner_id
        self.contract.with_user(self.technician).message_subscribe(partner.ids)
        self._login(self.technician)
        self.assertEqual(self._get().status_code, 404)
        contracts = self.env["psa.contract"].sudo()
        self.assertFalse(contracts.search(contracts._get_portal_domain(partner)))

    def test_who_sees_prices_says_who_sees_contracts(self):
        contact = self.contact.with_user(self.technician)
        with self.assertRaises(AccessError):
            contact.read(["psa_sees_contracts"])
        self.technician.group_ids += self.env.ref("base.group_partner_manager")
        with self.assertRaises(AccessError):
            contact.psa_sees_contracts = True
        self.contact.with_user(self.billing).read(["psa_sees_contracts"])

    def test_nobody_of_us_reads_the_link(self):
        for user in (self.billing, self.manager, self.admin):
            with self.assertRaises(AccessError):
                self.contract.with_user(user).read(["access_token"])

    def test_a_former_contact_does_not_see_it(self):
        self.contact.parent_id = self.other_client
        self.env.flush_all()
        self._login(self.anna)
        self.assertEqual(self._get().status_code, 404)
        self._login(None)
        self.assertEqual(self._get(access_token=self.token).status_code, 303)

    def test_another_contact_gets_another_link(self):
        self.contract.contact_id = self.carla.partner_id
        self.env.flush_all()
        self._login(None)
        self.assertEqual(self._get(access_token=self.token).status_code, 303)
        token = self.contract.sudo().access_token
        self.assertEqual(self._get(access_token=token).status_code, 200)

    def test_drafts_are_not_shown(self):
        self.url = f"/my/contracts/{self.draft.id}"
        for user, token in (
            (self.anna, None),
            (self.carla, None),
            (None, self.draft.sudo().access_token),
        ):
            self._login(user)
            access = {"access_token": token} if token else {}
            self.assertIn(self._get(**access).status_code, (303, 404))
        # Who makes it may look at it.
        self._login(self.billing)
        self.assertEqual(self._get().status_code, 200)

    def test_odd_numbers(self):
        for contract_id in (0, 2**31, 10**12):
            self.url = f"/my/contracts/{contract_id}"
            for user, status in ((self.anna, 404), (None, 303)):
                self._login(user)
                self.assertEqual(self._get().status_code, status)
                self.assertEqual(self._get("/pdf").status_code, 404)

    def test_other_companies(self):
        company = self.env["res.company"].create({"name": "Branch"})
        self.contract.sudo().line_ids.contract_id.company_id.flush_recordset()
        contracts = self.env["psa.contract"]
        mine = contracts._get_portal_domain(self.carla.partner_id)
        found = contracts.sudo().search(mine)
        self.assertEqual(found, self.contract)
        self.carla.write(
            {"company_ids": [(6, 0, company.ids)], "company_id": company.id}
        )
        domain = contracts._get_portal_domain(self.carla.partner_id)
        self.assertFalse(contracts.sudo().search(domain))

    def test_no_rights(self):
        for user in (self.anna, self.env.ref("base.public_user")):
            for model in MODELS:
                with (
                    self.subTest(user=user.login, model=model),
                    self.assertRaises(AccessError),
                ):
                    self.env[model].with_user(user).search_read([], ["id"])

    def test_the_token_opens_no_more(self):
        self._login(None)
        data = {
            "thread_model": "psa.contract",
            "thread_id": self.contract.id,
            "request_list": ["attachments", "followers", "activities"],
            "access_params": {"token": self.token},
        }
        result = self._call("/mail/data", fetch_params=[["mail.thread", data]])
        chatter = self._call(
            "/mail/chatter_fetch",
            thread_model="psa.contract",
            thread_id=self.contract.id,
            token=self.token,
        )
        for text in (str(result), str(chatter)):
            self.assertNotIn("SECRET", text)
            self.assertNotIn(self.contract.number, text)

    def test_technicians_read_neither_prices_nor_the_link(self):
        contract = self.contract.with_user(self.technician)
        self.assertTrue(contract.name)
        for name in ("access_token", "agreed_text", "signed_pdf"):
            with self.assertRaises(AccessError):
                contract.read([name])
        with self.assertRaises(AccessError):
            contract._get_printed_lines()

    # ------------------------------------------------------------
    # Home and list
    # ------------------------------------------------------------

    def test_home(self):
        for user, count in ((self.anna, 1), (self.bruno, 0), (self.luca, 1)):
            self._login(user)
            self.assertIn('href="/my/contracts"', self.url_open("/my").text)
            counters = self._call("/my/counters", counters=["psa_contract_count"])
            self.assertEqual(counters, {"psa_contract_count": count})

    def test_list(self):
        self._login(self.anna)
        page = self.url_open("/my/contracts")
        self.assertEqual(
            self._get_texts(page, "o_psa_contract_list"),
            [f"{self.contract.number} In force Care Plus From 01/01/2026"],
        )
        for filterby, count in (
            ("in_force", 1),
            ("ended", 0),
            ("to_sign", 0),
            ("nonsense", 1),
        ):
            page = self.url_open("/my/contracts", params={"filterby": filterby})
            links = html.fromstring(page.text).xpath(
                "//li//a[@class[contains(., 'stretched')]]"
            )
            self.assertEqual(len(links), count)

    # ------------------------------------------------------------
    # Page
    # ------------------------------------------------------------

    def test_page(self):
        self._login(self.anna)
        page = self._get()
        lines = self._get_texts(page, "o_psa_contract_lines")[0]
        self.assertIn("Monitoring Paid in advance 1 $ 249.00 $ 249.00 Monthly", lines)
        self.assertIn("Remote help Hours: 10 (Monthly)", lines)
        self.assertIn("Total (Monthly) $ 329.00", lines)
        facts = self._get_texts(page, "o_psa_contract_facts")[0]
        self.assertIn("Begins 01/01/2026 Ends Until one of us ends it", facts)
        self.assertIn("We take care of your network.", page.text)
        self.assertNotIn("{month}", page.text)
        self.assertNotIn("portal.signature_form", page.text)
        self.assertFalse(self._get_texts(page, "o_psa_contract_documents"))

    def test_what_was_typed_does_not_run(self):
        self.fee.name = "<script>alert(1)</script>"
        self.contract.description = (
            "<p onclick='alert(1)'>x</p><script>alert(1)</script>"
        )
        self._work("<img src=x onerror=alert(1)>")
        self._login(self.anna)
        page = self._get()
        self.assertIn("&lt;script&gt;", page.text)
        for text in ("<script>alert", "<img src=x", "onclick"):
            self.assertNotIn(text, page.text)

    def test_service_hours(self):
        calendar = self.env["resource.calendar"].create(
            {
                "name": "Office",
                "attendance_ids": [
                    (
                        0,
                        0,
                        {"name": "x", "dayofweek": day, "hour_from": a, "hour_to": b},
                    )
                    for day in "01234"
                    for a, b in ((8.5, 12.0), (12.0, 13.0), (14.0, 18.0))
                ]
                + [
                    (
                        0,
                        0,
                        {
                            "name": "x",
                            "dayofweek": "5",
                            "hour_from": 8,
                            "hour_to": 12,
                        },
                    )
                ],
            }
        )
        self.contract.calendar_id = calendar
        self.assertEqual(
            self.contract.sudo()._get_printed_service_hours(),
            [
                {"days": "Monday – Friday", "hours": "08:30–13:00, 14:00–18:00"},
                {"days": "Saturday", "hours": "08:00–12:00"},
            ],
        )

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from ast import literal_eval

from freezegun import freeze_time
from lxml import etree

from odoo.tests import Form, tagged

from .common import PsaContractsCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-16 09:00:00")
class TestViews(PsaContractsCommon):
    """What the screens ask of the server, what that costs, and who sees what."""

    def _get_arch(self, model, view_type, user, name=None):
        view_id = name and self.env.ref(name).id
        records = self.env[model].with_user(user)
        return etree.fromstring(records.get_view(view_id, view_type)["arch"])

    def _get_names(self, model, view_type, user):
        arch = self._get_arch(model, view_type, user)
        return {node.get("name") for node in arch.iter("field", "button")}

    # ------------------------------------------------------------
    # Who sees what
    # ------------------------------------------------------------

    def test_prices_are_on_the_screens_of_who_bills(self):
        for model in ("psa.contract.line", "psa.contract.template.line"):
            for user, expected in [
                (self.technician, set()),
                (self.manager, {"price_unit", "discount", "price_mode"}),
                (self.billing, {"price_unit", "discount", "price_mode"}),
            ]:
                names = self._get_names(model, "form", user)
                found = names & {"price_unit", "discount", "price_mode"}
                self.assertEqual(found, expected, (model, user.login))

    def test_buttons_are_for_who_may_press_them(self):
        steps = {
            "action_activate",
            "action_cancel",
            "action_end",
            "action_reset",
            "action_resume",
            "action_suspend",
        }
        for user, expected in [
            (self.technician, set()),
            (self.manager, set()),
            (self.billing, steps),
            (self.admin, steps),
        ]:
            names = self._get_names("psa.contract", "form", user)
            self.assertEqual(names & steps, expected, user.login)

    def test_every_role_opens_every_screen(self):
        contract = self._create_contract()
        for kind in ("flat", "unit", "included", "prepaid", "time", "fixed", "licence"):
            self._create_line(contract, kind)
        self._activate(contract)
        entry = self._create_entry(unit_amount=12.0)
        rate = self.env["psa.rate"].create({"contract_id": contract.id, "price": 90.0})
        grant = contract.grant_ids[:1]
        for user in (self.technician, self.manager, self.billing, self.admin):
            for record in (contract, *contract.line_ids, grant, entry, rate):
                with self.subTest(user=user.login, record=record.display_name):
                    record = record.with_user(user)
                    view = None
                    if record == entry:
                        view = "psa_core.work_entry_view_form"
                    form = Form(record, view=view)
                    self.assertEqual(form.id, record.id)

    def test_billing_finds_its_configuration(self):
        menus = self.env["ir.ui.menu"]
        expected = {
            "menu_contract": {"technician", "manager", "billing", "admin"},
            "menu_grant": {"technician", "manager", "billing", "admin"},
            "menu_rate": {"technician", "manager", "billing", "admin"},
            "menu_coverage_part": {"manager", "billing", "admin"},
            "menu_contract_template": {"manager", "billing", "admin"},
            "menu_rate_company": {"manager", "billing", "admin"},
            "menu_coverage_reason": {"manager", "billing", "admin"},
        }
        found = {name: set() for name in expected}
        for login in ("technician", "manager", "billing", "admin"):
            visible = menus.with_user(getattr(self, login)).load_menus(False)
            for name in expected:
                if self.env.ref(f"psa_contracts.{name}").id in visible:
                    found[name].add(login)
        self.assertEqual(found, expected)

    # ------------------------------------------------------------
    # A contract by hand
    # ------------------------------------------------------------

    def test_a_contract_is_made_on_its_form(self):
        contracts = self.env["psa.contract"].with_user(self.billing)
        with Form(contracts) as form:
            form.name = "Care Plus"
            form.client_id = self.client
            form.date_start = "2026-04-01"
            form.term_months = 12
            with form.line_ids.new() as line:
                line.kind = "included"
                line.name = "Remote help"
                line.hours = 10.0
                line.price_unit = 600.0
            with form.line_ids.new() as line:
                line.kind = "time"
                line.name = "Further work"
        contract = form.save()
        self.assertEqual(str(contract.date_end), "2027-03-31")
        self.assertRecordValues(
            contract.line_ids,
            [
                {"kind": "included", "hours": 10.0, "price_unit": 600.0},
                {"kind": "time", "hours": 0.0, "price_unit": 0.0},
            ],
        )
        self.assertEqual(contract.line_ids.mapped("period_label"), ["Monthly", False])
        self.assertTrue(contract.has_hours)

    def test_periods_are_read_as_words(self):
        contract = self._create_contract()
        line = self._create_line(contract, "flat")
        labels = {
            (1, "day"): "Daily",
            (1, "week"): "Weekly",
            (1, "month"): "Monthly",
            (1, "quarter"): "Quarterly",
            (1, "year"): "Yearly",
            (2, "week"): "Every 2 weeks",
        }
        for (interval, unit), label in labels.items():
            line.write({"recurrence_interval": interval, "recurrence_unit": unit})
            self.assertEqual(line.period_label, label)
        line.kind = "time"
        self.assertFalse(line.period_label)

    # ------------------------------------------------------------
    # Where buttons lead
    # ------------------------------------------------------------

    def test_from_a_contract_to_its_work_and_hours(self):
        contract = self._create_contract()
        line = self._create_line(contract, "included", hours=2.0)
        self._activate(contract)
        entry = self._create_entry(unit_amount=3.0)
        self._create_entry(date="2025-12-31")
        contract = contract.with_user(self.billing)
        self.assertEqual(contract.work_entry_count, 1)
        action = contract.action_open_work_entries()
        entries = self.env["account.analytic.line"].search(action["domain"])
        self.assertEqual(entries, entry.sudo())
        action = contract.action_open_grants()
        grant = self.env["psa.contract.grant"].search(action["domain"])
        self.assertEqual(grant, line.grant_ids)
        self.assertEqual(grant.display_name, "Included · 03/01/2026")
        action = grant.action_open_uses()
        part = self.env["psa.coverage.part"].search(action["domain"])
        self.assertEqual(part.display_name, "02:00 Included")
        self.assertEqual(part.action_open_entry()["res_id"], entry.id)

    def test_work_is_found_by_what_covers_it(self):
        contract = self._create_contract()
        self._create_line(contract, "included", hours=2.0, overage="stop")
        self._activate(contract)
        within = self._create_entry(unit_amount=2.0, date="2026-03-02")
        beyond = self._create_entry(unit_amount=1.0, date="2026-03-03")
        arch = self._get_arch(
            "account.analytic.line",
            "search",
            self.technician,
            "psa_core.work_entry_view_search",
        )
        entries = self.env["account.analytic.line"].with_user(self.technician)
        ours = [("id", "in", (within | beyond).ids)]
        found = {}
        for name in ("covered", "chargeable", "goodwill", "beyond", "coverage_error"):
            [node] = arch.xpath(f"//filter[@name='{name}']")
            domain = literal_eval(node.get("domain"))
            found[name] = entries.search([*ours, *domain])
        none = entries.browse()
        self.assertEqual(
            found,
            {
                "covered": within,
                "chargeable": beyond,
                "goodwill": none,
                "beyond": beyond,
                "coverage_error": none,
            },
        )

    # ------------------------------------------------------------
    # Costs
    # ------------------------------------------------------------

    def _count(self, model, view_type, domain):
        arch = self._get_arch(model, view_type, self.billing)
        specification = {
            node.get("name"): {}
            for node in arch.xpath("//field[not(ancestor::field)]")
            if node.get("name") != "activity_ids"
        }
        records = self.env[model].with_user(self.billing)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        records.web_search_read(domain, specification, limit=200)
        return self.env.cr.sql_log_count - before

    def test_lists_do_not_ask_per_row(self):
        def add(number):
            for n in range(number):
                client = self.env["res.partner"].create(
                    {"name": f"Client {n}", "is_company": True}
                )
                contract = self._create_contract(client_id=client.id)
                self._create_line(contract, "included")
                self._create_line(contract, "prepaid")
                rates = self.env["psa.rate"]
                rates.create({"contract_id": contract.id, "price": 90.0})
                self._activate(contract)

        screens = {
            ("psa.contract", "list"): [("name", "=", "Care")],
            ("psa.contract", "kanban"): [("name", "=", "Care")],
            ("psa.contract.grant", "list"): [("contract_id.name", "=", "Care")],
            ("psa.rate", "list"): [("contract_id.name", "=", "Care")],
        }
        add(4)
        for (model, view_type), domain in screens.items():
            self._count(model, view_type, domain)
        few = {key: self._count(*key, domain) for key, domain in screens.items()}
        add(4)
        many = {key: self._count(*key, domain) for key, domain in screens.items()}
        self.assertEqual(many, few)

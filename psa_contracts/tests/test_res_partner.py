# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date

from odoo.tests import freeze_time

from .common import PsaContractsCommon


@freeze_time("2026-03-16 09:00:00")
class TestResPartner(PsaContractsCommon):
    """Contracts of a client at a glance."""

    def _rows(self, partner, user=None):
        sections = partner.with_user(user or self.technician).psa_summary
        (section,) = (found for found in sections if found["name"] == "contracts")
        return {row["label"]: row for row in section["rows"]}

    def _create_care(self, **kwargs):
        contract = self._create_contract(**kwargs)
        self._create_line(contract, "flat")
        return contract, self._create_line(contract, "included", hours=10.0)

    def test_without_contract(self):
        rows = self._rows(self.client)
        self.assertEqual(
            {label: row["value"] for label, row in rows.items()},
            {"Contracts in force": 0},
        )
        self.assertFalse(rows["Contracts in force"]["warn"])

    def test_what_is_left_and_what_ends_next(self):
        contract, line = self._create_care(name="Care", term_months=4)
        other = self._create_contract(name="Block", date_start=date(2026, 2, 1))
        self._create_line(other, "prepaid", name="Block of 20 h")
        self._create_contract(name="Draft")
        self._activate(contract | other)
        self._create_entry(unit_amount=8.5)
        rows = self._rows(self.client)
        self.assertEqual(
            {label: (row["value"], row["warn"]) for label, row in rows.items()},
            {
                "Contracts in force": (2, False),
                f"Left: Included ({contract.number})": (1.5, True),
                f"Left: Block of 20 h ({other.number})": (20.0, False),
                f"Ends next: {contract.number} Care": ("2026-04-30", True),
            },
        )
        action = rows["Contracts in force"]["action"]
        contracts = self.env["psa.contract"].with_user(self.technician)
        found = contracts.search(action["domain"])
        self.assertLessEqual(contract | other, found)
        self.assertEqual(self._rows(self.contact), rows)

    def test_a_suspended_contract_says_why(self):
        contract, _line = self._create_care()
        self._activate(contract)
        contract._suspend(date(2026, 3, 1), "Not paid")
        rows = self._rows(self.client)
        self.assertEqual(
            {label: (row["value"], row["warn"]) for label, row in rows.items()},
            {
                "Contracts in force": (0, False),
                f"Suspended: {contract.display_name}": ("Not paid", True),
            },
        )

    def test_number_of_contracts_and_what_opens(self):
        contract, _line = self._create_care()
        self._create_contract(name="Draft")
        self._activate(contract)
        partners = (self.client | self.contact).with_user(self.technician)
        self.assertEqual(partners.mapped("psa_contract_count"), [1, 1])
        for partner in partners:
            action = partner.action_psa_open_contracts()
            contracts = self.env["psa.contract"].search(action["domain"])
            self.assertEqual(sorted(contracts.mapped("name")), ["Care", "Draft"])
            self.assertEqual(action["context"]["default_client_id"], self.client.id)

    def test_queries_do_not_depend_on_the_clients(self):
        def add(number):
            made = self.env["res.partner"].create(
                [{"name": f"Client {n}", "is_company": True} for n in range(number)]
            )
            for client in made:
                contract, _line = self._create_care(client_id=client.id, term_months=12)
                self._activate(contract)
            return made.with_user(self.technician)

        def count(partners):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            partners._psa_contract_section()
            partners.mapped("psa_contract_count")
            return self.env.cr.sql_log_count - before

        clients = add(6)
        count(clients)
        self.assertEqual(count(clients[:3]), count(clients))

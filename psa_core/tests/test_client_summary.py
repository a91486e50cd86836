# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from unittest.mock import patch

from odoo.tests import freeze_time

from .common import PsaCoreCommon


@freeze_time("2026-03-02 18:00:00")
class TestClientSummary(PsaCoreCommon):
    def _rows(self, partner):
        # Other addons may have added theirs.
        (section,) = (found for found in partner.psa_summary if found["name"] == "work")
        return {row["label"]: row for row in section["rows"]}

    def test_work_section(self):
        self._create_entry(unit_amount=2)
        self._create_entry(unit_amount=1, psa_billable=False)
        old = self._create_entry(unit_amount=4, date="2025-10-01")
        self._create_entry(unit_amount=8, date="2024-10-01")
        old.with_user(self.manager).action_psa_approve()
        for partner in (self.client, self.contact):
            rows = self._rows(partner.with_user(self.manager))
            self.assertEqual(
                {label: row["value"] for label, row in rows.items()},
                {
                    "Hours, last 30 days": 3.0,
                    "of which billable": 2.0,
                    "Hours, last 12 months": 7.0,
                    "Entries not approved": 2,
                },
            )
        own = self._rows(self.client.with_user(self.technician))
        self.assertEqual(own["Hours, last 30 days"]["value"], 3.0, "hours are no cost")
        row = rows["Entries not approved"]
        self.assertTrue(row["warn"])
        self.assertEqual(
            len(self.env["account.analytic.line"].search(row["action"]["domain"])), 2
        )

    def test_client_without_work(self):
        rows = self._rows(self.client)
        self.assertEqual({row["value"] for row in rows.values()}, {0.0})
        self.assertFalse(rows["Entries not approved"]["warn"])

    def test_sections_can_be_added_and_are_sorted(self):
        partners = type(self.client)
        original = partners._psa_client_sections

        def extended(clients):
            sections = original(clients)
            for client in clients:
                sections[client].append(
                    {"name": "first", "title": "First", "sequence": 1, "rows": []}
                )
            return sections

        with patch.object(partners, "_psa_client_sections", extended):
            names = [section["name"] for section in self.client.psa_summary]
        self.assertEqual(names[0], "first")
        self.assertIn("work", names)

    def test_queries_do_not_depend_on_the_clients(self):
        clients = self.env["res.partner"].create(
            [{"name": f"Client {n}", "is_company": True} for n in range(20)]
        )

        def count(partners):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            partners.mapped("psa_summary")
            return self.env.cr.sql_log_count - before

        count(clients)
        self.assertEqual(count(clients[:10]), count(clients))

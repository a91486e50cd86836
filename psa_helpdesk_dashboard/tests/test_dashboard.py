# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import json
import re

from odoo.exceptions import AccessError

from odoo.addons.psa_helpdesk.tests.common import PsaHelpdeskCommon


class TestDashboard(PsaHelpdeskCommon):
    """What the dashboard asks for exists, and a manager may read it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dashboard = cls.env.ref("psa_helpdesk_dashboard.dashboard_service_desk")
        cls.book = json.loads(cls.dashboard.spreadsheet_data)

    def _get_charts(self):
        return [
            figure["data"]
            for sheet in self.book["sheets"]
            for figure in sheet["figures"]
            if figure["data"]["type"].startswith("odoo_")
        ]

    def test_sources(self):
        """Each pivot and chart gives an answer to a manager."""
        self._create_ticket()
        sources = [
            (
                pivot["model"],
                pivot["domain"],
                [row["fieldName"] for row in pivot["rows"]],
                [measure["fieldName"] for measure in pivot["measures"]],
                pivot["fieldMatching"],
            )
            for pivot in self.book["pivots"].values()
        ] + [
            (
                chart["metaData"]["resModel"],
                chart["searchParams"]["domain"],
                chart["metaData"]["groupBy"],
                [chart["metaData"]["measure"]],
                chart["fieldMatching"],
            )
            for chart in self._get_charts()
        ]
        self.assertEqual(len(sources), 10)
        for name, domain, groupby, measures, matching in sources:
            model = self.env[name].with_user(self.manager)
            aggregates = [
                measure
                if measure == "__count"
                else f"{measure}:{model._fields[measure].aggregator}"
                for measure in measures
            ]
            model.formatted_read_group(domain, groupby, aggregates)
            for match in matching.values():
                self.assertIn(match["chain"], model._fields)

    def test_formulas(self):
        """Cells name pivots and measures that are there."""
        text = json.dumps(self.book["sheets"])
        for number, measure in re.findall(
            r'PIVOT\.VALUE\((\d+),\\\\?"(\w+)\\\\?"', text
        ):
            measures = self.book["pivots"][number]["measures"]
            self.assertIn(measure, [known["id"] for known in measures])
        for menu in self.book["chartOdooMenusReferences"].values():
            self.assertTrue(self.env.ref(menu).action)

    def test_who_sees_it(self):
        self.assertTrue(self.dashboard.with_user(self.manager).name)
        with self.assertRaises(AccessError):
            self.dashboard.with_user(self.technician).read(["spreadsheet_data"])

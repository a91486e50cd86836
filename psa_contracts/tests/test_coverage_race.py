# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, tagged

from odoo.addons.psa_core.tests.threads import run_at_once

NAME = "psa-coverage-race"
DAY = date(2026, 3, 2)


@tagged("post_install", "-at_install")
class TestCoverageRace(BaseCase):
    """Two technicians at the same time, with transactions that commit."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())

    def setUp(self):
        super().setUp()
        self.addCleanup(self._run, self._clean)
        self._run(self._clean)
        self._run(self._prepare)
        # Waiting between two tries would only make the test slow.
        patcher = patch("odoo.service.model.time.sleep")
        patcher.start()
        self.addCleanup(patcher.stop)

    def _run(self, call):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            return retrying(lambda: call(env), env)

    def _prepare(self, env):
        """Half an hour is left."""
        client = env["res.partner"].create({"name": NAME, "is_company": True})
        contract = env["psa.contract"].create(
            {"name": NAME, "client_id": client.id, "date_start": DAY}
        )
        line = env["psa.contract.line"].create(
            {
                "contract_id": contract.id,
                "name": NAME,
                "kind": "prepaid",
                "hours": 0.5,
            }
        )
        contract.action_activate()
        employee = env["hr.employee"].create({"name": NAME})
        self.client_id, self.line_id = client.id, line.id
        self.employee_id = employee.id

    def _clean(self, env):
        entries = env["account.analytic.line"].search(
            [("psa_client_id.name", "=", NAME)]
        )
        entries.unlink()
        contracts = env["psa.contract"].search([("name", "=", NAME)])
        accounts = contracts.analytic_account_id
        for table in ("psa_contract_grant", "psa_contract_line", "psa_contract"):
            column = "id" if table == "psa_contract" else "contract_id"
            env.cr.execute(
                f"DELETE FROM {table} WHERE {column} = ANY(%s)", [contracts.ids]
            )
        env.invalidate_all()
        accounts.unlink()
        env["hr.employee"].search([("name", "=", NAME)]).unlink()
        env["res.partner"].search([("name", "=", NAME)]).unlink()

    def _work(self, env, hours):
        env["account.analytic.line"].create(
            {
                "name": NAME,
                "date": DAY,
                "unit_amount": hours,
                "employee_id": self.employee_id,
                "project_id": env.company._psa_get_support_project().id,
                "partner_id": self.client_id,
                "psa_work_type_id": env.ref("psa_core.work_type_project").id,
            }
        )

    def test_two_use_the_last_half_hour(self):
        errors = run_at_once(*[lambda: self._run(lambda env: self._work(env, 0.5))] * 2)
        self.assertEqual(errors, [])
        self.assertEqual(self._run(self._get_sums), {"prepaid": 0.5, "billable": 0.5})

    def test_four_use_a_quarter_each(self):
        errors = run_at_once(
            *[lambda: self._run(lambda env: self._work(env, 0.25))] * 4
        )
        self.assertEqual(errors, [])
        self.assertEqual(self._run(self._get_sums), {"prepaid": 0.5, "billable": 0.5})

    def _get_sums(self, env):
        return dict(
            env["psa.coverage.part"]._read_group(
                [("client_id", "=", self.client_id)], ["kind"], ["hours:sum"]
            )
        )

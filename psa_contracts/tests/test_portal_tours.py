# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields
from odoo.tests import tagged

from .common_portal import PsaContractsPortalCommon


@tagged("post_install", "-at_install")
class TestPortalTours(PsaContractsPortalCommon):
    def test_sign_and_see_the_hours(self):
        # Not frozen: the browser has the time of today.
        today = fields.Date.today()
        self.contract.date_start = today.replace(day=1)
        self._work("Cleaned the rollers", 2.0, today)
        self._send()
        self.start_tour(
            "/my/contracts", "psa_contracts_portal_tour", login=self.anna.login
        )
        self.env.invalidate_all()
        self.assertRecordValues(
            self.contract, [{"state": "active", "signed_by": "Anna Bellini"}]
        )

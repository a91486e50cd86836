# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import warmup
from odoo.tools import mute_logger

from .common import PsaContractsCommon

TODAY = date(2026, 3, 2)


@freeze_time("2026-03-02 09:00:00")
class TestTopup(PsaContractsCommon):
    """Hours that run low or expire."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contact.email = "anna@bellini.example"
        cls.contract, cls.line = cls._create_block()
        cls.job = cls.env["psa.contract.line"]

    @classmethod
    def _create_block(cls, **kwargs):
        """Put a contract with 20 prepaid hours in force; return it and its line."""
        contract = cls._create_contract(contact_id=cls.contact.id)
        line = cls._create_line(contract, "prepaid", price_unit=1000.0, **kwargs)
        cls._activate(contract)
        return contract, line

    def _use(self, hours, **kwargs):
        self._create_entry(unit_amount=hours, **{"date": TODAY, **kwargs})

    def _check(self):
        self.job.search([])._check_safely()

    def _told(self, contract=None):
        activities = (contract or self.contract).sudo().activity_ids
        return activities.sorted("id").mapped("summary")

    def _add(self, **kwargs):
        grants = self.env["psa.contract.grant"].with_user(self.billing)
        return grants.create({"line_id": self.line.id, "hours": 10.0, **kwargs})

    # ------------------------------------------------------------
    # Running low
    # ------------------------------------------------------------

    def test_each_threshold_once(self):
        self._use(15.5)
        self._check()
        self.assertEqual(self._told(), [])
        self._use(1.0)
        self._check()
        self._check()
        self.assertEqual(self._told(), ["Prepaid: 03:30 h left"])
        self._use(2.0)
        self._check()
        self.assertEqual(len(self._told()), 1)
        self._use(1.0)
        self._check()
        self._check()
        self.assertEqual(
            self._told(), ["Prepaid: 03:30 h left", "Prepaid: 00:30 h left"]
        )
        self.assertEqual(self.contract.sudo().activity_ids.user_id, self.billing)

    def test_both_at_once(self):
        self._use(20.0)
        self._check()
        self._check()
        self.assertEqual(self._told(), ["Prepaid: 00:00 h left"])

    def test_again_after_a_purchase(self):
        self._use(17.0)
        self._check()
        self._add()
        self._check()
        self.assertEqual(len(self._told()), 1)
        self._use(8.0)
        self._check()
        self.assertEqual(len(self._told()), 1)
        self._use(3.5)
        self._check()
        self.assertEqual(
            self._told(), ["Prepaid: 03:00 h left", "Prepaid: 01:30 h left"]
        )

    def test_hours_given_back(self):
        """What was told of the same hours is not told again."""
        self._use(17.0)
        self._check()
        self._use(-5.0)
        self._check()
        self._use(5.0)
        self._check()
        self.assertEqual(len(self._told()), 1)

    def test_included_hours_of_each_period(self):
        contract = self._create_contract(name="Included", sequence=1)
        line = self._create_line(contract, "included", topup_percent=50)
        self._activate(contract)
        self._use(6.0)
        self._check()
        self.assertEqual(self._told(contract), ["Included: 04:00 h left"])
        with freeze_time("2026-04-01 09:00:00"):
            self._check()
            self.assertEqual(len(self._told(contract)), 1)
            self._use(5.0, date=date(2026, 4, 1))
            self._check()
        self.assertEqual(
            self._told(contract), ["Included: 04:00 h left", "Included: 05:00 h left"]
        )
        self.assertEqual(line.low_told_percent, 50)

    def test_not_told(self):
        """Nothing is told of lines that say so, or of contracts not in force."""
        self.line.topup = "none"
        suspended, _line = self._create_block()
        suspended.sequence = 99
        self._use(40.0)
        suspended._suspend(TODAY, "Unpaid")
        self._check()
        self.assertEqual((self._told(), self._told(suspended)), ([], []))

    def test_line_has_ended(self):
        """No hours are offered for it."""
        self.line.write({"topup": "order", "date_end": date(2026, 3, 1)})
        self._use(20.0, date=date(2026, 2, 27))
        self._check()
        self.assertFalse(self.contract.sudo().activity_ids)
        orders = self.env["sale.order.line"].search(
            [("psa_hours_line_id", "=", self.line.id)]
        )
        self.assertFalse(orders)

    def test_responsible_is_gone(self):
        self.contract.sudo().user_id = self.colleague
        self.colleague.active = False
        self._use(17.0)
        self._check()
        self.assertIn(self.billing, self.contract.sudo().activity_ids.user_id)

    # ------------------------------------------------------------
    # Quotation
    # ------------------------------------------------------------

    def test_quotation(self):
        self.line.topup = "order"
        self._use(17.0)
        self._check()
        lines = self.env["sale.order.line"].search(
            [("psa_hours_line_id", "=", self.line.id)]
        )
        order = lines.order_id
        self.assertRecordValues(
            lines,
            [
                {
                    "product_uom_qty": 1.0,
                    "price_unit": 1000.0,
                    "product_id": self.env.ref(
                        "psa_contracts.product_prepaid_hours"
                    ).id,
                }
            ],
        )
        self.assertRecordValues(
            order,
            [
                {
                    "state": "draft",
                    "partner_id": self.contact.id,
                    "user_id": self.billing.id,
                    "origin": self.contract.number,
                }
            ],
        )
        text = f"Prepaid: 03:00 h left. Check and send quotation {order.name}."
        self.assertEqual(self._told(), [text])
        # While it is open there is no other.
        self._use(2.5)
        self._check()
        self.assertEqual(
            self._told()[1:],
            [f"Prepaid: 00:30 h left. Check and send quotation {order.name}."],
        )
        order.action_confirm()
        self.assertEqual(self.line.sudo().left_hours, 20.5)
        self._use(19.5)
        self._check()
        self.assertEqual(self.line.sudo().low_told_percent, 95)
        self.assertEqual(
            self.env["sale.order.line"].search_count(
                [("psa_hours_line_id", "=", self.line.id), ("state", "=", "draft")]
            ),
            1,
        )

    # ------------------------------------------------------------
    # The client
    # ------------------------------------------------------------

    def test_client_is_told_if_wanted(self):
        before = self.contract.message_ids
        self._use(17.0)
        self._check()
        self.assertFalse(
            (self.contract.message_ids - before).filtered("notified_partner_ids")
        )
        self.line.tell_client = True
        self._use(2.5)
        self._check()
        self._check()
        mails = (self.contract.message_ids - before).filtered("notified_partner_ids")
        self.assertEqual(mails.notified_partner_ids, self.contact)
        self.assertEqual(len(mails), 1)
        self.assertIn("00:30", mails.body)

    # ------------------------------------------------------------
    # Expiring
    # ------------------------------------------------------------

    def test_expiring(self):
        grant = self._add(date_end=TODAY + timedelta(days=31))
        self._check()
        self.assertEqual(self._told(), [])
        with freeze_time("2026-03-20 09:00:00"):
            # However many days the job did not run.
            self._check()
            self._check()
        self.assertEqual(self._told(), ["Prepaid: 10:00 h expire after 04/02/2026"])
        grant.date_end = date(2026, 4, 10)
        with freeze_time("2026-03-20 09:00:00"):
            self._check()
        self.assertEqual(len(self._told()), 2)

    def test_expired_or_used_up(self):
        self._add(date_start=date(2026, 1, 1), date_end=TODAY - timedelta(days=1))
        self._add(hours=1.0, date_end=TODAY)
        self._use(1.0)
        self._check()
        self.assertEqual(self._told(), [])

    # ------------------------------------------------------------
    # The job
    # ------------------------------------------------------------

    def test_job(self):
        self._use(17.0)
        with self.enter_registry_test_mode():
            self.env.ref("psa_contracts.ir_cron_running_low").method_direct_trigger()
        self.assertEqual(self._told(), ["Prepaid: 03:00 h left"])

    def test_one_that_fails(self):
        """It stops no other."""
        other, line = self._create_block()
        self._use(40.0)
        cls = type(self.line)
        tell = cls._tell_running_low

        def fail(lines, balances):
            if self.line in lines:
                raise ValueError("broken")
            return tell(lines, balances)

        with (
            patch.object(cls, "_tell_running_low", fail),
            mute_logger("odoo.addons.psa_contracts.models.psa_contract_line_topup"),
        ):
            self._check()
        self.assertEqual(self._told(), [])
        self.assertEqual(len(self._told(other)), 1)
        self._check()
        self.assertEqual(len(self._told()), 1)
        self.assertEqual(line.low_told_percent, 95)

    @warmup
    def test_queries(self):
        """Looking costs the same however many lines there are."""

        def count(lines):
            lines.env.invalidate_all()
            before = self.env.cr.sql_log_count
            lines._check_safely()
            return self.env.cr.sql_log_count - before

        lines = self.line.sudo()
        for _contract in range(7):
            lines |= self._create_block()[1].sudo()
        lines._check_safely()
        self.assertEqual(count(lines[:4]), count(lines))

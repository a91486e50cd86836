# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command

from odoo.addons.psa_core.tests.common import at

from .common import FIRST_DAY, PsaContractsCommon


@freeze_time(at(9))
class TestLife(PsaContractsCommon):
    """From a draft to its end, on Monday 2 March 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time(at(9)):
            cls.contract = cls._create_contract()
            cls._create_line(cls.contract)

    def _run_jobs(self):
        with self.enter_registry_test_mode():
            self.env.ref("psa_contracts.ir_cron_contract_days").method_direct_trigger()

    def _get_life(self):
        contract = self.contract
        return contract.state, contract.state_reason, contract.date_end

    # ------------------------------------------------------------
    # Numbers and what nobody sets
    # ------------------------------------------------------------

    def test_number_at_creation(self):
        sequence = self.env.ref("psa_contracts.sequence_contract")
        sequence.number_next_actual = 7001
        contracts = self.env["psa.contract"].create(
            [self._prepare_contract() for _number in range(3)]
        )
        self.assertEqual(contracts.mapped("number"), ["C07001", "C07002", "C07003"])
        self.assertEqual(contracts[0].display_name, "C07001 Care")

    def test_number_of_a_company_with_its_own_sequence(self):
        other = self.env["res.company"].create({"name": "Branch"})
        self.env["ir.sequence"].create(
            {
                "name": "Contract",
                "code": "psa.contract",
                "prefix": "B",
                "company_id": other.id,
            }
        )
        contracts = self.env["psa.contract"].create(
            [
                self._prepare_contract(company_id=other.id),
                self._prepare_contract(),
                self._prepare_contract(company_id=other.id),
            ]
        )
        self.assertEqual(
            [number[0] for number in contracts.mapped("number")], ["B", "C", "B"]
        )

    def test_system_fields_are_not_set_by_hand(self):
        values = {
            "state": "active",
            "state_reason": "Forged",
            "number": "C1",
            "analytic_account_id": 1,
            "signature": b"R0lGODlhAQABAAAAACw=",
            "signed_by": "Forged",
            "signed_at": at(9),
            "version": 7,
        }
        contracts = self.env["psa.contract"].with_user(self.billing)
        for name, value in values.items():
            with self.subTest(field=name):
                with self.assertRaises(AccessError):
                    self.contract.with_user(self.billing).write({name: value})
                with self.assertRaises(AccessError):
                    contracts.create(self._prepare_contract(**{name: value}))
                with self.assertRaises(AccessError):
                    contracts.with_context(**{f"default_{name}": value}).create(
                        self._prepare_contract()
                    )

    def test_admin_brings_numbers_but_no_states(self):
        contracts = self.env["psa.contract"].with_user(self.admin)
        contract = contracts.create(self._prepare_contract(number="OLD-7"))
        self.assertEqual(contract.number, "OLD-7")
        with self.assertRaises(AccessError):
            contract.write({"state": "active"})

    # ------------------------------------------------------------
    # Activation
    # ------------------------------------------------------------

    def test_activate(self):
        prepaid = self._create_line(
            self.contract, "prepaid", quantity=2, price_unit=900, validity_months=12
        )
        self._activate(self.contract)
        self.assertEqual(self._get_life(), ("active", False, False))
        account = self.contract.analytic_account_id
        self.assertRecordValues(
            account,
            [
                {
                    "name": "Care",
                    "code": self.contract.number,
                    "plan_id": self.env.ref("psa_contracts.analytic_plan_contracts").id,
                    "partner_id": self.client.id,
                    "company_id": self.company.id,
                }
            ],
        )
        self.assertRecordValues(
            prepaid.grant_ids,
            [
                {
                    "origin": "purchase",
                    "billed_by": "contract",
                    "date_start": FIRST_DAY,
                    "date_end": date(2026, 12, 31),
                    "hours": 40.0,
                    "price": 1800.0,
                }
            ],
        )

    def test_activate_twice_changes_nothing(self):
        self._create_line(self.contract, "prepaid")
        self._activate(self.contract)
        account = self.contract.analytic_account_id
        self._activate(self.contract)
        self.assertEqual(self.contract.analytic_account_id, account)
        self.assertEqual(len(self.contract.line_ids.grant_ids), 1)

    def test_default_products_by_kind(self):
        kinds = ("flat", "unit", "included", "prepaid", "time", "fixed", "licence")
        contract = self._create_contract(
            line_ids=[Command.create(self._prepare_line(kind)) for kind in kinds]
        )
        service = self.env.ref("psa_contracts.product_contract")
        prepaid = self.env.ref("psa_contracts.product_prepaid_hours")
        none = self.env["product.product"]
        self.assertEqual(
            [line.product_id for line in contract.line_ids],
            [service, service, service, prepaid, none, none, service],
        )

    def test_activate_needs_lines_and_products(self):
        empty = self._create_contract()
        with self.assertRaisesRegex(UserError, "contains nothing yet"):
            self._activate(empty)
        line = self._create_line(empty)
        line.product_id = False
        with self.assertRaisesRegex(UserError, "without a product"):
            self._activate(empty)

    def test_waiting_for_the_signature(self):
        self.contract.is_signed_by_client = True
        # What the portal and the order do: in sudo, for somebody without the right.
        by_technician = self.contract.with_user(self.technician).sudo()
        with self.assertRaisesRegex(UserError, "when the client has signed"):
            by_technician.action_activate()
        by_technician.signed_at = at(8)
        by_technician.action_activate()
        self.assertEqual(self.contract.state, "active")

    def test_billing_need_not_wait_for_the_signature(self):
        self.contract.is_signed_by_client = True
        self._activate(self.contract)
        self.assertEqual(self.contract.state, "active")

    def test_activation_after_the_last_day(self):
        self.contract.date_end = date(2026, 1, 31)
        self._activate(self.contract)
        self.assertEqual(self.contract.state, "ended")

    def test_only_who_writes_contracts_changes_their_life(self):
        self._activate(self.contract)
        for user in (self.technician, self.manager):
            contract = self.contract.with_user(user)
            for call in (
                contract.action_activate,
                lambda found=contract: found._suspend(FIRST_DAY, "x"),
                lambda found=contract: found._resume(FIRST_DAY),
                lambda found=contract: found._end(FIRST_DAY, "x"),
                lambda found=contract: found._cancel("x"),
                contract.action_reset,
            ):
                with self.assertRaises(AccessError):
                    call()

    # ------------------------------------------------------------
    # Suspension
    # ------------------------------------------------------------

    def test_suspend_and_resume_by_dialog(self):
        contract = self._activate(self.contract)
        wizards = self.env["psa.contract.suspend"].with_user(self.billing)
        action = contract.action_suspend()
        self.assertEqual(action["res_model"], "psa.contract.suspend")
        wizard = wizards.with_context(**action["context"]).create({"reason": "Unpaid"})
        wizard.action_suspend()
        self.assertEqual(self._get_life(), ("suspended", "Unpaid", False))
        self.assertTrue(contract.can_resume)
        with freeze_time(at(9, day=date(2026, 3, 10))):
            wizards = self.env["psa.contract.resume"].with_user(self.billing)
            wizards.with_context(**contract.action_resume()["context"]).create(
                {}
            ).action_resume()
            self.assertEqual(self._get_life(), ("active", False, False))
        self.assertRecordValues(
            contract.suspension_ids,
            [
                {
                    "date_start": date(2026, 3, 2),
                    "date_end": date(2026, 3, 9),
                    "reason": "Unpaid",
                }
            ],
        )

    def test_planned_suspension_follows_its_days(self):
        self._activate(self.contract)._suspend(
            date(2026, 4, 1), "Closed in April", date(2026, 4, 30)
        )
        expected = {
            date(2026, 3, 31): "active",
            date(2026, 4, 1): "suspended",
            date(2026, 4, 30): "suspended",
            date(2026, 5, 1): "active",
        }
        for day, state in expected.items():
            with freeze_time(at(9, day=day)):
                self._run_jobs()
                self.assertEqual(self.contract.state, state, day)

    def test_resume_before_it_begins(self):
        contract = self._activate(self.contract)
        contract._suspend(date(2026, 4, 1), "Closed")
        wizard = self.env["psa.contract.resume"].create(
            {"contract_ids": contract.ids, "last_day": date(2026, 3, 1)}
        )
        self.assertTrue(wizard.is_never)
        contract._resume(date(2026, 3, 1))
        self.assertFalse(contract.suspension_ids)
        self.assertFalse(contract.can_resume)

    def test_suspended_twice(self):
        contract = self._activate(self.contract)
        contract._suspend(date(2026, 3, 10), "One", date(2026, 3, 20))
        for first, last in (
            (date(2026, 3, 20), date(2026, 3, 25)),
            (date(2026, 3, 1), None),
            (date(2026, 3, 5), date(2026, 3, 10)),
        ):
            with (
                self.assertRaisesRegex(ValidationError, "suspended already"),
                self.cr.savepoint(),
            ):
                contract._suspend(first, "Two", last)
        contract._suspend(date(2026, 3, 21), "Two", date(2026, 3, 25))
        self.assertEqual(len(contract.suspension_ids), 2)

    def test_suspended_outside_its_days(self):
        contract = self._activate(self.contract)
        contract._end(date(2026, 6, 30), "Moves")
        for day in (date(2025, 12, 31), date(2026, 7, 1)):
            with self.assertRaisesRegex(UserError, "not in force on"):
                contract._suspend(day, "x")
        draft = self._create_contract()
        with self.assertRaisesRegex(UserError, "“Draft”"):
            draft._suspend(date(2026, 3, 2), "x")

    def test_resume_what_is_not_suspended(self):
        with self.assertRaisesRegex(UserError, "is not suspended"):
            self._activate(self.contract)._resume(date(2026, 3, 1))

    def test_suspensions_are_made_by_methods_only(self):
        contract = self._activate(self.contract)
        suspensions = self.env["psa.contract.suspension"].with_user(self.billing)
        with self.assertRaises(AccessError):
            suspensions.create(
                {
                    "contract_id": contract.id,
                    "date_start": FIRST_DAY,
                    "reason": "Forged",
                }
            )

    # ------------------------------------------------------------
    # End, cancel, back
    # ------------------------------------------------------------

    def test_end_by_dialog(self):
        contract = self._activate(self.contract)
        wizards = self.env["psa.contract.end"].with_user(self.billing)
        wizards.with_context(**contract.action_end()["context"]).create(
            {"last_day": date(2026, 3, 31), "reason": "Moves"}
        ).action_end()
        self.assertEqual(self._get_life(), ("active", False, date(2026, 3, 31)))
        with freeze_time(at(9, day=date(2026, 4, 1))):
            self._run_jobs()
        self.assertEqual(self._get_life(), ("ended", "Moves", date(2026, 3, 31)))

    def test_end_in_the_past_and_before_the_start(self):
        contract = self._activate(self.contract)
        with self.assertRaisesRegex(ValidationError, "cannot end before"):
            contract._end(date(2025, 12, 31), "Moves")
        contract._end(FIRST_DAY, "Moved")
        self.assertEqual(self._get_life(), ("ended", "Moved", FIRST_DAY))

    def test_an_end_survives_another_first_day(self):
        self.contract.term_months = 12
        contract = self._activate(self.contract)
        contract._end(date(2026, 5, 31), "Moves")
        contract.date_start = date(2026, 1, 15)
        self.assertEqual(contract.date_end, date(2026, 5, 31))

    def test_longer_again_after_its_end(self):
        contract = self._activate(self.contract)
        contract._end(date(2026, 2, 28), "Moves")
        self.assertEqual(contract.state, "ended")
        contract.date_end = date(2026, 12, 31)
        self.assertEqual(self._get_life(), ("active", False, date(2026, 12, 31)))

    def test_cancel_and_back(self):
        wizards = self.env["psa.contract.cancel"].with_user(self.billing)
        wizards.with_context(**self.contract.action_cancel()["context"]).create(
            {"reason": "Too dear"}
        ).action_cancel()
        self.assertEqual(self._get_life(), ("cancelled", "Too dear", False))
        with self.assertRaisesRegex(UserError, "“Cancelled”"):
            self._activate(self.contract)
        self.contract.action_reset()
        self.assertEqual(self._get_life(), ("draft", False, False))
        self._activate(self.contract)
        with self.assertRaisesRegex(UserError, "“Active”"):
            self.contract._cancel("x")
        with self.assertRaisesRegex(UserError, "“Active”"):
            self.contract.action_reset()

    def test_what_was_in_force_is_not_deleted(self):
        draft = self._create_contract()
        self._create_line(draft)
        draft.unlink()
        contract = self._activate(self.contract)
        with self.assertRaisesRegex(UserError, "stays as a record"):
            contract.unlink()
        with self.assertRaisesRegex(UserError, "stays as a record"):
            contract.line_ids.unlink()
        contract._end(FIRST_DAY, "Moved")
        with self.assertRaisesRegex(UserError, "stays as a record"):
            contract.unlink()

    # ------------------------------------------------------------
    # The job
    # ------------------------------------------------------------

    def test_days_on_which_the_job_did_not_run(self):
        contract = self._activate(self.contract)
        contract._suspend(date(2026, 3, 10), "Unpaid", date(2026, 3, 20))
        contract._end(date(2026, 3, 31), "Moves")
        with freeze_time(at(9, day=date(2026, 5, 4))):
            self._run_jobs()
        self.assertEqual(contract.state, "ended")

    def test_one_failure_stops_no_other(self):
        contract = self._activate(self.contract)
        other = self._create_contract(user_id=self.manager.id)
        self._create_line(other)
        self._activate(other)
        (contract | other)._end(date(2026, 3, 31), "Moves")
        model = type(self.env["psa.contract"])
        follow = model._follow_dates

        def fail(records):
            if other in records:
                raise ValueError("A <b>fault</b>")
            return follow(records)

        self.patch(model, "_follow_dates", fail)
        clock = "odoo.addons.psa_contracts.models.psa_contract_clock"
        for day in (date(2026, 4, 1), date(2026, 4, 2)):
            with freeze_time(at(9, day=day)), self.assertLogs(clock, "ERROR"):
                self._run_jobs()
        self.assertEqual((contract.state, other.state), ("ended", "active"))
        self.assertEqual(other.life_error, "A <b>fault</b>")
        self.assertRecordValues(
            other.activity_ids,
            [
                {
                    "user_id": self.manager.id,
                    "summary": "The contract is not up to date",
                    "note": "<span>A &lt;b&gt;fault&lt;/b&gt;</span>",
                }
            ],
        )
        self.patch(model, "_follow_dates", follow)
        with freeze_time(at(9, day=date(2026, 4, 3))):
            self._run_jobs()
        self.assertEqual((other.state, other.life_error), ("ended", False))

    def test_the_day_is_that_of_the_company(self):
        self._activate(self.contract)._end(date(2026, 3, 31), "Moves")
        # It is the first of April in Rome already.
        with freeze_time(at(22, 30, day=date(2026, 3, 31))):
            self._run_jobs()
            self.assertEqual(self.contract.state, "ended")

    # ------------------------------------------------------------
    # How many queries
    # ------------------------------------------------------------

    def test_as_many_queries_for_twice_as_many(self):
        counts = []
        # The first ones find nothing in the caches of the registry.
        for number in (2, 5, 10):
            contracts = self.env["psa.contract"].browse()
            self.env.flush_all()
            self.env.invalidate_all()
            queries = self.cr.sql_log_count
            contracts = contracts.create(
                [
                    self._prepare_contract(
                        line_ids=[
                            Command.create(self._prepare_line("prepaid")),
                            Command.create(self._prepare_line("unit")),
                        ]
                    )
                    for _number in range(number)
                ]
            )
            contracts.action_activate()
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - queries)
        self.assertEqual(counts[1], counts[2])

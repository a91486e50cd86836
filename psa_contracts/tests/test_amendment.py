# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import mute_logger

from odoo.addons.psa_core.tests.common import MONDAY, at

from .common import FIRST_DAY, PsaContractsCommon


@freeze_time(at(9))
class TestAmendment(PsaContractsCommon):
    """Who changed what of a contract in force."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time(at(9)):
            cls.contract = cls._create_contract()
            cls.line = cls._create_line(cls.contract, "included", name="Remote help")
            cls._activate(cls.contract)

    def _get_amendments(self):
        return self.contract.amendment_ids.sorted("number", reverse=True)

    def _get_rows(self, amendment=None):
        amendment = amendment or self._get_amendments()[:1]
        return [
            (row["step"], row["record"], row["field"], row["before"], row["after"])
            for row in amendment.changes
        ]

    def _requested(self):
        """Return a patch that keeps for which work coverage was requested."""
        return patch.object(
            type(self.env["account.analytic.line"]), "_psa_request_coverage"
        )

    # ------------------------------------------------------------
    # What is kept
    # ------------------------------------------------------------

    def test_a_draft_and_its_activation_are_no_amendment(self):
        draft = self._create_contract()
        line = self._create_line(draft)
        line.quantity = 7
        draft.date_end = date(2026, 12, 31)
        self._activate(draft)
        self.assertFalse(draft.amendment_ids)

    def test_one_per_save(self):
        rate = self.env["psa.rate"].create(
            {"contract_id": self.contract.id, "price": 80}
        )
        self.assertEqual(self.contract.version, 1)
        self.contract.with_user(self.billing).write(
            {
                "name": "Care Plus",
                "contact_id": self.contact.id,
                "line_ids": [
                    Command.update(self.line.id, {"hours": 12.0, "overage": "stop"}),
                    Command.create({"kind": "flat", "name": "Fee", "price_unit": 50}),
                ],
                "rate_ids": [Command.update(rate.id, {"price": 85})],
            }
        )
        amendment = self._get_amendments()[0]
        self.assertRecordValues(
            amendment,
            [{"number": 2, "user_id": self.billing.id, "changed_at": at(9)}],
        )
        rows = self._get_rows(amendment)
        remote = "Remote help from 03/02/2026"
        for row in [
            ("change", "", "name", "Care", "Care Plus"),
            (
                "change",
                "",
                "contact_id",
                False,
                [self.contact.id, self.contact.display_name],
            ),
            ("change", "Remote help", "overage", "billable", "stop"),
            ("add", remote, "date_start", False, "2026-03-02"),
            ("add", remote, "hours", False, 12.0),
            ("add", "Fee", "kind", False, "flat"),
            ("add", "Fee", "price_unit", False, 50.0),
            ("change", "All work", "price", 80.0, 85.0),
        ]:
            self.assertIn(row, rows)
        self.assertEqual(
            [row for row in rows if row[0] == "change"],
            [
                ("change", "", "name", "Care", "Care Plus"),
                (
                    "change",
                    "",
                    "contact_id",
                    False,
                    [self.contact.id, self.contact.display_name],
                ),
                ("change", "Remote help", "overage", "billable", "stop"),
                ("change", "All work", "price", 80.0, 85.0),
            ],
        )

    def test_each_save_is_a_version(self):
        for number in (1, 2, 3):
            self.contract.name = f"Care {number}"
        self.assertEqual(self._get_amendments().mapped("number"), [3, 2, 1])
        self.assertEqual(self.contract.version, 3)

    def test_saved_without_a_change(self):
        self.contract.write({"name": "Care", "date_start": FIRST_DAY})
        self.assertFalse(self.contract.amendment_ids)

    def test_what_is_no_term_is_not_kept(self):
        self.contract.user_id = self.manager
        self.assertFalse(self.contract.amendment_ids)

    def test_dates_that_follow(self):
        self.contract.term_months = 12
        self.assertEqual(
            self._get_rows(),
            [
                ("change", "", "term_months", False, 12),
                ("change", "", "date_end", False, "2026-12-31"),
            ],
        )

    def test_scope(self):
        self.line.work_type_ids = self.work_type_remote
        self.contract.covered_partner_ids = self.contact
        remote = [self.work_type_remote.id, self.work_type_remote.name]
        anna = [self.contact.id, self.contact.display_name]
        self.assertEqual(
            [self._get_rows(found) for found in self._get_amendments()],
            [
                [("change", "", "covered_partner_ids", False, [anna])],
                [("change", "Remote help", "work_type_ids", False, [remote])],
            ],
        )

    def test_suspensions(self):
        self.contract._suspend(MONDAY, "Unpaid")
        label = "Suspended: 03/02/2026"
        self.assertEqual(
            self._get_rows(),
            [
                ("add", label, "date_start", False, "2026-03-02"),
                ("add", label, "reason", False, "Unpaid"),
            ],
        )
        self.contract._resume(date(2026, 3, 8))
        self.assertEqual(
            self._get_rows(), [("change", label, "date_end", False, "2026-03-08")]
        )
        self.assertEqual(self.contract.version, 2)

    def test_removed(self):
        rate = self.env["psa.rate"].create(
            {"contract_id": self.contract.id, "price": 80}
        )
        rate.unlink()
        self.assertEqual(
            self._get_rows(),
            [
                ("remove", "All work", "mode", "price", False),
                ("remove", "All work", "price", 80.0, False),
            ],
        )

    def test_a_failure_leaves_nothing_behind(self):
        with self.assertRaises(UserError):
            self.contract.write(
                {
                    "name": "Other",
                    "line_ids": [Command.update(self.line.id, {"kind": "flat"})],
                }
            )
        self.contract.name = "Care 24"
        self.assertEqual(self._get_rows(), [("change", "", "name", "Care", "Care 24")])

    def test_a_savepoint_within_a_save_does_not_divide_it(self):
        with self.contract._amending():
            with self.cr.savepoint():
                self.contract.name = "Care 24"
            self.line.overage = "stop"
        self.assertEqual(self.contract.version, 1)

    def test_hook(self):
        model = type(self.env["psa.contract"])
        names = model._get_amended_fields

        def more(records):
            return [*names(records), "client_order_ref"]

        self.patch(model, "_get_amended_fields", more)
        self.contract.client_order_ref = "PO 7"
        self.assertEqual(
            self._get_rows(), [("change", "", "client_order_ref", False, "PO 7")]
        )

    def test_the_context_hides_nothing(self):
        forged = {"psa_contracts.changes": True, "psa_amending": True}
        self.contract.with_context(**forged).name = "Care 24"
        self.assertEqual(self.contract.version, 1)

    def test_as_many_queries_for_twice_as_many(self):
        counts = []
        for number in (2, 5, 10):
            contracts = self.env["psa.contract"].create(
                [
                    self._prepare_contract(
                        line_ids=[Command.create(self._prepare_line("included"))]
                    )
                    for _number in range(number)
                ]
            )
            contracts.action_activate()
            self.env.flush_all()
            self.env.invalidate_all()
            queries = self.cr.sql_log_count
            contracts.line_ids.write({"overage": "stop", "date_end": MONDAY})
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - queries)
            self.assertEqual(contracts.mapped("version"), [1] * number)
        self.assertEqual(counts[1], counts[2])

    # ------------------------------------------------------------
    # What cannot change
    # ------------------------------------------------------------

    def test_another_client_is_another_contract(self):
        other = self.client.copy({"name": "Cantina"})
        company = self.env["res.company"].create({"name": "Branch"})
        dollar = (
            self.env["res.currency"]
            .with_context(active_test=False)
            .search([("id", "!=", self.contract.currency_id.id)], limit=1)
        )
        for values in (
            {"client_id": other.id},
            {"company_id": company.id},
            {"currency_id": dollar.id},
        ):
            with self.assertRaisesRegex(UserError, "make another contract"):
                self.contract.write(values)
        self.contract.write({"client_id": self.client.id})
        draft = self._create_contract()
        draft.client_id = other
        self.assertEqual(draft.client_id, other)

    def test_another_kind_is_another_line(self):
        with self.assertRaisesRegex(UserError, "add another line"):
            self.line.kind = "flat"
        with self.assertRaisesRegex(UserError, "add another line"):
            self.line.contract_id = self._create_contract()

    def test_amendments_are_never_edited(self):
        self.contract.name = "Care 24"
        amendment = self.contract.amendment_ids
        for user in (self.billing, self.admin):
            found = amendment.with_user(user)
            with self.assertRaises(AccessError):
                found.create(
                    {
                        "contract_id": self.contract.id,
                        "user_id": user.id,
                        "changed_at": at(9),
                    }
                )
            with self.assertRaises(UserError):
                found.write({"number": 9})
            with self.assertRaises(UserError):
                found.unlink()
        with self.assertRaisesRegex(UserError, "cannot be changed"):
            amendment.sudo().write({"number": 9})
        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            amendment.sudo().unlink()

    # ------------------------------------------------------------
    # What a reader sees
    # ------------------------------------------------------------

    def test_summary(self):
        self.contract.name = "<b>Care</b>"
        self.assertEqual(
            self.contract.amendment_ids.summary,
            '<table class="table table-sm"><thead><tr><th>What</th><th>Field</th>'
            "<th>Before</th><th>After</th></tr></thead><tbody><tr><td></td>"
            "<td>Title</td><td>Care</td><td>&lt;b&gt;Care&lt;/b&gt;</td></tr></tbody>"
            "</table>",
        )

    def test_summary_in_the_words_of_the_reader(self):
        self.line.write({"overage": "stop", "date_end": date(2026, 12, 31)})
        self.env["res.lang"]._activate_lang("it_IT")
        amendment = self.contract.amendment_ids
        self.assertIn("<td>Is billed</td>", amendment.summary)
        self.assertIn("<td>12/31/2026</td>", amendment.summary)
        italian = amendment.with_context(lang="it_IT")
        self.assertIn("<td>31/12/2026</td>", italian.summary)

    def test_prices_are_not_for_technicians(self):
        self.line._change_terms(
            MONDAY, {self.line: {"price_unit": 123.0, "hours": 7.0}}
        )
        amendment = self.contract.amendment_ids
        self.assertIn("123.00", amendment.with_user(self.billing).summary)
        seen = amendment.with_user(self.technician)
        self.assertNotIn("123", seen.summary)
        self.assertIn("7.00", seen.summary)
        with self.assertRaises(AccessError), mute_logger("odoo.models"):
            seen.read(["changes"])

    # ------------------------------------------------------------
    # What follows for work
    # ------------------------------------------------------------

    def test_coverage_is_requested_for_what_matters(self):
        key = (self.client.id, self.company.id, FIRST_DAY)
        with self._requested() as requested:
            self.contract.write({"description": "<p>Text</p>", "name": "Care 24"})
            requested.assert_not_called()
            self.line.overage = "stop"
            requested.assert_called_once_with([key])

    def test_work_before_a_later_first_day(self):
        with self._requested() as requested:
            self.contract.date_start = date(2026, 2, 1)
            requested.assert_called_once_with(
                [(self.client.id, self.company.id, FIRST_DAY)]
            )
            requested.reset_mock()
            self.contract.date_start = date(2025, 12, 1)
            requested.assert_called_once_with(
                [(self.client.id, self.company.id, date(2025, 12, 1))]
            )

    def test_work_is_decided_upon_again(self):
        entry = self._create_entry()
        self.assertEqual(entry.sudo().psa_coverage, "included")
        self.contract._suspend(MONDAY, "Unpaid")
        self.assertEqual(entry.sudo().psa_coverage, "billable")
        self.contract._resume(date(2026, 3, 1))
        self.assertEqual(entry.sudo().psa_coverage, "included")
        self.contract._end(date(2026, 3, 1), "Moved")
        self.assertEqual(entry.sudo().psa_coverage, "billable")

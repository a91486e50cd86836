# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time

from odoo.addons.psa_core.tests.common import MONDAY

from .common_coverage import PsaCoverageCommon

SUNDAY = date(2026, 3, 1)
DECISION = (
    "psa_decision",
    "psa_decision_line_id",
    "psa_decision_reason_id",
    "psa_decision_note",
    "psa_decision_user_id",
)


@freeze_time("2026-03-31 12:00:00")
class TestDecide(PsaCoverageCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.line = cls._create_covered(hours=3.0)
        cls.env["psa.rate"].with_user(cls.billing).create({"price": 80.0})
        cls.reason = cls.env.ref("psa_contracts.coverage_reason_agreed")
        cls.entries = cls._work(SUNDAY, 2.0) | cls._work(MONDAY, 2.0)

    def _decide(self, decision, entries=None, user=None, **kwargs):
        entries = self.entries if entries is None else entries
        values = {"decision": decision, "reason_id": self.reason.id, **kwargs}
        wizards = self.env["psa.coverage.decide"].with_user(user or self.manager)
        wizard = wizards.create({"entry_ids": entries.ids, **values})
        return wizard.action_decide()

    def _decision(self, entry):
        return tuple(entry.sudo()[name] for name in DECISION)

    def test_before(self):
        self.assertEqual(
            self._parts(self.entries),
            [("included", 2.0, 0.0), ("included", 1.0, 0.0), ("billable", 1.0, 80.0)],
        )

    def test_goodwill(self):
        """What is given for nothing uses no hours: the others have them."""
        first, second = self.entries
        self._decide("goodwill", first, note="On the phone")
        self.assertEqual(
            self._parts(self.entries), [("goodwill", 2.0, 0.0), ("included", 2.0, 0.0)]
        )
        no_line = self.env["psa.contract.line"]
        self.assertEqual(
            self._decision(first),
            ("goodwill", no_line, self.reason, "On the phone", self.manager),
        )
        self.assertFalse(any(self._decision(second)))
        self.assertDecided(self.entries)

    def test_billable(self):
        self._decide("billable", self.entries[0])
        self.assertEqual(
            self._parts(self.entries), [("billable", 2.0, 80.0), ("included", 2.0, 0.0)]
        )

    def test_not_billable(self):
        self._decide("internal")
        self.assertEqual(
            self._parts(self.entries), [("internal", 2.0, 0.0), ("internal", 2.0, 0.0)]
        )

    def test_contract_line(self):
        """A chosen line covers what its scope leaves out, as long as it has hours."""
        other = self._create_covered(
            "prepaid",
            contract={"name": "Block", "sequence": 20},
            hours=1.5,
            work_type_ids=self.work_type_remote.ids,
        )
        second = self.entries[1]
        self._decide("line", second, line_id=other.id)
        self.assertEqual(
            self._parts(second), [("prepaid", 1.5, 0.0), ("billable", 0.5, 80.0)]
        )
        parts = second.sudo().psa_coverage_part_ids
        self.assertEqual(parts[0].line_id, other)
        self.assertEqual(second.sudo().psa_decision_line_id, other)

    def test_back_to_the_rules(self):
        before = self._parts(self.entries)
        self._decide("goodwill", note="First")
        self._decide("automatic", reason_id=False)
        self.assertEqual(self._parts(self.entries), before)
        for entry in self.entries:
            self.assertFalse(any(self._decision(entry)))

    def test_kept(self):
        """Neither other hours nor another contract undo what was decided."""
        first = self.entries[0]
        self._decide("goodwill", first)
        decision = self._decision(first)
        first.with_user(self.technician).write({"unit_amount": 2.5, "date": MONDAY})
        self.assertEqual(self._parts(first), [("goodwill", 2.5, 0.0)])
        self.line.contract_id.sudo()._request_coverage()
        self._work(SUNDAY, 1.0)
        self.assertEqual(self._parts(first), [("goodwill", 2.5, 0.0)])
        self.assertEqual(self._decision(first), decision)

    def test_explained(self):
        self._decide("goodwill", self.entries[0], note="On the phone")
        text = self.entries[0].with_user(self.technician).psa_coverage_explanation
        self.assertIn(self.manager.name, text)
        self.assertIn(self.reason.name, text)
        self.assertIn("On the phone", text)

    def test_reason_required(self):
        for decision in ("goodwill", "billable", "internal", "line"):
            with self.subTest(decision=decision), self.assertRaises(UserError):
                self._decide(decision, reason_id=False, line_id=self.line.id)

    def test_nothing_chosen(self):
        with self.assertRaises(UserError):
            self._decide("goodwill", self.entries.browse())

    def test_billed(self):
        """None of the entries is changed when one is invoiced."""
        billed = self.entries[1]
        invoice = self.env["account.move"].create(
            {"move_type": "out_invoice", "partner_id": self.client.id}
        )
        billed.sudo().timesheet_invoice_id = invoice
        before = self._parts(self.entries)
        with self.assertRaisesRegex(UserError, "already invoiced"):
            self._decide("goodwill")
        self.assertEqual(self._parts(self.entries), before)
        invoice.button_cancel()
        self._decide("goodwill")
        self.assertEqual(self._sums(self.entries), {"goodwill": 4.0})

    def test_line_of_somebody_else(self):
        other = self.env["res.partner"].create({"name": "Rossi", "is_company": True})
        foreign = self._create_covered(contract={"client_id": other.id})
        draft = self._create_line(self._create_contract(), "included")
        flat = self._create_line(self.line.contract_id, "flat")
        for line in (foreign, draft, flat, self.env["psa.contract.line"]):
            with self.subTest(line=line.name), self.assertRaises(UserError):
                self._decide("line", line_id=line.id)

    def test_line_not_in_force(self):
        late = self._create_covered(contract={"date_start": MONDAY}, anchor_day=1)
        with self.assertRaisesRegex(UserError, "not in force on 03/01/2026"):
            self._decide("line", line_id=late.id)
        self._decide("line", self.entries[1], line_id=late.id)
        self.assertEqual(self._parts(self.entries[1]), [("included", 2.0, 0.0)])

    def test_only_managers(self):
        for user in (self.technician, self.billing):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._decide("goodwill", user=user)

    def test_nobody_forges(self):
        """Fields of a decision are refused from everybody, also at creation."""
        values = {
            "psa_decision": "goodwill",
            "psa_decision_line_id": self.line.id,
            "psa_decision_reason_id": self.reason.id,
            "psa_decision_note": "x",
            "psa_decision_user_id": self.manager.id,
        }
        for user in (self.technician, self.manager, self.billing):
            for name, value in values.items():
                with self.subTest(user=user.login, field=name):
                    with self.assertRaises(AccessError):
                        self.entries.with_user(user).write({name: value})
                    with self.assertRaises(AccessError):
                        self._work(MONDAY, 1.0, **{name: value})

    def test_form(self):
        """Opened from a list, which may have items that are no work."""
        account = self.env["account.analytic.account"].search([], limit=1)
        item = self.env["account.analytic.line"].create(
            {"name": "Invoice", "account_id": account.id, "amount": 10.0}
        )
        wizards = self.env["psa.coverage.decide"].with_user(self.manager)
        wizards = wizards.with_context(
            active_model="account.analytic.line",
            active_ids=(self.entries | item).ids,
        )
        with Form(wizards) as form:
            self.assertEqual(form.entry_count, 2)
            self.assertEqual(form.hours, 4.0)
            self.assertEqual(form.client_id, self.client)
            form.decision = "line"
            form.line_id = self.line
            form.reason_id = self.reason
        form.record.action_decide()
        self.assertEqual(self.entries.sudo().mapped("psa_decision"), ["line", "line"])

    def test_copy_has_no_decision(self):
        self._decide("goodwill")
        copy = self.entries[0].copy()
        self.assertFalse(any(self._decision(copy)))

    def test_queries(self):
        """As many for twice as many entries."""
        counts = []
        self._decide("goodwill", self._work(MONDAY, 0.5))
        for size in (4, 8):
            entries = self.env["account.analytic.line"].concat(
                *(self._work(MONDAY, 0.5) for _number in range(size))
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._decide("goodwill", entries)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)

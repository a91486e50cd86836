# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form

from .common import MONDAY, PsaCoreCommon, at


class TestWorkEntry(PsaCoreCommon):
    # ------------------------------------------------------------
    # Defaults
    # ------------------------------------------------------------

    def test_defaults(self):
        entry = self._create_entry()
        self.assertRecordValues(
            entry,
            [
                {
                    "psa_work_type_id": self.work_type_project.id,
                    "psa_client_id": self.client.id,
                    "psa_billable": True,
                    "psa_billable_hours": 1.0,
                    "psa_review_state": "to_review",
                    "psa_source": "manual",
                    "psa_warning": False,
                }
            ],
        )

    def test_project_names_the_work_type(self):
        self.project.psa_work_type_id = self.work_type_remote
        self.assertEqual(self._create_entry().psa_work_type_id, self.work_type_remote)

    def test_project_that_is_not_billable(self):
        self.project.allow_billable = False
        entry = self._create_entry()
        self.assertFalse(entry.psa_billable)
        self.assertEqual(entry.psa_billable_hours, 0.0)

    def test_work_type_that_is_not_billable(self):
        entry = self._create_entry(psa_work_type_id=self.work_type_internal.id)
        self.assertFalse(entry.psa_billable)
        entry.psa_billable = True
        self.assertEqual(entry.psa_billable_hours, 1.0)

    def test_work_type_without_product_still_records(self):
        self.work_type_remote.product_id = False
        entry = self._create_entry(psa_work_type_id=self.work_type_remote.id)
        self.assertEqual(entry.psa_billable_hours, 1.0)

    def test_other_analytic_lines_are_left_alone(self):
        line = self.env["account.analytic.line"].create(
            {"name": "Bill", "account_id": self.project.account_id.id, "amount": -10}
        )
        self.assertRecordValues(
            line,
            [
                {
                    "psa_work_type_id": False,
                    "psa_review_state": False,
                    "psa_source": False,
                    "psa_billable": False,
                    "psa_billable_hours": 0.0,
                    "psa_is_flagged": False,
                }
            ],
        )

    def test_client_stays_when_a_contact_moves_on(self):
        entry = self._create_entry()
        self.env.flush_all()
        self.contact.parent_id = self.env["res.partner"].create(
            {"name": "New employer"}
        )
        self.env.flush_all()
        self.assertEqual(entry.psa_client_id, self.client)

    def test_client_of_a_project_without_one_is_kept(self):
        support = self.company.psa_support_project_id
        entry = self._create_entry(
            task_id=False, project_id=support.id, partner_id=self.client.id
        )
        self.assertEqual(entry.psa_client_id, self.client)
        support.name = "Support desk"
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(entry.partner_id, self.client)

    def test_copy_by_a_technician(self):
        entry = self._create_entry()
        entry.sudo().psa_source = "timer"
        copy = entry.copy()
        self.assertEqual(copy.psa_source, "manual")
        self.assertEqual(copy.sudo().amount, -30.0)

    # ------------------------------------------------------------
    # Billable hours
    # ------------------------------------------------------------

    def _remote(self, minutes, **kwargs):
        kwargs.setdefault("psa_work_type_id", self.work_type_remote.id)
        return self._create_entry(unit_amount=minutes / 60, **kwargs)

    def _minutes(self, entries):
        return [round(entry.psa_billable_hours * 60, 6) for entry in entries]

    def test_worked_hours_stay_untouched(self):
        entry = self._remote(5)
        self.assertAlmostEqual(entry.unit_amount, 5 / 60)
        self.assertEqual(self._minutes(entry), [15])

    def test_total_of_record_and_day_is_rounded_once(self):
        notes = self.env["account.analytic.line"]
        for minutes in (5, 5, 4, 20):
            notes |= self._remote(minutes)
        self.assertEqual(self._minutes(notes), [15, 0, 0, 30])

    def test_rounding_of_each_entry(self):
        self.work_type_remote.rounding_scope = "entry"
        notes = self._remote(5) | self._remote(5)
        self.assertEqual(self._minutes(notes), [15, 15])

    def test_other_day_task_type_or_client_is_another_total(self):
        notes = (
            self._remote(5)
            | self._remote(5, date=at(0, day=MONDAY.replace(day=3)).date())
            | self._remote(5, task_id=self._create_task().id)
            | self._remote(5, psa_work_type_id=self.work_type_remote.copy().id)
            | self._remote(5, task_id=False)
        )
        self.assertEqual(self._minutes(notes), [15] * 5)

    def test_two_technicians_share_the_total(self):
        first = self._remote(5)
        second = self._remote(5, user=self.colleague)
        self.assertEqual(self._minutes(first | second), [15, 0])

    def test_changes_of_an_entry_reach_the_later_ones(self):
        first, second, third = self._remote(5), self._remote(5), self._remote(5)
        cases = [
            ({"unit_amount": 14 / 60}, [15, 15, 0]),
            ({"psa_billable": False}, [0, 15, 0]),
            ({"psa_billable": True, "unit_amount": 5 / 60}, [15, 0, 0]),
            ({"task_id": self._create_task().id}, [15, 15, 0]),
            ({"task_id": self.task.id}, [15, 0, 0]),
            ({"psa_work_type_id": self.work_type_project.id}, [5, 15, 0]),
        ]
        for values, expected in cases:
            with self.subTest(values=values):
                first.write(values)
                self.assertEqual(self._minutes(first | second | third), expected)

    def test_deletion_reaches_the_later_ones(self):
        first, second = self._remote(5), self._remote(5)
        first.unlink()
        self.assertEqual(self._minutes(second), [15])

    def test_approved_entries_keep_their_hours(self):
        first, second, third = self._remote(5), self._remote(5), self._remote(5)
        second.with_user(self.manager).action_psa_approve()
        first.unlink()
        self.assertEqual(self._minutes(second | third), [0, 15])

    def test_new_rules_do_not_rewrite_history(self):
        entry = self._remote(5)
        self.env.flush_all()
        self.work_type_remote.rounding_minimum = 60
        self.env.flush_all()
        self.assertEqual(self._minutes(entry), [15])

    def test_multiplier(self):
        entry = self._remote(61, psa_work_type_id=self.work_type_after_hours.id)
        self.assertEqual(self._minutes(entry), [135])

    def test_correction_mirrors_the_entry(self):
        entries = self._remote(61) | self._remote(-61)
        self.assertEqual(self._minutes(entries), [75, -75])

    def test_zero_and_a_day_and_an_hour(self):
        self.assertEqual(self._minutes(self._remote(0)), [0])
        self.assertEqual(self._minutes(self._remote(25 * 60)), [25 * 60])

    def test_written_together_with_entries_that_are_not_rounded(self):
        rounded, free = self._remote(5), self._remote(5, psa_billable=False)
        other = self._create_entry(unit_amount=0.1)
        (rounded | free | other).write({"unit_amount": 0.2})
        self.assertEqual(self._minutes(rounded | free | other), [15, 0, 12])
        (rounded | free | other).unlink()

    def test_created_in_one_call_as_one_by_one(self):
        entries = self.env["account.analytic.line"].create(
            [
                self._prepare_entry(
                    unit_amount=minutes / 60, psa_work_type_id=self.work_type_remote.id
                )
                for minutes in (5, 5, 4, 20)
            ]
        )
        self.assertEqual(self._minutes(entries), [15, 0, 0, 30])

    def test_form_shows_the_hours_before_saving(self):
        self._remote(10)
        form = Form(
            self.env["account.analytic.line"].with_user(self.technician),
            "psa_core.work_entry_view_form",
        )
        form.project_id = self.project
        form.task_id = self.task
        form.date = MONDAY
        form.psa_work_type_id = self.work_type_remote
        form.unit_amount = 10 / 60
        self.assertAlmostEqual(form.psa_billable_hours, 0.25)

    def test_client_corrected_later(self):
        support = {
            "task_id": False,
            "project_id": self.company.psa_support_project_id.id,
        }
        first = self._remote(5, partner_id=self.client.id, **support)
        second = self._remote(5, partner_id=self.client.id, **support)
        self.assertEqual(self._minutes(first | second), [15, 0])
        second.partner_id = self.env["res.partner"].create({"name": "Client B"})
        self.assertEqual(self._minutes(first | second), [15, 15])
        first.partner_id = second.partner_id
        self.assertEqual(self._minutes(first | second), [15, 0])

    def test_record_of_another_addon_comes_first(self):
        # Any stored field will do as "the record": here the analytic account.
        other = self.project.account_id.copy()
        entries = type(self.env["account.analytic.line"])
        first = self._remote(5)
        with patch.object(
            entries, "_psa_round_record_fields", lambda self: ["account_id"]
        ):
            second = self._remote(5, task_id=self._create_task().id)
            self.assertEqual(self._minutes(second), [0])
            first.sudo().account_id = other
            self.assertEqual(self._minutes(second), [15])

    def test_notes_that_did_not_see_each_other(self):
        first, second = self._remote(5), self._remote(5)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_analytic_line SET psa_billable_hours = 0.25 WHERE id IN %s",
            [tuple((first | second).ids)],
        )
        self.env.invalidate_all()
        (first | second).with_user(self.manager).action_psa_approve()
        self.assertEqual(self._minutes(first | second), [15, 0])

    # ------------------------------------------------------------
    # What is settled stays
    # ------------------------------------------------------------

    def _timed(self, minutes):
        return self._remote(minutes, psa_date_start=at(8), psa_date_end=at(8, 5))

    def test_approved_entry_next_to_an_overlap(self):
        approved = self._timed(5)
        approved.with_user(self.manager).action_psa_approve()
        self.work_type_remote.rounding_increment = 60
        self._timed(5)
        self.assertTrue(approved.psa_is_overlapping)
        self.assertEqual(self._minutes(approved), [15])

    def test_approved_entry_when_its_task_moves(self):
        entry = self._remote(5)
        entry.with_user(self.manager).action_psa_approve()
        other = self.project.copy({"allow_billable": False, "partner_id": False})
        self.task.project_id = other
        self.env.flush_all()
        self.assertRecordValues(
            entry,
            [
                {
                    "project_id": self.project.id,
                    "psa_client_id": self.client.id,
                    "psa_billable_hours": 0.25,
                }
            ],
        )

    def test_approved_entry_when_the_customer_changes(self):
        approved, open_entry = self._remote(5), self._remote(5)
        approved.with_user(self.manager).action_psa_approve()
        customer = self.env["res.partner"].create({"name": "Client B"})
        self.task.partner_id = customer
        self.env.flush_all()
        self.assertEqual(approved.psa_client_id, self.client)
        self.assertEqual(open_entry.psa_client_id, customer)

    def test_invoiced_entry_when_an_earlier_one_changes(self):
        first, invoiced = self._remote(5), self._remote(12)
        self.assertEqual(self._minutes(first | invoiced), [15, 15])
        invoiced.sudo().timesheet_invoice_id = self.env["account.move"].create(
            {"move_type": "out_invoice", "partner_id": self.client.id}
        )
        first.unlink()
        self.assertEqual(self._minutes(invoiced), [15])
        self.assertEqual(self._minutes(self._remote(5)), [15])

    def test_manager_corrects_an_approved_entry(self):
        entry = self._remote(5)
        entry.with_user(self.manager).action_psa_approve()
        entry.with_user(self.manager).unit_amount = 0.5
        self.assertEqual(self._minutes(entry), [30])

    def test_entry_moved_to_internal_work_leaves_the_client(self):
        entry = self._remote(5)
        entry.write(
            {"task_id": False, "project_id": self.company.internal_project_id.id}
        )
        self.assertFalse(entry.psa_client_id)

    # ------------------------------------------------------------
    # Forged values
    # ------------------------------------------------------------

    def test_values_that_are_worked_out_cannot_be_set(self):
        entry = self._create_entry()
        forged = {
            "psa_billable_hours": 99,
            "psa_client_id": self.env.company.partner_id.id,
            "psa_source": "timer",
            "psa_is_overlapping": False,
            "psa_is_too_long": False,
            "psa_is_inconsistent": False,
            "psa_is_on_closed_period": False,
            "psa_reviewer_id": self.manager.id,
            "psa_reviewed_on": "2026-01-01 00:00:00",
            "psa_return_reason": "x",
            "psa_review_state": "approved",
        }
        entries = self.env["account.analytic.line"].with_user(self.technician)
        for field, value in forged.items():
            calls = {
                "write": lambda field=field, value=value: entry.write({field: value}),
                "create": lambda field=field, value=value: self._create_entry(
                    **{field: value}
                ),
                "default": lambda field=field, value=value: entries.with_context(
                    **{f"default_{field}": value}
                ).create(self._prepare_entry()),
            }
            for door, call in calls.items():
                with (
                    self.subTest(field=field, door=door),
                    self.assertRaises(AccessError),
                ):
                    call()

    # ------------------------------------------------------------
    # Sale orders
    # ------------------------------------------------------------

    def _sell(self):
        product = self.env["product.product"].create(
            {
                "name": "Hour",
                "type": "service",
                "invoice_policy": "delivery",
                "service_type": "timesheet",
                "uom_id": self.env.ref("uom.product_uom_hour").id,
            }
        )
        order = self.env["sale.order"].create(
            {
                "partner_id": self.client.id,
                "order_line": [Command.create({"product_id": product.id})],
            }
        )
        order.action_confirm()
        self.task.sale_line_id = order.order_line
        return order.order_line

    def test_sale_order_delivers_billable_hours(self):
        line = self._sell()
        entries = self._remote(5) | self._remote(5) | self._remote(20)
        self.assertEqual(entries.so_line, line)
        self.assertAlmostEqual(line.qty_delivered, 0.5)
        entries[2].psa_billable = False
        self.assertAlmostEqual(line.qty_delivered, 0.25)

    def test_sale_order_is_not_rounded_twice(self):
        line = self._sell()
        entry = self._create_entry(unit_amount=450 / 3600)
        entry.psa_work_type_id = self.work_type_remote
        self.assertEqual(line.qty_delivered, 0.25)

    def test_sale_order_follows_entries_that_move_up(self):
        line = self._sell()
        first, second = self._remote(5), self._remote(5)
        self.assertEqual(line.qty_delivered, 0.25)
        first.unlink()
        self.assertEqual(self._minutes(second), [15])
        self.assertEqual(line.qty_delivered, 0.25)

    def test_other_sale_order_line_is_another_total(self):
        line = self._sell()
        first = self._remote(5)
        second = self._remote(5)
        second.sudo().write(
            {
                "so_line": line.copy({"order_id": line.order_id.id}).id,
                "is_so_line_edited": 1,
            }
        )
        self.assertEqual(self._minutes(first | second), [15, 15])

    def test_entry_without_work_type_that_is_not_billable(self):
        line = self._sell()
        entry = self._create_entry(unit_amount=3)
        entry.write({"psa_work_type_id": False, "psa_billable": False})
        self.assertEqual(line.qty_delivered, 0.0)

    def test_sale_order_without_work_types_is_as_in_the_host(self):
        line = self._sell()
        entry = self._create_entry(unit_amount=0.1)
        entry.psa_work_type_id = False
        self.assertAlmostEqual(line.qty_delivered, 0.1)

    # ------------------------------------------------------------
    # Queries
    # ------------------------------------------------------------

    def _count_create(self, number):
        values = [
            self._prepare_entry(
                unit_amount=0.1,
                psa_work_type_id=self.work_type_remote.id,
                psa_date_start=at(8, n),
                psa_date_end=at(8, n + 6),
            )
            for n in range(number)
        ]
        entries = self.env["account.analytic.line"].with_user(self.technician)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        entries.create(values)
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _count_create_host(self, number):
        """Count what the host alone takes: the fields of the suite are not computed."""
        entries = type(self.env["account.analytic.line"])
        idle = {
            name: (lambda records: None)
            for name in dir(entries)
            if name.startswith("_compute_psa_")
        }
        with (
            patch.multiple(entries, **idle),
            patch.object(
                entries, "_psa_touching", lambda records, **kw: records.browse()
            ),
        ):
            return self._count_create(number)

    def test_create_asks_no_query_per_entry(self):
        self._count_create(2)
        ours, ours_double = self._count_create(20), self._count_create(40)
        host, host_double = self._count_create_host(20), self._count_create_host(40)
        self.assertEqual(ours_double - ours, host_double - host)

    # ------------------------------------------------------------
    # Access
    # ------------------------------------------------------------

    def test_technician_writes_only_own_entries(self):
        entry = self._create_entry(user=self.colleague)
        with self.assertRaises(AccessError):
            entry.with_user(self.technician).name = "Mine"

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.tools import mute_logger

from .common import PsaCoreCommon


class TestWorkType(PsaCoreCommon):
    def test_first_is_the_default_of_each_company(self):
        own = self.env["psa.work.type"].create(
            {"name": "Own", "sequence": 0, "company_id": self.company.id}
        )
        other = self.env["res.company"].create({"name": "Other company"})
        defaults = own._get_default_by_company(self.company | other)
        self.assertEqual(defaults[self.company], own)
        self.assertEqual(defaults[other], self.work_type_project)

    def test_customer_name_falls_back_to_the_name(self):
        self.assertEqual(self.work_type_remote._get_customer_name(), "Remote support")
        self.work_type_remote.customer_name = "Assistance"
        self.assertEqual(self.work_type_remote._get_customer_name(), "Assistance")

    def test_copy_is_told_apart(self):
        self.assertEqual(self.work_type_remote.copy().name, "Remote support (copy)")
        self.assertEqual(self.work_type_remote.copy({"name": "X"}).name, "X")

    def test_negative_rules_are_refused(self):
        for field in ("rounding_increment", "rounding_minimum", "multiplier"):
            with (
                self.subTest(field=field),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.work_type_remote[field] = -1
                self.env.flush_all()

    def test_type_in_use_cannot_be_deleted(self):
        self._create_entry(psa_work_type_id=self.work_type_remote.id)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self.work_type_remote.unlink()

    def test_only_administrators_change_types(self):
        for user in (self.technician, self.manager, self.billing):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.work_type_remote.with_user(user).rounding_minimum = 30
        self.work_type_remote.with_user(self.admin).rounding_minimum = 30
        self.assertEqual(self.work_type_remote.rounding_minimum, 30)

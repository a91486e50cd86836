# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date, datetime, timedelta

from odoo.tests import new_test_user

from odoo.addons.base.tests.common import BaseCommon

# A Monday in winter: Rome is one hour ahead of UTC.
MONDAY = date(2026, 3, 2)


def at(hour, minute=0, day=MONDAY):
    """Return an instant (UTC) of the test's Monday, or of another day."""
    return datetime(day.year, day.month, day.day) + timedelta(
        hours=hour, minutes=minute
    )


class PsaCoreCommon(BaseCommon):
    """A firm with one user per role, a client, a project and the delivered work types.

    Addons of the suite build their tests on it. Factories take keyword arguments that
    override the values of the record.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.resource_calendar_id.tz = "Europe/Rome"
        cls.technician = cls._create_user(
            "psa-technician", "psa_core.group_psa_technician"
        )
        cls.colleague = cls._create_user(
            "psa-colleague", "psa_core.group_psa_technician"
        )
        cls.manager = cls._create_user("psa-manager", "psa_core.group_psa_manager")
        cls.billing = cls._create_user("psa-billing", "psa_core.group_psa_billing")
        cls.admin = cls._create_user("psa-admin", "psa_core.group_psa_admin")
        cls.employee = cls._create_employee(cls.technician, hourly_cost=30.0)
        cls.employee_colleague = cls._create_employee(cls.colleague, hourly_cost=40.0)
        cls.employee_manager = cls._create_employee(cls.manager)
        cls.client = cls.env["res.partner"].create(
            {"name": "Officine Bellini", "is_company": True}
        )
        cls.contact = cls.env["res.partner"].create(
            {"name": "Anna Bellini", "parent_id": cls.client.id}
        )
        cls.work_type_project = cls.env.ref("psa_core.work_type_project")
        cls.work_type_remote = cls.env.ref("psa_core.work_type_remote")
        cls.work_type_after_hours = cls.env.ref("psa_core.work_type_after_hours")
        cls.work_type_internal = cls.env.ref("psa_core.work_type_internal")
        cls.project = cls.env["project.project"].create(
            {
                "name": "New server",
                "partner_id": cls.contact.id,
                "allow_timesheets": True,
                "allow_billable": True,
                "privacy_visibility": "employees",
            }
        )
        cls.task = cls._create_task(name="Install the server")

    @classmethod
    def _create_user(cls, login, groups, **kwargs):
        return new_test_user(cls.env, login, groups=groups, tz="Europe/Rome", **kwargs)

    @classmethod
    def _create_employee(cls, user, **kwargs):
        values = {"name": user.name, "user_id": user.id, "tz": "Europe/Rome", **kwargs}
        return cls.env["hr.employee"].create(values)

    @classmethod
    def _create_task(cls, **kwargs):
        values = {"name": "Task", "project_id": cls.project.id, **kwargs}
        return cls.env["project.task"].create(values)

    @classmethod
    def _create_entry(cls, user=None, **kwargs):
        """Create a work entry of an hour on the task, as the technician by default."""
        user = user or cls.technician
        entries = cls.env["account.analytic.line"].with_user(user)
        return entries.create(cls._prepare_entry(user, **kwargs))

    @classmethod
    def _prepare_entry(cls, user=None, **kwargs):
        user = user or cls.technician
        values = {
            "name": "Work",
            "date": MONDAY,
            "employee_id": user.sudo().employee_id.id,
            "task_id": cls.task.id,
            "unit_amount": 1.0,
            **kwargs,
        }
        if not values["task_id"]:
            values.setdefault("project_id", cls.project.id)
        return values

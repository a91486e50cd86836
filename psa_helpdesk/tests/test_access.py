# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..models.psa_ticket_guard import SYSTEM_FIELDS
from .common import PsaHelpdeskCommon


@tagged("post_install", "-at_install")
class TestAccess(PsaHelpdeskCommon):
    """Who may do what."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.employee_user = new_test_user(
            cls.env, "psa-plain", groups="base.group_user"
        )
        cls.portal = new_test_user(cls.env, "psa-portal", groups="base.group_portal")

    def test_matrix(self):
        read, write, create, unlink = "read", "write", "create", "unlink"
        everything = {read, write, create, unlink}
        configuration = {
            "portal": set(),
            "employee_user": {read},
            "technician": {read},
            "manager": {read},
            "admin": everything,
        }
        table = {
            "psa.ticket": {
                "portal": set(),
                "employee_user": set(),
                "technician": {read, write, create},
                "manager": everything,
                "billing": {read},
                "admin": everything,
            },
            "psa.ticket.checklist.item": {
                "portal": set(),
                "employee_user": set(),
                "technician": everything,
                "billing": {read},
            },
            "psa.ticket.tag": {
                "portal": set(),
                "technician": {read, write, create},
                "manager": everything,
            },
            "psa.ticket.template": {
                "portal": set(),
                "technician": {read},
                "manager": everything,
            },
            "psa.ticket.resolve": {
                "portal": set(),
                "employee_user": set(),
                "technician": {read, write, create},
                "billing": set(),
            },
        }
        table["psa.ticket.handover"] = table["psa.ticket.resolve"]
        for model in (
            "psa.client.class",
            "psa.ticket.category",
            "psa.ticket.cause",
            "psa.ticket.priority.rule",
            "psa.ticket.stage",
            "psa.ticket.team",
            "psa.ticket.type",
        ):
            table[model] = configuration
        for model, users in table.items():
            for name, allowed in users.items():
                records = self.env[model].with_user(getattr(self, name))
                for operation in everything:
                    with self.subTest(model=model, user=name, operation=operation):
                        self.assertEqual(
                            records.has_access(operation), operation in allowed
                        )

    def test_other_companies_are_not_seen(self):
        company = self.env["res.company"].create({"name": "Sister"})
        team = self.env["psa.ticket.team"].search([("company_id", "=", company.id)])
        ticket = self.env["psa.ticket"].create({"name": "Theirs", "team_id": team.id})
        for user in (self.technician, self.manager, self.billing, self.admin):
            tickets = self.env["psa.ticket"].with_user(user)
            with self.subTest(user=user.login):
                self.assertFalse(tickets.search([("id", "=", ticket.id)]))
                with self.assertRaises(AccessError):
                    ticket.with_user(user).read(["name"])
        groups = (
            self.env["psa.ticket"]
            .with_user(self.technician)
            ._read_group([("name", "=", "Theirs")], ["team_id"], ["__count"])
        )
        self.assertFalse(groups)

    def test_the_numbers_of_a_team_are_for_who_reads_tickets(self):
        names = {"open_count", "unassigned_count", "replied_count"}
        for user, expected in [
            (self.employee_user, set()),
            (self.technician, names),
            (self.billing, names),
        ]:
            [values] = self.team.with_user(user).read()
            self.assertEqual(names & values.keys(), expected, user.login)
            arch = self.env["psa.ticket.team"].with_user(user)
            for view_type in ("kanban", "form"):
                found = arch.get_view(view_type=view_type)["arch"]
                self.assertEqual("open_count" in found, bool(expected), user.login)

    def test_checklists_of_other_companies_are_not_seen(self):
        company = self.env["res.company"].create({"name": "Sister"})
        team = self.env["psa.ticket.team"].search([("company_id", "=", company.id)])
        ticket = self.env["psa.ticket"].create({"name": "Theirs", "team_id": team.id})
        item = self.env["psa.ticket.checklist.item"].create(
            {"name": "Secret step", "ticket_id": ticket.id}
        )
        template = self.env["psa.ticket.template"].create(
            {
                "name": "Theirs",
                "subject": "Theirs",
                "company_id": company.id,
                "checklist_ids": [Command.create({"name": "Secret step"})],
            }
        )
        secret = item | template.checklist_ids
        for user in (self.technician, self.manager, self.billing, self.admin):
            items = self.env["psa.ticket.checklist.item"].with_user(user)
            self.assertFalse(items.search([("id", "in", secret.ids)]), user.login)

    def test_technicians_change_the_steps_of_tickets_only(self):
        template = self.env["psa.ticket.template"].create(
            {
                "name": "New employee",
                "subject": "New employee",
                "checklist_ids": [Command.create({"name": "Mailbox"})],
            }
        )
        step = template.checklist_ids.with_user(self.technician)
        self.assertEqual(step.name, "Mailbox")
        with self.assertRaises(AccessError):
            step.name = "Nothing"
        with self.assertRaises(AccessError):
            step.unlink()
        with self.assertRaises(AccessError):
            step.create({"name": "More", "template_id": template.id})
        own = step.create({"name": "Laptop", "ticket_id": self._create_ticket().id})
        own.is_done = True
        with self.assertRaises(AccessError):
            own.write({"ticket_id": False, "template_id": template.id})
            own.flush_recordset()
        own.unlink()
        step.with_user(self.manager).name = "Mail"
        step.with_user(self.manager).unlink()

    def test_nobody_sets_what_the_suite_works_out(self):
        ticket = self._create_ticket()
        other = self._create_ticket()
        values = {
            "boolean": True,
            "char": "T99999",
            "datetime": "2020-01-01 00:00:00",
            "date": "2020-01-01",
            "float": 7.0,
            "integer": 7,
            "many2one": other.id,
            "selection": "sent",
            "text": "x",
        }
        for user in (self.technician, self.manager):
            for name in sorted(SYSTEM_FIELDS):
                value = values[ticket._fields[name].type]
                with self.subTest(user=user.login, field=name):
                    with self.assertRaises(AccessError):
                        ticket.with_user(user).write({name: value})
                    with self.assertRaises(AccessError):
                        self._create_ticket(user, **{name: value})
                    tickets = self.env["psa.ticket"].with_user(user)
                    with self.assertRaises(AccessError):
                        tickets.with_context(**{f"default_{name}": value}).create(
                            {"name": "Forged"}
                        )

    def test_an_administrator_imports_old_tickets(self):
        ticket = self._create_ticket(
            self.admin,
            number="OLD-1",
            opened_at="2020-01-01 00:00:00",
            stage_id=self._get_stage("closed").id,
        )
        self.assertEqual((ticket.number, ticket.opened_at.year), ("OLD-1", 2020))

    def test_a_timesheet_is_no_way_to_read_tickets(self):
        ticket = self._create_ticket(name="Secret merger")
        worker = self._create_user("psa-worker", "hr_timesheet.group_hr_timesheet_user")
        self._create_employee(worker)
        entry = self._create_entry(worker)
        with self.assertRaises(AccessError):
            entry.write({"psa_ticket_id": ticket.id})
        with self.assertRaises(AccessError):
            self._create_entry(worker, psa_ticket_id=ticket.id)

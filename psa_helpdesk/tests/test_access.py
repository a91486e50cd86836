# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

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

    def test_checklists_of_other_companies_are_not_seen(self):
        company = self.env["res.company"].create({"name": "Sister"})
        team = self.env["psa.ticket.team"].search([("company_id", "=", company.id)])
        ticket = self.env["psa.ticket"].create({"name": "Theirs", "team_id": team.id})
        item = self.env["psa.ticket.checklist.item"].create(
            {"name": "Secret step", "ticket_id": ticket.id}
        )
        items = self.env["psa.ticket.checklist.item"].with_user(self.technician)
        self.assertFalse(items.search([("id", "=", item.id)]))

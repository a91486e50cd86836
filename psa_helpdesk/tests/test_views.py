# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

from freezegun import freeze_time
from lxml import etree

from odoo.tests import Form, tagged

from odoo.addons.psa_core.tests.common import at

from .common import PsaHelpdeskCommon

LIST_VIEWS = ("psa_ticket_view_list", "psa_ticket_view_list_mine")
KANBAN_VIEWS = (
    "psa_ticket_view_kanban",
    "psa_ticket_view_kanban_dispatch",
    "psa_ticket_view_kanban_mine",
)


@tagged("post_install", "-at_install")
class TestViews(PsaHelpdeskCommon):
    """What the screens ask of the server, and what that costs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tickets = cls.env["psa.ticket"].with_user(cls.technician)
        cls.gold = cls.env["psa.client.class"].create({"name": "Gold"})
        cls.client.psa_client_class_id = cls.gold
        kinds = ("first_response", "resolution")
        cls.team.sla_policy_id = cls.env["psa.sla.policy"].create(
            {
                "name": "Office",
                "target_ids": [
                    (0, 0, {"kind": kind, "amount": 40, "unit": "hours"})
                    for kind in kinds
                ],
            }
        )

    # ------------------------------------------------------------
    # Costs
    # ------------------------------------------------------------

    def _get_arch(self, name, view_type):
        view = self.env.ref(f"psa_helpdesk.{name}")
        return etree.fromstring(self.tickets.get_view(view.id, view_type)["arch"])

    def _get_specification(self, arch):
        """Return what the web client reads for a view."""
        specification = {}
        for node in arch.xpath("//field[not(ancestor::field)]"):
            name = node.get("name")
            field = self.tickets._fields[name]
            if field.type == "many2one":
                specification[name] = {"fields": {"display_name": {}}}
            elif field.type in ("one2many", "many2many"):
                specification[name] = {
                    "fields": {
                        child.get("name"): {} for child in node.xpath("./list/field")
                    }
                }
            else:
                specification[name] = {}
        return specification

    def _create_tickets(self, count):
        stages = [self._get_stage("in_progress"), self._get_stage("waiting_client")]
        self.env["psa.ticket"].create(
            [
                self._prepare_ticket(
                    name=f"Ticket {number}",
                    channel="mail",
                    stage_id=stages[number % 2].id,
                    user_id=self.technician.id,
                    partner_id=(self.contact | self.other_contact)[number % 2].id,
                )
                for number in range(count)
            ]
        )

    def _count_queries(self, function):
        function()  # caches of the registry
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function()
        return self.env.cr.sql_log_count - before

    def _count_search(self, specification, order=None):
        domain = [("team_id", "=", self.team.id)]
        return self._count_queries(
            lambda: self.tickets.web_search_read(
                domain, specification, limit=200, order=order
            )
        )

    def _assert_constant(self, count):
        """Compare the queries with 20 and with 40 tickets, all of them shown."""
        self._create_tickets(20)
        count()
        few = count()
        self._create_tickets(20)
        self.assertEqual(count(), few)

    def test_lists_do_not_ask_per_ticket(self):
        for name in LIST_VIEWS:
            with self.subTest(name):
                arch = self._get_arch(name, "list")
                specification = self._get_specification(arch)
                order = arch.get("default_order")
                self._assert_constant(
                    lambda specification=specification, order=order: self._count_search(
                        specification, order
                    )
                )

    def test_boards_do_not_ask_per_ticket(self):
        for name in KANBAN_VIEWS:
            with self.subTest(name):
                arch = self._get_arch(name, "kanban")
                specification = self._get_specification(arch)
                group_by = arch.get("default_group_by") or "stage_id"
                self._assert_constant(
                    lambda specification=specification, group_by=group_by: (
                        self._count_queries(
                            lambda: self.tickets.web_read_group(
                                [("team_id", "=", self.team.id)],
                                [group_by],
                                ["__count"],
                                auto_unfold=True,
                                unfold_read_specification=specification,
                            )
                        )
                    )
                )

    def test_the_form_does_not_ask_per_ticket_of_the_client(self):
        specification = self._get_specification(
            self._get_arch("psa_ticket_view_form", "form")
        )
        ticket = self._create_ticket(user_id=self.technician.id)
        shown = self.tickets.browse(ticket.id)
        self._assert_constant(
            lambda: self._count_queries(lambda: shown.web_read(specification))
        )

    # ------------------------------------------------------------
    # Order, columns, counters
    # ------------------------------------------------------------

    def test_work_is_listed_in_the_order_of_the_queue(self):
        for name, view_type in (
            ("psa_ticket_view_list_mine", "list"),
            ("psa_ticket_view_kanban_mine", "kanban"),
            ("psa_ticket_view_kanban_dispatch", "kanban"),
        ):
            arch = self._get_arch(name, view_type)
            self.assertEqual(
                arch.get("default_order"), self.tickets._get_queue_order(), name
            )

    def test_board_has_empty_columns_but_no_finished_ones(self):
        self._create_ticket()
        self._create_ticket(stage_id=self._get_stage("cancelled").id)
        of_team = [("team_id", "=", self.team.id)]

        def columns(domain):
            board = self.tickets.with_context(read_group_expand=True)
            groups = board.formatted_read_group(
                of_team + domain, ["dispatch_state"], ["__count"]
            )
            return [(group["dispatch_state"], group["__count"]) for group in groups]

        open_columns = [
            ("unassigned", 1),
            ("replied", 0),
            ("in_progress", 0),
            ("waiting", 0),
        ]
        self.assertEqual(columns([("is_open", "=", True)]), open_columns)
        self.assertEqual(columns([]), [*open_columns, ("done", 1)])

    def test_counters_of_the_board(self):
        def counters():
            return {
                counter["name"]: (counter["count"], counter["action"]["res_model"])
                for counter in self.tickets.get_board_counters()
            }

        before = counters()["unknown_sender"][0]
        self._create_ticket(partner_id=False, email_from="laura@unknown.example")
        self._create_ticket(partner_id=False, name="Internal: no sender to look for")
        self._create_ticket()
        self.assertEqual(counters()["unknown_sender"], (before + 1, "psa.ticket"))
        self.assertEqual(counters()["held_mail"][1], "psa.incoming.mail")

    # ------------------------------------------------------------
    # The client at a glance
    # ------------------------------------------------------------

    def _context_values(self, ticket):
        return {row["label"]: row["value"] for row in ticket.client_context}

    def test_client_of_a_ticket_at_a_glance(self):
        ticket = self._create_ticket()
        self.assertEqual(self._context_values(ticket), {"Class": "Gold"})
        self._create_ticket(name="Another one")
        self._create_ticket(partner_id=self.other_contact.id)
        old = self._create_ticket(
            name="Mailbox full",
            no_time_reason="A test",
            stage_id=self._get_stage("resolved").id,
        )
        rating = self.env["rating.rating"].create(
            {
                "res_model_id": self.env["ir.model"]._get_id("psa.ticket"),
                "res_id": old.id,
                "partner_id": self.contact.id,
            }
        )
        rating.write({"rating": 1, "consumed": True})
        ticket.invalidate_recordset()
        self.assertEqual(
            self._context_values(ticket),
            {
                "Class": "Gold",
                "Other open tickets": 1,
                "Last rating": "Unhappy",
                "Last resolved": f"[{old.number}] Mailbox full",
            },
        )
        rows = {row["label"]: row for row in ticket.client_context}
        self.assertTrue(rows["Last rating"]["warn"])
        others = self.tickets.search(rows["Other open tickets"]["action"]["domain"])
        self.assertEqual(others.mapped("name"), ["Another one"])
        self.assertEqual(rows["Last resolved"]["action"]["res_id"], old.id)

    def test_the_latest_of_a_client_is_not_the_one_opened_last(self):
        first, second = self._create_ticket(name="First"), self._create_ticket()
        (first | second).no_time_reason = "A test"
        for ticket, day in ((second, 1), (first, 2)):
            with freeze_time(at(9) + timedelta(days=day)):
                ticket._move_to("resolved")
            rating = self.env["rating.rating"].create(
                {
                    "res_model_id": self.env["ir.model"]._get_id("psa.ticket"),
                    "res_id": ticket.id,
                    "partner_id": self.contact.id,
                }
            )
            rating.write({"rating": 5 if ticket == first else 1, "consumed": True})
            rating.flush_recordset()
            self.env.cr.execute(
                "UPDATE rating_rating SET write_date = %s WHERE id = %s",
                [at(10) + timedelta(days=day), rating.id],
            )
        ticket = self._create_ticket()
        values = self._context_values(ticket)
        self.assertEqual(values["Last resolved"], f"[{first.number}] First")
        self.assertEqual(values["Last rating"], "Happy")

    def test_other_open_tickets_while_the_client_is_changed(self):
        self._create_ticket(partner_id=self.other_contact.id)
        ticket = self._create_ticket()
        with Form(self.tickets.browse(ticket.id)) as form:
            form.partner_id = self.other_contact
            rows = {row["label"]: row["value"] for row in form.client_context}
        self.assertEqual(rows["Other open tickets"], 1)

    def test_nothing_is_known_of_an_unknown_sender(self):
        ticket = self._create_ticket(partner_id=False)
        self.assertFalse(ticket.client_context)

    def test_the_client_is_known_before_a_call_is_saved(self):
        self._create_ticket()
        with Form(self.tickets) as form:
            form.name = "Calls about the printer"
            form.partner_id = self.contact
            labels = [row["label"] for row in form.client_context]
        self.assertEqual(labels, ["Class", "Other open tickets"])

    def test_tickets_in_the_summary_of_the_client(self):
        self._create_ticket()
        self._create_ticket(user_id=self.technician.id)
        client = self.client.with_user(self.billing)
        sections = {section["name"]: section for section in client.psa_summary}
        rows = {row["label"]: row for row in sections["tickets"]["rows"]}
        self.assertEqual(
            {label: row["value"] for label, row in rows.items()},
            {"Open tickets": 2, "Waiting for us": 1, "Opened, last 30 days": 2},
        )
        self.assertTrue(rows["Waiting for us"]["warn"])
        for label, row in rows.items():
            found = self.tickets.search(row["action"]["domain"])
            self.assertEqual(len(found), row["value"], label)

    def test_open_tickets_of_a_client_and_of_a_contact(self):
        colleague = self.env["res.partner"].create(
            {"name": "Carlo Bellini", "parent_id": self.client.id}
        )
        self._create_ticket()
        self._create_ticket(partner_id=colleague.id)
        partners = (self.client | self.contact | colleague).with_user(self.technician)
        self.assertEqual(partners.mapped("psa_open_ticket_count"), [2, 1, 1])
        for partner in partners:
            action = partner.action_psa_open_tickets()
            self.assertEqual(
                len(self.tickets.search(action["domain"])),
                partner.psa_open_ticket_count,
            )

    def test_tickets_of_a_project_and_of_a_task(self):
        self._create_ticket(project_id=self.project.id, task_id=self.task.id)
        self._create_ticket(project_id=self.project.id)
        for record, count in ((self.project, 2), (self.task, 1)):
            record = record.with_user(self.technician)
            self.assertEqual(record.psa_ticket_count, count)
            action = record.action_psa_open_tickets()
            self.assertEqual(len(self.tickets.search(action["domain"])), count)

    def test_a_line_added_on_a_ticket_knows_where_the_work_goes(self):
        ticket = self._create_ticket()
        entry = self.env["account.analytic.line"].with_user(self.technician)
        names = ["psa_ticket_id", "project_id", "partner_id", "name"]
        defaults = entry.with_context(default_psa_ticket_id=ticket.id).default_get(
            names
        )
        self.assertEqual(defaults["project_id"], ticket.team_id._get_project().id)
        self.assertEqual(defaults["partner_id"], self.contact.id)
        with (
            Form(ticket, view="psa_helpdesk.psa_ticket_view_form") as form,
            form.timesheet_ids.new() as line,
        ):
            line.name = "Queue restarted"
            line.unit_amount = 0.5
        self.assertRecordValues(
            ticket.timesheet_ids,
            [
                {
                    "name": "Queue restarted",
                    "employee_id": self.employee.id,
                    "psa_client_id": self.client.id,
                    "psa_work_type_id": self.work_type_remote.id,
                }
            ],
        )
        self.assertEqual(ticket.hours_spent, 0.5)

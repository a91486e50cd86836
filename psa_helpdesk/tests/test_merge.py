# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form

from odoo.addons.psa_core.tests.common import MONDAY, at

from .common import PsaHelpdeskCommon


class TestMerge(PsaHelpdeskCommon):
    """Duplicates go on as one ticket, with everything they had."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mate = cls.env["res.partner"].create(
            {
                "name": "Bea Bellini",
                "parent_id": cls.client.id,
                "email": "bea@bellini.example",
            }
        )
        cls.problem_type = cls.env["psa.ticket.type"].search(
            [("kind", "=", "problem")], limit=1
        )
        with freeze_time(at(9)):
            cls.target = cls._create_ticket(name="Printer")
        with freeze_time(at(8)):
            cls.source = cls._create_ticket(
                name="No paper comes out",
                partner_id=cls.mate.id,
                description="<p>Since this morning</p>",
            )

    def _merge(self, sources=None, target=None, user=None):
        wizard = (
            self.env["psa.ticket.merge"]
            .with_user(user or self.technician)
            .with_context(active_ids=(sources or self.source).ids)
            .create({"target_id": (target or self.target).id})
        )
        return wizard.action_merge()

    def _post(self, ticket, body="<p>Hello</p>", **kwargs):
        values = {"subtype_xmlid": "mail.mt_comment", "message_type": "comment"}
        return ticket.message_post(body=body, **{**values, **kwargs})

    # ------------------------------------------------------------
    # What moves
    # ------------------------------------------------------------

    def test_end(self):
        action = self._merge()
        self.assertEqual(action["res_id"], self.target.id)
        self.assertRecordValues(
            self.source,
            [{"state": "cancelled", "merged_into_id": self.target.id, "active": True}],
        )
        self.assertEqual(self.target.merged_ids, self.source)
        self.assertEqual(self.target.state, "new")
        self.assertEqual(self.source._get_survivor(), self.target)
        note = self.target.message_ids[0]
        self.assertIn(self.source.number, note.body)
        self.assertIn("Since this morning", note.body, "its words are not lost")
        self.assertTrue(note.subtype_id.internal)
        self.assertIn(self.target.number, self.source.message_ids[0].body)

    def test_its_number_still_finds_it(self):
        self._merge()
        found = self.env["psa.ticket"].name_search(self.source.number)
        self.assertEqual([ticket_id for ticket_id, _name in found], self.source.ids)

    def test_messages_and_files(self):
        message = self._post(
            self.source, author_id=self.mate.id, attachments=[("log.txt", b"log")]
        )
        inside = self._post(self.source, "<p>Hm</p>", subtype_xmlid="mail.mt_note")
        loose = self.env["ir.attachment"].create(
            {"name": "a.txt", "res_model": "psa.ticket", "res_id": self.source.id}
        )
        created = self.source.message_ids - message - inside
        self._merge()
        moved = message | inside
        self.assertEqual(self.target.message_ids & moved, moved)
        self.assertEqual(self.source.message_ids & created, created, "its own history")
        files = loose | message.attachment_ids
        self.assertEqual(set(files.mapped("res_id")), set(self.target.ids))
        for record in files:
            record.with_user(self.colleague).check_access("read")

    def test_people(self):
        supplier = self.env["res.partner"].create(
            {"name": "Supplier", "email": "help@supplier.example"}
        )
        self.source.message_subscribe(supplier.ids)
        self.source.email_cc = "boss@bellini.example, anna@bellini.example"
        self._merge()
        self.assertLessEqual(self.mate | supplier, self.target.message_partner_ids)
        self.assertEqual(self.target.email_cc, "boss@bellini.example")

    def test_requesters_without_a_contact(self):
        unknown = {"partner_id": False, "email_from": '"Gio" <gio@new.example>'}
        source, target = (self._create_ticket(**unknown) for _ticket in range(2))
        self._merge(source, target)
        self.assertFalse(target.email_cc, "the sender itself needs no copy")

        colleague = self._create_ticket(
            partner_id=False,
            client_id=self.client.id,
            email_from="Carlo <carlo@bellini.example>",
        )
        self._merge(colleague)
        self.assertEqual(self.target.email_cc, '"Carlo" <carlo@bellini.example>')

    def test_work_entries(self):
        """Hours and what is billed for settled work stay what they are."""
        # Rounded up to 15 minutes, all work of a ticket and day together.
        values = {
            "task_id": False,
            "psa_work_type_id": self.work_type_remote.id,
            "unit_amount": 0.1,
            "date": MONDAY,
        }
        mine = self._create_entry(psa_ticket_id=self.target.id, **values)
        approved = self._create_entry(psa_ticket_id=self.source.id, **values)
        later = self._create_entry(
            user=self.colleague, psa_ticket_id=self.source.id, **values
        )
        (approved | mine).with_user(self.manager).action_psa_approve()
        names = ["unit_amount", "psa_billable_hours", "psa_review_state", "amount"]
        before = (approved | mine).sudo().read(names)
        self._merge()
        entries = (approved | later | mine).sudo()
        self.assertEqual(entries.psa_ticket_id, self.target)
        self.assertEqual((approved | mine).sudo().read(names), before)
        self.assertEqual(before[0]["psa_billable_hours"], 0.25)
        self.assertAlmostEqual(self.target.hours_spent, 0.3)
        self.assertEqual(self.source.hours_spent, 0)
        self.assertAlmostEqual(
            self.target.sudo().hours_billable,
            sum(entries.mapped("psa_billable_hours")),
        )
        self.assertEqual(entries.mapped("psa_client_id"), self.client)

    def test_invoiced_work(self):
        entry = self._create_entry(psa_ticket_id=self.source.id, task_id=False)
        invoice = self.env["account.move"].create({"move_type": "out_invoice"})
        entry.sudo().timesheet_invoice_id = invoice
        self._merge()
        self.assertEqual(entry.psa_ticket_id, self.target)
        self.assertEqual(entry.timesheet_invoice_id, invoice)

    def test_open_timers(self):
        timers = self.env["psa.timer"]
        timers.with_user(self.colleague).start_timer("psa.ticket", self.source.id)
        both = timers.with_user(self.technician)
        both.start_timer("psa.ticket", self.target.id)
        both.start_timer("psa.ticket", self.source.id)
        self._merge()
        timer = timers.search([("user_id", "=", self.colleague.id)])
        self.assertRecordValues(
            timer,
            [{"res_id": self.target.id, "record_name": self.target.display_name}],
        )
        kept = timers.search(
            [("user_id", "=", self.technician.id), ("res_id", "=", self.source.id)]
        )
        self.assertEqual(kept.state, "running")
        kept.with_user(self.technician).stop_timer()
        self.assertEqual(
            kept.entry_id.psa_ticket_id,
            self.target,
            "it records where the work goes on",
        )

    def test_activities_and_ratings(self):
        activity = self.source.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.colleague.id
        )
        rating = self.env["rating.rating"].create(
            {
                "res_model_id": self.env["ir.model"]._get_id("psa.ticket"),
                "res_id": self.source.id,
                "rating": 5,
                "consumed": True,
                "partner_id": self.mate.id,
            }
        )
        self._merge()
        self.assertEqual(self.target.activity_ids, activity)
        self.assertEqual(self.target.sudo().rating_ids, rating)
        self.assertEqual(self.target.sudo().rating_last_value, 5)

    def test_steps(self):
        items = self.env["psa.ticket.checklist.item"]
        same = items.create({"ticket_id": self.target.id, "name": "Look at it"})
        items.create({"ticket_id": self.source.id, "name": "Look at it"})
        other = items.create(
            {"ticket_id": self.source.id, "name": "Order toner", "is_mandatory": True}
        )
        self._merge()
        self.assertEqual(self.target.checklist_ids, same | other)

    def test_moments(self):
        self.source.sudo().write(
            {
                "first_answer_at": at(11),
                "last_answer_at": at(11),
                "last_customer_message_at": at(12),
                "has_unread_reply": True,
            }
        )
        self.target.sudo().write({"first_answer_at": at(10), "last_answer_at": at(13)})
        self._merge()
        self.assertRecordValues(
            self.target,
            [
                {
                    "opened_at": at(8),
                    "first_answer_at": at(10),
                    "last_answer_at": at(13),
                    "last_customer_message_at": at(12),
                    "has_unread_reply": True,
                }
            ],
        )

    def test_kin(self):
        child, related, parent = (self._create_ticket() for _ticket in range(3))
        child.parent_id = self.source
        self.source.write(
            {"parent_id": parent.id, "related_ids": [Command.link(related.id)]}
        )
        tag = self.env["psa.ticket.tag"].create({"name": "Toner"})
        self.source.tag_ids = tag
        self.source.project_id = self.project
        self._merge()
        self.assertEqual(child.parent_id, self.target)
        self.assertEqual(self.target.parent_id, parent)
        self.assertEqual(self.target.related_ids, related)
        self.assertEqual(related.related_ids, self.target)
        self.assertEqual(self.target.tag_ids, tag)
        self.assertEqual(self.target.project_id, self.project)

    def test_kin_among_themselves_makes_no_circle(self):
        """The target hangs below the duplicate, over a child of it."""
        outer, middle = (self._create_ticket() for _ticket in range(2))
        self.source.parent_id = outer
        middle.parent_id = self.source
        self.target.parent_id = middle
        self._merge()
        self.assertEqual(self.target.parent_id, middle)
        self.assertEqual(middle.parent_id, outer)

        lower = self._create_ticket()
        lower.parent_id = self.target
        self._merge(self.target, lower)
        self.assertEqual(lower.parent_id, middle)

    def test_incidents(self):
        self.source.type_id = self.problem_type
        incident = self._create_ticket()
        incident.problem_id = self.source
        with self.assertRaisesRegex(UserError, "other way round"):
            self._merge()
        self.target.type_id = self.problem_type
        self._merge()
        self.assertEqual(incident.problem_id, self.target)

    def test_a_problem_into_its_incident(self):
        self.source.type_id = self.problem_type
        self.target.problem_id = self.source
        self._merge()
        self.assertFalse(self.target.problem_id)

    def test_chain(self):
        last = self._create_ticket()
        self._merge()
        self._merge(self.target, last)
        self.assertEqual(last.merged_ids, self.source | self.target)
        self.assertEqual(self.source._get_survivor(), last)

    def test_a_team_without_a_stage_for_it(self):
        """A duplicate ends somewhere, without being asked for its time."""
        stages = self.stages.search([("state", "=", "cancelled")])
        stages.active = False
        self._merge()
        self.assertEqual(self.source.state, "closed")

    def test_several_at_once(self):
        third = self._create_ticket()
        wizard = Form(
            self.env["psa.ticket.merge"]
            .with_user(self.technician)
            .with_context(active_ids=(self.target | self.source | third).ids)
        )
        self.assertEqual(wizard.target_id, self.source, "the one that came first")
        wizard.target_id = self.target
        wizard.save().action_merge()
        self.assertEqual(self.target.merged_ids, self.source | third)

    # ------------------------------------------------------------
    # What is refused
    # ------------------------------------------------------------

    def _assert_refused(self, reason, *args, **kwargs):
        with self.assertRaisesRegex(UserError, reason):
            self._merge(*args, **kwargs)

    def test_never_across_clients(self):
        other = self._create_ticket(partner_id=self.other_contact.id)
        self._post(other, "<p>Our secret</p>")
        self._assert_refused("different clients", other)
        self._assert_refused("different clients", self.source | other)
        self.assertFalse(self.source.merged_into_id)
        unknown = self._create_ticket(partner_id=False, email_from="a@x.example")
        self._assert_refused("different clients", unknown)
        stranger = self._create_ticket(partner_id=False, email_from="b@x.example")
        self._assert_refused("different clients", unknown, stranger)
        nobodies = [self._create_ticket(partner_id=False) for _ticket in range(2)]
        self._assert_refused("neither a client nor a mail address", *nobodies)
        self._assert_refused("neither a client nor a mail address", nobodies[0])

    def test_never_across_companies(self):
        company = self.env["res.company"].create({"name": "Other"})
        team = self.env["psa.ticket.team"].search([("company_id", "=", company.id)])
        other = self.env["psa.ticket"].create(self._prepare_ticket(team_id=team.id))
        with self.assertRaisesRegex(UserError, "two companies"):
            other._merge(self.target.sudo())

    def test_merged_ones_are_over(self):
        self._merge()
        other = self._create_ticket()
        self._assert_refused("goes on as", self.source, other)
        self._assert_refused("goes on as", other, self.source)

    def test_nothing_to_merge(self):
        self._assert_refused("another ticket", self.target)

    def test_an_open_one_is_not_buried(self):
        self.target.action_cancel()
        self._assert_refused("Reopen it first")
        self.source.action_cancel()
        self._merge()
        self.assertEqual(self.source.merged_into_id, self.target)

    def test_who_may(self):
        with self.assertRaises(AccessError):
            self._merge(user=self.billing)
        with self.assertRaises(AccessError):
            self.source.with_user(self.billing)._merge(self.target)

    # ------------------------------------------------------------
    # Size
    # ------------------------------------------------------------

    # Of two tickets that do not begin in the same second the older one's clock counts.
    @freeze_time(at(9))
    def test_queries_do_not_grow_with_the_thread(self):
        counts = []
        for size in (5, 5, 10):
            source, target = (self._create_ticket() for _ticket in range(2))
            for number in range(size):
                self._post(
                    source, f"<p>{number}</p>", attachments=[(f"{number}.txt", b"x")]
                )
                self.env["psa.ticket.checklist.item"].create(
                    {"ticket_id": source.id, "name": f"Step {number}"}
                )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self._merge(source, target)
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])

    # ------------------------------------------------------------
    # Hook
    # ------------------------------------------------------------

    def test_an_addon_moves_its_own(self):
        calls = []
        base = self.registry["psa.ticket"]._merge_into

        def merge_into(tickets, target):
            base(tickets, target)
            calls.append((tickets, target))

        self.patch(self.registry["psa.ticket"], "_merge_into", merge_into)
        self._merge()
        self.assertEqual(calls, [(self.source, self.target)])


class TestKin(PsaHelpdeskCommon):
    """What tickets have to do with each other."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.problem_type = cls.env["psa.ticket.type"].search(
            [("kind", "=", "problem")], limit=1
        )
        cls.one, cls.two, cls.three = (cls._create_ticket() for _ticket in range(3))

    def test_related_both_ways(self):
        both = self.one | self.two
        both.related_ids = [Command.link(self.three.id)]
        self.assertEqual(self.three.related_ids, both)
        self.one.related_ids = [Command.set(self.two.ids)]
        self.assertEqual(self.three.related_ids, self.two)
        self.assertEqual(self.two.related_ids, self.one | self.three)
        self.two.related_ids = [Command.clear()]
        self.assertFalse(self.one.related_ids | self.three.related_ids)

    def test_related_at_birth(self):
        born = self._create_ticket(related_ids=[Command.link(self.one.id)])
        self.assertEqual(self.one.related_ids, born)
        born.sudo().unlink()
        self.assertFalse(self.one.related_ids)

    def test_not_related_to_itself(self):
        self.one.related_ids = [Command.set((self.one | self.two).ids)]
        self.assertEqual(self.one.related_ids, self.two)

    def test_circles(self):
        (self.one | self.two | self.three).type_id = self.problem_type
        for name in ("parent_id", "problem_id"):
            with self.subTest(field=name):
                self.two[name] = self.one
                self.three[name] = self.two
                with self.assertRaises(ValidationError):
                    self.one[name] = self.three

    def test_resolving_a_problem_with_its_incidents(self):
        problem = self.one
        problem.type_id = self.problem_type
        done = self._create_ticket(problem_id=problem.id)
        done.action_cancel()
        (self.two | self.three).problem_id = problem
        self.three.no_time_reason = "By phone"
        wizard = Form(
            self.env["psa.ticket.resolve"]
            .with_user(self.technician)
            .with_context(active_ids=problem.ids)
        )
        self.assertEqual(wizard.open_incident_count, 2)
        wizard.resolution = "<p>The switch is new</p>"
        wizard.with_incidents = True
        wizard.no_time_reason = "Warranty"
        wizard.save().action_resolve()
        incidents = self.two | self.three
        for ticket in problem | incidents:
            self.assertEqual(ticket.state, "resolved")
            self.assertIn("The switch is new", ticket.resolution)
        self.assertEqual(
            incidents.mapped("no_time_reason"),
            [f"Resolved with the problem {problem.number}.", "By phone"],
        )
        self.assertEqual(done.state, "cancelled")

    def test_an_incident_with_an_open_step_stops_it(self):
        self.one.type_id = self.problem_type
        self.two.problem_id = self.one
        self.env["psa.ticket.checklist.item"].create(
            {"ticket_id": self.two.id, "name": "Call back", "is_mandatory": True}
        )
        wizard = (
            self.env["psa.ticket.resolve"]
            .with_user(self.technician)
            .with_context(active_ids=self.one.ids)
            .create({"with_incidents": True, "no_time_reason": "Warranty"})
        )
        with self.assertRaisesRegex(UserError, "Call back"):
            wizard.action_resolve()

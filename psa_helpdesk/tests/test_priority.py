# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from .common import PsaHelpdeskCommon


class TestPriority(PsaHelpdeskCommon):
    def test_matrix(self):
        expected = {
            ("3", "3"): "3",
            ("3", "2"): "2",
            ("2", "3"): "2",
            ("3", "1"): "1",
            ("2", "2"): "1",
            ("1", "3"): "1",
            ("2", "1"): "0",
            ("1", "2"): "0",
            ("1", "1"): "0",
        }
        for (impact, urgency), priority in expected.items():
            ticket = self._create_ticket(impact=impact, urgency=urgency)
            with self.subTest(impact=impact, urgency=urgency):
                self.assertEqual(ticket.priority, priority)

    def test_matrix_can_be_changed(self):
        self.env.ref("psa_helpdesk.priority_rule_2_2").with_user(
            self.admin
        ).priority = "2"
        self.assertEqual(self._create_ticket().priority, "2")

    def test_missing_cell_is_normal(self):
        self.env.ref("psa_helpdesk.priority_rule_3_3").unlink()
        self.assertEqual(self._create_ticket(impact="3", urgency="3").priority, "1")

    def test_class_raises_and_stops_at_critical(self):
        gold = self.env["psa.client.class"].create(
            {"name": "Gold", "priority_raise": 1}
        )
        self.client.psa_client_class_id = gold
        normal = self._create_ticket()
        critical = self._create_ticket(impact="3", urgency="3")
        self.assertEqual((normal.priority, critical.priority), ("2", "3"))
        self.assertIn("Gold", normal.priority_explanation)

    def test_class_of_a_client_changes_open_tickets_only(self):
        open_ticket = self._create_ticket()
        closed = self._create_ticket(no_time_reason="A test")
        closed._move_to("closed")
        gold = self.env["psa.client.class"].create(
            {"name": "Gold", "priority_raise": 2}
        )
        self.client.psa_client_class_id = gold
        self.assertEqual((open_ticket.priority, closed.priority), ("3", "1"))
        self.assertEqual(
            (open_ticket.client_class_id, closed.client_class_id.id), (gold, False)
        )

    def test_by_hand_until_impact_or_urgency_change(self):
        ticket = self._create_ticket()
        ticket.priority = "3"
        self.assertIn("by hand", ticket.priority_explanation)
        ticket.name = "Another subject"
        self.assertEqual(ticket.priority, "3")
        ticket.urgency = "1"
        self.assertEqual(ticket.priority, "0")

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from .common import PsaHelpdeskContractsCommon


class TestContractOffer(PsaHelpdeskContractsCommon):
    """The client reads and signs what is promised for tickets."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contact.email = "anna@bellini.example"
        cls.contract = cls._create_contract(contact_id=cls.contact.id)
        cls.line = cls._create_line(cls.contract)

    def test_promises_are_printed(self):
        self.contract.sla_policy_id = self.silver
        self.line.write(
            {"sla_policy_id": self.gold.id, "ticket_type_ids": self.incident.ids}
        )
        text = self.contract.with_user(self.billing)._render_text()
        for expected in (
            "<strong>Service level:</strong>",
            "Silver",
            "Service level: Gold",
            "Only for tickets of type: Outage",
        ):
            self.assertIn(expected, text)

    def test_another_promise_takes_the_offer_back(self):
        for record, values in (
            (self.contract, {"sla_policy_id": self.gold.id}),
            (self.line, {"sla_policy_id": self.gold.id}),
            (self.line, {"ticket_type_ids": self.incident.ids}),
        ):
            self.contract.action_send_for_signature()
            self.assertTrue(self.contract.sent_at)
            record.write(values)
            self.env.flush_all()
            self.assertFalse(self.contract.sent_at)

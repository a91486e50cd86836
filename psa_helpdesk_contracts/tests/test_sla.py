# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tools import mute_logger

from odoo.addons.psa_core.tests.common import MONDAY, at

from .common import PsaHelpdeskContractsCommon

TUESDAY = date(2026, 3, 3)
SUNDAY = date(2026, 3, 1)


@freeze_time(at(8))
class TestContractSla(PsaHelpdeskContractsCommon):
    """A ticket gets what the contract of its client promises."""

    def test_contract_before_client_before_team_before_company(self):
        self.company.psa_sla_policy_id = self.silver
        self.client.psa_sla_policy_id = self.silver
        contract = self._create_active(sla_policy_id=self.gold.id)
        ticket = self._create_ticket()
        self.assertEqual(self._choice(ticket), (self.gold, "contract"))
        self.assertEqual(
            ticket.sla_explanation, "“Gold”, from: Contract; priority: Normal."
        )
        other = self._create_ticket(partner_id=self.other_contact.id)
        self.assertEqual(self._choice(other), (self.policy, "team"))
        contract.sla_policy_id = False
        self._sync_requested()
        self.assertEqual(self._choice(ticket), (self.silver, "client"))

    def test_line_before_its_contract_contract_before_the_next(self):
        first = self._create_active(("flat", {}), sequence=5)
        self._create_active(
            ("flat", {"sla_policy_id": self.gold.id}),
            sla_policy_id=self.silver.id,
            sequence=8,
        )
        self._create_active(sla_policy_id=self.policy.id, sequence=9)
        ticket = self._create_ticket()
        self.assertEqual(self._choice(ticket), (self.gold, "contract"))
        first.sla_policy_id = self.silver
        self._sync_requested()
        self.assertEqual(self._choice(ticket), (self.silver, "contract"))
        first.sequence = 20
        self._sync_requested()
        self.assertEqual(self._choice(ticket), (self.gold, "contract"))

    def test_ticket_type(self):
        self._create_active(
            (
                "flat",
                {
                    "sla_policy_id": self.gold.id,
                    "ticket_type_ids": self.incident.ids,
                },
            ),
            sla_policy_id=self.silver.id,
        )
        ticket = self._create_ticket(type_id=self.incident.id)
        self.assertEqual(self._choice(ticket), (self.gold, "contract"))
        ticket.type_id = self.request
        self.assertEqual(self._choice(ticket), (self.silver, "contract"))
        ticket.type_id = False
        self.assertEqual(self._choice(ticket), (self.silver, "contract"))

    def test_sites_and_contacts(self):
        self._create_active(
            (
                "flat",
                {
                    "sla_policy_id": self.gold.id,
                    "covered_partner_ids": self.foreman.ids,
                },
            ),
            sla_policy_id=self.silver.id,
            covered_partner_ids=self.site.ids,
        )
        found = {}
        for contact in (self.foreman, self.site, self.contact, self.client):
            ticket = self._create_ticket(partner_id=contact.id)
            found[contact] = ticket.sla_policy_id
        self.assertEqual(
            found,
            {
                self.foreman: self.gold,
                self.site: self.silver,
                self.contact: self.policy,
                self.client: self.policy,
            },
        )

    def test_days(self):
        """Not before the first day nor after the last one; both count."""
        self._create_active(
            sla_policy_id=self.gold.id, date_start=MONDAY, date_end=TUESDAY
        )
        found = []
        for moment in (
            # In Rome it is Monday from 23:00 on.
            at(22, 59, day=SUNDAY),
            at(23, day=SUNDAY),
            at(22, 59, day=TUESDAY),
            at(23, day=TUESDAY),
        ):
            with freeze_time(moment):
                found.append(self._create_ticket().sla_policy_id)
        self.assertEqual(found, [self.policy, self.gold, self.gold, self.policy])

    def test_days_of_a_line(self):
        self._create_active(
            (
                "flat",
                {
                    "sla_policy_id": self.gold.id,
                    "date_start": TUESDAY,
                    "date_end": TUESDAY,
                },
            ),
            sla_policy_id=self.silver.id,
        )
        found = []
        for day in (MONDAY, TUESDAY, date(2026, 3, 4)):
            with freeze_time(at(8, day=day)):
                found.append(self._create_ticket().sla_policy_id)
        self.assertEqual(found, [self.silver, self.gold, self.silver])

    def test_draft_and_suspended_do_not_count(self):
        draft = self._create_contract(sla_policy_id=self.silver.id, sequence=1)
        self._create_line(draft)
        contract = self._create_active(sla_policy_id=self.gold.id)
        ticket = self._create_ticket()
        self.assertEqual(self._choice(ticket), (self.gold, "contract"))
        contract._suspend(MONDAY, "Not paid")
        self._sync_requested()
        self.assertEqual(self._choice(ticket), (self.policy, "team"))
        contract._resume(SUNDAY)
        self._sync_requested()
        self.assertEqual(self._choice(ticket), (self.gold, "contract"))
        contract._end(SUNDAY, "Over")
        self._sync_requested()
        self.assertEqual(self._choice(ticket), (self.policy, "team"))
        self._activate(draft)
        self._sync_requested()
        self.assertEqual(self._choice(ticket), (self.silver, "contract"))

    def test_policies_of_other_companies_do_not_count(self):
        other = self.env["res.company"].create({"name": "Other"})
        foreign = self._create_policy("Foreign", company_id=other.id)
        with self.assertRaises(UserError):
            self._create_contract(sla_policy_id=foreign.id)
        contract = self._create_active(sla_policy_id=self.gold.id)
        self.gold.company_id = other
        ticket = self._create_ticket()
        self.assertEqual(self._choice(ticket), (self.policy, "team"))
        self.gold.company_id = False
        self.gold.active = False
        self.assertEqual(self._choice(self._create_ticket()), (self.policy, "team"))
        self.gold.active = True
        team = self.env["psa.ticket.team"].search([("company_id", "=", other.id)])
        theirs = self.env["psa.ticket"].create(self._prepare_ticket(team_id=team.id))
        self.assertFalse(theirs.sla_policy_id)
        self.assertEqual(contract.company_id, self.company)

    def test_made_from_a_template(self):
        template = self.env["psa.contract.template"].create(
            {
                "name": "Care Plus",
                "sla_policy_id": self.silver.id,
                "line_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "Help",
                            "kind": "included",
                            "sla_policy_id": self.gold.id,
                            "ticket_type_ids": self.incident.ids,
                        },
                    )
                ],
            }
        )
        contract = self._create_contract(template_id=template.id)
        self.assertEqual(contract.sla_policy_id, self.silver)
        line = contract.line_ids
        self.assertEqual(
            (line.sla_policy_id, line.ticket_type_ids), (self.gold, self.incident)
        )

    def test_used_policies_are_not_deleted(self):
        self._create_active(sla_policy_id=self.gold.id)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.gold.unlink()

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.tools import mute_logger

from odoo.addons.psa_core.tests.common import at

from .common import PsaHelpdeskContractsCommon


@freeze_time(at(10))
class TestTicketCoverage(PsaHelpdeskContractsCommon):
    """The type of a ticket and its contact decide about what covers its work."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._create_active(
            ("included", {"ticket_type_ids": cls.incident.ids})
        )
        cls.line = cls.contract.line_ids

    def _work(self, ticket=None, **kwargs):
        """Record an hour on a ticket, or on none."""
        if ticket:
            kwargs.update(task_id=False, project_id=False, psa_ticket_id=ticket.id)
        return self._create_entry(**kwargs)

    def test_ticket_types(self):
        incident = self._create_ticket(type_id=self.incident.id)
        request = self._create_ticket(type_id=self.request.id)
        nothing = self._create_ticket()
        entries = [self._work(ticket) for ticket in (incident, request, nothing, None)]
        self.assertEqual(
            [entry.psa_coverage for entry in entries],
            ["included", "billable", "billable", "billable"],
        )
        self.assertEqual(
            entries[1].psa_coverage_log["lines"], [[self.line.id, "ticket_type"]]
        )
        self.assertIn(
            "does not cover this type of ticket",
            str(entries[1].with_user(self.manager).psa_coverage_explanation),
        )

    def test_ticket_gets_another_type(self):
        ticket = self._create_ticket(type_id=self.request.id)
        entry = self._work(ticket)
        found = []
        for ticket_type in (self.incident, self.request, self.incident):
            ticket.type_id = ticket_type
            self.cr.flush()
            found.append(entry.psa_coverage)
        self.assertEqual(found, ["included", "billable", "included"])
        self.line.with_user(self.billing).ticket_type_ids = self.request
        self.assertEqual(entry.psa_coverage, "billable")

    def test_contact_of_the_ticket(self):
        self.line.with_user(self.billing).write(
            {
                "ticket_type_ids": [(5,)],
                "covered_partner_ids": [(6, 0, self.site.ids)],
            }
        )
        theirs = self._create_ticket(partner_id=self.foreman.id)
        other = self._create_ticket(partner_id=self.contact.id)
        entries = [self._work(theirs), self._work(other)]
        # Whoever is billed: the ticket says for whom the work was.
        entries.append(self._work(other, partner_id=self.foreman.id))
        self.assertEqual(
            [entry.psa_coverage for entry in entries],
            ["included", "billable", "billable"],
        )
        other.partner_id = self.foreman
        self.cr.flush()
        self.assertEqual(
            [entry.psa_coverage for entry in entries],
            ["included", "included", "included"],
        )

    def test_covered_types_are_not_deleted(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.incident.unlink()

    def test_queries(self):
        counts = []
        for number in (2, 4, 8):
            tickets = self.env["psa.ticket"].create(
                [
                    self._prepare_ticket(type_id=self.incident.id)
                    for _index in range(number)
                ]
            )
            values = [
                self._prepare_entry(
                    task_id=False, project_id=False, psa_ticket_id=ticket.id
                )
                for ticket in tickets
            ]
            entries = self.env["account.analytic.line"].create(values)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            facts = entries._psa_get_coverage_facts()
            counts.append(self.cr.sql_log_count - before)
            self.assertEqual(
                {
                    (fact.extra["ticket_type_id"], fact.contact_id)
                    for fact in facts.values()
                },
                {(self.incident.id, self.contact.id)},
            )
        self.assertEqual(counts[1], counts[2])

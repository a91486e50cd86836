# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tools import mute_logger

from odoo.addons.psa_core.tests.common import MONDAY, at

from .common import PsaHelpdeskContractsCommon

TUESDAY = date(2026, 3, 3)
SUNDAY = date(2026, 3, 1)


@freeze_time(at(8))
class TestContractSlaFollows(PsaHelpdeskContractsCommon):
    """Open tickets follow when a contract changes, and with the days."""

    def test_elapsed_time_stays(self):
        with freeze_time(at(8)):
            ticket = self._create_ticket(channel="phone")
        row = self._row(ticket)
        self.assertEqual((row.policy_id, row.deadline), (self.policy, at(16)))
        with freeze_time(at(9)):
            contract = self._create_active(sla_policy_id=self.silver.id)
            self._check()
            self.assertEqual((row.policy_id, row.deadline), (self.silver, at(12)))
        with freeze_time(at(10)):
            contract.sla_policy_id = self.gold
            self._check()
            # Its two hours are used up.
            self.assertEqual((row.policy_id, row.deadline), (self.gold, at(10)))
        self.assertEqual(
            [event for event, _at in self._events(ticket)][:3],
            ["start", "change", "change"],
        )

    def test_lines_are_noticed(self):
        contract = self._create_active()
        ticket = self._create_ticket(type_id=self.incident.id)
        found = []

        def note():
            self._sync_requested()
            found.append(ticket.sla_policy_id)

        line = self._create_line(contract, sla_policy_id=self.gold.id)
        note()
        line.ticket_type_ids = self.request
        note()
        line.ticket_type_ids = False
        note()
        line.sla_policy_id = self.silver
        note()
        line.covered_partner_ids = self.foreman
        note()
        line.write({"covered_partner_ids": [(5,)], "date_end": SUNDAY})
        note()
        self.assertEqual(
            found,
            [
                self.gold,
                self.policy,
                self.gold,
                self.silver,
                self.policy,
                self.policy,
            ],
        )

    def test_the_day_on_which_it_begins_and_ends(self):
        """Nobody touches contract or ticket: the daily job notices."""
        self._create_active(
            (
                "flat",
                {
                    "sla_policy_id": self.gold.id,
                    "date_start": date(2026, 3, 5),
                    "date_end": date(2026, 3, 6),
                },
            ),
            sla_policy_id=self.silver.id,
            date_start=date(2026, 3, 4),
            date_end=date(2026, 3, 7),
        )
        ticket = self._create_ticket()
        closed = self._create_ticket()
        closed._move_to("closed", no_time_reason="On the phone")
        self._sync_requested()
        found = []
        for number in (2, 3, 4, 5, 6, 7, 8):
            with freeze_time(at(3, day=date(2026, 3, number))):
                self.env["psa.ticket"]._request_moved_sla()
                asked = self.env["psa.ticket"].search(
                    [("sla_sync_requested", "=", True)]
                )
                self._sync_requested()
            found.append((number, ticket.sla_policy_id, asked == ticket))
        self.assertEqual(
            found,
            [
                (2, self.policy, False),
                (3, self.policy, False),
                (4, self.silver, True),
                (5, self.gold, True),
                (6, self.gold, False),
                (7, self.silver, True),
                (8, self.policy, True),
            ],
        )

    def test_some_tickets_at_a_time(self):
        self._create_active(sla_policy_id=self.silver.id, date_start=TUESDAY)
        tickets = self.env["psa.ticket"]
        for _number in range(3):
            tickets |= self._create_ticket()
        self._sync_requested()
        with (
            freeze_time(at(3, day=TUESDAY)),
            patch("odoo.addons.psa_helpdesk_contracts.models.psa_ticket.CHUNK", 2),
        ):
            tickets._request_moved_sla()
        self.assertEqual(tickets.mapped("sla_sync_requested"), [True] * 3)

    def test_failure_leaves_the_days_alone(self):
        contract = self._create_active(date_start=MONDAY, date_end=MONDAY)
        with (
            freeze_time(at(3, day=TUESDAY)),
            patch.object(
                type(self.env["psa.ticket"]), "_request_moved_sla", side_effect=KeyError
            ),
            mute_logger("odoo.addons.psa_helpdesk_contracts.models.psa_contract"),
            self.enter_registry_test_mode(),
        ):
            self.env.ref("psa_contracts.ir_cron_contract_days").method_direct_trigger()
        self.assertEqual(contract.state, "ended")

    def test_the_daily_job(self):
        contract = self._create_active(
            sla_policy_id=self.silver.id, date_start=MONDAY, date_end=TUESDAY
        )
        ticket = self._create_ticket()
        with freeze_time(at(3, day=date(2026, 3, 4))), self.enter_registry_test_mode():
            self.env.ref("psa_contracts.ir_cron_contract_days").method_direct_trigger()
            self._sync_requested()
        self.assertEqual(contract.state, "ended")
        self.assertEqual(self._choice(ticket), (self.policy, "team"))

    # ------------------------------------------------------------
    # Queries
    # ------------------------------------------------------------

    def _count(self, tickets):
        """Return the queries of the choice; what is known of the tickets is cached."""
        tickets._find_contract_policies()
        self.env.flush_all()
        before = self.cr.sql_log_count
        tickets._find_contract_policies()
        return self.cr.sql_log_count - before

    def test_queries(self):
        without = self._create_ticket(partner_id=self.other_contact.id).sudo()
        self.assertEqual(self._count(without), 1)
        counts = []
        tickets = self.env["psa.ticket"]
        for number in (2, 4, 8):
            clients = self.env["res.partner"].create(
                [{"name": f"Client {n}", "is_company": True} for n in range(number)]
            )
            for client in clients:
                self._create_active(
                    (
                        "flat",
                        {
                            "sla_policy_id": self.gold.id,
                            "covered_partner_ids": client.ids,
                        },
                    ),
                    client_id=client.id,
                    sla_policy_id=self.silver.id,
                )
            tickets = tickets.create(
                [self._prepare_ticket(partner_id=client.id) for client in clients]
            )
            counts.append(self._count(tickets.sudo()))
            self.assertEqual(tickets.sla_policy_id, self.gold)
        self.assertEqual(counts, [2, 2, 2])

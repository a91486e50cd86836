# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date, timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from .common_portal import PsaContractsPortalCommon

JANUARY = "Hours of 01/01/2026 – 01/31/2026"
FEBRUARY = "Hours of 02/01/2026 – 02/28/2026"
MARCH = "Hours of 03/01/2026 – 03/31/2026"


@tagged("post_install", "-at_install")
class TestPortalHours(PsaContractsPortalCommon):
    """What clients see of their hours: each that was given, used, expired or billed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["psa.rate"].with_user(cls.billing).create(
            {"contract_id": cls.contract.id, "mode": "price", "price": 85.0}
        )
        cls._activate(cls.contract)
        cls.person = cls.technician.name.partition(" ")[0]
        cls.env.flush_all()

    def setUp(self):
        super().setUp()
        self._login(self.anna)

    def _get_statement(self, **params):
        """Return what the statement says, as one text."""
        return self._get_texts(self._get(**params), "o_psa_contract_statement")[0]

    def _read_statement(self, line=None):
        """Return (date, kind, hours, balance) of each event of a line."""
        contract = self.contract.sudo()
        rows = contract._get_portal_statement((line or self.hours_line).id)
        return [
            (f"{row['date']:%m/%d}", row["kind"], row["hours"], row["balance"])
            for row in rows
        ]

    @freeze_time("2026-03-10 12:00:00")
    def test_hours_of_a_period(self):
        self._work("Cleaned the rollers", 8.0, date(2026, 3, 2))
        self._work("/", 3.5, date(2026, 3, 5))
        page = self._get()
        self.assertEqual(
            self._get_texts(page, "o_psa_contract_balance"),
            ["Remote help No hours left"],
        )
        self.assertEqual(
            self._get_texts(page, "o_psa_contract_beyond"),
            [
                "Billed by the hour $ 127.50 01:30 hours in the last twelve months, "
                "without taxes"
            ],
        )
        self.assertEqual(
            self._get_statement(),
            "What happened Hours Balance"
            f" Work 03/05/2026 · {self.person} · {MARCH} -02:00 00:00"
            f" Cleaned the rollers 03/02/2026 · {self.person} · {MARCH} -08:00 02:00"
            f" {MARCH} 03/01/2026 10:00 10:00",
        )
        self.assertNotIn("SECRET", page.text)
        self.assertEqual(
            self._get_statement(view="beyond"),
            f"What we did Hours Amount Work 03/05/2026 · {self.person} 01:30 × $ 85.00"
            " $ 127.50",
        )
        rates = self._get_texts(page, "o_psa_contract_lines")
        self.assertEqual(len(rates), 1)
        self.assertIn("85.00", page.text)

    @freeze_time("2026-03-10 12:00:00")
    def test_nobody_has_worked_yet(self):
        page = self._get()
        self.assertEqual(
            self._get_texts(page, "o_psa_contract_balance"),
            ["Remote help 10:00 of 10:00 hours left Next to expire: 03/31/2026"],
        )
        self.assertEqual(
            self._get_statement(),
            f"What happened Hours Balance {MARCH} 03/01/2026 10:00 10:00",
        )

    @freeze_time("2026-03-10 12:00:00")
    def test_hours_that_expired(self):
        self._work("Backup", 4.0, date(2026, 1, 20))
        self._work("Restore", 1.0, date(2026, 3, 3))
        self.assertEqual(
            self._read_statement(),
            [
                ("03/03", "used", -1.0, 9.0),
                ("03/01", "granted", 10.0, 10.0),
                ("01/31", "expired", -6.0, 0.0),
                ("01/20", "used", -4.0, 6.0),
                ("01/01", "granted", 10.0, 10.0),
            ],
        )

    @freeze_time("2026-02-10 12:00:00")
    def test_hours_that_roll_over(self):
        self.hours_line.write(
            {
                "rollover_share": 50.0,
                "rollover_cap": 2.0,
                "rollover_months": 1,
                "date_end": date(2026, 12, 31),
            }
        )
        self._work("Backup", 4.0, date(2026, 1, 20))
        self._work("Restore", 12.0, date(2026, 2, 3))
        self.assertEqual(
            sorted(row[:3] for row in self._read_statement()),
            [
                ("01/01", "granted", 10.0),
                ("01/20", "used", -4.0),
                ("01/31", "expired", -6.0),
                ("02/01", "granted", 2.0),
                ("02/01", "granted", 10.0),
                ("02/03", "used", -10.0),
                ("02/03", "used", -2.0),
            ],
        )
        self.assertEqual(
            self._get_texts(self._get(), "o_psa_contract_balance"),
            ["Remote help No hours left"],
        )

    @freeze_time("2026-03-10 12:00:00")
    def test_prepaid_hours(self):
        contract = self._create_contract(contact_id=self.contact.id, sequence=1)
        prepaid = self._create_line(
            contract, "prepaid", name="Block of 20 hours", validity_months=12
        )
        self.contract = self._activate(contract)
        self.url = f"/my/contracts/{contract.id}"
        self.hours_line.work_type_ids = self.work_type_remote
        grants = self.env["psa.contract.grant"].with_user(self.billing)
        # The first block begins with the contract, this one was bought for later.
        grants.create(
            {
                "line_id": prepaid.id,
                "date_start": date(2026, 4, 1),
                "hours": 20.0,
                "price": 1500.0,
            }
        )
        self._work("Moved the office", 6.0, date(2026, 2, 2))
        page = self._get()
        self.assertEqual(
            self._get_texts(page, "o_psa_contract_balance"),
            [
                "Block of 20 hours 14:00 of 20:00 hours left"
                " Next to expire: 12/31/2026"
                " Block of 01/01/2026 (until 12/31/2026) 14:00"
                " Block of 04/01/2026 20:00"
            ],
        )
        self.assertEqual(
            self._read_statement(prepaid),
            [("02/02", "used", -6.0, 14.0), ("01/01", "granted", 20.0, 20.0)],
        )

    @freeze_time("2026-03-10 12:00:00")
    def test_hours_without_limit(self):
        self.hours_line.is_unlimited = True
        self._work("Everything", 60.0, date(2026, 3, 2))
        page = self._get()
        self.assertEqual(
            self._get_texts(page, "o_psa_contract_balance"),
            ["Remote help Without a limit of hours"],
        )
        self.assertEqual(
            self._get_statement(),
            f"What happened Hours Balance Everything 03/02/2026 · {self.person} -60:00",
        )

    @freeze_time("2026-03-10 12:00:00")
    def test_work_that_counts_more(self):
        self.work_type_project.multiplier = 2.0
        self._work("Short call", 0.25)
        self.assertIn(
            f"· {self.person} · 00:15 worked · {MARCH} -00:30", self._get_statement()
        )

    @freeze_time("2026-03-10 12:00:00")
    def test_pages(self):
        entries = [f"Call {number:02}" for number in range(40)]
        for number, name in enumerate(entries):
            self._work(name, 0.25, date(2026, 3, 1) + timedelta(days=number % 8))
        first, second = self._get(), self._get("/page/2")
        self.assertEqual(first.text.count("Call "), 30)
        self.assertEqual(second.text.count("Call "), 10)
        self.assertIn(f"{MARCH} 03/01/2026 10:00 10:00", self._get_statement_of(second))
        for page in ("/page/0", "/page/99", "/page/99999999"):
            self.assertEqual(self._get(page).status_code, 200)
        for odd in ("x", "-1", "9" * 40):
            self.assertEqual(self._get(page=odd).status_code, 200)

    def _get_statement_of(self, page):
        return self._get_texts(page, "o_psa_contract_statement")[0]

    @freeze_time("2026-03-10 12:00:00")
    def test_queries_do_not_depend_on_the_history(self):
        contract = self.contract.sudo()

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            contract._get_portal_balances()
            contract._count_portal_statement(self.hours_line.id)
            contract._get_portal_statement(self.hours_line.id, limit=30)
            contract._get_portal_beyond(limit=30)
            contract._get_portal_beyond_total()
            return self.env.cr.sql_log_count - before

        for day in range(1, 8):
            self._work("Work", 2.0, date(2026, 1, day))
        few = count()
        for day in range(1, 20):
            self._work("Work", 2.0, date(2026, 2, day))
        self.assertEqual(count(), few)

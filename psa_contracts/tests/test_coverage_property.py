# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date, timedelta
from random import Random

from odoo.tests import freeze_time

from .common_coverage import PsaCoverageCommon

FIRST_DAY = date(2026, 1, 1)
WORLDS = 3
ENTRIES = 14


@freeze_time("2026-03-31 12:00:00")
class TestCoverageProperty(PsaCoverageCommon):
    """Whatever the contracts and the work: nothing is lost, and order is no matter.

    Each world has its own client, and a work of its own per entry: by its name the
    same work is known again.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["psa.rate"].with_user(cls.billing).create({"price": 80.0})
        cls.types = cls.plain | cls.env["psa.work.type"].create({"name": "Other"})

    def _create_client(self, name):
        values = {"name": name, "is_company": True, "company_id": False}
        return self.env["res.partner"].create(values)

    def _create_world(self, random):
        """Return the values of random contracts and work."""
        contracts = [
            (
                {
                    "sequence": sequence,
                    "date_start": random.choice([FIRST_DAY, date(2026, 1, 10)]),
                },
                [self._draw_line(random) for _line in range(2)],
            )
            for sequence in range(random.randint(1, 2))
        ]
        works = [
            {
                "name": f"Work {number}",
                "day": FIRST_DAY + timedelta(days=day),
                "hours": random.choice([0.25, 1.0, 1.5, 2.0, 3.0, 5.0, -0.5, -1.0]),
                "work_type": random.choice(self.types),
                "user": random.choice([self.technician, self.colleague]),
            }
            # Not twice on a day: two who did the same are not told apart.
            for number, day in enumerate(random.sample(range(85), ENTRIES))
        ]
        return contracts, works

    def _draw_line(self, random):
        kind = random.choice(["included", "included", "prepaid", "time"])
        values = {"kind": kind, "anchor_day": random.choice([0, 0, 15])}
        if random.random() < 0.3:
            values["work_type_ids"] = random.choice(self.types).ids
        if kind == "included":
            values["hours"] = random.choice([1.0, 2.5, 4.0])
            values["is_unlimited"] = random.random() < 0.1
        if kind == "prepaid":
            values["hours"] = random.choice([2.0, 5.0])
            values["validity_months"] = random.choice([0, 1, 2])
        if kind != "time":
            values["overage"] = random.choice(["billable", "stop"])
            if kind == "prepaid":
                values["overage"] = random.choice(["billable", "next_block"])
            if random.random() < 0.5:
                values["rollover_share"] = random.choice([50.0, 100.0])
                values["rollover_cap"] = random.choice([0.0, 1.0])
        return values

    def _sign(self, client, contracts):
        for terms, lines in contracts:
            contract = self._create_contract(client_id=client.id, **terms)
            for values in lines:
                self._create_line(contract, **values)
            self._activate(contract)

    def _prepare(self, client, work):
        values = dict(work)
        return self._prepare_work(
            values.pop("day"), values.pop("hours"), partner=client, **values
        )

    def _record(self, client, works):
        entries = self.env["account.analytic.line"].sudo()
        return entries.create([self._prepare(client, work) for work in works])

    def _covered(self, entries):
        """Return {work: what covers it}, without what only this client has."""
        found = {}
        for entry in entries.sudo():
            sums = {}
            for part in entry.psa_coverage_part_ids:
                key = (
                    part.kind,
                    part.contract_id.sequence,
                    part.line_id
                    and part.contract_id.line_ids.ids.index(part.line_id.id),
                    str(part.grant_id.date_start or ""),
                    part.grant_id.origin,
                    part.price_unit,
                    part.is_to_approve,
                )
                sums[key] = round(sums.get(key, 0) + part.hours, 6)
            found[entry.name] = sums
        return found

    def assertSums(self, entries):
        """Each hour is counted once, and no hours are used that are not there."""
        self.assertDecided(entries)
        total = sum(self._sums(entries).values())
        self.assertAlmostEqual(
            total, sum(entries.sudo().mapped("psa_billable_hours")), 5
        )
        grants = entries.sudo().psa_coverage_part_ids.grant_id
        for grant in grants:
            used = sum(grant.part_ids.mapped("hours"))
            self.assertLessEqual(round(used, 6), grant.hours, grant.display_name)

    def test_order_does_not_matter(self):
        for seed in range(WORLDS):
            with self.subTest(seed=seed):
                self._check_world(Random(seed))

    def _check_world(self, random):
        contracts, works = self._create_world(random)
        expected = None
        for way in (self._at_once, self._shuffled, self._one_by_one, self._edited):
            client = self._create_client(way.__name__)
            self._sign(client, contracts)
            entries = way(client, works, random)
            self.assertSums(entries)
            covered = self._covered(entries)
            if expected is None:
                expected = covered
            different = {
                name: (parts, expected[name])
                for name, parts in covered.items()
                if parts != expected[name]
            }
            self.assertFalse(different, way.__name__)

    def _at_once(self, client, works, random):
        return self._record(client, works)

    def _shuffled(self, client, works, random):
        return self._record(client, random.sample(works, len(works)))

    def _one_by_one(self, client, works, random):
        entries = self.env["account.analytic.line"]
        for work in random.sample(works, len(works)):
            entries |= self._record(client, [work])
        return entries

    def _edited(self, client, works, random):
        """Recorded on another day and for another time, then put right."""
        wrong = [
            {
                **work,
                "day": FIRST_DAY + timedelta(days=random.randrange(85)),
                "hours": random.choice([0.5, 4.0]),
            }
            for work in works
        ]
        entries = self._record(client, random.sample(wrong, len(wrong)))
        right = {work["name"]: work for work in works}
        for entry in random.sample(list(entries), len(entries)):
            work = right[entry.name]
            entry.sudo().write({"date": work["day"], "unit_amount": work["hours"]})
        return entries

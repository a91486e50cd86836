# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from collections import defaultdict

from .common import PsaContractsCommon


class PsaCoverageCommon(PsaContractsCommon):
    """Work for the client of the tests, recorded without a task."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.support = cls.company._psa_get_support_project()
        cls.plain = cls.env["psa.work.type"].create({"name": "Plain"})

    @classmethod
    def _prepare_work(cls, day, hours, work_type=None, **kwargs):
        return cls._prepare_entry(
            kwargs.pop("user", None),
            task_id=False,
            project_id=cls.support.id,
            partner_id=kwargs.pop("partner", cls.contact).id,
            date=day,
            unit_amount=hours,
            psa_work_type_id=(work_type or cls.plain).id,
            **kwargs,
        )

    @classmethod
    def _work(cls, day, hours, work_type=None, **kwargs):
        """Record work as the technician."""
        entries = cls.env["account.analytic.line"].with_user(cls.technician)
        return entries.create(cls._prepare_work(day, hours, work_type, **kwargs))

    @classmethod
    def _create_covered(cls, kind="included", **kwargs):
        """Return a line of a contract in force."""
        contract_values = kwargs.pop("contract", {})
        contract = cls._create_contract(**contract_values)
        line = cls._create_line(contract, kind, **kwargs)
        cls._activate(contract)
        return line

    def _parts(self, entries):
        """Return [(kind, hours, price per hour)] of entries, in their order."""
        return [
            (part.kind, round(part.hours, 4), round(part.price_unit, 2))
            for entry in entries.sudo()
            for part in entry.psa_coverage_part_ids
        ]

    def _sums(self, entries):
        """Return {kind: hours} of entries."""
        sums = defaultdict(float)
        for part in entries.sudo().psa_coverage_part_ids:
            sums[part.kind] += part.hours
        return {kind: round(hours, 4) for kind, hours in sums.items()}

    def assertDecided(self, entries):
        """Each entry has one decision, for exactly its billable hours."""
        for entry in entries.sudo():
            self.assertFalse(entry.psa_coverage_error)
            self.assertFalse(entry.psa_coverage_due)
            self.assertTrue(entry.psa_coverage)
            hours = sum(entry.psa_coverage_part_ids.mapped("hours"))
            self.assertAlmostEqual(hours, entry.psa_billable_hours, 5)

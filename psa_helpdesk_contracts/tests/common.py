# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.addons.psa_contracts.tests.common import PsaContractsCommon
from odoo.addons.psa_helpdesk.tests.common_sla import PsaSlaCommon


class PsaHelpdeskContractsCommon(PsaSlaCommon, PsaContractsCommon):
    """A team with a policy, clients with contracts, and policies to promise.

    ``self.policy`` is the team's.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gold = cls._create_policy("Gold", ("resolution", 2, {}))
        cls.silver = cls._create_policy("Silver", ("resolution", 4, {}))
        cls.incident, cls.request = cls.env["psa.ticket.type"].create(
            [{"name": "Outage"}, {"name": "Wish"}]
        )
        cls.site = cls.env["res.partner"].create(
            {"name": "Plant", "parent_id": cls.client.id, "type": "other"}
        )
        cls.foreman = cls.env["res.partner"].create(
            {"name": "Foreman", "parent_id": cls.site.id}
        )

    @classmethod
    def _create_active(cls, *lines, **kwargs):
        """Create a contract in force, with lines ``(kind, values)``; a flat fee at
        least."""
        contract = cls._create_contract(**kwargs)
        for kind, values in lines or [("flat", {})]:
            cls._create_line(contract, kind, **values)
        return cls._activate(contract)

    def _choice(self, ticket):
        return ticket.sla_policy_id, ticket.sla_source

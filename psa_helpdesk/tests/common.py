# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.addons.psa_core.tests.common import PsaCoreCommon


class PsaHelpdeskCommon(PsaCoreCommon):
    """The firm of ``psa_core`` with a helpdesk team and the mail address of a client.

    ``self.team`` is by hand and acknowledges nothing, so that a test sees only what it
    asks for.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contact.email = "anna@bellini.example"
        # The one of the demo data: a test promises what it asks for.
        cls.company.psa_sla_policy_id = False
        cls.stages = cls.env["psa.ticket.stage"]
        cls.team = cls.env["psa.ticket.team"].create(
            {
                "name": "Service Desk",
                "alias_name": "servicedesk",
                "company_id": cls.company.id,
                "leader_id": cls.manager.id,
                "member_ids": [(6, 0, (cls.technician | cls.colleague).ids)],
                "acknowledge": False,
            }
        )
        cls.other_client = cls.env["res.partner"].create(
            {"name": "Cantina Marchetti", "is_company": True}
        )
        cls.other_contact = cls.env["res.partner"].create(
            {
                "name": "Luca Marchetti",
                "parent_id": cls.other_client.id,
                "email": "luca@marchetti.example",
            }
        )

    @classmethod
    def _create_ticket(cls, user=None, **kwargs):
        """Create a ticket of the client's contact, as the technician by default."""
        tickets = cls.env["psa.ticket"].with_user(user or cls.technician)
        return tickets.create(cls._prepare_ticket(**kwargs))

    @classmethod
    def _prepare_ticket(cls, **kwargs):
        return {
            "name": "The printer does not print",
            "team_id": cls.team.id,
            "partner_id": cls.contact.id,
            **kwargs,
        }

    @classmethod
    def _get_stage(cls, state):
        return cls.stages._get_stage(cls.team, state)

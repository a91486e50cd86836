# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    psa_ticket_sequence_id = fields.Many2one(
        "ir.sequence",
        string="Ticket Numbers",
        ondelete="restrict",
        help="Where the numbers of the company's tickets come from.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        # Who creates a company may not be allowed to create sequences and teams.
        companies.sudo()._psa_create_helpdesk()
        return companies

    @api.model
    def _psa_create_helpdesks(self):
        """Give every company its ticket numbers and a first team."""
        companies = self.with_context(active_test=False)
        companies.search([("id", "!=", False)])._psa_create_helpdesk()

    def _psa_create_helpdesk(self):
        """Create ticket numbers and a team for the companies that have none."""
        without = self.filtered(lambda company: not company.psa_ticket_sequence_id)
        sequences = self.env["ir.sequence"].create(
            [
                {
                    "name": self.env._("Tickets of %s", company.name),
                    "code": "psa.ticket",
                    "prefix": "T",
                    "padding": 5,
                    "company_id": company.id,
                }
                for company in without
            ]
        )
        for company, sequence in zip(without, sequences, strict=True):
            company.psa_ticket_sequence_id = sequence
        teams = self.env["psa.ticket.team"].with_context(active_test=False)
        served = teams.search([("company_id", "in", self.ids)]).company_id
        teams.create(
            [
                {"name": company.env._("Support"), "company_id": company.id}
                for company in self - served
            ]
        )

    def _psa_next_ticket_numbers(self, count):
        """Return the next ``count`` ticket numbers of the company, in one query.

        The host draws one number per query; a mailbox that is read for the first time
        has thousands.
        """
        self.ensure_one()
        company = self.sudo()
        if not company.psa_ticket_sequence_id:
            company._psa_create_helpdesk()
        return company.psa_ticket_sequence_id._psa_next_numbers(count)

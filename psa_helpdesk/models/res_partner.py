# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

from ..tools.mail_domain import domain_of, is_public_domain


class ResPartner(models.Model):
    _inherit = "res.partner"

    psa_client_class_id = fields.Many2one(
        "psa.client.class",
        string="Client Class",
        index="btree_not_null",
        groups="base.group_user",
        help="Decides who is served first, and may raise the priority of tickets.",
    )
    psa_is_ticket_responsible = fields.Boolean(
        string="Sees All Tickets of the Company",
        groups="base.group_user",
        help="On the portal this contact follows the tickets of all colleagues.",
    )
    psa_mail_domain = fields.Char(
        string="Mail Domain",
        compute="_compute_psa_mail_domain",
        store=True,
        readonly=False,
        index="btree_not_null",
        groups="base.group_user",
        help="Mail from this domain belongs to the client. Domains of public mail "
        "providers are left out.",
    )

    @api.depends("email")
    def _compute_psa_mail_domain(self):
        for partner in self:
            domain = domain_of(partner.email)
            partner.psa_mail_domain = (
                domain if domain and not is_public_domain(domain) else False
            )

    def write(self, vals):
        result = super().write(vals)
        if "psa_client_class_id" in vals:
            # Closed tickets keep the class they were served in.
            self.env["psa.ticket"].sudo().search(
                [("client_id", "in", self.ids), ("is_open", "=", True)]
            )._compute_client_class_id()
        return result

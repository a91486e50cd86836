# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class AccountAnalyticLine(models.Model):
    """A work entry that may belong to a ticket."""

    _inherit = "account.analytic.line"

    psa_ticket_id = fields.Many2one(
        "psa.ticket",
        string="Ticket",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="The ticket this work was done for.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        tickets = self.env["psa.ticket"].browse(
            {vals["psa_ticket_id"] for vals in vals_list if vals.get("psa_ticket_id")}
        )
        if tickets:
            defaults = {
                ticket.id: ticket._psa_timer_entry_values() for ticket in tickets
            }
            vals_list = [
                {**defaults.get(vals.get("psa_ticket_id"), {}), **vals}
                for vals in vals_list
            ]
        return super().create(vals_list)

    @api.model
    def _psa_round_record_fields(self):
        return ["psa_ticket_id", *super()._psa_round_record_fields()]

    def _psa_is_client_given(self):
        # The ticket names the client; the host would take the project's.
        return bool(self.psa_ticket_id) or super()._psa_is_client_given()

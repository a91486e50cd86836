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
        groups="base.group_user",
        help="The ticket this work was done for.",
    )

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        ticket_id = self.env.context.get("default_psa_ticket_id")
        if not ticket_id:
            return values
        # A line added on a ticket shows where the work goes before it is saved.
        ticket = self.env["psa.ticket"].browse(ticket_id)
        known = ticket._psa_timer_entry_values()
        return {**values, **{name: known[name] for name in known if name in fields}}

    @api.model_create_multi
    def create(self, vals_list):
        tickets = self.env["psa.ticket"].browse(
            {vals["psa_ticket_id"] for vals in vals_list if vals.get("psa_ticket_id")}
        )
        # Its title is read with the entry, and its hours grow: not by any number.
        if tickets:
            tickets.check_access("read")
        by_ticket = {
            ticket.id: ticket._get_survivor()._psa_timer_entry_values()
            for ticket in tickets
        }
        return super().create(
            [
                self._psa_add_ticket_values(
                    vals, by_ticket.get(vals.get("psa_ticket_id"), {})
                )
                for vals in vals_list
            ]
        )

    @api.model
    def _psa_add_ticket_values(self, vals, ticket_values):
        """Fill what an entry does not say with what its ticket does."""
        if vals.get("project_id") or vals.get("task_id"):
            ticket_values = {
                name: value
                for name, value in ticket_values.items()
                if name not in ("project_id", "task_id")
            }
        given = {name: value for name, value in vals.items() if value}
        # Work on a duplicate counts where it was merged into.
        given.pop("psa_ticket_id", None)
        return {**vals, **ticket_values, **given}

    def write(self, vals):
        if not vals.get("psa_ticket_id"):
            return super().write(vals)
        ticket = self.env["psa.ticket"].browse(vals["psa_ticket_id"])
        ticket.check_access("read")
        ticket = ticket._get_survivor()
        vals = {**vals, "psa_ticket_id": ticket.id}
        if "partner_id" in vals or self.env.context.get("psa_keep_settled"):
            return super().write(vals)
        # Work goes to the client of the ticket it is moved to.
        moved = self.filtered(
            lambda entry: (
                entry.psa_ticket_id != ticket and not entry.sudo()._psa_is_settled()
            )
        )
        super(AccountAnalyticLine, self - moved).write(vals)
        return super(AccountAnalyticLine, moved).write(
            {**vals, "partner_id": ticket._get_customer().id}
        )

    @api.model
    def _psa_round_record_fields(self):
        return ["psa_ticket_id", *super()._psa_round_record_fields()]

    def _psa_is_client_given(self):
        # The ticket names the client; the host would take the project's.
        return bool(self.psa_ticket_id) or super()._psa_is_client_given()

    def _psa_rerate_approved(self):
        # Merging tickets moves work; it corrects none of it.
        if self.env.context.get("psa_keep_settled"):
            return None
        return super()._psa_rerate_approved()

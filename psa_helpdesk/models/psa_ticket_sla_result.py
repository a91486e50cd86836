# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class PsaTicketSlaResult(models.AbstractModel):
    """What came of a target, in one word: to filter, group and count by."""

    _name = "psa.ticket.sla.result"
    _description = "Result of an SLA"

    result = fields.Selection(
        [
            ("missed", "Missed"),
            ("running", "Running"),
            ("paused", "Paused"),
            ("met", "Met"),
            ("waived", "Waived"),
            ("stopped", "Stopped"),
        ],
        compute="_compute_result",
        search="_search_result",
        help="Missed as soon as the time is over, done or not. Waived and stopped ones "
        "do not count.",
    )

    @api.depends("state", "breached_at", "waived_at")
    def _compute_result(self):
        for row in self:
            if row.waived_at:
                row.result = "waived"
            elif row.breached_at:
                row.result = "missed"
            else:
                row.result = "met" if row.state == "reached" else row.state

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr != "result":
            return super()._field_to_sql(alias, field_expr, query)
        state, breached_at, waived_at = (
            self._field_to_sql(alias, name, query)
            for name in ("state", "breached_at", "waived_at")
        )
        return SQL(
            """
            CASE WHEN %(waived_at)s IS NOT NULL THEN 'waived'
                 WHEN %(breached_at)s IS NOT NULL THEN 'missed'
                 WHEN %(state)s = 'reached' THEN 'met'
                 ELSE %(state)s
            END
            """,
            state=state,
            breached_at=breached_at,
            waived_at=waived_at,
        )

    @api.model
    def _search_result(self, operator, value):
        if operator != "in":
            return NotImplemented
        values = tuple(value)
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s IN %s", model._field_to_sql(alias, "result", query), values
            )
        )

    def action_open_ticket(self):
        """Open the ticket of this target."""
        self.ensure_one()
        return self.ticket_id._get_form_action()

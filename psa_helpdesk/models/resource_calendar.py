# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.fields import Domain

from .psa_ticket_sla import OPEN_STATES


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    def write(self, vals):
        result = super().write(vals)
        if not vals.keys() <= {"name", "active"}:
            self._psa_request_sla_sync()
        return result

    def unlink(self):
        self._psa_request_sla_sync()
        result = super().unlink()
        # What is kept of the policies names their hours.
        self.env.registry.clear_cache()
        return result

    def _psa_request_sla_sync(self):
        """Let the job work out anew the deadlines that hang on these hours."""
        if self.ids:
            self._psa_request_sla_sync_of(Domain("calendar_id", "in", self.ids))

    @api.model
    def _psa_request_sla_sync_of(self, domain):
        # In sudo: who keeps the hours need not see the tickets.
        rows = self.env["psa.ticket.sla"].sudo()
        query = rows._search(
            domain
            & Domain("state", "in", OPEN_STATES)
            & Domain("around_the_clock", "=", False)
        )
        tickets = self.env["psa.ticket"]
        tickets._request_sla_sync([("sla_ids", "in", query)])

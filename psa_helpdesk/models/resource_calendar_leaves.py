# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.fields import Domain


class ResourceCalendarLeaves(models.Model):
    _inherit = "resource.calendar.leaves"

    @api.model_create_multi
    def create(self, vals_list):
        leaves = super().create(vals_list)
        leaves._psa_request_sla_sync()
        return leaves

    def write(self, vals):
        self._psa_request_sla_sync()
        result = super().write(vals)
        self._psa_request_sla_sync()
        return result

    def unlink(self):
        self._psa_request_sla_sync()
        return super().unlink()

    def _psa_request_sla_sync(self):
        """Public holidays move deadlines; the time off of a person does not."""
        public = self.filtered(lambda leave: not leave.resource_id)
        if not public:
            return
        domain = Domain("calendar_id", "in", public.calendar_id.ids)
        for leave in public.filtered(lambda leave: not leave.calendar_id):
            companies = leave.company_id
            domain |= (
                Domain("ticket_id.company_id", "in", companies.ids)
                if companies
                else Domain.TRUE
            )
        self.env["resource.calendar"]._psa_request_sla_sync_of(domain)

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models, tools


class PsaSlaWarning(models.Model):
    """Whom to tell when so much of a target is used, and by what."""

    _name = "psa.sla.warning"
    _description = "SLA Warning"
    _order = "percent, id"

    percent = fields.Integer(
        string="At %", required=True, default=75, help="Of the target; 100: the breach."
    )
    recipient = fields.Selection(
        [
            ("assignee", "Assignee"),
            ("leader", "Team leader"),
            ("manager", "Service managers"),
        ],
        required=True,
        default="assignee",
        help="Who is not there is stood in for by the next one.",
    )
    channel = fields.Selection(
        [
            ("bus", "Message on the screen"),
            ("activity", "Activity"),
            ("mail", "Mail"),
        ],
        required=True,
        default="activity",
    )
    company_id = fields.Many2one(
        "res.company", index="btree_not_null", help="Empty: for all companies."
    )
    active = fields.Boolean(default=True)

    _percent_bounded = models.Constraint(
        "CHECK (percent BETWEEN 1 AND 1000)", "Warn between 1 and 1,000 %."
    )

    @api.model
    @tools.ormcache("company_id")
    def _get_warnings(self, company_id):
        """Return the warnings of a company as ``(percent, recipient, channel)``."""
        # In sudo: whose message starts a clock may be anybody.
        warnings = (
            self.sudo()
            .with_context(active_test=True)
            .search([("company_id", "in", (False, company_id))])
        )
        return tuple(
            (warning.percent, warning.recipient, warning.channel)
            for warning in warnings
        )

    @api.model
    def _get_percents(self, company_id):
        """Return the thresholds of a company, ascending."""
        return sorted({percent for percent, *_rest in self._get_warnings(company_id)})

    @api.model_create_multi
    def create(self, vals_list):
        warnings = super().create(vals_list)
        warnings._request_sync()
        return warnings

    def write(self, vals):
        if "company_id" in vals:
            self._request_sync()
        result = super().write(vals)
        self._request_sync()
        return result

    def unlink(self):
        self._request_sync()
        return super().unlink()

    def _request_sync(self):
        """Let the job work out anew when open tickets have to be looked at."""
        self.env.registry.clear_cache()
        companies = self.company_id
        everywhere = not all(warning.company_id for warning in self)
        domain = [] if everywhere else [("company_id", "in", companies.ids)]
        self.env["psa.ticket"]._request_sla_sync(domain)

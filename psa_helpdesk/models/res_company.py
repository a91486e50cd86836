# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timezone
from zoneinfo import ZoneInfo

from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    psa_ticket_sequence_id = fields.Many2one(
        "ir.sequence",
        string="Ticket Numbers",
        ondelete="restrict",
        help="Where the numbers of the company's tickets come from.",
    )

    psa_sla_policy_id = fields.Many2one(
        "psa.sla.policy",
        string="Default SLA Policy",
        ondelete="restrict",
        domain="[('company_id', 'in', (False, id))]",
        help="For tickets whose client and team have none.",
    )

    psa_work_report_sequence_id = fields.Many2one(
        "ir.sequence",
        string="Work Report Numbers",
        ondelete="restrict",
        help="Where the numbers of the company's work reports come from.",
    )
    psa_work_report_days = fields.Integer(
        string="Days to Sign",
        default=3,
        help="Work reports that are older and not signed are on the list to check.",
    )

    psa_service_report_month = fields.Date(
        readonly=True,
        copy=False,
        export_string_translation=False,
        help="The last month whose service reports were sent to everybody.",
    )

    _psa_work_report_days_positive = models.Constraint(
        "CHECK (psa_work_report_days >= 0)", "The days to sign cannot be negative."
    )

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        # Who creates a company may not be allowed to create sequences and teams.
        companies.sudo()._psa_create_helpdesk()
        return companies

    def write(self, vals):
        result = super().write(vals)
        if {"psa_sla_policy_id", "resource_calendar_id"} & vals.keys():
            self.env["psa.ticket"]._request_sla_sync([("company_id", "in", self.ids)])
        return result

    def _psa_get_timezone(self):
        """Return the name of the time zone in which the company's days begin."""
        self.ensure_one()
        # In sudo: also of companies the user does not work for now.
        company = self.sudo()
        return company.partner_id.tz or company.resource_calendar_id.tz or "UTC"

    def _psa_get_local_today(self):
        """Return the day it is for the company."""
        self.ensure_one()
        now = fields.Datetime.now().replace(tzinfo=timezone.utc)
        return now.astimezone(ZoneInfo(self._psa_get_timezone())).date()

    @api.model
    def _psa_create_helpdesks(self):
        """Give every company its ticket numbers and a first team."""
        companies = self.with_context(active_test=False)
        companies.search([("id", "!=", False)])._psa_create_helpdesk()

    def _psa_create_helpdesk(self):
        """Create ticket numbers and a team for the companies that have none."""
        self._psa_create_sequences(
            "psa_ticket_sequence_id", "psa.ticket", "T", self.env._("Tickets of %s")
        )
        self._psa_create_sequences(
            "psa_work_report_sequence_id",
            "psa.work.report",
            "W",
            self.env._("Work reports of %s"),
        )
        teams = self.env["psa.ticket.team"].with_context(active_test=False)
        served = teams.search([("company_id", "in", self.ids)]).company_id
        teams.create(
            [
                {"name": company.env._("Support"), "company_id": company.id}
                for company in self - served
            ]
        )

    def _psa_create_sequences(self, fname, code, prefix, name):
        """Give the companies that have none their numbers of a kind."""
        without = self.filtered(lambda company: not company[fname])
        sequences = self.env["ir.sequence"].create(
            [
                {
                    "name": name % company.name,
                    "code": code,
                    "prefix": prefix,
                    "padding": 5,
                    "company_id": company.id,
                }
                for company in without
            ]
        )
        for company, sequence in zip(without, sequences, strict=True):
            company[fname] = sequence

    def _psa_next_work_report_numbers(self, count):
        """Return the next ``count`` numbers of the company's work reports."""
        return self._psa_next_numbers_of("psa_work_report_sequence_id", count)

    def _psa_next_ticket_numbers(self, count):
        """Return the next ``count`` ticket numbers of the company."""
        return self._psa_next_numbers_of("psa_ticket_sequence_id", count)

    def _psa_next_numbers_of(self, fname, count):
        """Return the next ``count`` numbers of a sequence of the company, in one query.

        The host draws one number per query; a mailbox that is read for the first time
        has thousands.
        """
        self.ensure_one()
        # In sudo: technicians do not read sequences.
        company = self.sudo()
        if not company[fname]:
            company._psa_create_helpdesk()
        return company[fname]._psa_next_numbers(count)

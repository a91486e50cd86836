# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

from odoo import api, fields, models


class PsaTicketTime(models.AbstractModel):
    """The time a ticket takes: timers and work entries."""

    _name = "psa.ticket.time"
    _description = "Time of a Ticket"
    _inherit = ["psa.timer.mixin"]

    timesheet_ids = fields.One2many(
        "account.analytic.line",
        "psa_ticket_id",
        string="Work Entries",
        domain=[("project_id", "!=", False)],
    )
    hours_spent = fields.Float(
        string="Time Spent",
        compute="_compute_hours_spent",
        compute_sudo=True,
        store=True,
        help="Hours of everybody's work on this ticket.",
    )
    hours_billable = fields.Float(
        string="Billable Time",
        compute="_compute_hours_spent",
        compute_sudo=True,
        store=True,
        groups="psa_core.group_psa_technician,psa_core.group_psa_billing",
        help="Hours that may be invoiced, after rounding.",
    )

    # In sudo: technicians read their own entries only, the sum tells no cost.
    @api.depends("timesheet_ids.unit_amount", "timesheet_ids.psa_billable_hours")
    def _compute_hours_spent(self):
        if not self._origin:
            self.hours_spent = self.hours_billable = 0.0
            return
        sums = {
            ticket.id: (spent, billable)
            for ticket, spent, billable in self.env[
                "account.analytic.line"
            ]._read_group(
                [
                    ("psa_ticket_id", "in", self._origin.ids),
                    ("project_id", "!=", False),
                ],
                ["psa_ticket_id"],
                ["unit_amount:sum", "psa_billable_hours:sum"],
            )
        }
        for ticket in self:
            ticket.hours_spent, ticket.hours_billable = sums.get(
                ticket._origin.id, (0.0, 0.0)
            )

    def _psa_timer_entry_values(self):
        """Put the work on the ticket's task, or on its team's project.

        Extend: a contract may say otherwise.
        """
        self.ensure_one()
        task = self.sudo().task_id
        project = task.project_id if task.allow_timesheets else False
        return {
            "project_id": (project or self.team_id._get_project()).id,
            "task_id": task.id if project else False,
            "psa_ticket_id": self._origin.id,
            "partner_id": self._get_customer().id,
        }

    def _get_customer(self):
        """Return who is billed: the contact, or the client if it is another one."""
        self.ensure_one()
        if self.partner_id.commercial_partner_id == self.client_id:
            return self.partner_id
        return self.client_id

    def _psa_timer_started(self):
        """Who starts to work on a ticket nobody has takes it."""
        super()._psa_timer_started()
        if not self.is_open:
            return
        if not self.user_id:
            self.action_take()
        elif self.state == "new":
            self._move_to("in_progress")

    def _move_entries_to_client(self):
        """Let open work follow the ticket to the client it turned out to be for.

        What is settled stays, and a note says so: somebody has to correct the bill.
        """
        # In sudo: the dispatcher who names the client need not be who worked.
        for customer, tickets in (
            self.sudo().grouped(lambda ticket: ticket._get_customer()).items()
        ):
            entries = tickets.timesheet_ids.filtered(
                lambda entry, customer=customer: entry.partner_id != customer
            )
            settled = entries.filtered(lambda entry: entry._psa_is_settled())
            if open_entries := entries - settled:
                open_entries.partner_id = customer
            tickets._note_settled(
                settled.filtered(
                    lambda entry, customer=customer: (
                        entry.psa_client_id != customer.commercial_partner_id
                    )
                )
            )

    def _note_settled(self, entries):
        """Write on the tickets which work stays with the client they had."""
        for ticket, kept in entries.grouped("psa_ticket_id").items():
            ticket._message_log(
                body=self.env._(
                    "%(hours)s hours are approved or invoiced and stay with "
                    "%(client)s: %(entries)s.",
                    hours=round(sum(kept.mapped("unit_amount")), 2),
                    client=", ".join(kept.psa_client_id.mapped("name"))
                    or self.env._("no client"),
                    entries=", ".join(kept.mapped("name")),
                )
            )

    def _get_my_timers_domain(self):
        return [
            ("user_id", "=", self.env.uid),
            ("res_model", "=", self._name),
            ("res_id", "in", self.ids),
            ("state", "in", ["running", "paused"]),
        ]

    def _stop_my_timers(self):
        """Record what the current user timed on these tickets."""
        for timer in self.env["psa.timer"].search(self._get_my_timers_domain()):
            timer.stop_timer()

    def _record_minutes(self, minutes, text, stop=None):
        """Record work of the current user on this ticket.

        :param stop: when it ended (UTC); by default now
        :raise UserError: without an employee, or with an odd number of minutes
        """
        self.ensure_one()
        timers = self.env["psa.timer"]
        timers._check_may_record()
        timers._check_minutes(minutes)
        stop = stop or fields.Datetime.now()
        start = stop - timedelta(minutes=minutes)
        entry = timers._create_entry(
            {
                "psa_ticket_id": self.id,
                "name": text or self.name,
                "date": timers._get_local_date(start),
                "psa_date_start": start,
                "psa_date_end": stop,
                "unit_amount": minutes / 60,
            }
        )
        entry.sudo().psa_source = "quick"
        return entry

    def action_open_entries(self):
        self.ensure_one()
        view_id = self.env["ir.model.data"]._xmlid_to_res_id
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Work Entries"),
            "res_model": "account.analytic.line",
            "views": [
                [view_id("psa_core.work_entry_view_list"), "list"],
                [view_id("psa_core.work_entry_view_form"), "form"],
            ],
            "search_view_id": [view_id("psa_core.work_entry_view_search")],
            "domain": [("psa_ticket_id", "=", self.id)],
            "context": {"default_psa_ticket_id": self.id},
        }

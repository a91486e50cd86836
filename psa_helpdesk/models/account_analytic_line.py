# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError

# What the customer has signed. Whether it is billed is decided later.
SIGNED_FIELDS = {
    "date",
    "employee_id",
    "name",
    "partner_id",
    "project_id",
    "psa_date_end",
    "psa_date_start",
    "psa_ticket_id",
    "psa_work_report_id",
    "psa_work_type_id",
    "task_id",
    "unit_amount",
    "user_id",
}


class AccountAnalyticLine(models.Model):
    """A work entry that may belong to a ticket, and be on a report."""

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
    psa_work_report_id = fields.Many2one(
        "psa.work.report",
        string="Work Report",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        check_company=True,
        groups="base.group_user",
        help="The report on which the customer signs for this work.",
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
        entries = super().create(
            [
                self._psa_add_ticket_values(
                    vals, by_ticket.get(vals.get("psa_ticket_id"), {})
                )
                for vals in vals_list
            ]
        )
        # In sudo: who records work for a ticket need not be allowed to change it.
        entries.psa_ticket_id.sudo()._note_activity()
        # By what was created: the report may come from a default of the context, too.
        if reports := entries.sudo().psa_work_report_id:
            entries._psa_check_report()
            reports._touch()
        return entries

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
        if not SIGNED_FIELDS & vals.keys():
            return super().write(vals)
        # In sudo: who corrects an entry need not read its report.
        reports = self.sudo().psa_work_report_id
        moved, customer, vals = self._psa_get_moved(vals)
        result = super(AccountAnalyticLine, self - moved).write(vals)
        if moved:
            super(AccountAnalyticLine, moved).write({**vals, "partner_id": customer.id})
        if "psa_work_report_id" in vals:
            self._psa_check_report()
        elif reports and {"psa_ticket_id", "task_id"} & vals.keys():
            self._psa_leave_strange_reports()
        (reports | self.sudo().psa_work_report_id)._touch()
        return result

    def unlink(self):
        # In sudo: who deletes an entry need not read its report.
        reports = self.sudo().psa_work_report_id
        result = super().unlink()
        reports._touch()
        return result

    def _psa_get_moved(self, vals):
        """Return the entries these values move to another ticket, and its customer.

        :return: the entries whose client changes with the ticket, the client, and the
            values, with the ticket that goes on with a merged one
        """
        nothing = self.browse()
        if not vals.get("psa_ticket_id"):
            return nothing, None, vals
        ticket = self.env["psa.ticket"].browse(vals["psa_ticket_id"])
        ticket.check_access("read")
        ticket = ticket._get_survivor()
        vals = {**vals, "psa_ticket_id": ticket.id}
        if "partner_id" in vals or self.env.context.get("psa_keep_settled"):
            return nothing, None, vals
        # Work goes to the client of the ticket it is moved to.
        moved = self.filtered(
            lambda entry: (
                entry.psa_ticket_id != ticket and not entry.sudo()._psa_is_settled()
            )
        )
        return moved, ticket._get_customer(), vals

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

    # ------------------------------------------------------------
    # Work reports
    # ------------------------------------------------------------

    def _psa_is_of_report(self, report):
        """Is the entry's work done on the ticket or task of this report?"""
        self.ensure_one()
        if report.ticket_id:
            return self.psa_ticket_id == report.ticket_id
        return not self.psa_ticket_id and self.task_id == report.task_id

    def _psa_check_report(self):
        """Refuse work on a report it does not belong to, or that is not to be changed.

        :raise UserError: when there is such work
        """
        for report, entries in self.grouped("psa_work_report_id").items():
            if not report:
                continue
            if not self.env.su:
                report.check_access("write")
                report._check_unlocked()
            if not all(entry._psa_is_of_report(report) for entry in entries.sudo()):
                raise UserError(
                    self.env._(
                        "Only work on %(record)s can be on %(report)s.",
                        record=report._get_record().display_name,
                        report=report.number,
                    )
                )

    def _psa_leave_strange_reports(self):
        """Take work off the reports of the tickets or tasks it was moved away from."""
        entries = self.sudo().filtered("psa_work_report_id")
        entries.filtered(
            lambda entry: not entry._psa_is_of_report(entry.psa_work_report_id)
        ).psa_work_report_id = False

    def _psa_get_signed_reason(self):
        """Return why nobody changes what the customer has signed for, or False."""
        self.ensure_one()
        # In sudo: whoever reads the entry is told why it is locked.
        report = self.sudo().psa_work_report_id
        if report.state != "signed":
            return False
        return self.env._(
            "“%(entry)s” is on %(report)s, which %(name)s has signed. A service "
            "manager can cancel the report with a reason.",
            entry=self.name,
            report=report.number,
            name=report.signed_by,
        )

    def _psa_check_unsigned(self):
        for entry in self:
            if reason := entry._psa_get_signed_reason():
                raise UserError(reason)

    def _psa_locked_reason(self):
        # Who reviews and bills may still say what of it is billed.
        may_bill = self.env.user.has_group("hr_timesheet.group_hr_timesheet_approver")
        return super()._psa_locked_reason() or (
            not may_bill and self._psa_get_signed_reason()
        )

    def _check_can_write(self, values):
        if not self.env.su and SIGNED_FIELDS & values.keys():
            self._psa_check_unsigned()
        return super()._check_can_write(values)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_signed(self):
        self._psa_check_unsigned()

    def _psa_is_settled(self):
        return (
            super()._psa_is_settled()
            # In sudo: computes of those who do not read reports come here, too.
            or self.sudo().psa_work_report_id.state == "signed"
        )

    def _psa_return(self, reason):
        self._psa_check_unsigned()
        return super()._psa_return(reason)

    def action_psa_leave_work_report(self):
        """Take the work off its report; the entry stays."""
        self.psa_work_report_id.check_access("write")
        self.psa_work_report_id._check_unlocked()
        # In sudo: approved entries and those of colleagues are not on it for good.
        self.sudo().psa_work_report_id = False

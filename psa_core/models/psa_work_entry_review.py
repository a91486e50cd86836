# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

REVIEW_FIELDS = {
    "psa_review_state",
    "psa_reviewer_id",
    "psa_reviewed_on",
    "psa_return_reason",
}


class PsaWorkEntryReview(models.AbstractModel):
    """The review of a work entry: to review, approved, or returned with a reason."""

    _name = "psa.work.entry.review"
    _description = "Work Entry Review"

    psa_review_state = fields.Selection(
        [
            ("to_review", "To review"),
            ("approved", "Approved"),
            ("returned", "Returned"),
        ],
        string="Review",
        compute="_compute_psa_review_state",
        store=True,
        copy=False,
        index="btree_not_null",
        groups="base.group_user",
        help="Approved entries are locked to technicians.",
    )
    psa_reviewer_id = fields.Many2one(
        "res.users",
        string="Reviewed By",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
    psa_reviewed_on = fields.Datetime(
        string="Reviewed On", readonly=True, copy=False, groups="base.group_user"
    )
    psa_return_reason = fields.Char(
        string="Reason",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="Why the entry was sent back.",
    )

    @api.depends("project_id")
    def _compute_psa_review_state(self):
        for entry in self:
            entry.psa_review_state = (
                (entry.psa_review_state or "to_review") if entry.project_id else False
            )

    # ------------------------------------------------------------
    # Locks
    # ------------------------------------------------------------

    def _psa_locked_reason(self):
        """Return why the current user may not change this entry, or False.

        Extend: return your own reason when super() has none (billed, signed…).
        """
        self.ensure_one()
        # In sudo: portal users who share a project do not read the review.
        if self.sudo().psa_review_state == "approved" and not self.env.user.has_group(
            "hr_timesheet.group_hr_timesheet_approver"
        ):
            return self.env._(
                "“%(entry)s” is approved and can no longer be changed. Ask your "
                "service manager to send it back.",
                entry=self.name,
            )
        return False

    def _psa_check_unlocked(self):
        """Raise a UserError when one of the entries may not be changed."""
        if self.env.su:
            return
        for entry in self:
            if reason := entry._psa_locked_reason():
                raise UserError(reason)

    def _psa_can_review(self):
        return self.env.su or self.env.user.has_group("psa_core.group_psa_manager")

    def _psa_resubmit(self):
        """Put returned entries their author has changed back to review."""
        if self._psa_can_review():
            return
        returned = self.sudo().filtered(
            lambda entry: entry.psa_review_state == "returned"
        )
        if returned:
            returned.psa_review_state = "to_review"

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_psa_approve(self):
        """Approve the entries; those already approved keep who and when."""
        self._psa_set_review("approved")
        return True

    def action_psa_return(self):
        """Open the dialog that asks why the entries are sent back."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send Back"),
            "res_model": "psa.work.entry.return",
            "view_mode": "form",
            "target": "new",
            "context": {"default_entry_ids": self.ids},
        }

    def _psa_set_review(self, state, reason=False):
        if not self._psa_can_review():
            raise AccessError(
                self.env._("Only a service manager reviews work entries.")
            )
        self.check_access("write")
        entries = self.filtered(
            lambda entry: entry.project_id and entry.psa_review_state != state
        )
        if state == "approved":
            # Two notes recorded at the same instant did not see each other: before the
            # hours become final, each total is worked out once more.
            entries.sudo()._psa_recompute("psa_billable_hours")
            self.env.flush_all()
        # In sudo: nobody else sets these fields.
        entries.sudo().write(
            {
                "psa_review_state": state,
                "psa_reviewer_id": self.env.uid,
                "psa_reviewed_on": fields.Datetime.now(),
                "psa_return_reason": reason,
            }
        )
        return entries

    def _psa_return(self, reason):
        """Send the entries back and tell each author why, in one message per person.

        :param reason: what to correct, plain text.
        :raise UserError: when an entry is already invoiced.
        """
        if billed := self.filtered(lambda entry: not entry._is_not_billed()):
            raise UserError(
                self.env._(
                    "“%(entry)s” is already invoiced and cannot be sent back.",
                    entry=billed[0].name,
                )
            )
        returned = self._psa_set_review("returned", reason)
        for user, entries in returned.grouped("user_id").items():
            if user and user != self.env.user:
                entries._psa_notify_returned(user, reason)

    def _psa_notify_returned(self, user, reason):
        self_lang = self.with_context(lang=user.lang)
        items = Markup().join(
            Markup("<li>%s</li>") % f"{entry.date} · {entry.name}"
            for entry in self_lang
        )
        self.env["mail.thread"].message_notify(
            partner_ids=user.partner_id.ids,
            subject=self_lang.env._("Work entries sent back"),
            body=Markup("<p>%s</p><ul>%s</ul>") % (reason, items),
        )

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from .psa_contract_terms import PRICE_GROUPS

#: fields that decide about the state of a contract in force
DATE_FIELDS = {"date_start", "date_end", "term_months"}


class PsaContractLife(models.AbstractModel):
    """From a draft to its end: what is done to a contract, and why.

    Once in force, the state follows the dates: of the contract and its suspensions.
    """

    _name = "psa.contract.life"
    _description = "Life of a Contract"

    end_reason = fields.Char(
        readonly=True, copy=False, help="Why somebody ended it, before its term."
    )
    can_resume = fields.Boolean(
        compute="_compute_can_resume",
        export_string_translation=False,
        help="It is suspended, or will be.",
    )

    @api.depends("suspension_ids.date_start", "suspension_ids.date_end")
    def _compute_can_resume(self):
        for contract in self:
            contract.can_resume = bool(contract._get_next_suspension())

    def write(self, vals):
        result = super().write(vals)
        if DATE_FIELDS & vals.keys():
            self._filter_in_force()._follow_dates()
        return result

    # ------------------------------------------------------------
    # Activation
    # ------------------------------------------------------------

    def action_activate(self):
        """Put drafts in force: from their first day they cover work.

        What is in force already stays as it is, so that pressing twice does no harm.

        :raise UserError: when something is missing
        """
        self.check_access("write")
        drafts = self.filtered(lambda contract: contract.state == "draft")
        self._check_states(("draft", "active", "suspended", "ended"))
        drafts._check_can_activate()
        # In sudo: accounts and the state are nobody's to write.
        drafts = drafts.sudo()
        drafts._create_analytic_accounts()
        drafts.write({"state": "active", "state_reason": False})
        drafts.line_ids._begin()
        drafts._follow_dates()
        drafts._request_coverage()

    def _check_can_activate(self):
        """:raise UserError: when a contract lacks lines, products or a signature"""
        waived = self.env.user.has_groups(PRICE_GROUPS)
        for contract in self:
            if not contract.line_ids:
                raise UserError(
                    self.env._(
                        "%(contract)s contains nothing yet: add a line.",
                        contract=contract.display_name,
                    )
                )
            if contract.is_signed_by_client and not contract.signed_at and not waived:
                raise UserError(
                    self.env._(
                        "%(contract)s becomes active when the client has signed it.",
                        contract=contract.display_name,
                    )
                )
        self.line_ids._check_products()

    def _create_analytic_accounts(self):
        """Give each contract the account on which its cost and revenue meet.

        :raise UserError: when somebody deleted the plan of contracts
        """
        contracts = self.filtered(lambda contract: not contract.analytic_account_id)
        plan = self.env.ref(
            "psa_contracts.analytic_plan_contracts", raise_if_not_found=False
        )
        if contracts and not plan:
            raise UserError(
                self.env._("The analytic plan of contracts is missing: update the app.")
            )
        accounts = self.env["account.analytic.account"].create(
            [
                {
                    "name": contract.name,
                    "code": contract.number,
                    "plan_id": plan.id,
                    "partner_id": contract.client_id.id,
                    "company_id": contract.company_id.id,
                }
                for contract in contracts
            ]
        )
        # At once: each save looks for amendments.
        with self._amending():
            for contract, account in zip(contracts, accounts, strict=True):
                contract.analytic_account_id = account

    # ------------------------------------------------------------
    # Dialogs
    # ------------------------------------------------------------

    def action_suspend(self):
        return self._open_dialog("psa_contracts.action_contract_suspend")

    def action_resume(self):
        return self._open_dialog("psa_contracts.action_contract_resume")

    def action_end(self):
        return self._open_dialog("psa_contracts.action_contract_end")

    def action_cancel(self):
        return self._open_dialog("psa_contracts.action_contract_cancel")

    def _open_dialog(self, xmlid):
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        return {**action, "context": {"default_contract_ids": self.ids}}

    # ------------------------------------------------------------
    # What is done to it
    # ------------------------------------------------------------

    def _suspend(self, first_day, reason, last_day=None):
        """Suspend contracts: on these days they cover and cost nothing.

        :param last_day: nothing: until somebody resumes them
        :raise UserError: when one is not in force, or not on these days
        :raise ValidationError: when one is suspended on one of these days already
        """
        self.check_access("write")
        self._check_states(("active", "suspended"))
        for contract in self:
            end = contract.date_end
            if first_day < contract.date_start or (end and first_day > end):
                raise UserError(
                    self.env._(
                        "%(contract)s is not in force on %(day)s.",
                        contract=contract.display_name,
                        day=format_date(self.env, first_day),
                    )
                )
        # In sudo: suspensions are made here only.
        self.env["psa.contract.suspension"].sudo().create(
            [
                {
                    "contract_id": contract.id,
                    "date_start": first_day,
                    "date_end": last_day,
                    "reason": reason,
                }
                for contract in self
            ]
        )

    def _resume(self, last_day):
        """End the suspensions that go on, or else those that come next.

        :param last_day: the last suspended day; one before the first of them: the
            contract is not suspended at all
        :raise UserError: when one is not suspended
        """
        self.check_access("write")
        # In sudo: suspensions are changed here only.
        suspensions = self.env["psa.contract.suspension"].sudo()
        for contract in self:
            found = contract.sudo()._get_next_suspension()
            if not found:
                raise UserError(
                    self.env._(
                        "%(contract)s is not suspended.", contract=contract.display_name
                    )
                )
            suspensions |= found
        never = suspensions.filtered(lambda found: last_day < found.date_start)
        with self._amending():
            (suspensions - never).write({"date_end": last_day})
            never.unlink()

    def _get_next_suspension(self):
        """Return the suspension of today, else the next one."""
        self.ensure_one()
        today = self._get_company_today(self.company_id)
        return self.suspension_ids.filtered(
            lambda found: not found.date_end or found.date_end >= today
        ).sorted("date_start")[:1]

    def _end(self, last_day, reason):
        """End contracts with a day: the last one on which they cover anything.

        :raise ValidationError: when it is before the first day of one
        :raise UserError: when one is not in force
        """
        self.check_access("write")
        self._check_states(("active", "suspended"))
        for contract in self:
            if last_day < contract.date_start:
                raise ValidationError(
                    self.env._(
                        "%(contract)s begins on %(day)s and cannot end before.",
                        contract=contract.display_name,
                        day=format_date(self.env, contract.date_start),
                    )
                )
        # In sudo: why it ends is written here only.
        self.sudo().write({"date_end": last_day, "end_reason": reason})

    def _cancel(self, reason):
        """Cancel drafts.

        :raise UserError: when one was in force: it can be ended
        """
        self.check_access("write")
        self._check_states(("draft",))
        # In sudo: the state is written by methods only.
        self.sudo().write({"state": "cancelled", "state_reason": reason})

    def action_reset(self):
        """Make drafts of cancelled contracts; who signed one has to sign again."""
        self.check_access("write")
        self._check_states(("cancelled",))
        self._drop_signature()
        # In sudo: the state is written by methods only.
        self.sudo().write({"state": "draft", "state_reason": False})

    def _check_states(self, states):
        """:raise UserError: when the state of one is another"""
        for contract in self:
            if contract.state not in states:
                labels = dict(self._fields["state"]._description_selection(self.env))
                raise UserError(
                    self.env._(
                        "This cannot be done: %(contract)s is “%(state)s”.",
                        contract=contract.display_name,
                        state=labels[contract.state],
                    )
                )

    # ------------------------------------------------------------
    # The state follows the dates
    # ------------------------------------------------------------

    def _follow_dates(self):
        """Give contracts that were in force the state of today."""
        todays = {
            company: self._get_company_today(company) for company in self.company_id
        }
        changes = {}
        for contract in self:
            state, reason = contract._get_state_on(todays[contract.company_id])
            if (contract.state, contract.state_reason or False) != (state, reason):
                found = changes.setdefault((state, reason), self.browse())
                changes[state, reason] = found | contract
        for (state, reason), contracts in changes.items():
            # In sudo: the state is written by methods only.
            contracts.sudo().write({"state": state, "state_reason": reason})

    def _get_state_on(self, day):
        """Return the state of a contract in force on a day, and why."""
        self.ensure_one()
        if self.date_end and self.date_end < day:
            return "ended", self.end_reason or False
        suspension = self.suspension_ids.filtered(
            lambda found: (
                found.date_start <= day
                and (not found.date_end or found.date_end >= day)
            )
        )
        if suspension:
            return "suspended", suspension[0].reason
        return "active", False

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .psa_contract_terms import NEVER_STARTED

# Worked out by the suite, or set by what somebody does: never typed.
SYSTEM_FIELDS = {
    "access_token",
    "agreed_digest",
    "agreed_text",
    "analytic_account_id",
    "delivery_error",
    "delivery_message_id",
    "delivery_state",
    "end_reason",
    "life_error",
    "number",
    "offer_message_id",
    "sent_at",
    "signature",
    "signed_at",
    "signed_by",
    "signed_pdf",
    "state",
    "state_reason",
    "version",
}
#: what makes another contract of it, once it was in force
FIXED_FIELDS = ("client_id", "company_id", "currency_id")


def check_system_fields(records, names, vals_list, defaults=False):
    """Refuse values that only the suite sets.

    :param names: the fields nobody sets
    :param defaults: look at the defaults of the context, too
    :raise AccessError: when there are any, and it is not the suite
    """
    env = records.env
    if env.su:
        return
    given = {name for vals in vals_list for name in vals}
    if defaults:
        given.update(
            name.removeprefix("default_")
            for name in env.context
            if name.startswith("default_")
        )
    if forged := given & names:
        raise AccessError(
            env._(
                "These values are worked out and cannot be set: %(fields)s.",
                fields=", ".join(
                    sorted(
                        records._fields[name]._description_string(env)
                        for name in forged
                    )
                ),
            )
        )


class PsaContractGuard(models.AbstractModel):
    """What nobody sets by hand, over RPC included, and the number of a contract."""

    _name = "psa.contract.guard"
    _description = "Guard of Contracts"

    @api.model_create_multi
    def create(self, vals_list):
        self._check_system_fields(vals_list, defaults=True)
        return super().create(self._with_numbers(vals_list))

    def write(self, vals):
        self._check_system_fields([vals])
        self._check_fixed_fields(vals)
        return super().write(vals)

    @api.model
    def _check_system_fields(self, vals_list, defaults=False):
        """Refuse values that only the suite sets.

        An administrator may bring the numbers of another system.

        :param defaults: look at the defaults of the context, too
        :raise AccessError: when there are any
        """
        names = SYSTEM_FIELDS
        if self.env.user.has_group("psa_core.group_psa_admin"):
            names = names - {"number"}
        check_system_fields(self, names, vals_list, defaults)

    def _check_fixed_fields(self, vals):
        """Refuse what would make another contract of one that was in force.

        Its account, its hours and the work it covered are those of its client and in
        its currency.

        :raise UserError: when the client, the company or the currency would change
        """
        fixed = [name for name in FIXED_FIELDS if name in vals]
        if not fixed:
            return
        for contract in self._filter_in_force():
            for name in fixed:
                if contract[name].id != (vals[name] or False):
                    raise UserError(
                        self.env._(
                            "%(contract)s was in force: its %(field)s cannot change. "
                            "End it, and make another contract.",
                            contract=contract.display_name,
                            field=self._fields[name]._description_string(self.env),
                        )
                    )

    @api.model
    def _with_numbers(self, vals_list):
        """Return the values with the next numbers of each company's sequence."""
        vals_list = [dict(vals) for vals in vals_list]
        by_company = {}
        for vals in vals_list:
            if not vals.get("number"):
                company_id = (
                    vals.get("company_id")
                    or self.env.context.get("default_company_id")
                    or self.env.company.id
                )
                by_company.setdefault(company_id, []).append(vals)
        for company_id, found in by_company.items():
            numbers = self._next_numbers(company_id, len(found))
            for vals, number in zip(found, numbers, strict=True):
                vals["number"] = number
        return vals_list

    @api.model
    def _next_numbers(self, company_id, count):
        # In sudo: who makes a contract need not read sequences.
        sequence = (
            self.env["ir.sequence"]
            .sudo()
            .search(
                [
                    ("code", "=", "psa.contract"),
                    ("company_id", "in", [company_id, False]),
                ],
                order="company_id",
                limit=1,
            )
        )
        return sequence._psa_next_numbers(count) if sequence else [False] * count

    def _filter_in_force(self):
        """Return those that ever were active."""
        return self.filtered(lambda contract: contract.state not in NEVER_STARTED)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_force(self):
        for contract in self._filter_in_force():
            raise UserError(
                self.env._(
                    "%(contract)s was in force and stays as a record: end it.",
                    contract=contract.display_name,
                )
            )

    @api.model
    def _get_company_today(self, company):
        """Return the day it is where a company works."""
        zone = company.resource_calendar_id.tz or "UTC"
        return fields.Date.context_today(self.with_context(tz=zone))

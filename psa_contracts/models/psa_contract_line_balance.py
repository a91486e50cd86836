# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from dataclasses import dataclass
from datetime import date

from odoo import api, fields, models

from odoo.addons.psa_core.tools.rounding import seconds_to_hours

from .coverage_facts import ONE_DAY, read_grants, read_lines
from .psa_contract_terms import COVERING


@dataclass(slots=True)
class LineBalance:
    """Seconds of a line that may be used on a day; ``stop`` is the day after."""

    granted: int = 0
    used: int = 0
    stop: date | None = None

    @property
    def left(self):
        return self.granted - self.used

    def is_low(self, percent):
        """Whether a share of the hours, in percent, is used."""
        return self.used * 100 >= self.granted * percent

    def add(self, seconds, used, stop):
        self.granted += seconds
        self.used += used
        if stop and seconds > used:
            self.stop = min(stop, self.stop or stop)


class PsaContractLineBalance(models.AbstractModel):
    """Hours of a contract line today: given, used and left."""

    _name = "psa.contract.line.balance"
    _description = "Hours of a Contract Line"

    granted_hours = fields.Float(
        compute="_compute_balance",
        help="Hours that may be used today: of this period, bought, rolled over. "
        "Blocks that are used up do not count.",
    )
    used_hours = fields.Float(string="Used", compute="_compute_balance")
    left_hours = fields.Float(string="Left", compute="_compute_balance")
    left_until = fields.Date(
        compute="_compute_balance", help="Last day of the hours that expire first."
    )
    is_running_low = fields.Boolean(
        compute="_compute_balance",
        help="As much of the hours is used as the line says.",
    )

    @api.depends(
        "kind",
        "is_unlimited",
        "hours",
        "topup_percent",
        "contract_id.state",
        "grant_ids.hours",
        "grant_ids.part_ids.hours",
    )
    def _compute_balance(self):
        balances = self._origin._get_balances(fields.Date.context_today(self))
        for line in self:
            balance = balances.get(line._origin)
            found = balance or LineBalance()
            line.granted_hours = seconds_to_hours(found.granted)
            line.used_hours = seconds_to_hours(found.used)
            line.left_hours = seconds_to_hours(found.left)
            line.left_until = found.stop and found.stop - ONE_DAY
            line.is_running_low = bool(balance and found.is_low(line.topup_percent))

    def _get_balances(self, day):
        """Return {line: :class:`LineBalance`} of those that limit hours on a day.

        Lines that are not in force on the day, or have no limit, are left out.
        """
        contracts = self.filtered(
            lambda line: line.kind in COVERING and not line.is_unlimited
        ).contract_id
        found = {}
        if contracts:
            keys = {(each.client_id.id, each.company_id.id) for each in contracts}
            found = {
                line.id: line
                for line in read_lines(self.env, keys)
                if line.is_limited and line.is_in_force(day)
            }
        found = {line.id: found[line.id] for line in self if line.id in found}
        if not found:
            return {}
        grants = {line_id: [] for line_id in found}
        for grant in read_grants(self.env, found, day):
            if grant.holds(day):
                grants[grant.line_id].append(grant)
        return {
            self.browse(line_id): self._sum_up(line, grants[line_id], day)
            for line_id, line in found.items()
        }

    @api.model
    def _sum_up(self, line, grants, day):
        """Return the balance of a line on a day.

        :param line: the line as coverage sees it
        :param grants: its grants that hold on the day
        """
        balance = LineBalance()
        for grant in grants:
            if line.kind == "included" or grant.used < grant.seconds:
                balance.add(grant.seconds, grant.used, grant.stop)
        if line.kind == "included" and not any(
            grant.origin == "period" for grant in grants
        ):
            # The grant of a period is made when work needs it.
            period = line.period(day)
            part = line.part_of(period)
            balance.add(line.period_seconds(period), 0, part.stop)
        return balance

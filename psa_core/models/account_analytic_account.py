# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models

from ..cost_groups import COST_GROUPS


class AccountAnalyticAccount(models.Model):
    _inherit = "account.analytic.account"

    # The balance of a project's account is the cost of its work.
    balance = fields.Monetary(groups=COST_GROUPS)
    debit = fields.Monetary(groups=COST_GROUPS)
    credit = fields.Monetary(groups=COST_GROUPS)

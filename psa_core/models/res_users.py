# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    psa_day_reminder = fields.Selection(
        [("activity", "Activity"), ("mail", "E-mail")],
        string="End-of-Day Reminder",
        help="How to be told, after working hours, that time of the day is not "
        "recorded. Empty: not at all.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return [*super().SELF_READABLE_FIELDS, "psa_day_reminder"]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return [*super().SELF_WRITEABLE_FIELDS, "psa_day_reminder"]

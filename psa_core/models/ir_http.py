# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    def session_info(self):
        return {
            **super().session_info(),
            "psa_timer_enabled": self.env.user.has_group(
                "psa_core.group_psa_technician"
            ),
        }

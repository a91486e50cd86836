# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class PsaWorkEntryReturn(models.TransientModel):
    """Asks why work entries are sent back to those who recorded them."""

    _name = "psa.work.entry.return"
    _description = "Send Work Entries Back"

    entry_ids = fields.Many2many(
        "account.analytic.line", string="Entries", required=True
    )
    reason = fields.Char(
        required=True, help="Told to the person who recorded the entries."
    )

    def action_return(self):
        """Send the entries back with the reason."""
        self.ensure_one()
        self.entry_ids._psa_return(self.reason)
        return {"type": "ir.actions.act_window_close"}

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.fields import Domain


class MailMessage(models.Model):
    _inherit = "mail.message"

    @api.model
    def _get_with_access(self, message_id, mode="read", **kwargs):
        """Keep customers away from internal messages.

        For the host whoever comes to a ticket by a link comes to all of its messages.
        """
        message = super()._get_with_access(message_id, mode=mode, **kwargs)
        # In sudo: what a message belongs to tells nothing.
        found = message.sudo()
        if found.model != "psa.ticket" or self.env.user._is_internal():
            return message
        ticket = self.env["psa.ticket"].sudo().browse(found.res_id)
        visible = Domain("id", "=", found.id) & ticket._get_portal_message_domain()
        return message if found.search_count(visible, limit=1) else self.browse()

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.fields import Domain


class MailMessage(models.Model):
    _inherit = "mail.message"

    @api.model
    def _get_with_access(self, message_id, mode="read", **kwargs):
        """Let the customers of a ticket come to the messages they read, no others.

        For the host whoever comes to a record by a link comes to all of its messages.
        """
        # In sudo: what a message belongs to decides who may come to it.
        found = self.sudo().browse(message_id).exists()
        if found.model != "psa.ticket" or self.env.user._is_internal():
            return super()._get_with_access(message_id, mode=mode, **kwargs)
        ticket, _person = self.env["psa.ticket"]._get_portal_access(
            found.res_id, kwargs.get("token"), kwargs.get("pid"), kwargs.get("hash")
        )
        visible = Domain("id", "=", found.id) & ticket._get_portal_message_domain()
        return self.browse(found.search(visible).ids)

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.http import request

from odoo.addons.portal.controllers.mail import MailController


class TicketMailController(MailController):
    @classmethod
    def _redirect_to_record(cls, model, res_id, access_token=None, **kwargs):
        """Lead customers with a login to their page; the host asks for read access."""
        user = request.env.user
        if model == "psa.ticket" and res_id and not user._is_public():
            tickets = request.env[model]
            if not tickets.has_access("read"):
                ticket, _person = tickets._get_portal_access(
                    res_id, access_token, kwargs.get("pid"), kwargs.get("hash")
                )
                if tickets._get_portal_ticket(ticket.id, user.partner_id):
                    return request.redirect(ticket.access_url)
        return super()._redirect_to_record(model, res_id, access_token, **kwargs)

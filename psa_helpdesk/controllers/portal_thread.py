# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from werkzeug.exceptions import NotFound

from odoo import http
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.portal.controllers.portal_thread import PortalChatter
from odoo.addons.portal.controllers.thread import PortalThreadController


def _get_access(thread_id, kwargs):
    return request.env["psa.ticket"]._get_portal_access(
        thread_id, kwargs.get("token"), kwargs.get("pid"), kwargs.get("hash")
    )


class TicketChatter(PortalChatter):
    @http.route()
    def portal_message_fetch(self, thread_model, thread_id, fetch_params=None, **kw):
        """Give the customers of a ticket its messages, whatever way they came.

        The host wants the token of the record. It would make everybody who has it the
        contact of the ticket, for ever; so only the contact's own mails carry it.
        """
        if thread_model != "psa.ticket":
            return super().portal_message_fetch(
                thread_model, thread_id, fetch_params, **kw
            )
        thread = self._get_thread_with_access(thread_model, thread_id, **kw)
        if not thread:
            raise NotFound()
        ticket = thread.sudo()
        person = _get_access(ticket.id, kw)[1] or request.env.user.partner_id
        if request.env.user._is_public():
            # Marks what the visitor wrote, as the host does for a token.
            request.update_context(
                portal_data={"portal_partner": person, "portal_thread": ticket}
            )
        # In sudo: customers have no access right; the domain leaves them what is theirs.
        fetched = (
            request.env["mail.message"]
            .sudo()
            ._message_fetch(
                ticket._get_portal_message_domain()
                & self._get_non_empty_message_domain()
                & Domain(self._setup_portal_message_fetch_extra_domain(kw)),
                **(fetch_params or {}),
            )
        )
        messages = fetched.pop("messages")
        # Pictures of the authors are signed for the visitor.
        options = {**kw, "token": False, "pid": person.id}
        options["hash"] = ticket._sign_token(person.id)
        return {
            **fetched,
            "data": {"mail.message": messages.portal_message_format(options=options)},
            "messages": messages.ids,
        }


class TicketThread(PortalThreadController):
    def _prepare_message_data(self, post_data, *, thread, **kwargs):
        """Let customers write messages only: no notes, no ratings, no recipients.

        :raise UserError: when the ticket is over for too long
        """
        values = super()._prepare_message_data(post_data, thread=thread, **kwargs)
        if thread._name != "psa.ticket" or request.env.user._is_internal():
            return values
        # In sudo: customers have no access right.
        ticket = thread.sudo()
        if not ticket._can_customer_write():
            raise UserError(
                request.env._("This ticket is closed. Please open a new one.")
            )
        written = {
            name: values[name] for name in ("body", "attachment_ids") if name in values
        }
        if not kwargs.get("from_create"):
            return written
        person = _get_access(ticket.id, kwargs)[1]
        return {
            **written,
            "message_type": "comment",
            "subtype_xmlid": "mail.mt_comment",
            **ticket._get_author_values(person),
        }

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from werkzeug.exceptions import NotFound

from odoo import http
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import request
from odoo.tools.misc import limited_field_access_token

from odoo.addons.mail.tools.discuss import Store
from odoo.addons.portal.controllers.portal_thread import PortalChatter
from odoo.addons.portal.controllers.thread import PortalThreadController

#: the routes below call the host's only for other models than this
MODEL = "psa.ticket"


def _get_access(thread_id, kwargs):
    return request.env[MODEL]._get_portal_access(
        int(thread_id), kwargs.get("token"), kwargs.get("pid"), kwargs.get("hash")
    )


class TicketChatter(PortalChatter):
    """The conversation on the page of a ticket.

    The host opens all of a record to whoever has its token: every file, planned
    messages and activities, by ``/mail/data``. Tickets let customers in by these
    routes only.
    """

    @http.route()
    def portal_chatter_init(self, thread_model, thread_id, **kwargs):
        data = super().portal_chatter_init(thread_model, thread_id, **kwargs)
        ticket, person = (
            _get_access(thread_id, kwargs) if thread_model == MODEL else (None, None)
        )
        if not ticket:
            return data
        values = {"can_react": bool(person), "hasReadAccess": False}
        if request.env.user._is_public() and person:
            values["portal_partner"] = Store.One(
                person,
                ["active", "avatar_128", Store.One("main_user_id", "share"), "name"],
            )
        added = Store().add(ticket, values, as_thread=True).get_result()
        for model, records in added.items():
            data.setdefault(model, []).extend(records)
        return data

    @http.route()
    def portal_message_fetch(self, thread_model, thread_id, fetch_params=None, **kw):
        if thread_model != MODEL:
            return super().portal_message_fetch(
                thread_model, thread_id, fetch_params, **kw
            )
        ticket, person = _get_access(thread_id, kw)
        # In sudo as for customers: technicians see here what those see.
        ticket = ticket or self._get_thread_with_access(MODEL, thread_id).sudo()
        if not ticket:
            raise NotFound()
        if request.env.user._is_public():
            # Marks what the visitor wrote, as the host does for a token.
            request.update_context(
                portal_data={"portal_partner": person, "portal_thread": ticket}
            )
        # In sudo: customers have no access right, the domain leaves what is theirs.
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
        rows = messages.portal_message_format(options={**kw, "token": None})
        for message, row in zip(messages, rows, strict=True):
            if message.author_id:
                row["author_avatar_url"] = self._get_avatar_url(message.author_id)
        return {**fetched, "data": {"mail.message": rows}, "messages": messages.ids}

    def _get_avatar_url(self, partner):
        token = limited_field_access_token(partner, "avatar_128", scope="binary")
        return (
            f"/web/image/res.partner/{partner.id}/avatar_128/50x50?access_token={token}"
        )


class TicketThread(PortalThreadController):
    @classmethod
    def _get_thread_with_access_for_post(cls, thread_model, thread_id, **kwargs):
        thread = super()._get_thread_with_access_for_post(
            thread_model, thread_id, **kwargs
        )
        if thread or thread_model != MODEL:
            return thread
        return _get_access(thread_id, kwargs)[0]

    def _prepare_message_data(self, post_data, *, thread, **kwargs):
        """Let customers write messages only: no notes, no ratings, no recipients.

        :raise UserError: when the ticket is over for too long
        """
        values = super()._prepare_message_data(post_data, thread=thread, **kwargs)
        if thread._name != MODEL or request.env.user._is_internal():
            return values
        # In sudo: customers have no access right.
        ticket = thread.sudo()
        if not ticket._can_customer_write():
            raise UserError(self.env._("This ticket is closed. Please open a new one."))
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

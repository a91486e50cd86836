# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from werkzeug.exceptions import NotFound

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.rating.models.rating_data import (
    RATING_HAPPY_VALUE,
    RATING_NEUTRAL_VALUE,
    RATING_UNHAPPY_VALUE,
)

from .portal import TicketPortal

RATINGS = {
    str(value): value
    for value in (RATING_HAPPY_VALUE, RATING_NEUTRAL_VALUE, RATING_UNHAPPY_VALUE)
}
MAX_TEXT = 20_000


def clean_text(value, limit=MAX_TEXT):
    """Return what somebody typed as text the database takes."""
    text = value if isinstance(value, str) else ""
    return text.replace("\0", "").replace("\r\n", "\n").strip()[:limit]


def action_route(path):
    """Return the decorator of what a customer does: a form, with the host's CSRF."""
    return http.route(
        f"/my/tickets/<int:ticket_id>/{path}",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
    )


class TicketPortalActions(TicketPortal):
    def _get_ticket_to_act(self, ticket_id, kwargs):
        ticket, person, may_act = self._get_ticket(ticket_id, kwargs)
        if not may_act or ticket._is_merged_or_archived():
            raise NotFound()
        return ticket, person

    @action_route("close")
    def portal_ticket_close(self, ticket_id, **kwargs):
        ticket, person = self._get_ticket_to_act(ticket_id, kwargs)
        is_over = ticket._close_for_customer(person)
        message = "closed" if is_over else "told"
        return self._redirect_to_ticket(ticket, person, kwargs, message)

    @action_route("reopen")
    def portal_ticket_reopen(self, ticket_id, **kwargs):
        ticket, person = self._get_ticket_to_act(ticket_id, kwargs)
        text = clean_text(kwargs.get("text"))
        if not text:
            return self._render_ticket(
                ticket,
                person,
                True,
                kwargs,
                reopen=self.env._("Please tell us what is not solved."),
            )
        going_on = ticket._reopen_for_customer(person, text)
        message = "reopened" if going_on == ticket else "followed"
        return self._redirect_to_ticket(going_on, person, kwargs, message)

    @action_route("rate")
    def portal_ticket_rate(self, ticket_id, **kwargs):
        ticket, person = self._get_ticket_to_act(ticket_id, kwargs)
        rate = RATINGS.get(kwargs.get("rate"))
        if not rate:
            return self._render_ticket(
                ticket,
                person,
                True,
                kwargs,
                rate=self.env._("Please choose one of the three faces."),
            )
        taken = ticket._rate_for_customer(
            person, rate, clean_text(kwargs.get("feedback"), 2000)
        )
        message = "rated" if taken else "unchanged"
        return self._redirect_to_ticket(ticket, person, kwargs, message)

    @action_route("watchers/add")
    def portal_ticket_add_watcher(self, ticket_id, **kwargs):
        ticket, person = self._get_ticket_to_act(ticket_id, kwargs)
        try:
            ticket._add_watcher(clean_text(kwargs.get("email"), 254))
        except UserError as error:
            return self._render_ticket(ticket, person, True, kwargs, watcher=str(error))
        return self._redirect_to_ticket(ticket, person, kwargs, "added")

    @action_route("watchers/remove")
    def portal_ticket_remove_watcher(self, ticket_id, **kwargs):
        ticket, person = self._get_ticket_to_act(ticket_id, kwargs)
        ticket._remove_watcher(clean_text(kwargs.get("watcher"), 300))
        if person and not ticket._get_portal_ticket(ticket.id, person):
            # Somebody stopped reading along: the ticket is not there for him any more.
            return request.redirect("/my/tickets")
        return self._redirect_to_ticket(ticket, person, kwargs, "removed")

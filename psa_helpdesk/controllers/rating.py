# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from werkzeug.exceptions import BadRequest

from odoo import http
from odoo.http import request

from odoo.addons.rating.controllers.main import Rating

from .portal_actions import RATINGS, clean_text


class TicketRating(Rating):
    """The links of the mail that asks how content a customer is work once."""

    @http.route()
    def action_open_rating(self, token, rate, **kwargs):
        return self._render_not_ratable(token) or super().action_open_rating(
            token, rate, **kwargs
        )

    @http.route()
    def action_submit_rating(self, token, rate=0, **kwargs):
        rating, record = self._get_rating_and_record(token)
        if record._name != "psa.ticket":
            return super().action_submit_rating(token, rate=rate, **kwargs)
        if page := self._render_not_ratable(token):
            return page
        if request.httprequest.method != "POST":
            # Nothing was answered: no thanks, but the question.
            return request.redirect(f"/rate/{rating.access_token}/5")
        if rate not in RATINGS:
            raise BadRequest()
        kwargs["feedback"] = clean_text(kwargs.get("feedback"), 2000)
        return super().action_submit_rating(token, rate=rate, **kwargs)

    def _render_not_ratable(self, token):
        """Return the page that says why a ticket cannot be rated now, or nothing."""
        rating, ticket = self._get_rating_and_record(token)
        if ticket._name != "psa.ticket" or ticket._can_be_rated_by(rating):
            return None
        lang = rating.partner_id.lang or ticket._get_customer_lang()
        view = request.env["ir.ui.view"].with_context(lang=lang)
        return view._render_template(
            "psa_helpdesk.rating_not_possible", {"rating": rating, "ticket": ticket}
        )

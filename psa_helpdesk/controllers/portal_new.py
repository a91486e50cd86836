# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from uuid import uuid4

from odoo import http
from odoo.http import request

from .portal import TicketPortal
from .portal_form import MAX_FILES, MAX_FILES_MB, MAX_SUBJECT, TicketForm


class TicketPortalNew(TicketPortal):
    @http.route(
        "/my/tickets/new",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_new_ticket(self, **kwargs):
        form = TicketForm(request.env, self._get_choices())
        return self._render_form(form, str(uuid4()))

    @http.route(
        "/my/tickets/new",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_create_ticket(self, **kwargs):
        uploads = request.httprequest.files.getlist("files")
        form = TicketForm(request.env, self._get_choices(), kwargs, uploads)
        if not form.check():
            return self._render_form(form, kwargs.get("key") or str(uuid4()), 422)
        ticket = self._get_tickets()._create_for_customer(
            form.get_values(), form.person, form.watchers, form.files
        )
        return self._redirect_to_ticket(ticket, form.person, kwargs, "created")

    def _get_choices(self):
        return self._get_tickets()._get_portal_choices(request.env.user)

    def _get_level_labels(self):
        """Return the levels of impact and urgency in the words of a customer."""
        return {
            "impact": [
                ("1", self.env._("Only me, or one person")),
                ("2", self.env._("Several people")),
                (
                    "3",
                    self.env._("The whole company, or something it cannot do without"),
                ),
            ],
            "urgency": [
                ("1", self.env._("It can wait: work goes on")),
                ("2", self.env._("It slows the work down")),
                ("3", self.env._("It stops the work")),
            ],
        }

    def _render_form(self, form, key, status=200):
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "psa_ticket_new",
            "form": form,
            "key": key,
            "levels": self._get_level_labels(),
            "max_subject": MAX_SUBJECT,
            "max_files": MAX_FILES,
            "max_files_mb": MAX_FILES_MB,
        }
        return request.render("psa_helpdesk.portal_new_ticket", values, status=status)

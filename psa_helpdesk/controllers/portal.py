# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from werkzeug.exceptions import NotFound
from werkzeug.urls import url_encode

from odoo import fields, http
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..models.psa_ticket_portal import MAX_ID

PAGE_SIZE = 30
#: parameters of a link that let somebody without a login in
ACCESS = ("access_token", "pid", "hash")


class TicketPortal(CustomerPortal):
    # ------------------------------------------------------------
    # Home and list
    # ------------------------------------------------------------

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "psa_ticket_count" in counters:
            tickets = self._get_tickets()
            values["psa_ticket_count"] = tickets.search_count(
                self._get_tickets_domain() & Domain("is_open", "=", True)
            )
        return values

    def _get_tickets(self):
        # In sudo: customers have no access right, the domain is their only way in.
        return request.env["psa.ticket"].sudo()

    def _get_tickets_domain(self):
        domain = self._get_tickets()._get_portal_domain(request.env.user.partner_id)
        return domain & Domain("merged_into_id", "=", False)

    def _get_ticket_filters(self):
        return {
            "open": {
                "label": self.env._("Open"),
                "domain": Domain("is_open", "=", True),
            },
            "waiting": {
                "label": self.env._("Waiting for me"),
                "domain": Domain("state", "=", "waiting_client"),
            },
            "done": {
                "label": self.env._("Resolved and closed"),
                "domain": Domain("is_open", "=", False),
            },
            "all": {"label": self.env._("All"), "domain": Domain.TRUE},
        }

    def _get_ticket_sortings(self):
        return {
            "newest": {
                "label": self.env._("Newest"),
                "order": "opened_at desc, id desc",
            },
            "oldest": {"label": self.env._("Oldest"), "order": "opened_at, id"},
            "answer": {
                "label": self.env._("Last answer"),
                "order": "last_answer_at desc nulls last, id desc",
            },
            "subject": {"label": self.env._("Subject"), "order": "name, id"},
        }

    def _get_ticket_groupings(self):
        return {
            "none": {"label": self.env._("None"), "order": ""},
            "state": {"label": self.env._("State"), "order": "stage_id, "},
            "contact": {"label": self.env._("Contact"), "order": "partner_id, "},
        }

    def _get_ticket_searches(self):
        fields_by_search = {
            "all": (
                self.env._("Number, subject or contact"),
                ["number", "name", "partner_id"],
            ),
            "number": (self.env._("Number"), ["number"]),
            "subject": (self.env._("Subject"), ["name"]),
            "contact": (self.env._("Contact"), ["partner_id"]),
        }
        return {
            key: {"input": key, "label": label, "fields": names}
            for key, (label, names) in fields_by_search.items()
        }

    @http.route(
        ["/my/tickets", "/my/tickets/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_my_tickets(
        self,
        page=1,
        sortby="newest",
        filterby="open",
        groupby="none",
        search="",
        search_in="all",
        **kwargs,
    ):
        filters = self._get_ticket_filters()
        sortings = self._get_ticket_sortings()
        groupings = self._get_ticket_groupings()
        searches = self._get_ticket_searches()
        # Whatever stands in the address: what is not on offer is the default.
        filterby = filterby if filterby in filters else "open"
        sortby = sortby if sortby in sortings else "newest"
        groupby = groupby if groupby in groupings else "none"
        search_in = search_in if search_in in searches else "all"
        search = search.replace("\0", "").strip()[:100]

        domain = self._get_tickets_domain() & filters[filterby]["domain"]
        if search:
            domain &= Domain.OR(
                Domain(name, "ilike", search) for name in searches[search_in]["fields"]
            )
        tickets = self._get_tickets()
        pager = portal_pager(
            url="/my/tickets",
            url_args={
                "sortby": sortby,
                "filterby": filterby,
                "groupby": groupby,
                "search_in": search_in,
                "search": search,
            },
            total=tickets.search_count(domain),
            page=page,
            step=PAGE_SIZE,
        )
        found = tickets.search(
            domain,
            order=groupings[groupby]["order"] + sortings[sortby]["order"],
            limit=PAGE_SIZE,
            offset=pager["offset"],
        )
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="psa_tickets",
            default_url="/my/tickets",
            pager=pager,
            groups=self._group_tickets(found, groupby),
            states=tickets._get_portal_states(),
            is_responsible=request.env.user.partner_id.sudo().psa_is_ticket_responsible,
            can_open=bool(tickets._get_portal_choices(request.env.user)["teams"]),
            searchbar_filters=filters,
            filterby=filterby,
            searchbar_sortings=sortings,
            sortby=sortby,
            searchbar_groupby=groupings,
            groupby=groupby,
            searchbar_inputs=searches,
            search_in=search_in,
            search=search,
        )
        return request.render("psa_helpdesk.portal_my_tickets", values)

    def _group_tickets(self, tickets, groupby):
        """Return pairs of a heading and its tickets, in the order they were found."""
        if groupby == "state":
            states = tickets._get_portal_states()
            grouped = tickets.grouped("state").items()
            return [(states[state], members) for state, members in grouped]
        if groupby == "contact":
            grouped = tickets.grouped("partner_id").items()
            return [(partner.name or "", members) for partner, members in grouped]
        return [("", tickets)] if tickets else []

    # ------------------------------------------------------------
    # One ticket
    # ------------------------------------------------------------

    def _get_ticket(self, ticket_id, kwargs):
        """Return the ticket in sudo, who comes to it, and whether he may act.

        Technicians look at the page as their customers do, and act in the suite.

        :raise NotFound: without telling whether there is such a ticket
        """
        tickets = request.env["psa.ticket"]
        ticket, person = tickets._get_portal_access(
            ticket_id, *(kwargs.get(name) for name in ACCESS)
        )
        if request.env.user._is_internal() and 0 < ticket_id <= MAX_ID:
            read = tickets.browse(ticket_id).exists()
            may_read = read and read.has_access("read")
            # In sudo as for everybody, so that the page is the same.
            own = read.sudo().partner_id | read.sudo().reported_by_id
            if may_read and request.env.user.partner_id not in own:
                return read.sudo(), request.env["res.partner"], False
        if not ticket or not (ticket.active or ticket.merged_into_id):
            raise NotFound()
        return ticket, person, True

    def _get_access_values(self, ticket, kwargs):
        """Return the parameters that have to stay in the links of a visitor's page."""
        user = request.env.user
        if not user._is_public() and ticket._get_portal_ticket(
            ticket.id, user.partner_id
        ):
            return {}
        return {
            name: kwargs[name] for name in ACCESS if isinstance(kwargs.get(name), str)
        }

    def _redirect_to_ticket(self, ticket, person, kwargs, message=False):
        """Show a ticket; a visitor without a login gets a link that is signed."""
        values = self._get_access_values(ticket, kwargs)
        if values and person and ticket._get_portal_ticket(ticket.id, person):
            values = {"pid": person.id, "hash": ticket._sign_token(person.id)}
        if message:
            values["message"] = message
        query = f"?{url_encode(values)}" if values else ""
        return request.redirect(f"{ticket.access_url}{query}")

    @http.route(
        "/my/tickets/<int:ticket_id>",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_my_ticket(self, ticket_id, **kwargs):
        try:
            ticket, person, may_act = self._get_ticket(ticket_id, kwargs)
        except NotFound:
            if not request.env.user._is_public():
                raise
            query = url_encode({"redirect": f"/my/tickets/{ticket_id}"})
            return request.redirect(f"/web/login?{query}")
        survivor = ticket._get_survivor()
        if survivor != ticket and survivor._get_portal_ticket(survivor.id, person):
            return self._redirect_to_ticket(survivor, person, kwargs, "merged")
        if not ticket.active:
            raise NotFound()
        return self._render_ticket(ticket, person, may_act, kwargs)

    def _get_notices(self):
        """Return {code in the address: what the page says}."""
        return {
            "created": self.env._(
                "We have received your request. You will hear from us."
            ),
            "closed": self.env._("Thank you. The ticket is closed."),
            "told": self.env._(
                "Thank you. We close the ticket when our last steps are done."
            ),
            "reopened": self.env._("We go on with your ticket."),
            "followed": self.env._(
                "The earlier ticket is closed for good. We go on with this new one."
            ),
            "rated": self.env._("Thank you for your opinion."),
            "merged": self.env._("Your ticket was merged into this one."),
            "added": self.env._("Your colleague will get the messages of this ticket."),
            "removed": self.env._(
                "No more messages of this ticket will be sent there."
            ),
            "unchanged": self.env._("Nothing was changed."),
        }

    def _render_ticket(self, ticket, person, may_act, kwargs, **errors):
        user = request.env.user
        access = self._get_access_values(ticket, kwargs)
        answer_time = ticket.is_open and ticket._get_answer_time()
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "psa_ticket",
            "ticket": ticket,
            "object": ticket,
            "person": person,
            "may_act": may_act,
            "states": ticket._get_portal_states(),
            "answer_time": answer_time,
            "is_answer_late": answer_time and answer_time < fields.Datetime.now(),
            # Visitors without a login have no time zone of their own.
            "timezone": (not user._is_public() and user.tz)
            or ticket._get_customer_timezone(),
            "is_request_folded": ticket._is_request_a_message(),
            "documents": ticket._get_portal_documents(),
            "entries": ticket._get_portal_entries(),
            "watchers": ticket._get_watchers(),
            "action_url": ticket.access_url,
            "access": access,
            "notice": self._get_notices().get(kwargs.get("message")),
            "errors": errors,
            "typed": kwargs,
            "no_breadcrumbs": user._is_public(),
            # For the host's chatter; a login needs none of them. Without any token it
            # lets no visitor write, so a signed link brings one that opens nothing.
            "token": access.get("access_token") or ("signed" if access else None),
            "pid": access.get("pid"),
            "hash": access.get("hash"),
        }
        status = 422 if errors else 200
        return request.render("psa_helpdesk.portal_my_ticket", values, status=status)

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from werkzeug.exceptions import NotFound
from werkzeug.urls import url_encode

from odoo import http
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import content_disposition, request

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..models.psa_contract_portal import MAX_ID
from ..models.psa_contract_terms import PRICE_GROUPS

PAGE_SIZE = 30
#: which page of the hours is shown when it is not those of a line
BEYOND = "beyond"


class ContractPortal(CustomerPortal):
    """Contracts on the portal: read, sign, see what became of the hours."""

    # ------------------------------------------------------------
    # Home and list
    # ------------------------------------------------------------

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "psa_contract_count" in counters:
            contracts = self._get_contracts()
            values["psa_contract_count"] = contracts.search_count(
                contracts._get_portal_domain(request.env.user.partner_id)
            )
        return values

    def _get_contracts(self):
        # In sudo: clients have no access right, the domain is their only way in.
        return request.env["psa.contract"].sudo()

    def _get_contract_filters(self):
        return {
            "all": {"label": self.env._("All"), "domain": Domain.TRUE},
            "to_sign": {
                "label": self.env._("To be signed"),
                "domain": Domain("state", "=", "draft")
                & Domain("signed_at", "=", False),
            },
            "in_force": {
                "label": self.env._("In force"),
                "domain": Domain("state", "in", ("active", "suspended")),
            },
            "ended": {
                "label": self.env._("Ended"),
                "domain": Domain("state", "in", ("ended", "cancelled")),
            },
        }

    def _get_contract_sortings(self):
        return {
            "newest": {
                "label": self.env._("Newest"),
                "order": "date_start desc, id desc",
            },
            "oldest": {"label": self.env._("Oldest"), "order": "date_start, id"},
            "title": {"label": self.env._("Title"), "order": "name, id"},
        }

    @http.route(
        ["/my/contracts", "/my/contracts/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_my_contracts(self, page=1, sortby="newest", filterby="all", **kwargs):
        filters = self._get_contract_filters()
        sortings = self._get_contract_sortings()
        # Whatever stands in the address: what is not on offer is the default.
        filterby = filterby if filterby in filters else "all"
        sortby = sortby if sortby in sortings else "newest"
        contracts = self._get_contracts()
        domain = contracts._get_portal_domain(request.env.user.partner_id)
        domain &= filters[filterby]["domain"]
        pager = portal_pager(
            url="/my/contracts",
            url_args={"sortby": sortby, "filterby": filterby},
            total=contracts.search_count(domain),
            page=page,
            step=PAGE_SIZE,
        )
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "psa_contracts",
            "default_url": "/my/contracts",
            "pager": pager,
            "contracts": contracts.search(
                domain,
                order=sortings[sortby]["order"],
                limit=PAGE_SIZE,
                offset=pager["offset"],
            ),
            "searchbar_filters": filters,
            "filterby": filterby,
            "searchbar_sortings": sortings,
            "sortby": sortby,
        }
        return request.render("psa_contracts.portal_my_contracts", values)

    # ------------------------------------------------------------
    # One contract
    # ------------------------------------------------------------

    def _get_contract(self, contract_id, token):
        """Return the contract in sudo, and who comes to it.

        :raise NotFound: without telling whether there is such a contract
        """
        contracts = request.env["psa.contract"]
        contract, person = contracts._get_portal_access(contract_id, token)
        user = request.env.user
        if (
            not contract
            and 0 < contract_id <= MAX_ID
            and user._is_internal()
            # The page shows prices.
            and user.has_groups(PRICE_GROUPS)
        ):
            # Who makes contracts looks at what the client sees, and does not sign.
            contract = contracts.search([("id", "=", contract_id)]).sudo()
            person = request.env["res.partner"]
        if not contract:
            raise NotFound()
        return contract.with_context(lang=request.env.lang), person

    def _get_token(self, kwargs):
        token = kwargs.get("access_token")
        return token if isinstance(token, str) else None

    @http.route(
        "/my/contracts/<int:contract_id>",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_my_contract(self, contract_id, page="1", view=None, **kwargs):
        token = self._get_token(kwargs)
        try:
            contract, person = self._get_contract(contract_id, token)
        except NotFound:
            return self._answer_without_contract(contract_id, token)
        token = token if contract._has_token(token) else None
        access = {"access_token": token} if token else {}
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "psa_contract",
            "contract": contract,
            "state": contract._get_portal_state(),
            "message": kwargs.get("message"),
            "no_breadcrumbs": request.env.user._is_public(),
            "pdf_url": f"{contract.access_url}/pdf?{url_encode(access)}",
            "documents": contract._get_portal_documents(token),
            **self._prepare_signing_values(contract, person, token, access),
        }
        if contract.state not in ("draft", "cancelled"):
            values |= self._prepare_hours_values(contract, view, page, access)
        return request.render("psa_contracts.portal_my_contract", values)

    def _answer_without_contract(self, contract_id, token):
        """Say that an offer was taken back to who got it, and nothing to others."""
        former = request.env["psa.contract"]._get_former_offer(contract_id, token)
        if former:
            values = {
                **self._prepare_portal_layout_values(),
                "page_name": "psa_contract_withdrawn",
                "contract": former,
                "no_breadcrumbs": True,
            }
            return request.render(
                "psa_contracts.portal_contract_withdrawn", values, status=410
            )
        if not request.env.user._is_public():
            raise NotFound()
        query = url_encode({"redirect": f"/my/contracts/{contract_id}"})
        return request.redirect(f"/web/login?{query}")

    def _prepare_signing_values(self, contract, person, token, access):
        signing = url_encode({"version": contract.agreed_digest or "", **access})
        return {
            "can_sign": contract._can_be_signed_by(person, token),
            "signer_name": person.name or "",
            "sign_url": f"{contract.access_url}/sign?{signing}",
        }

    def _prepare_hours_values(self, contract, view, page, access):
        """Return what the page shows of the hours, of one line at a time."""
        balances = contract._get_portal_balances()
        beyond = contract._count_portal_beyond()
        views = [
            *((str(balance["line_id"]), balance["name"]) for balance in balances),
            *([(BEYOND, self.env._("Billed by the hour"))] if beyond else []),
        ]
        keys = [key for key, _label in views]
        # Whatever stands in the address: what is not there is the first.
        view = view if view in keys else next(iter(keys), None)
        line_id = int(view) if view and view != BEYOND else 0
        pager = portal_pager(
            url=contract.access_url,
            url_args={"view": view, **access},
            total=contract._count_portal_statement(line_id) if line_id else beyond,
            page=int(page) if page.isdecimal() and len(page) < 9 else 1,
            step=PAGE_SIZE,
        )
        # The pager of the host puts the number into the path.
        window = {"offset": pager["offset"], "limit": PAGE_SIZE}
        return {
            "balances": balances,
            "beyond_totals": contract._get_portal_beyond_total() if beyond else [],
            "views": [
                {
                    "key": key,
                    "label": label,
                    "url": f"{contract.access_url}?"
                    f"{url_encode({'view': key, **access})}#hours",
                }
                for key, label in views
            ],
            "view": view,
            "pager": pager,
            "statement": contract._get_portal_statement(line_id, **window)
            if line_id
            else [],
            "beyond": contract._get_portal_beyond(**window) if view == BEYOND else [],
        }

    @http.route(
        "/my/contracts/<int:contract_id>/page/<int:page>",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_my_contract_page(self, contract_id, page, **kwargs):
        return self.portal_my_contract(contract_id, **{**kwargs, "page": str(page)})

    @http.route(
        "/my/contracts/<int:contract_id>/pdf",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_contract_pdf(self, contract_id, **kwargs):
        contract, _person = self._get_contract(contract_id, self._get_token(kwargs))
        if contract.signed_pdf:
            content = contract._get_signed_pdf()
        else:
            content = contract._print_pdf()
        name = content_disposition(f"{contract._get_file_name()}.pdf")
        return request.make_response(
            content,
            [
                ("Content-Type", "application/pdf"),
                ("Content-Length", len(content)),
                ("Content-Disposition", name),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )

    @http.route(
        "/my/contracts/<int:contract_id>/sign",
        type="jsonrpc",
        auth="public",
        website=True,
    )
    def portal_contract_sign(self, contract_id, name=None, signature=None, **kwargs):
        args = request.httprequest.args
        token = self._get_token(args)
        contracts = request.env["psa.contract"]
        contract, person = contracts._get_portal_access(contract_id, token)
        if not contract:
            if contracts._get_former_offer(contract_id, token):
                return {
                    "error": self.env._(
                        "This offer is no longer open. You will get a new one."
                    )
                }
            return {"error": self.env._("This contract cannot be found.")}
        if not contract.signed_at:
            if contract._is_offered() and not (
                contract._is_offer_expired()
                or contract._can_be_signed_by(person, token)
            ):
                return {"error": self.env._("This contract is not for you to sign.")}
            try:
                contract._sign(name, signature, args.get("version"), person)
            except UserError as error:
                return {"error": str(error)}
        query = {"message": "signed"}
        if contract._has_token(token):
            query["access_token"] = token
        return {
            "force_refresh": True,
            "redirect_url": f"{contract.access_url}?{url_encode(query)}",
        }

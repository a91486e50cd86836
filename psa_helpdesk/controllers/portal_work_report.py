# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from werkzeug.exceptions import NotFound
from werkzeug.urls import url_encode

from odoo import http
from odoo.exceptions import UserError
from odoo.http import content_disposition, request

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..models.psa_work_report_print import REPORT

PAGE_SIZE = 30


class WorkReportPortal(CustomerPortal):
    """Work reports on the portal: read, sign, keep the PDF."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "psa_work_report_count" in counters:
            reports = self._get_work_reports()
            values["psa_work_report_count"] = reports.search_count(
                reports._get_portal_domain(request.env.user.partner_id)
            )
        return values

    def _get_work_reports(self):
        # In sudo: customers have no access right, the domain is their only way in.
        return request.env["psa.work.report"].sudo()

    @http.route(
        ["/my/work-reports", "/my/work-reports/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_my_work_reports(self, page=1, **kwargs):
        reports = self._get_work_reports()
        domain = reports._get_portal_domain(request.env.user.partner_id)
        pager = portal_pager(
            url="/my/work-reports",
            total=reports.search_count(domain),
            page=page,
            step=PAGE_SIZE,
        )
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "psa_work_reports",
            "default_url": "/my/work-reports",
            "pager": pager,
            "reports": reports.search(domain, limit=PAGE_SIZE, offset=pager["offset"]),
        }
        return request.render("psa_helpdesk.portal_my_work_reports", values)

    def _get_work_report(self, report_id, token):
        """Return the report in sudo, and who comes to it.

        :raise NotFound: without telling whether there is such a report
        """
        reports = request.env["psa.work.report"]
        report, person = reports._get_portal_access(report_id, token)
        if not report and request.env.user._is_internal():
            # Technicians look at what the customer sees; they sign on their screen.
            report = reports.search([("id", "=", report_id)]).sudo()
            person = request.env["res.partner"]
        if not report:
            raise NotFound()
        return report, person

    def _get_token(self, kwargs):
        token = kwargs.get("access_token")
        return token if isinstance(token, str) else None

    @http.route(
        "/my/work-reports/<int:report_id>",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_my_work_report(self, report_id, **kwargs):
        token = self._get_token(kwargs)
        try:
            report, person = self._get_work_report(report_id, token)
        except NotFound:
            if not request.env.user._is_public():
                raise
            query = url_encode({"redirect": f"/my/work-reports/{report_id}"})
            return request.redirect(f"/web/login?{query}")
        query = url_encode({"access_token": token} if report._has_token(token) else {})
        signing = url_encode(
            {
                "version": report.version,
                **({"access_token": token} if report._has_token(token) else {}),
            }
        )
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "psa_work_report",
            "report": report.with_context(lang=request.env.lang),
            "can_sign": bool(person) and report._can_be_signed_by(person, token),
            "signer_name": person.name or "",
            "pdf_url": f"{report.access_url}/pdf?{query}",
            "sign_url": f"{report.access_url}/sign?{signing}",
            "message": kwargs.get("message"),
            "no_breadcrumbs": request.env.user._is_public(),
        }
        return request.render("psa_helpdesk.portal_my_work_report", values)

    @http.route(
        "/my/work-reports/<int:report_id>/pdf",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_work_report_pdf(self, report_id, **kwargs):
        report, _person = self._get_work_report(report_id, self._get_token(kwargs))
        if report.pdf_id:
            content = report.pdf_id.raw
        else:
            # In sudo: customers have no access right to the report.
            printer = request.env["ir.actions.report"].sudo()
            content, _kind = printer._render_qweb_pdf(REPORT, report.ids)
        name = content_disposition(f"{report._get_file_name()}.pdf")
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
        "/my/work-reports/<int:report_id>/sign",
        type="jsonrpc",
        auth="public",
        website=True,
    )
    def portal_work_report_sign(self, report_id, name=None, signature=None, **kwargs):
        args = request.httprequest.args
        token = self._get_token(args)
        reports = request.env["psa.work.report"]
        report, person = reports._get_portal_access(report_id, token)
        if not report:
            return {"error": self.env._("This work report cannot be found.")}
        if report.state != "signed":
            if not report._can_be_signed_by(person, token):
                return {"error": self.env._("This work report is not for you to sign.")}
            version = args.get("version", "")
            try:
                report._sign(
                    name,
                    signature,
                    # Who does not say what he has seen has not seen it.
                    int(version) if version.isdecimal() else 0,
                    person,
                )
            except UserError as error:
                return {"error": str(error)}
        query = {"message": "signed"}
        if report._has_token(token):
            query["access_token"] = token
        return {
            "force_refresh": True,
            "redirect_url": f"{report.access_url}?{url_encode(query)}",
        }

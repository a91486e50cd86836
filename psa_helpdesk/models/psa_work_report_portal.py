# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from uuid import uuid4

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import consteq

from .psa_ticket_portal import MAX_ID


class PsaWorkReportPortal(models.AbstractModel):
    """Who is a customer of a report. As of tickets: nobody has an access right.

    Every way in goes through ``_get_portal_access`` and ends in a record in sudo.
    """

    _name = "psa.work.report.portal"
    _description = "Work Report on the Portal"
    _inherit = ["portal.mixin", "mail.thread"]

    # Made with the report: looking at a page or sending a mail need not write it.
    access_token = fields.Char(default=lambda self: self._default_access_token())

    def _default_access_token(self):
        return str(uuid4())

    def _compute_access_url(self):
        for report in self:
            report.access_url = f"/my/work-reports/{report.id}"

    @api.model
    def _get_portal_domain(self, partner):
        """Return the domain of the reports a customer sees.

        His own, those of the tickets he sees, and as a responsible contact all of his
        company, in the companies he has a login for. Drafts are nobody's business.
        """
        if not partner:
            return Domain.FALSE
        # In sudo: customers may not read who is responsible, nor tickets.
        partner = partner.sudo()
        tickets = self.env["psa.ticket"].sudo().with_context(active_test=False)
        of_client = Domain("client_id", "=", partner.commercial_partner_id.id)
        domain = (of_client & Domain("partner_id", "=", partner.id)) | Domain(
            "ticket_id",
            "in",
            tickets._search(tickets._get_portal_domain(partner)),
        )
        if partner.psa_is_ticket_responsible:
            if companies := partner.user_ids.company_ids:
                of_client &= Domain("company_id", "in", companies.ids)
            domain |= of_client
        return domain & self._get_shown_domain()

    @api.model
    def _get_shown_domain(self):
        """Return the domain of the reports that customers may see at all.

        One that was signed and is cancelled stays: the customer has it.
        """
        return Domain("state", "in", ("to_sign", "signed")) | Domain(
            "signed_at", "!=", False
        )

    @api.model
    def _get_portal_access(self, report_id, token=None):
        """Return the report in sudo and the customer who comes to it.

        :param token: of the link in the mail, which lets its contact in
        :return: two records, both empty when there is no such way to the report
        """
        nothing = self.browse(), self.env["res.partner"]
        if not 0 < report_id <= MAX_ID:
            return nothing
        # In sudo: public and portal users read little of a partner.
        user = self.env.user.sudo()
        person = self.env["res.partner"] if user._is_public() else user.partner_id
        # In sudo: the domains are the only way in for customers.
        reports = self.sudo()
        this = Domain("id", "=", report_id)
        if report := reports.search(this & self._get_portal_domain(person)):
            return report, person
        report = reports.search(this & self._get_shown_domain())
        if report._has_token(token) and report._is_contact_of_client():
            return report, person or report.partner_id
        return nothing

    def _has_token(self, token):
        return bool(
            self.access_token
            and isinstance(token, str)
            and token.isascii()
            and consteq(self.access_token, token)
        )

    def _can_be_signed_by(self, person, token=None):
        """May this customer sign? Those of the client, and who got the link.

        Others who read a ticket, as an adviser in CC, may look. So may a contact who
        works for somebody else by now.
        """
        self.ensure_one()
        if self.state != "to_sign":
            return False
        if self._has_token(token) and self._is_contact_of_client():
            return True
        return bool(person and person.commercial_partner_id == self.client_id)

    @api.model
    def _get_thread_with_access(
        self, thread_id, *, mode="read", hash=None, pid=None, token=None, **kwargs
    ):
        # Not by a link: it would open all files and notes of the report.
        if not 0 < thread_id <= MAX_ID:
            return self.browse()
        return super()._get_thread_with_access(thread_id, mode=mode, **kwargs)

    def _get_portal_document(self):
        """Return the report as the document of a ticket, see ``_get_portal_documents``.

        The link lets nobody sign: that is for who gets the mail, or has a login.
        """
        self.ensure_one()
        pdf = self.pdf_id if self.state == "signed" else None
        return {
            "name": self.env._("Work Report %s", self.number)
            if self.state == "signed"
            else self.env._("Work Report %s, to be signed", self.number),
            "url": f"/web/content/{pdf.id}?download=true"
            f"&access_token={pdf._get_raw_access_token()}"
            if pdf
            else self.access_url,
            "date": self.signed_at or self.create_date,
            "size": pdf.file_size if pdf else None,
        }

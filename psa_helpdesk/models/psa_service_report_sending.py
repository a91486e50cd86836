# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import logging
from datetime import timedelta

from dateutil.relativedelta import relativedelta
from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.fields import Domain

from .mail_thread import CONCURRENCY_ERRORS

_logger = logging.getLogger(__name__)

#: reports of a month go out from this day of the next one on: time is recorded late
FIRST_DAY = 2
TEMPLATE = "psa_helpdesk.mail_template_service_report"


class PsaServiceReportSending(models.AbstractModel):
    """Sending service reports: by hand, and each month by itself.

    The row, its figures and its mail are written in one transaction and the mail is
    sent by the host's queue. A client and a month have one row, so a run that is
    killed, repeated or late sends what is missing and nothing twice. How far a company
    got is ``psa_service_report_month``: months that were missed are caught up with.
    """

    _name = "psa.service.report.sending"
    _description = "Sending of Service Reports"

    def _send(self):
        """Print these reports and put them into the queue of mails. In sudo."""
        for report in self.sudo():
            lang = report._get_lang()
            translated = report.with_context(lang=lang)
            template = self.env.ref(TEMPLATE).sudo().with_context(lang=lang)
            content, _kind = (
                self.env["ir.actions.report"]
                .sudo()
                ._render_qweb_pdf(
                    "psa_helpdesk.action_report_service_report", report.ids
                )
            )
            sender = report._get_sender()
            translated.message_post(
                subject=template._render_field("subject", report.ids)[report.id],
                body=template._render_field("body_html", report.ids)[report.id],
                attachments=[(f"{report._get_file_name()}.pdf", content)],
                partner_ids=report.contact_ids.ids,
                message_type="auto_comment",
                subtype_xmlid="mail.mt_comment",
                author_id=report.company_id.partner_id.id,
                email_from=sender,
                reply_to=sender,
                email_layout_xmlid="mail.mail_notification_light",
                email_add_signature=False,
                notify_skip_followers=True,
                force_send=False,
                force_email_lang=lang,
                mail_headers={"Auto-Submitted": "auto-generated"},
            )
            report.write(
                {"state": "sent", "error": False, "sent_at": fields.Datetime.now()}
            )

    # ------------------------------------------------------------
    # Cron
    # ------------------------------------------------------------

    @api.model
    def _cron_send(self):
        """Send the reports of the months that are over, one per transaction."""
        cron = self.env["ir.cron"]
        steps = [
            (company, month, self._get_due_clients(company, month))
            for company in self.env["res.company"].search([])
            for month in self._get_due_months(company)
        ]
        cron._commit_progress(remaining=sum(len(clients) for *_due, clients in steps))
        for company, month, clients in steps:
            for client in clients:
                self._send_safely(company, client, month)
                if not cron._commit_progress(1):
                    return
            company.psa_service_report_month = max(
                month, company.psa_service_report_month or month
            )
        cron._commit_progress()

    @api.model
    def _get_due_months(self, company):
        """Return the first days of the months to send: those missed, and the last one.

        A company that has just begun starts with the last month; the last one is looked
        at each day, for reports that failed.
        """
        today = company._psa_get_local_today()
        last = (today - timedelta(days=FIRST_DAY - 1)).replace(day=1)
        last -= relativedelta(months=1)
        month = company.psa_service_report_month
        if not month or month >= last:
            return [last]
        months = []
        while month < last:
            month += relativedelta(months=1)
            months.append(month)
        return months

    @api.model
    def _get_chosen_domain(self, company):
        """Return the domain of the contacts that get the reports of this company."""
        return (
            Domain("psa_gets_service_report", "=", True)
            & Domain("email_normalized", "!=", False)
            & Domain("company_id", "in", (False, company.id))
        )

    @api.model
    def _get_due_clients(self, company, month):
        """Return the clients with chosen contacts that still have to get this month.

        When the month was gone through before, those whose report failed.
        """
        chosen = self.env["res.partner"].search(self._get_chosen_domain(company))
        served = self.env["psa.ticket"]._read_group(
            [
                ("client_id", "in", chosen.commercial_partner_id.ids),
                ("company_id", "=", company.id),
            ],
            ["client_id"],
        )
        clients = self.env["res.partner"].concat(*(client for (client,) in served))
        domain = [("company_id", "=", company.id), ("month", "=", month)]
        known = self.search(domain)
        done = company.psa_service_report_month
        if done and month <= done:
            failed = known.filtered(lambda report: report.state == "failed")
            return failed.client_id & clients
        return clients - known.filtered(lambda report: report.state == "sent").client_id

    @api.model
    def _send_safely(self, company, client, month):
        """Send one report; when it fails, it says why and holds up nobody."""
        key = {"company_id": company.id, "client_id": client.id, "month": month}
        try:
            with self.env.cr.savepoint():
                report = self._find_report(key)
                if report:
                    report._send_again()
                    return
                report = self.create(key)
                if report._is_empty():
                    report.unlink()
                else:
                    report._send()
        except CONCURRENCY_ERRORS:
            raise
        except UniqueViolation:
            _logger.info("Somebody else sends the report of %s, %s", client.id, month)
        except Exception as error:
            _logger.exception("Service report of %s, %s", client.id, month)
            failed = {"state": "failed", "error": str(error) or type(error).__name__}
            report = self._find_report(key)
            if report:
                report.write(failed)
            else:
                # Without figures: they may be what failed.
                self.create({**key, **failed, "figures": {}})

    @api.model
    def _find_report(self, key):
        return self.search([(name, "=", value) for name, value in key.items()])

    def _send_again(self):
        """Send a report that is a draft or has failed, with the whole month on it."""
        # Locked by whoever sends it right now: nothing to do.
        report = self.try_lock_for_update()
        if not report or report.state == "sent":
            return
        if not report.figures or report.figures_at < report._get_bounds()[1]:
            report._take_figures()
        report._send()

    def _is_empty(self):
        """Is there nothing to say about the month?"""
        self.ensure_one()
        return not self.figures["tickets"]

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import logging
from collections import defaultdict
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Command, Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import format_date, format_duration

from .psa_contract_terms import COVERING

_logger = logging.getLogger(__name__)

#: used share at which somebody is told once more
NEARLY_USED_UP = 95
#: days before hours expire on which somebody is told
EXPIRY_NOTICE_DAYS = 30
#: lines that the job looks at between two commits
CHUNK = 200


class PsaContractLineTopup(models.AbstractModel):
    """Hours that run low or expire: who is told, and what is offered to the client."""

    _name = "psa.contract.line.topup"
    _description = "Top-up of Hours"

    # What was told, and of which hours: other hours are told about again.
    low_told_percent = fields.Integer(
        string="Told At %",
        readonly=True,
        copy=False,
        help="Used share of the hours at which somebody was told last.",
    )
    low_told_grant_id = fields.Many2one(
        "psa.contract.grant",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        export_string_translation=False,
        help="The latest hours there were when somebody was told.",
    )

    # ------------------------------------------------------------
    # A block of hours
    # ------------------------------------------------------------

    def _get_expiry(self, day):
        """Return the last day of hours that are bought on a day, or False."""
        self.ensure_one()
        if not self.validity_months:
            return False
        return day + relativedelta(months=self.validity_months, days=-1)

    def _get_block_price(self, day):
        """Return the price of a block bought on a day, in the contract's currency."""
        self.ensure_one()
        term = self._get_term(day)
        if term.price_mode == "fixed":
            return term.price_unit
        price = self.contract_id.pricelist_id._get_product_price(
            self.product_id, 1.0, currency=self.currency_id, date=day
        )
        discount = term.discount if term.price_mode == "discount" else 0.0
        return self.currency_id.round(price * (1 - discount / 100))

    # ------------------------------------------------------------
    # The job
    # ------------------------------------------------------------

    @api.model
    def _cron_check_running_low(self):
        """Tell whose hours run low or expire soon; what is told is told once.

        What fails for one line stops no other, and is tried again by the next run.
        """
        cron = self.env["ir.cron"]
        domain = (
            Domain("kind", "in", COVERING)
            & Domain("is_unlimited", "=", False)
            & Domain("contract_state", "=", "active")
            & (Domain("topup", "!=", "none") | Domain("tell_client", "=", True))
        )
        cron._commit_progress(remaining=self.search_count(domain))
        last_id = 0
        while lines := self.search(
            domain & Domain("id", ">", last_id), order="id", limit=CHUNK
        ):
            last_id = lines[-1].id
            lines._check_safely()
            if not cron._commit_progress(len(lines)):
                return

    def _check_safely(self):
        """Check lines together, one by one if that fails."""
        try:
            with self.env.cr.savepoint():
                self._check_running_low()
                self._check_expiring()
            return
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            _logger.info("somebody works on the hours of one of %s", self)
        except Exception:
            if len(self) == 1:
                _logger.exception("hours of %s could not be checked", self)
            else:
                _logger.warning("hours are checked line by line: it failed on some")
        if len(self) > 1:
            for line in self:
                line._check_safely()

    # ------------------------------------------------------------
    # Running low
    # ------------------------------------------------------------

    def _check_running_low(self):
        """Tell once about each set of hours and threshold.

        A purchase or a new period is another set. Lines that somebody else checks right
        now are left to him.
        """
        today = fields.Date.context_today(self)
        lines = self.filtered(
            lambda line: line.contract_state == "active" and not line._is_over(today)
        )
        lines = lines.try_lock_for_update(allow_referencing=True)
        balances = lines._get_balances(today)
        latest = lines._get_latest_grants(today)
        due = self.browse()
        for line, balance in balances.items():
            grant = latest.get(line)
            if not grant:
                continue
            told = line.low_told_percent if line.low_told_grant_id == grant else 0
            reached = max(
                (
                    percent
                    for percent in {line.topup_percent, NEARLY_USED_UP}
                    if percent >= line.topup_percent
                    and balance.used * 100 >= balance.granted * percent
                ),
                default=0,
            )
            if reached > told:
                line.write({"low_told_percent": reached, "low_told_grant_id": grant.id})
                due |= line
        due._tell_running_low(balances)

    def _get_latest_grants(self, day):
        """Return {line: the latest hours of a period, or bought, up to a day}."""
        rows = self.env["psa.contract.grant"]._read_group(
            Domain("line_id", "in", self.ids)
            & Domain("origin", "in", ("period", "purchase"))
            & Domain("date_start", "<=", day),
            ["line_id"],
            ["id:recordset"],
        )
        return {
            line: max(grants, key=lambda grant: (grant.date_start, grant.id))
            for line, grants in rows
        }

    def _tell_running_low(self, balances):
        """Offer hours to the client and remind people, as each line says."""
        orders = self.filtered(
            lambda line: line.topup == "order" and line.kind == "prepaid"
        )._create_topup_orders()
        reminders = []
        for line in self.filtered(lambda line: line.topup != "none"):
            for user in line.contract_id._get_reminded():
                text = line.with_context(lang=user.lang)._get_running_low_text(
                    balances[line], orders.get(line)
                )
                reminders.append((line.contract_id, user, text))
        contracts = self.env["psa.contract"]
        contracts._remind(reminders)
        self.filtered("tell_client").contract_id._tell_client_running_low()

    def _get_running_low_text(self, balance, order):
        """Return what the responsible is told, in the language of the context."""
        self.ensure_one()
        left = max(0.0, balance.left / 3600)
        if order:
            return self.env._(
                "%(line)s: %(hours)s h left. Check and send quotation %(order)s.",
                line=self.display_name,
                hours=format_duration(left),
                order=order.name,
            )
        return self.env._(
            "%(line)s: %(hours)s h left",
            line=self.display_name,
            hours=format_duration(left),
        )

    def _create_topup_orders(self):
        """Make a quotation of a block of hours for each line that has none open.

        :return: {line: its open quotation}
        """
        # In sudo: the job may not be one that sells.
        sale_lines = self.env["sale.order.line"].sudo()
        orders = {
            found.psa_hours_line_id: found.order_id
            for found in sale_lines.search(
                Domain("psa_hours_line_id", "in", self.ids)
                & Domain("state", "in", ("draft", "sent"))
            )
        }
        lines = self.filtered(lambda line: line not in orders)
        if lines:
            vals_list = [line.sudo()._prepare_topup_order() for line in lines]
            orders |= zip(lines, sale_lines.order_id.create(vals_list), strict=True)
        return orders

    def _prepare_topup_order(self):
        """Return the values of a quotation of a block of hours."""
        self.ensure_one()
        contract = self.contract_id
        product = self.product_id
        if product.psa_contract_kind != "prepaid":
            product = self.env.ref("psa_contracts.product_prepaid_hours")
        today = fields.Date.context_today(self)
        quantity = product._psa_get_units_of(self.hours)
        line = {
            "product_id": product.id,
            "product_uom_qty": quantity,
            "price_unit": self._get_block_price(today) / quantity,
            "psa_hours_line_id": self.id,
        }
        return {
            "partner_id": (contract.contact_id or contract.client_id).id,
            "partner_invoice_id": contract.partner_invoice_id.id,
            "company_id": contract.company_id.id,
            "pricelist_id": contract.pricelist_id.id,
            "currency_id": contract.currency_id.id,
            "payment_term_id": contract.payment_term_id.id,
            "user_id": contract.user_id.id,
            "origin": contract.number,
            "order_line": [Command.create(line)],
        }

    # ------------------------------------------------------------
    # Expiring
    # ------------------------------------------------------------

    def _check_expiring(self):
        """Remind once of hours that were bought and expire soon."""
        today = fields.Date.context_today(self)
        grants = self.env["psa.contract.grant"].search(
            Domain("line_id", "in", self.ids)
            & Domain("line_id.kind", "=", "prepaid")
            & Domain("line_id.topup", "!=", "none")
            & Domain("contract_id.state", "=", "active")
            & Domain("expiry_told", "=", False)
            & Domain("date_end", ">=", today)
            & Domain("date_end", "<=", today + timedelta(days=EXPIRY_NOTICE_DAYS))
        )
        expiring = defaultdict(lambda: self.env["psa.contract.grant"])
        for grant in grants.filtered(lambda grant: grant.left_hours > 0):
            expiring[grant.line_id, grant.date_end] |= grant
        reminders = []
        for (line, day), found in expiring.items():
            found.expiry_told = True
            hours = format_duration(sum(found.mapped("left_hours")))
            for user in line.contract_id._get_reminded():
                here = line.with_context(lang=user.lang)
                text = here.env._(
                    "%(line)s: %(hours)s h expire after %(day)s",
                    line=here.display_name,
                    hours=hours,
                    day=format_date(here.env, day),
                )
                reminders.append((line.contract_id, user, text))
        self.env["psa.contract"]._remind(reminders)

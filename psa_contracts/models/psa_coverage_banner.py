# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_amount, format_date

from odoo.addons.psa_core.tools.rounding import seconds_to_hours

from .coverage_engine import CoverageEngine
from .coverage_facts import CoverageFact

#: less than this is shown as running low
LOW_SECONDS = 2 * 3600


class PsaCoverageBanner(models.AbstractModel):
    """What covers work on a record, before somebody does it."""

    _name = "psa.coverage.banner"
    _description = "Coverage of Work on a Record"

    psa_coverage_banner = fields.Html(
        string="Coverage of Work",
        compute="_compute_psa_coverage_banner",
        sanitize=False,
        groups="psa_core.group_psa_technician,psa_core.group_psa_billing",
        help="What covers the next hour of work, what is left, what it will cost.",
    )

    @api.depends_context("uid", "lang", "tz")
    def _compute_psa_coverage_banner(self):
        facts = self._psa_get_coverage_question()
        # In sudo: whoever works for a client is told what he may promise.
        engine = CoverageEngine(self.env["account.analytic.line"].sudo())
        quotes = {}
        if facts:
            quotes = engine.quote(list(facts.values()), self._psa_put_worker)
        for record in self:
            fact = facts.get(record)
            record.psa_coverage_banner = (
                self._psa_show_quote(*quotes[fact.id]) if fact else False
            )

    def _psa_get_coverage_question(self):
        """Return {record: CoverageFact of an hour of work on it, now}.

        Each fact has an id of its own. Extend: say for whom work on yours is; leave
        out records that take no work.
        """
        return {}

    def _psa_get_coverage_fact(self, number, client, company, work_type, **values):
        """Return the fact of an hour of work of the current user, now."""
        now = fields.Datetime.now()
        return CoverageFact(
            id=number,
            company_id=company.id,
            client_id=client.id or None,
            day=fields.Date.context_today(self),
            start=now,
            stop=fields.Datetime.add(now, hours=1),
            # Asked for only where a price depends on who works: ``_psa_put_worker``.
            employee_id=None,
            job_id=None,
            work_type_id=work_type.id or None,
            seconds=3600,
            is_billable=work_type.billable if work_type else True,
            is_sale=values.pop("is_sale", False),
            contact_id=values.pop("contact_id", None),
            extra=values,
        )

    @api.model
    def _psa_put_worker(self, facts):
        """Fill in that it is the current user who would work."""
        for company_id in {fact.company_id for fact in facts}:
            company = self.env["res.company"].browse(company_id)
            # In sudo: a role of a person is not for everybody to read.
            employee = self.env.user.with_company(company).employee_id.sudo()
            for fact in facts:
                if fact.company_id == company_id and not fact.employee_id:
                    fact.employee_id = employee.id or None
                    fact.job_id = employee.job_id.id or None

    @api.model
    def _psa_show_quote(self, pools, part):
        """Return the banner: what covers the work in order, then what it costs."""
        kinds = {
            "internal": ("secondary", self.env._("This work is not billable.")),
            "sale": ("success", self.env._("This work is billed by the sales order.")),
        }
        if part.kind in kinds:
            style, text = kinds[part.kind]
            return self._psa_show_banner(style, [text])
        texts, style = [], "warning"
        for pool in pools:
            text, is_enough = self._psa_show_pool(pool)
            if text:
                texts.append(text)
            if is_enough:
                style = "success"
            if getattr(pool, "left", 0) is None:
                return self._psa_show_banner(style, texts)
        texts.append(self._psa_show_price(part, bool(texts)))
        return self._psa_show_banner(style, texts)

    @api.model
    def _psa_show_banner(self, style, texts):
        return Markup(
            "<div class='alert alert-%s mb-0 py-2' role='status'>%s</div>"
        ) % (
            style,
            Markup(" → ").join(texts),
        )

    @api.model
    def _psa_show_pool(self, pool):
        """Return what is left of some hours in words, and whether it is plenty."""
        line, grant = pool.key if isinstance(pool.key, tuple) else (pool.key, None)
        name = line.name
        if not hasattr(pool, "left"):
            return self.env._("%(name)s: further blocks", name=name), True
        if pool.left is None:
            return self.env._("Covered by %(name)s", name=name), True
        if pool.left <= 0:
            return False, False
        hours = self.env["ir.qweb.field.float_time"].value_to_html(
            seconds_to_hours(pool.left), {}
        )
        if not grant.stop:
            text = self.env._("%(hours)s h left in %(name)s", hours=hours, name=name)
        else:
            day = fields.Date.subtract(grant.stop, days=1)
            text = self.env._(
                "%(hours)s h left in %(name)s until %(day)s",
                hours=hours,
                name=name,
                day=format_date(self.env, day),
            )
        return text, pool.left >= LOW_SECONDS

    @api.model
    def _psa_show_price(self, part, is_beyond):
        if part.is_to_approve:
            return self.env._("beyond: ask for approval first")
        currency = self.env["res.currency"].browse(part.currency_id)
        if not part.price_unit:
            return self.env._("billable, but nobody said at what price")
        price = format_amount(self.env, part.price_unit, currency)
        if is_beyond:
            return self.env._("then billable at %(price)s per hour", price=price)
        return self.env._("Billable at %(price)s per hour", price=price)

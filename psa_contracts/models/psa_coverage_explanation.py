# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_amount, format_date


class PsaCoverageExplanation(models.AbstractModel):
    """The decision about a work entry, in words."""

    _name = "psa.coverage.explanation"
    _description = "Explanation of Coverage"

    psa_coverage_explanation = fields.Html(
        string="Why",
        compute="_compute_psa_coverage_explanation",
        sanitize=False,
        groups="base.group_user",
        help="What covers the work, and why what comes before did not.",
    )
    psa_has_no_price = fields.Boolean(
        string="No Price",
        compute="_compute_psa_has_no_price",
        search="_search_psa_has_no_price",
        groups="base.group_user",
        help="It is to be billed, and nobody said at what price.",
    )
    psa_is_to_approve = fields.Boolean(
        string="Beyond the Contract",
        compute="_compute_psa_is_to_approve",
        search="_search_psa_is_to_approve",
        groups="base.group_user",
        help="Hours are used up, and the contract says to ask first.",
    )

    def _compute_psa_has_no_price(self):
        for entry in self:
            entry.psa_has_no_price = any(
                part.kind == "billable" and not part.price_unit
                for part in entry.sudo().psa_coverage_part_ids
            )

    def _search_psa_has_no_price(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = [("kind", "=", "billable"), ("price_unit", "=", 0), ("hours", "!=", 0)]
        # In sudo: whether it has a price is told of all entries one may see.
        parts = self.env["psa.coverage.part"].sudo()._search(domain)
        return [("id", "in", parts.subselect("entry_id"))]

    def _compute_psa_is_to_approve(self):
        for entry in self:
            entry.psa_is_to_approve = any(
                entry.sudo().psa_coverage_part_ids.mapped("is_to_approve")
            )

    def _search_psa_is_to_approve(self, operator, value):
        if operator != "in":
            return NotImplemented
        # In sudo: as above.
        parts = (
            self.env["psa.coverage.part"].sudo()._search([("is_to_approve", "=", True)])
        )
        return [("id", "in", parts.subselect("entry_id"))]

    @api.depends("psa_coverage", "psa_coverage_log", "psa_decision")
    @api.depends_context("lang")
    def _compute_psa_coverage_explanation(self):
        # In sudo: whoever reads the entry reads why; there is no cost in it.
        entries = self.sudo()
        lines = (
            self.env["psa.contract.line"]
            .sudo()
            .browse(
                {
                    line_id
                    for entry in entries
                    for line_id, _code in (entry.psa_coverage_log or {}).get(
                        "lines", ()
                    )
                }
            )
        )
        names = {line.id: line._get_full_name() for line in lines.exists()}
        reasons = self.env["psa.contract.line"]._get_scope_reasons()
        for entry in entries:
            entry.psa_coverage_explanation = entry._psa_explain(names, reasons)

    def _psa_explain(self, names, reasons):
        self.ensure_one()
        if not self.psa_coverage:
            return False
        rows = [self._psa_explain_decision()] if self.psa_decision else []
        log = self.psa_coverage_log or {}
        sources = dict(enumerate(log.get("prices", ())))
        parts = self.psa_coverage_part_ids.filtered(lambda part: not part.is_correction)
        rows += [
            self._psa_explain_part(part, sources.get(number))
            for number, part in enumerate(parts)
        ]
        rows += [
            Markup("<span class='text-muted'>%s: %s</span>")
            % (names[line_id], reasons.get(code, code))
            for line_id, code in log.get("lines", ())
            if line_id in names
        ]
        return Markup("<ul class='mb-0'>%s</ul>") % Markup().join(
            Markup("<li>%s</li>") % row for row in rows
        )

    def _psa_explain_decision(self):
        about = [self.psa_decision_reason_id.name, self.psa_decision_note]
        return self.env._(
            "Decided by %(name)s: %(reason)s",
            name=self.psa_decision_user_id.name,
            reason=" · ".join(filter(None, about)),
        )

    def _psa_explain_part(self, part, source):
        hours = self.env["ir.qweb.field.float_time"].value_to_html(part.hours, {})
        kind = dict(part._fields["kind"]._description_selection(self.env))[part.kind]
        texts = [f"{hours} {kind}"]
        if part.line_id:
            texts.append(part.line_id._get_full_name())
        if part.grant_id.date_end:
            texts.append(
                self.env._(
                    "until %(day)s", day=format_date(self.env, part.grant_id.date_end)
                )
            )
        if part.kind == "sale":
            texts.append(self.so_line.order_id.name or "")
        if part.kind == "billable":
            price = format_amount(self.env, part.price_unit, part.currency_id)
            texts.append(self.env._("%(price)s per hour", price=price))
            texts.append(self._psa_explain_source(source))
        if part.is_to_approve:
            texts.append(self.env._("to be approved first"))
        return " · ".join(filter(None, texts))

    def _psa_explain_source(self, source):
        return {
            "contract": self.env._("rate of the contract"),
            "client": self.env._("rate of the client"),
            "company": self.env._("rate of the company"),
            "pricelist": self.env._("pricelist"),
            "none": self.env._("no rate, and the work type has no service"),
        }.get(source)

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_amount

from odoo.addons.psa_core.tools.rounding import seconds_to_hours

from ..models.psa_contract import NEVER_STARTED
from ..models.psa_coverage_part import COVERAGE
from .psa_coverage_preview_run import CoverageDryRun

#: entries that are shown; the totals are of all
SHOWN = 500
#: entries of several clients that are looked at together
CHUNK = 2000


class PsaCoveragePreview(models.TransientModel):
    """Shows what coverage would be if it were decided upon now; nothing is saved."""

    _name = "psa.coverage.preview"
    _description = "Preview Coverage"

    contract_id = fields.Many2one(
        "psa.contract", help="All work of its client since its first day."
    )
    entry_ids = fields.Many2many("account.analytic.line", string="Work Entries")
    with_billed = fields.Boolean(
        string="Also What Is Billed",
        help="As if nothing had been invoiced yet. The difference can be posted as a "
        "correction.",
    )
    is_done = fields.Boolean()
    seen_count = fields.Integer(string="Entries Looked At", readonly=True)
    changed_count = fields.Integer(string="Entries That Change", readonly=True)
    correction_count = fields.Integer(string="Corrections", readonly=True)
    is_cut = fields.Boolean(compute="_compute_is_cut")
    can_post = fields.Boolean(compute="_compute_can_post")
    row_ids = fields.One2many("psa.coverage.preview.row", "preview_id", readonly=True)
    total_ids = fields.One2many(
        "psa.coverage.preview.total", "preview_id", readonly=True
    )

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        model = self.env.context.get("active_model")
        ids = self.env.context.get("active_ids") or []
        if model == "psa.contract" and "contract_id" in fields:
            values.setdefault("contract_id", ids[0] if len(ids) == 1 else False)
        if model == "account.analytic.line" and "entry_ids" in fields:
            chosen = self.env[model].browse(ids).filtered("project_id")
            values.setdefault("entry_ids", chosen.ids)
        return values

    @api.depends("changed_count", "row_ids")
    def _compute_is_cut(self):
        for preview in self:
            preview.is_cut = preview.changed_count > len(preview.row_ids)

    @api.depends("correction_count", "contract_id.state")
    def _compute_can_post(self):
        for preview in self:
            preview.can_post = (
                preview.correction_count
                and preview.contract_id.state not in NEVER_STARTED
            )

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_preview(self):
        """Compare what coverage is with what it would be."""
        self.ensure_one()
        rows, corrected, seen, changed = [], 0, 0, 0
        totals = defaultdict(lambda: [0, 0.0, 0, 0.0])
        for entries in self._get_batches():
            run = self._create_run(entries)
            run.decide(lock=False)
            for change in run.changes():
                seen += 1
                self._add_to_totals(totals, change)
                if change.is_different:
                    changed += 1
                    corrected += change.fact.is_billed and bool(change.corrections())
                    if len(rows) < SHOWN:
                        rows.append(self._prepare_row(change))
            # What was read is needed no more: a year may have 100,000 entries.
            self.env.invalidate_all(flush=False)
        self.row_ids.unlink()
        self.total_ids.unlink()
        self.env["psa.coverage.preview.row"].create(rows)
        self.env["psa.coverage.preview.total"].create(self._prepare_totals(totals))
        self.write(
            {
                "is_done": True,
                "seen_count": seen,
                "changed_count": changed,
                "correction_count": corrected,
            }
        )
        return self._reopen()

    def action_post(self):
        """Post corrections of billed work that ought to be covered otherwise.

        Each adds up to no hours. Once they are posted there is no difference any more,
        so that a second time nothing happens.

        :raise UserError: when a contract has not begun, or without billed work
        """
        self.ensure_one()
        if not self.with_billed:
            raise UserError(self.env._("Preview what is billed first."))
        if self.contract_id.state in NEVER_STARTED:
            raise UserError(
                self.env._(
                    "%(contract)s is not in force: nothing can be corrected by it.",
                    contract=self.contract_id.display_name,
                )
            )
        for entries in self._get_batches():
            # Of all clients, whatever they have: two who press at the same time would
            # post the same correction.
            self.env["psa.coverage.turn"]._take(
                {
                    (entry.psa_client_id.id, entry.company_id.id)
                    for entry in entries
                    if entry.psa_client_id
                }
            )
            run = self._create_run(entries)
            run.decide()
            run.post()
            self.env.flush_all()
            self.env.invalidate_all(flush=False)
        return self.action_preview()

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Preview Coverage"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    # ------------------------------------------------------------
    # What is looked at
    # ------------------------------------------------------------

    def _create_run(self, entries):
        return CoverageDryRun(
            entries, contract_ids=self.contract_id.ids, free=self.with_billed
        )

    def _get_batches(self):
        """Yield the entries in sudo, whole clients together.

        Whose hours depend on each other stay together; more than one client does as far
        as they are small.
        """
        self.contract_id.check_access("read")
        self.entry_ids.check_access("read")
        # In sudo: what covers work depends on work one may not see.
        entries = self.env["account.analytic.line"].sudo()
        batch = []
        for ids in self._read_clients():
            batch += ids
            if len(batch) >= CHUNK:
                yield entries.browse(batch)
                batch = []
        if batch:
            yield entries.browse(batch)

    def _read_clients(self):
        """Return a list of entries' ids for each client and company."""
        self.env.flush_all()
        if self.contract_id:
            wanted = SQL(
                "psa_client_id = %s AND company_id = %s AND date >= %s",
                self.contract_id.client_id.id,
                self.contract_id.company_id.id,
                self.contract_id.date_start,
            )
        else:
            wanted = SQL("id = ANY(%s)", self.entry_ids.ids)
        return [
            ids
            for (ids,) in self.env.execute_query(
                SQL(
                    "SELECT array_agg(id ORDER BY id) FROM account_analytic_line"
                    " WHERE project_id IS NOT NULL AND %s"
                    " GROUP BY psa_client_id, company_id"
                    " ORDER BY psa_client_id, company_id",
                    wanted,
                )
            )
        ]

    # ------------------------------------------------------------
    # What is shown
    # ------------------------------------------------------------

    @staticmethod
    def _add_to_totals(totals, change):
        for column, parts in ((0, change.before), (2, change.after)):
            for part in parts:
                total = totals[part.kind, part.currency_id]
                total[column] += part.seconds
                total[column + 1] += part.amount

    def _prepare_totals(self, totals):
        kinds = [kind for kind, _label in COVERAGE]
        return [
            {
                "preview_id": self.id,
                "kind": kind,
                "currency_id": currency_id or self.env.company.currency_id.id,
                "hours_before": seconds_to_hours(totals[kind, currency_id][0]),
                "amount_before": totals[kind, currency_id][1],
                "hours_after": seconds_to_hours(totals[kind, currency_id][2]),
                "amount_after": totals[kind, currency_id][3],
            }
            for kind, currency_id in sorted(
                totals, key=lambda key: (kinds.index(key[0]), key[1] or 0)
            )
        ]

    def _prepare_row(self, change):
        return {
            "preview_id": self.id,
            "entry_id": change.fact.id,
            "is_billed": change.fact.is_billed,
            "before": self._describe(change.before),
            "after": self._describe(change.after),
        }

    def _describe(self, parts):
        """Return parts in words: hours, what covers them, what they cost."""
        kinds = dict(
            self.env["psa.coverage.part"]
            ._fields["kind"]
            ._description_selection(self.env)
        )
        as_time = self.env["ir.qweb.field.float_time"].value_to_html
        # In sudo: it is about what the user may see, in words.
        lines = self.env["psa.contract.line"].sudo()
        currencies = self.env["res.currency"]
        texts = []
        for part in parts:
            about = [
                f"{as_time(seconds_to_hours(part.seconds), {})} {kinds[part.kind]}"
            ]
            if part.line_id:
                about.append(lines.browse(part.line_id)._get_full_name())
            if part.amount:
                currency = currencies.browse(part.currency_id)
                about.append(format_amount(self.env, part.amount, currency))
            texts.append(" · ".join(about))
        return "\n".join(texts)

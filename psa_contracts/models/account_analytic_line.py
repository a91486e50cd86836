# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import logging
from contextlib import contextmanager

import psycopg2

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.psa_core.tools.rounding import SECONDS_PER_HOUR

from .coverage_engine import CoverageEngine
from .coverage_facts import CoverageFact
from .psa_coverage_decision import COVERAGE_FIELDS

_logger = logging.getLogger(__name__)

#: entries that are decided upon while somebody waits; more are left to the job
AT_ONCE = 1000
#: entries that the job decides upon between two commits
CHUNK = 2000
_DUE = "psa_coverage_due"
_DECIDING = "psa_coverage_deciding"


class AccountAnalyticLine(models.Model):
    """A work entry, and what covers it."""

    _name = "account.analytic.line"
    _inherit = [
        "account.analytic.line",
        "psa.coverage.decision",
        "psa.coverage.explanation",
        "psa.coverage.banner",
    ]

    # ------------------------------------------------------------
    # When it is decided
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        with self._psa_deciding():
            return super().create(vals_list)

    def write(self, vals):
        with self._psa_deciding():
            return super().write(vals)

    def unlink(self):
        spots = self._psa_get_coverage_spots()
        result = super().unlink()
        self.browse()._psa_cover(spots)
        return result

    @contextmanager
    def _psa_deciding(self):
        """Decide once, at the end: the host writes each entry that it creates."""
        pending = self.env.cr.precommit.data
        if pending.get(_DECIDING):
            yield
            return
        pending[_DECIDING] = True
        try:
            yield
        finally:
            pending.pop(_DECIDING, None)
        self._psa_cover_due()

    @api.model
    def _psa_check_system_fields(self, names):
        if not self.env.su and (forged := COVERAGE_FIELDS & names):
            raise AccessError(
                self.env._(
                    "These values are decided by rules, or by a manager with a "
                    "reason: %(fields)s.",
                    fields=", ".join(
                        sorted(
                            self._fields[name]._description_string(self.env)
                            for name in forged
                        )
                    ),
                )
            )
        return super()._psa_check_system_fields(names)

    @api.model
    def _psa_note_due(self, ids):
        """Remember entries that this transaction has to decide upon."""
        pending = self.env.cr.precommit.data
        if _DUE not in pending:
            pending[_DUE] = set()
            # What nobody decides upon before, say after a task got another order line.
            self.env.cr.precommit.add(self.env["account.analytic.line"]._psa_cover_due)
        pending[_DUE].update(ids)

    @api.model
    def _psa_cover_due(self):
        """Decide what covers the entries this transaction has changed."""
        self.env["account.analytic.line"].flush_model()
        ids = self.env.cr.precommit.data.get(_DUE)
        if not ids:
            return
        # In sudo: whoever records work sets off the decision about it.
        due = self.sudo().search([("id", "in", list(ids)), (_DUE, "=", True)])
        ids.clear()
        if len(due) > AT_ONCE:
            due[AT_ONCE:]._psa_trigger_coverage()
        due[:AT_ONCE]._psa_cover()

    def _psa_cover(self, spots=()):
        """Decide what covers these entries and those that share hours with them.

        Work is never refused: what fails is noted on the entries and tried again by the
        job. Only what the host repeats by itself is raised.

        :param spots: where work was: (client's id, company's id, day, gave hours back)
        """
        if not self and not spots:
            return
        # Before: what others have still to write is theirs to fail.
        self.env.flush_all()
        try:
            with self.env.cr.savepoint():
                CoverageEngine(self.sudo()).run(spots)
        except psycopg2.OperationalError:
            raise
        except Exception as error:
            _logger.exception("coverage of work could not be decided")
            self._psa_note_coverage_error(error)
            # Those that shared hours with what is gone are decided upon by the job.
            keys = [(client, company, day) for client, company, day, _back in spots]
            if self._psa_flag_due(keys):
                self._psa_trigger_coverage()

    def _psa_note_coverage_error(self, error):
        self.sudo().psa_coverage_error = f"{type(error).__name__}: {error}"[:500]

    def _psa_get_coverage_spots(self):
        """Return where these entries used hours."""
        if not self:
            return []
        return self.env.execute_query(
            SQL(
                """
                SELECT client_id, company_id, date, BOOL_OR(hours < 0)
                  FROM psa_coverage_part
                 WHERE entry_id = ANY(%s) AND grant_id IS NOT NULL
              GROUP BY client_id, company_id, date
                """,
                self.ids,
            )
        )

    @api.model
    def _psa_request_coverage(self, keys):
        """Have work of clients decided upon again: at once if it is little.

        :param keys: triples of a client's id, a company's id and the first day
        """
        # First: whoever records work for them meanwhile has to see the change.
        self.env["psa.coverage.turn"]._take(
            {(client, company) for client, company, _day in keys}
        )
        due = self._psa_flag_due(keys)
        if len(due) > AT_ONCE:
            due._psa_trigger_coverage()
        else:
            due._psa_cover()

    @api.model
    def _psa_flag_due(self, keys):
        """Have work decided upon again; return it.

        :param keys: as of ``_psa_request_coverage``
        """
        entries = self.env["account.analytic.line"].sudo()
        if not keys:
            return entries
        clients, companies, days = zip(*keys, strict=True)
        entries.flush_model()
        found = self.env.execute_query(
            SQL(
                """
                UPDATE account_analytic_line AS entry
                   SET psa_coverage_due = TRUE
                  FROM unnest(%s::int[], %s::int[], %s::date[])
                       AS span (client_id, company_id, first)
                 WHERE entry.psa_client_id IS NOT DISTINCT FROM span.client_id
                   AND entry.company_id = span.company_id
                   AND entry.date >= span.first
                   AND entry.project_id IS NOT NULL
             RETURNING entry.id
                """,
                [client or None for client in clients],
                list(companies),
                list(days),
            )
        )
        entries.invalidate_model([_DUE], flush=False)
        return entries.browse({entry_id for [entry_id] in found})

    @api.model
    def _psa_trigger_coverage(self):
        # In sudo: whoever changes a contract may wake up the job.
        self.env.ref("psa_contracts.ir_cron_coverage").sudo()._trigger()

    @api.model
    def _psa_cron_cover(self):
        """Decide about all that is due, clients together as far as they are small.

        What is done stays done; what fails is noted on the entries.
        """
        entries = self.sudo()
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=entries.search_count([(_DUE, "=", True)]))
        for keys in self._psa_get_due_batches():
            due = entries.search([(_DUE, "=", True), *keys])
            for number in due._psa_cover_apart():
                if not cron._commit_progress(number):
                    return

    @api.model
    def _psa_get_due_batches(self):
        """Return domains of what is due, each of about ``CHUNK`` entries.

        All of a client is in one: each is poured as a whole.
        """
        domains, clients, number = [], [], 0
        for client, company, count in self.sudo()._read_group(
            [(_DUE, "=", True)], ["psa_client_id", "company_id"], ["__count"]
        ):
            clients.append((client.id, company.id))
            number += count
            if number >= CHUNK:
                domains.append(_of_clients(clients))
                clients, number = [], 0
        return [*domains, _of_clients(clients)] if clients else domains

    def _psa_cover_apart(self):
        """Decide about these entries, each client by itself if together it fails.

        Yields how many were decided upon, so that whoever asks saves them.
        """
        try:
            with self.env.cr.savepoint():
                CoverageEngine(self).run()
        except Exception:
            _logger.info("coverage: deciding about one client at a time", exc_info=True)
        else:
            yield len(self)
            return
        for entries in self.grouped(
            lambda entry: (entry.psa_client_id, entry.company_id)
        ).values():
            try:
                with self.env.cr.savepoint():
                    CoverageEngine(entries).run()
            except psycopg2.OperationalError:
                # Somebody records work of this client: the next run finds it due still.
                self.env.cr.rollback()
                continue
            except Exception as error:
                _logger.warning("coverage of work could not be decided", exc_info=True)
                entries._psa_note_coverage_error(error)
            yield len(entries)

    # ------------------------------------------------------------
    # What it is decided upon
    # ------------------------------------------------------------

    def _psa_get_coverage_facts(self):
        """Return {entry's id: CoverageFact}, in sudo.

        Extend: set other facts, by one query for all entries, and name the fields they
        come from in ``_psa_coverage_depends``.
        """
        jobs = self._psa_get_jobs()
        return {
            entry.id: CoverageFact(
                id=entry.id,
                company_id=entry.company_id.id,
                client_id=entry.psa_client_id.id or None,
                day=entry.date,
                start=entry.psa_date_start or None,
                stop=entry.psa_date_end or None,
                employee_id=entry.employee_id.id or None,
                job_id=_job_on(jobs.get(entry.employee_id.id, ()), entry.date),
                work_type_id=entry.psa_work_type_id.id or None,
                # Whole seconds already: nothing exact has to be read from a decimal.
                seconds=round(entry.psa_billable_hours * SECONDS_PER_HOUR),
                is_billable=entry.psa_billable,
                is_sale=bool(entry.so_line),
                contact_id=entry.partner_id.id or None,
                decision=entry.psa_decision or None,
                decision_line_id=entry.psa_decision_line_id.id or None,
                is_billed=entry._psa_is_coverage_billed(),
            )
            for entry in self.sudo()
        }

    def _psa_get_jobs(self):
        """Return {employee's id: [(first day, role's id)]}, the days ascending."""
        # In sudo: a role of a person is not for everybody to read.
        versions = (
            self.env["hr.version"]
            .sudo()
            .search_fetch(
                [("employee_id", "in", self.sudo().employee_id.ids)],
                ["employee_id", "date_version", "job_id"],
                order="date_version",
            )
        )
        return {
            employee.id: [
                (version.date_version, version.job_id.id or None) for version in found
            ]
            for employee, found in versions.grouped("employee_id").items()
        }

    def _psa_is_coverage_billed(self):
        """Whether what covers the entry is final: it has been invoiced.

        Extend: say when your addon has billed it.
        """
        self.ensure_one()
        return bool(self.psa_coverage) and not self._is_not_billed()

    # ------------------------------------------------------------
    # Before it is saved
    # ------------------------------------------------------------

    @api.depends(lambda self: [*self._psa_coverage_depends(), "psa_coverage"])
    def _compute_psa_coverage_banner(self):
        return super()._compute_psa_coverage_banner()

    def _psa_get_coverage_question(self):
        """Ask only for work that nothing was decided about yet."""
        open_entries = self.filtered(
            lambda entry: (
                entry.project_id
                and not entry._origin
                and entry.company_id
                and entry.date
            )
        )
        facts = {}
        for number, entry in enumerate(open_entries):
            [fact] = entry._psa_get_coverage_facts().values()
            fact.id = number
            facts[entry] = fact
        return facts


def _of_clients(keys):
    """Return the domain of the work for clients, each with its company."""
    return Domain.OR(
        Domain("psa_client_id", "=", client_id) & Domain("company_id", "=", company_id)
        for client_id, company_id in keys
    )


def _job_on(versions, day):
    """Return the role somebody had on a day; before the first one, that."""
    job_id = versions[0][1] if versions else None
    for first, found in versions:
        if first <= day:
            job_id = found
    return job_id

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import logging
from contextlib import suppress

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from .psa_contract_terms import NEVER_STARTED

_logger = logging.getLogger(__name__)

#: records between two commits
CHUNK = 100


class PsaContractClock(models.AbstractModel):
    """What a new day does to contracts, and that the failure of one stops no other."""

    _name = "psa.contract.clock"
    _description = "Days of a Contract"

    life_error = fields.Char(
        string="Not Up to Date",
        readonly=True,
        copy=False,
        help="Why its state or a counted quantity could not be brought up to date; it "
        "is tried again.",
    )

    @api.model
    def _cron_follow_dates(self):
        """Suspend, resume and end the contracts whose day has come.

        By what their state is and not by the day, so that days on which the job did not
        run are made up for.
        """
        self._work_through(self, self._get_outdated_domain(), "_follow_dates")

    @api.model
    def _get_outdated_domain(self):
        """Return the domain of contracts whose state is not that of today."""
        [[companies]] = self._read_group(
            Domain("state", "not in", NEVER_STARTED), [], ["company_id:recordset"]
        )
        return Domain.OR(
            Domain("company_id", "in", found.ids) & self._get_outdated_on(day)
            for day, found in companies.grouped(self._get_company_today).items()
        )

    @api.model
    def _get_outdated_on(self, day):
        is_over = Domain("date_end", "<", day)
        is_suspended = Domain(
            "suspension_ids",
            "any",
            Domain("date_start", "<=", day)
            & (Domain("date_end", "=", False) | Domain("date_end", ">=", day)),
        )
        running = Domain("state", "in", ("active", "suspended"))
        return (
            (running & is_over)
            | (Domain("state", "=", "ended") & ~is_over)
            | (Domain("state", "=", "active") & is_suspended)
            | (Domain("state", "=", "suspended") & ~is_suspended)
        )

    # ------------------------------------------------------------
    # Jobs
    # ------------------------------------------------------------

    @api.model
    def _work_through(self, records, domain, method):
        """Call a method on all records of a domain, some at a time.

        What is done stays done; each is tried once.
        """
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=records.search_count(domain))
        last_id = 0
        while chunk := records.search(
            domain & Domain("id", ">", last_id), order="id", limit=CHUNK
        ):
            last_id = chunk[-1].id
            self._try_together(chunk, method)
            if not cron._commit_progress(len(chunk)):
                return

    @api.model
    def _try_together(self, records, method):
        """Call a method on contracts or lines, and on each if it fails on some.

        What somebody changes right now is left to the next run.
        """
        try:
            with self.env.cr.savepoint():
                getattr(records, method)()
                self._get_contracts_of(records)._clear_life_error()
            return
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            _logger.info("%s: somebody works on one of %s", method, records)
        except Exception as error:
            if len(records) == 1:
                _logger.exception("%s failed on %s", method, records)
                self._report_life_error(records, str(error) or type(error).__name__)
            else:
                _logger.warning("%s: one by one, as it failed on some", method)
        if len(records) > 1:
            for record in records:
                self._try_together(record, method)

    @api.model
    def _get_contracts_of(self, records):
        return records if records._name == "psa.contract" else records.contract_id

    def _clear_life_error(self):
        # In sudo: it is written by jobs only.
        self.sudo().filtered("life_error").life_error = False

    @api.model
    def _report_life_error(self, record, reason):
        """Say it on the contract, and once to its responsible."""
        with suppress(*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY), self.env.cr.savepoint():
            # In sudo: it is written by jobs only.
            contract = self._get_contracts_of(record).sudo()
            contract.life_error = reason
            contract._remind_of_fault(
                lambda speaking: speaking.env._("The contract is not up to date"),
                reason,
            )

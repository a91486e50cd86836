# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Parts of work entries as plain values, read and saved together."""

import json
from dataclasses import dataclass

from odoo.tools import SQL

from odoo.addons.psa_core.tools.rounding import SECONDS_PER_HOUR, seconds_to_hours

from .coverage_facts import ONE_DAY

PART_COLUMNS = {
    "entry_id": "int",
    "sequence": "int",
    "kind": "text",
    "hours": "float8",
    "date": "date",
    "client_id": "int",
    "company_id": "int",
    "contract_id": "int",
    "line_id": "int",
    "grant_id": "int",
    "rate_id": "int",
    "price_unit": "float8",
    "currency_id": "int",
    "amount": "float8",
    "is_to_approve": "bool",
    "is_correction": "bool",
}
ENTRY_COLUMNS = {
    "psa_coverage": "text",
    "psa_contract_id": "int",
    "psa_covered_hours": "float8",
    "psa_chargeable_hours": "float8",
    "psa_coverage_log": "jsonb",
    "psa_coverage_error": "text",
    "psa_coverage_due": "bool",
}
GRANT_COLUMNS = {
    "id": "int",
    "line_id": "int",
    "contract_id": "int",
    "company_id": "int",
    "origin": "text",
    "date_start": "date",
    "date_end": "date",
    "hours": "float8",
    "parent_id": "int",
}


@dataclass(eq=False, slots=True)
class CoveragePart:
    """A part of an entry and what covers it; the price is of an hour."""

    kind: str
    seconds: int
    contract_id: int | None = None
    line_id: int | None = None
    #: the grant; once it is saved, its id
    grant: object = None
    rate_id: int | None = None
    price_unit: float = 0.0
    currency_id: int | None = None
    amount: float = 0.0
    is_to_approve: bool = False
    is_correction: bool = False
    #: where the price comes from
    source: str | None = None

    @property
    def grant_id(self):
        return getattr(self.grant, "id", self.grant)

    @property
    def content(self):
        """What it says, to see whether another part says the same."""
        return (
            self.kind,
            self.seconds,
            self.contract_id,
            self.line_id,
            self.grant_id or self.grant,
            self.rate_id,
            self.price_unit,
            self.currency_id,
            self.amount,
            self.is_to_approve,
        )


def read_parts(env, entry_ids):
    """Return ``{entry's id: [parts]}`` as they are saved, corrections included."""
    env["psa.coverage.part"].flush_model()
    parts = {}
    for (
        entry_id,
        hours,
        kind,
        is_to_approve,
        is_correction,
        *values,
    ) in env.execute_query(
        SQL(
            """
                SELECT entry_id, hours, kind, is_to_approve, is_correction,
                       contract_id, line_id, grant_id, rate_id, price_unit,
                       currency_id, amount
                  FROM psa_coverage_part
                 WHERE entry_id = ANY(%s)
              ORDER BY entry_id, sequence, id
                """,
            list(entry_ids),
        )
    ):
        contract_id, line_id, grant_id, rate_id, price, currency_id, amount = values
        parts.setdefault(entry_id, []).append(
            CoveragePart(
                kind,
                round(hours * SECONDS_PER_HOUR),
                contract_id,
                line_id,
                grant_id,
                rate_id,
                price or 0.0,
                currency_id,
                float(amount or 0.0),
                bool(is_to_approve),
                bool(is_correction),
            )
        )
    return parts


def save(engine):
    """Write what the engine decided, where it differs from what is saved."""
    env = engine.env
    _save_grants(engine)
    changed = [
        decision
        for decision in engine.decisions.values()
        if [part.content for part in decision.parts]
        != [
            part.content
            for part in engine.old.get(decision.fact.id, ())
            if not part.is_correction
        ]
    ]
    if changed:
        _replace_parts(env, changed)
        if engine.pools.is_running_low:
            # In sudo as all of this: whoever records work may wake up the job.
            env.ref("psa_contracts.ir_cron_running_low")._trigger()
    _drop_grants(engine)
    due = set(engine.entries.ids)
    decisions = {decision.fact.id: decision for decision in changed} | {
        entry_id: decision
        for entry_id, decision in engine.decisions.items()
        if entry_id in due
    }
    _update_entries(env, list(decisions.values()))
    # What is billed was looked at and stays, as does what shares hours with it.
    _settle(env, (due | engine.decisions.keys()) - decisions.keys())
    for model in (
        "account.analytic.line",
        "psa.coverage.part",
        "psa.contract",
        "psa.contract.grant",
        "psa.contract.line",
    ):
        env[model].invalidate_model()


def _save_grants(engine):
    """Save grants that are new, and hours of periods that the terms changed."""
    env = engine.env
    grants = [grant for found in engine.grants.values() for grant in found]
    # Nothing may have rolled over, and hours that were given back been drawn on.
    drawn = {
        part.grant for decision in engine.decisions.values() for part in decision.parts
    }
    new = [
        grant
        for grant in grants
        if grant.id is None
        and (grant.origin != "rollover" or grant.seconds or grant in drawn)
    ]
    if new:
        ids = env.execute_query(
            SQL(
                "SELECT nextval('psa_contract_grant_id_seq')"
                " FROM generate_series(1, %s)",
                len(new),
            )
        )
        for grant, (grant_id,) in zip(new, ids, strict=True):
            grant.id = grant_id
        rows = [_grant_values(engine, grant) for grant in new]
        _insert(env, "psa_contract_grant", GRANT_COLUMNS, rows)
        env["psa.contract.grant"]._put_block_prices(
            [grant.id for grant in new if grant.origin == "next_block"]
        )
    moved = [
        grant
        for grant in grants
        if grant.saved is not None
        and (grant.seconds, grant.start, grant.stop) != grant.saved
    ]
    if moved:
        _update(
            env,
            "psa_contract_grant",
            {"date_start": "date", "date_end": "date", "hours": "float8"},
            [(grant.id, *_grant_values(engine, grant)[5:8]) for grant in moved],
        )


def _grant_values(engine, grant):
    line = engine.lines_by_id[grant.line_id]
    return (
        grant.id,
        line.id,
        line.contract_id,
        line.company_id,
        grant.origin,
        grant.start,
        grant.stop and grant.stop - ONE_DAY,
        seconds_to_hours(grant.seconds),
        grant.parent.id if grant.parent else grant.parent_id,
    )


def _drop_grants(engine):
    """Delete blocks of hours that no work needs any more."""
    ids = [grant.id for grant in engine.dropped if grant.id]
    if ids:
        engine.env.execute_query(
            SQL("DELETE FROM psa_contract_grant WHERE id = ANY(%s) RETURNING id", ids)
        )


def _replace_parts(env, decisions):
    env.execute_query(
        SQL(
            "DELETE FROM psa_coverage_part"
            " WHERE entry_id = ANY(%s) AND is_correction IS NOT TRUE RETURNING id",
            [decision.fact.id for decision in decisions],
        )
    )
    rows = [
        (
            decision.fact.id,
            sequence,
            part.kind,
            seconds_to_hours(part.seconds),
            decision.fact.day,
            decision.fact.client_id,
            decision.fact.company_id,
            part.contract_id,
            part.line_id,
            part.grant_id,
            part.rate_id,
            part.price_unit,
            part.currency_id,
            part.amount,
            part.is_to_approve,
            part.is_correction,
        )
        for decision in decisions
        for sequence, part in enumerate(decision.parts, start=1)
    ]
    _insert(env, "psa_coverage_part", PART_COLUMNS, rows)


def _update_entries(env, decisions):
    """Write what stands on the entries."""
    if not decisions:
        return
    # Without the plan, which somebody may have deleted, work goes on without it.
    plan = env.ref("psa_contracts.analytic_plan_contracts", raise_if_not_found=False)
    contracts = env["psa.contract"].browse(
        {
            part.contract_id
            for decision in decisions
            for part in decision.parts
            if part.contract_id
        }
    )
    accounts = {
        contract.id: contract.analytic_account_id.id or None for contract in contracts
    }
    rows = []
    for decision in decisions:
        kinds = {part.kind for part in decision.parts}
        contract_id = next(
            (part.contract_id for part in decision.parts if part.contract_id), None
        )
        rows.append(
            (
                decision.fact.id,
                kinds.pop() if len(kinds) == 1 else "mixed",
                contract_id,
                _hours(decision, "included", "prepaid"),
                _hours(decision, "billable"),
                json.dumps({"lines": decision.log, "prices": _sources(decision)}),
                None,
                False,
            )
        )
    if plan:
        _put_accounts(env, plan._column_name(), accounts, rows)
    _update(env, "account_analytic_line", ENTRY_COLUMNS, rows)


def _put_accounts(env, column, accounts, rows):
    """Put the accounts of contracts on entries; others in this plan are left alone."""
    env.execute_query(
        SQL(
            """
            UPDATE account_analytic_line AS saved
               SET %(column)s = row.account_id
              FROM unnest(%(ids)s::int[], %(accounts)s::int[]) AS row (id, account_id)
             WHERE saved.id = row.id
               AND saved.%(column)s IS DISTINCT FROM row.account_id
               AND (row.account_id IS NOT NULL OR saved.psa_contract_id IS NOT NULL)
         RETURNING saved.id
            """,
            column=SQL.identifier(column),
            ids=[row[0] for row in rows],
            accounts=[accounts.get(row[2]) for row in rows],
        )
    )


def _hours(decision, *kinds):
    return seconds_to_hours(
        sum(part.seconds for part in decision.parts if part.kind in kinds)
    )


def _sources(decision):
    return [part.source for part in decision.parts]


def _settle(env, entry_ids):
    if entry_ids:
        env.execute_query(
            SQL(
                "UPDATE account_analytic_line"
                "   SET psa_coverage_due = FALSE, psa_coverage_error = NULL"
                " WHERE id = ANY(%s) AND psa_coverage_due IS TRUE RETURNING id",
                list(entry_ids),
            )
        )


def _insert(env, table, columns, rows):
    names = list(columns)
    env.cr.execute(
        SQL(
            "INSERT INTO %s (%s) SELECT * FROM unnest(%s)",
            SQL.identifier(table),
            SQL(", ").join(map(SQL.identifier, names)),
            _arrays(columns, rows),
        )
    )


def _update(env, table, columns, rows):
    """Update rows by their id, which comes first in each."""
    names = list(columns)
    env.cr.execute(
        SQL(
            "UPDATE %s AS saved SET %s FROM unnest(%s) AS row (%s)"
            " WHERE saved.id = row.id",
            SQL.identifier(table),
            SQL(", ").join(
                SQL("%s = row.%s", SQL.identifier(name), SQL.identifier(name))
                for name in names
            ),
            _arrays({"id": "int", **columns}, rows),
            SQL(", ").join(map(SQL.identifier, ["id", *names])),
        )
    )


def _arrays(columns, rows):
    return SQL(", ").join(
        SQL("%s::%s[]", list(values), SQL(kind))
        for kind, values in zip(columns.values(), zip(*rows, strict=True), strict=True)
    )

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What coverage is decided upon, as plain values: thousands are read by one query."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction

from dateutil.relativedelta import relativedelta

from odoo.tools import SQL

from odoo.addons.psa_core.tools.proration import exact, round_half_up, share
from odoo.addons.psa_core.tools.recurrence import Recurrence
from odoo.addons.psa_core.tools.rounding import SECONDS_PER_HOUR, hours_to_seconds

from ..tools.period_text import strip_period
from .psa_contract_terms import COVERING

ONE_DAY = timedelta(days=1)
MINUTE = 60


@dataclass(eq=False, slots=True)
class CoverageFact:
    """A work entry as coverage sees it; ``None`` is what it has none of."""

    id: int
    company_id: int
    client_id: int | None
    day: date
    start: datetime | None
    stop: datetime | None
    employee_id: int | None
    job_id: int | None
    work_type_id: int | None
    #: billable: rounded, and multiplied by the work type
    seconds: int
    is_billable: bool
    is_sale: bool
    #: person or site the work was for
    contact_id: int | None
    #: what a manager decided
    decision: str | None = None
    decision_line_id: int | None = None
    is_billed: bool = False
    #: the contact and everybody above, as far as a contract asks for it
    contacts: frozenset[int] = frozenset()
    #: what other addons add
    extra: dict = field(default_factory=dict)

    @property
    def key(self):
        """The client's id and the company's, or None without a client."""
        return (self.client_id, self.company_id) if self.client_id else None

    @property
    def order(self):
        """When the work was done; the same for the same work, whenever recorded."""
        return (
            self.day,
            self.start or datetime.min,
            self.employee_id or 0,
            self.seconds,
            self.work_type_id or 0,
            self.contact_id or 0,
            self.decision or "",
            self.decision_line_id or 0,
            str(sorted(self.extra.items())),
            self.id,
        )


@dataclass(eq=False, slots=True)
class CoverageLine:
    """A contract line that may cover work, or say at what rate it is billed."""

    id: int
    #: of the contract and the line
    name: str
    contract_id: int
    client_id: int
    company_id: int
    kind: str
    start: date
    #: the day after the last one
    stop: date | None
    suspensions: list[tuple[date, date | None]]
    calendar_id: int | None
    work_types: frozenset[int]
    contacts: list[frozenset[int]]
    currency_id: int
    pricelist_id: int | None
    is_unlimited: bool
    recurrence: Recurrence
    proration: str
    #: (first day or None, hours), ascending
    hours: list[tuple[date | None, float]]
    validity_months: int
    rollover_share: Fraction
    rollover_cap: int | None
    rollover_months: int
    overage: str
    #: used share of hours at which somebody is told
    topup_percent: int
    extra: dict = field(default_factory=dict)

    @property
    def key(self):
        return self.client_id, self.company_id

    @property
    def is_limited(self):
        return self.kind in COVERING and not self.is_unlimited

    @property
    def opens_blocks(self):
        """Is another block bought when the hours are used up?"""
        return self.kind == "prepaid" and self.overage == "next_block"

    def is_suspended(self, day):
        return any(
            first <= day and (last is None or day <= last)
            for first, last in self.suspensions
        )

    def is_in_force(self, day):
        return self.start <= day and (self.stop is None or day < self.stop)

    def hours_on(self, day):
        """Return the hours agreed on a day; before the first row, those of it."""
        found = self.hours[0][1] if self.hours else 0.0
        for first, hours in self.hours:
            if first is None or first <= day:
                found = hours
        return found

    def period(self, day):
        """Return the whole period in which a day lies."""
        return self.recurrence.period_containing(day)

    def part_of(self, period):
        """Return the part of a period in which the line is in force, or None."""
        return period.clip(self.start, self.stop)

    def period_seconds(self, period):
        """Return the seconds that a period includes: its share in force, in minutes.

        Days on which the contract is suspended include nothing.
        """
        part = self.part_of(period)
        if not part:
            return 0
        seconds = hours_to_seconds(self.hours_on(part.start))
        due = share(part, period, self.proration)
        if self.proration != "none":
            for first, last in self.suspensions:
                stop = last + ONE_DAY if last else None
                due -= share(part.clip(first, stop), period, self.proration)
        return round_half_up(exact(seconds) * max(due, Fraction(0)) / MINUTE) * MINUTE

    def block_seconds(self, day):
        """Return the seconds of a block of hours bought on a day."""
        return hours_to_seconds(self.hours_on(day))

    def before(self, day):
        """Return the day from which on grants may matter for work of a day."""
        day -= relativedelta(months=self.rollover_months if self.rollover_share else 0)
        return self.period(day).start if self.kind == "included" else day

    def expiry(self, first):
        """Return the day after the last one of a block that begins on a day."""
        if not self.validity_months:
            return None
        return first + relativedelta(months=self.validity_months)


@dataclass(eq=False, slots=True)
class CoverageGrant:
    """Hours that were given; ``id`` is None until it is saved."""

    id: int | None
    line_id: int
    origin: str
    start: date
    #: the day after the last one
    stop: date | None
    seconds: int
    used: int = 0
    #: parts of work that point at it, also where their hours add up to nothing
    parts: int = 0
    parent_id: int | None = None
    parent: "CoverageGrant | None" = None
    #: of a period that there is no more, since the line's periods were changed
    is_stale: bool = False
    #: seconds, start and stop as they are in the database
    saved: tuple | None = None

    def holds(self, day):
        return self.start <= day and (self.stop is None or day < self.stop)


def read_lines(env, keys, contract_ids=()):
    """Return the lines of clients that decide about work, in the order of coverage.

    :param keys: pairs of a client's id and a company's
    :param contract_ids: contracts to count as active, whatever their state
    """
    lines = env["psa.contract.line"]
    for model in ("psa.contract", "psa.contract.line", "psa.contract.line.term"):
        env[model].flush_model()
    env["psa.contract.suspension"].flush_model()
    scope = lines._get_scope_columns()
    rows = env.execute_query_dict(
        SQL(
            """
            SELECT line.id, contract.name AS contract_name,
                   line.name AS line_name,
                   contract.id AS contract_id, contract.client_id,
                   contract.company_id, line.kind,
                   GREATEST(contract.date_start, line.date_start) AS start,
                   LEAST(contract.date_end, line.date_end) + 1 AS stop,
                   COALESCE(line.calendar_id, contract.calendar_id) AS calendar_id,
                   contract.currency_id, contract.pricelist_id, line.is_unlimited,
                   line.recurrence_interval, line.recurrence_unit, line.anchor_day,
                   line.proration, line.validity_months, line.rollover_share,
                   line.rollover_cap, line.rollover_months, line.overage,
                   line.topup_percent,
                   ARRAY(SELECT ARRAY[date_start - DATE 'epoch',
                                      date_end - DATE 'epoch']
                           FROM psa_contract_suspension
                          WHERE contract_id = contract.id
                       ORDER BY date_start) AS suspensions,
                   (SELECT json_agg(json_build_array(date_start, hours)
                                    ORDER BY date_start NULLS FIRST)
                      FROM psa_contract_line_term
                     WHERE line_id = line.id) AS hours,
                   %(scope)s
              FROM psa_contract_line AS line
              JOIN psa_contract AS contract ON contract.id = line.contract_id
              JOIN unnest(%(clients)s::int[], %(companies)s::int[])
                   AS wanted (client_id, company_id)
                   USING (client_id, company_id)
             WHERE line.kind IN ('included', 'prepaid', 'time')
               AND (contract.state NOT IN ('draft', 'cancelled')
                    OR contract.id = ANY(%(contracts)s))
          ORDER BY CASE line.kind WHEN 'included' THEN 1
                                  WHEN 'prepaid' THEN 2 ELSE 3 END,
                   contract.sequence, contract.date_start, contract.id,
                   line.sequence, line.id
            """,
            clients=[client for client, _company in keys],
            companies=[company for _client, company in keys],
            contracts=list(contract_ids),
            scope=SQL(", ").join(
                SQL("%s AS %s", column, SQL.identifier(name))
                for name, column in scope.items()
            ),
        )
    )
    return [_to_line(row, scope) for row in rows]


def _to_line(row, scope):
    epoch = date(1970, 1, 1)
    months = row["recurrence_unit"] in ("month", "quarter", "year")
    return CoverageLine(
        id=row["id"],
        name=f"{row['contract_name']} · {strip_period(row['line_name'])}",
        contract_id=row["contract_id"],
        client_id=row["client_id"],
        company_id=row["company_id"],
        kind=row["kind"],
        start=row["start"],
        stop=row["stop"],
        suspensions=[
            (
                epoch + timedelta(days=first),
                None if last is None else epoch + timedelta(days=last),
            )
            for first, last in row["suspensions"]
        ],
        calendar_id=row["calendar_id"],
        work_types=frozenset(row["work_types"]),
        contacts=[
            frozenset(ids)
            for ids in (row["contract_contacts"], row["line_contacts"])
            if ids
        ],
        currency_id=row["currency_id"],
        pricelist_id=row["pricelist_id"],
        is_unlimited=bool(row["is_unlimited"]) and row["kind"] == "included",
        recurrence=Recurrence(
            row["recurrence_interval"],
            row["recurrence_unit"] or "month",
            row["start"],
            (row["anchor_day"] or None) if months else None,
        ),
        proration=row["proration"],
        hours=[
            (date.fromisoformat(first) if first else None, hours or 0.0)
            for first, hours in row["hours"] or ()
        ],
        validity_months=row["validity_months"] or 0,
        rollover_share=exact(row["rollover_share"] or 0.0) / 100,
        rollover_cap=hours_to_seconds(row["rollover_cap"] or 0.0) or None,
        rollover_months=row["rollover_months"] or 0,
        overage=row["overage"],
        topup_percent=row["topup_percent"] or 100,
        extra={name: row[name] for name in scope},
    )


def read_contacts(env, facts):
    """Fill in who stands above the contacts of facts."""
    env["res.partner"].flush_model(["parent_id"])
    above = {}
    for contact_id, partner_id in env.execute_query(
        SQL(
            """
            WITH RECURSIVE above AS (
                SELECT id, id AS partner_id FROM res_partner WHERE id = ANY(%s)
                 UNION
                SELECT above.id, partner.parent_id
                  FROM above JOIN res_partner AS partner ON partner.id = partner_id
                 WHERE partner.parent_id IS NOT NULL
            )
            SELECT id, partner_id FROM above
            """,
            list({fact.contact_id for fact in facts if fact.contact_id}),
        )
    ):
        above.setdefault(contact_id, set()).add(partner_id)
    for fact in facts:
        fact.contacts = frozenset(above.get(fact.contact_id, ()))


def read_grants(env, line_ids, since):
    """Return the grants of lines that are not over on a day, with what is used."""
    env["psa.contract.grant"].flush_model()
    rows = env.execute_query(
        SQL(
            """
            SELECT id, line_id, origin, date_start, date_end + 1,
                   psa_contract_grant.hours, parent_id,
                   used.hours, used.parts
              FROM psa_contract_grant
        CROSS JOIN LATERAL (
                   SELECT SUM(hours) AS hours, COUNT(*) AS parts
                     FROM psa_coverage_part
                    WHERE grant_id = psa_contract_grant.id) AS used
             WHERE line_id = ANY(%s) AND (date_end IS NULL OR date_end >= %s)
          ORDER BY date_end NULLS LAST, date_start, id
            """,
            list(line_ids),
            since,
        )
    )
    grants = {}
    for grant_id, line_id, origin, start, stop, hours, parent_id, used, parts in rows:
        seconds = hours_to_seconds(hours)
        grants[grant_id] = CoverageGrant(
            grant_id,
            line_id,
            origin,
            start,
            stop,
            seconds,
            round((used or 0.0) * SECONDS_PER_HOUR),
            parts,
            parent_id,
            saved=(seconds, start, stop),
        )
    for grant in grants.values():
        grant.parent = grants.get(grant.parent_id)
    return list(grants.values())

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Rows of ``psa.ticket.sla`` as plain values: thousands are read by one query, and
written by one."""

from dataclasses import dataclass, field
from datetime import datetime

from odoo.tools import SQL

from ..tools.sla import SlaTimer
from .psa_ticket_sla import OPEN_STATES

#: counted from the arrival of the ticket, unless it was reopened
FROM_ARRIVAL = ("first_response", "plan", "resolution")
#: what a row keeps of its timer, in the order of the timer
TIMER_COLUMNS = {
    "target_seconds": "int",
    "started_at": "timestamp",
    "elapsed": "int",
    "running_since": "timestamp",
    "paused_since": "timestamp",
    "paused": "int",
    "reached_at": "timestamp",
    "stopped_at": "timestamp",
    "breached_at": "timestamp",
}
#: what else may change, and its type in the database
COLUMNS = {
    "policy_id": "int",
    "target_id": "int",
    "calendar_id": "int",
    "around_the_clock": "bool",
    "warned_percent": "int",
    "state": "text",
    "deadline": "timestamp",
    "next_check_at": "timestamp",
    **TIMER_COLUMNS,
}

LOG_COLUMNS = {
    "ticket_id": "int",
    "kind": "text",
    "cycle": "int",
    "event": "text",
    "at": "timestamp",
    "deadline": "timestamp",
    "detail": "text",
}
TYPES = {"id": "int", "ticket_id": "int", "kind": "text", **COLUMNS}


@dataclass(slots=True)
class SlaRow:
    """A target of a ticket; ``None`` is what the database has none of."""

    ticket_id: int
    kind: str
    timer: SlaTimer
    policy_id: int | None
    target_id: int | None
    calendar_id: int | None
    around_the_clock: bool
    #: none as long as it is not saved
    id: int | None = None
    #: counted by the database
    cycle: int | None = None
    warned_percent: int = 0
    deadline: datetime | None = None
    next_check_at: datetime | None = None
    waived_at: datetime | None = None
    #: columns that have to be written
    changed: set[str] = field(default_factory=set)

    @property
    def state(self):
        return self.timer.state

    @property
    def is_open(self):
        return self.timer.is_open

    @property
    def is_missed(self):
        return self.timer.breached_at is not None and self.waived_at is None

    @property
    def ended_at(self):
        return self.timer.reached_at or self.timer.stopped_at

    @property
    def started_at(self):
        return self.timer.started_at

    def change(self, **values):
        """Set values; what is the same already is not written."""
        for name, value in values.items():
            before = getattr(self, name)
            if before == value:
                continue
            setattr(self, name, value)
            if name == "timer":
                self.changed.update(
                    column
                    for column, attribute in TIMER_ATTRIBUTES.items()
                    if getattr(before, attribute) != getattr(value, attribute)
                )
            else:
                self.changed.add(name)

    def get(self, column):
        """Return what is in a column of the database."""
        if column in TIMER_COLUMNS:
            return getattr(self.timer, TIMER_ATTRIBUTES[column])
        return getattr(self, column)


TIMER_ATTRIBUTES = {
    **dict(zip(TIMER_COLUMNS, SlaTimer.__dataclass_fields__, strict=True)),
    "state": "state",
}


def read_rows(env, ticket_ids):
    """Return the rows of tickets, in their order.

    Of those that are over only what was waived, and kinds that may be promised again.
    """
    names = [
        "id",
        "ticket_id",
        "kind",
        "cycle",
        "waived_at",
        "policy_id",
        "target_id",
        "calendar_id",
        "around_the_clock",
        "warned_percent",
        "deadline",
        "next_check_at",
    ]
    env["psa.ticket.sla"].flush_model()
    found = env.execute_query(
        SQL(
            """
            SELECT %s, %s
              FROM psa_ticket_sla
             WHERE ticket_id = ANY(%s)
               AND (state IN %s OR waived_at IS NOT NULL OR kind IN %s)
          ORDER BY id
            """,
            _identifiers(names),
            _identifiers(TIMER_COLUMNS),
            list(ticket_ids),
            OPEN_STATES,
            FROM_ARRIVAL,
        )
    )
    count = len(names)
    return [
        SlaRow(
            **{
                **dict(zip(names, values[:count], strict=True)),
                "around_the_clock": bool(values[8]),
                "warned_percent": values[9] or 0,
            },
            timer=SlaTimer(
                *(
                    value or 0 if kind == "int" else value
                    for value, kind in zip(
                        values[count:], TIMER_COLUMNS.values(), strict=True
                    )
                )
            ),
        )
        for values in found
    ]


def update_rows(env, rows):
    """Save rows that have changed, by one query."""
    changed = set().union(*(row.changed for row in rows))
    names = [name for name in COLUMNS if name in changed]
    env.execute_query(
        SQL(
            "UPDATE psa_ticket_sla AS saved SET %s FROM unnest(%s) AS row (%s) "
            "WHERE saved.id = row.id",
            SQL(", ").join(
                SQL("%s = row.%s", SQL.identifier(name), SQL.identifier(name))
                for name in names
            ),
            _arrays(rows, ["id", *names]),
            _identifiers(["id", *names]),
        )
    )


def insert_rows(env, rows):
    """Save new rows and the log of how they began, by one query.

    Of two transactions that begin the same one the second is refused by the database
    and tries again: the host repeats what could not be serialized.
    """
    names = ["ticket_id", "kind", *COLUMNS]
    env.execute_query(
        SQL(
            """
            WITH added AS (
                INSERT INTO psa_ticket_sla (%(columns)s, cycle)
                SELECT %(columns)s, COALESCE(earlier.cycle, 0) + 1
                  FROM unnest(%(arrays)s) AS row (%(columns)s)
             LEFT JOIN (
                       SELECT ticket_id, kind, MAX(cycle) AS cycle
                         FROM psa_ticket_sla
                        WHERE ticket_id = ANY(%(tickets)s)
                     GROUP BY ticket_id, kind
                       ) AS earlier USING (ticket_id, kind)
                ON CONFLICT DO NOTHING
                RETURNING *
            )
            INSERT INTO psa_ticket_sla_log
                   (ticket_id, kind, cycle, event, at, deadline, user_id)
            SELECT ticket_id, kind, cycle, 'start', started_at, deadline, %(user)s
              FROM added
         UNION ALL
            SELECT ticket_id, kind, cycle, 'breach', breached_at, NULL, NULL
              FROM added
             WHERE breached_at IS NOT NULL
         UNION ALL
            SELECT ticket_id, kind, cycle,
                   CASE WHEN state = 'paused' THEN 'pause' ELSE 'reach' END,
                   COALESCE(reached_at, paused_since), NULL, NULL
              FROM added
             WHERE state IN ('paused', 'reached')
            """,
            columns=_identifiers(names),
            arrays=_arrays(rows, names),
            tickets=[row.ticket_id for row in rows],
            user=env.uid,
        )
    )


def insert_logs(env, lines):
    """Save lines of the log, in this order; each has ``LOG_COLUMNS``."""
    env.execute_query(
        SQL(
            "INSERT INTO psa_ticket_sla_log (%s, user_id) SELECT *, %s FROM unnest(%s)",
            _identifiers(LOG_COLUMNS),
            env.uid,
            SQL(", ").join(map(_array, LOG_COLUMNS.values(), zip(*lines, strict=True))),
        )
    )


def _identifiers(names):
    return SQL(", ").join(map(SQL.identifier, names))


def _arrays(rows, names):
    """Return columns of rows as arrays of their types."""
    return SQL(", ").join(
        _array(TYPES[name], [row.get(name) for row in rows]) for name in names
    )


def _array(kind, values):
    return SQL("%s::%s[]", list(values), SQL(kind))

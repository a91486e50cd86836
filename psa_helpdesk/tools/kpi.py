# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The figures of a service desk, each with its formula, in one place.

Two kinds of functions:

- what one ticket (:class:`Facts`) or one promise counts: 1, 0, or ``None`` when it is
  not part of the figure at all;
- what many count together: :func:`mean` of those (a share between 0 and 1), and the
  flows of a period.

``psa.ticket.report`` gives the same in SQL, and a test compares the two. Shares are
between 0 and 1; hours are working hours of the hours of service, ages calendar days.

What is left out, everywhere: duplicates that were merged (the ticket they went on as
counts), and what was archived before it was solved. Cancelled tickets are asked for
and not solved: they count as opened and in no share of solved ones.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

SOLVED = ("resolved", "closed")
DONE = (*SOLVED, "cancelled")
#: from which rating on a customer is content, of 1 to 5
POSITIVE = 4
#: key and the days an open ticket has been waiting for less than
AGE_BUCKETS = (("a_day", 1), ("a_week", 7), ("a_month", 30), ("a_quarter", 90))
OLDEST = "older"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one ticket. Instants are UTC, days those of the company.

    ``technicians``: who worked on it, and whose it is. ``first_response_hours`` and
    ``resolution_hours``: see :func:`first_response` and :func:`resolution`.
    """

    opened_at: datetime
    state: str = "new"
    resolved_at: datetime | None = None
    opened_on: date | None = None
    resolved_on: date | None = None
    reopen_count: int = 0
    answer_count: int = 0
    technicians: frozenset[int] = frozenset()
    rating: float = 0.0


# ----------------------------------------------------------------
# Times
# ----------------------------------------------------------------


def first_response(clock, opened_at: datetime, answered_at: datetime | None):
    """First response time: working hours from opening to a person's first answer.

    The acknowledgement is no answer. Nobody answered yet: ``None``.

    :param clock: a ``WorkingClock`` of the hours of service
    """
    if answered_at is None:
        return None
    return clock.seconds_between(opened_at, max(opened_at, answered_at)) / 3600


def resolution(
    clock,
    opened_at: datetime,
    resolved_at: datetime | None,
    waits: Iterable[tuple[datetime, datetime]] = (),
):
    """Resolution time: working hours from opening to solving, without waiting.

    Mean of it over solved tickets is the mean time to resolve. Not solved: ``None``.

    :param waits: times in which it was the customer's or a third party's turn; they
        do not overlap
    """
    if resolved_at is None:
        return None
    seconds = clock.seconds_between(opened_at, max(opened_at, resolved_at))
    for start, stop in waits:
        begin, end = max(start, opened_at), min(stop, resolved_at)
        if begin < end:
            seconds -= clock.seconds_between(begin, end)
    return max(0, seconds) / 3600


# ----------------------------------------------------------------
# One ticket
# ----------------------------------------------------------------


def is_open(ticket: Facts) -> int:
    """Backlog: what is neither solved nor cancelled."""
    return int(ticket.state not in DONE)


def is_solved(ticket: Facts) -> int:
    return int(ticket.state in SOLVED)


def is_reopened(ticket: Facts) -> int | None:
    """Reopen rate: tickets that came back ÷ tickets that were solved at least once.

    One that came back and is open counts. Pair it with first contact resolution:
    closing too early makes that one look good.
    """
    if not is_solved(ticket) and not ticket.reopen_count:
        return None
    return int(ticket.reopen_count > 0)


def touches(ticket: Facts) -> int | None:
    """Touches: public answers of technicians per solved ticket."""
    return ticket.answer_count if is_solved(ticket) else None


def is_single_technician(ticket: Facts) -> int | None:
    """Single technician: solved by one person ÷ solved ones that somebody worked on."""
    if not is_solved(ticket) or not ticket.technicians:
        return None
    return int(len(ticket.technicians) == 1)


def is_first_contact(ticket: Facts) -> int | None:
    """First contact resolution: solved with one answer at most ÷ solved.

    And it never came back.
    """
    if not is_solved(ticket):
        return None
    return int(ticket.answer_count <= 1 and not ticket.reopen_count)


def is_same_day(ticket: Facts) -> int:
    """Same-day close: opened and solved on one day of the company ÷ opened."""
    return int(bool(is_solved(ticket)) and ticket.opened_on == ticket.resolved_on)


def is_content(rating: float) -> int | None:
    """CSAT: positive answers ÷ answers. No answer (0): not counted.

    Positive is what the host calls satisfied: 4 or 5 of 5. A ticket counts once, with
    its last answer, however often it was closed.
    """
    return int(rating >= POSITIVE) if rating else None


def age_days(ticket: Facts, now: datetime) -> float | None:
    """Backlog age: calendar days an open ticket has been there; its mean is the age."""
    if not is_open(ticket):
        return None
    return (now - ticket.opened_at).total_seconds() / 86400


def age_bucket(days: float) -> str:
    """Return the bucket of an age: its lower bound is in it, the upper is not."""
    return next((key for key, limit in AGE_BUCKETS if days < limit), OLDEST)


# ----------------------------------------------------------------
# One promise
# ----------------------------------------------------------------


def is_kept(
    state: str, breached_at: datetime | None, waived_at: datetime | None
) -> int | None:
    """Compliance: promises met ÷ promises met or missed.

    A promise is missed as soon as its time is over, also while its ticket is open:
    otherwise the oldest and worst would count only when they are solved. What was
    waived does not count, nor what was stopped or still runs in time.

    :param state: running, paused, reached or stopped
    """
    if waived_at:
        return None
    if breached_at:
        return 0
    return 1 if state == "reached" else None


# ----------------------------------------------------------------
# Many
# ----------------------------------------------------------------


def mean(values: Iterable[float | None]) -> float | None:
    """Mean of what counts; nothing counts: ``None``, not 0.

    >>> mean([1, None, 0, 0, None, 1])
    0.5
    >>> mean([None]) is None
    True
    """
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def kill_rate(opened: int, solved: int) -> float | None:
    """Kill rate of a period: solved ÷ opened. From 1 on the backlog does not grow.

    >>> kill_rate(40, 50)
    1.25
    """
    return solved / opened if opened else None


def backlog(before: int, opened: int, reopened: int, solved: int, cancelled: int):
    """Backlog at the end of a period, from that at its start and what happened.

    >>> backlog(10, 5, 1, 7, 2)
    7
    """
    return before + opened + reopened - solved - cancelled


def backlog_days(open_count: int, solved_per_day: float) -> float | None:
    """How many days of work the backlog is: open ÷ mean solved per day.

    >>> backlog_days(30, 5.0)
    6.0
    """
    return open_count / solved_per_day if solved_per_day else None

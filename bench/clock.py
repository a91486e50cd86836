# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The working clock beside the host's ``plan_hours``, at equal results.

Both sides answer the same questions in the same run: when are so many hours of work
done, from instants spread over a year, on a calendar with a day off every four weeks.
"""

import random
import time
from datetime import datetime, timedelta

from pytz import utc

START = datetime(2026, 1, 1)
STOP = datetime(2028, 1, 1)
#: enough questions for a stable figure; ours are repeated, the host's take long enough
QUESTIONS = 60
REPEATS = 300
ROUNDS = 5


def run(env, report):
    """Report build time, queries, calls per second and mismatches."""
    calendar = _create_calendar(env)
    clock = _build(env, calendar, report)
    instants = _instants()
    mismatches = 0
    for hours in (4, 40, 400):
        seconds = hours * 3600
        theirs = [
            calendar.plan_hours(hours, instant, compute_leaves=True)
            for instant in instants
        ]
        ours = [clock.add(instant, seconds) for instant in instants]
        mismatches += sum(a != b for a, b in zip(ours, theirs, strict=True))
        host = len(instants) / _fastest(
            lambda hours=hours: [
                calendar.plan_hours(hours, instant, compute_leaves=True)
                for instant in instants
            ]
        )
        fast = (REPEATS * len(instants)) / _fastest(
            lambda seconds=seconds: [
                clock.add(instant, seconds)
                for _repeat in range(REPEATS)
                for instant in instants
            ]
        )
        report(f"plan_hours of {hours} h, host", host, "calls/s")
        report(f"plan_hours of {hours} h, clock", fast, "calls/s")
        report(f"clock is faster at {hours} h by", fast / host, "times", at_least=1000)
    report("answers that differ", mismatches, f"of {3 * QUESTIONS}", at_most=0)


def _build(env, calendar, report):
    """Measure a two-year clock that nobody has asked for, and then the kept one."""
    seconds, queries, clock = _cheapest(env, calendar, forget=True)
    report("building a clock of two years", seconds * 1000, "ms", at_most=60)
    report("queries for it", queries, at_most=3)
    host = _fastest(
        lambda: calendar._work_intervals_batch(utc.localize(START), utc.localize(STOP))
    )
    report("the same intervals from the host alone", host * 1000, "ms")
    seconds, queries, _clock = _cheapest(env, calendar, forget=False)
    report("finding it again in another transaction", seconds * 1000, "ms")
    report("queries for that", queries, at_most=2)
    return clock


def _cheapest(env, calendar, forget):
    found = []
    for _round in range(ROUNDS):
        if forget:
            env.registry.clear_cache()
        env.invalidate_all()
        calendar.fetch()  # whoever asks has read the calendar
        queries = env.cr.sql_log_count
        begin = time.perf_counter()
        clock = calendar._psa_clock(START, STOP)
        found.append(
            (time.perf_counter() - begin, env.cr.sql_log_count - queries, clock)
        )
    return min(found, key=lambda row: row[0])


def _fastest(question):
    """Seconds of the best of some rounds: the others were disturbed."""
    found = []
    for _round in range(ROUNDS):
        begin = time.perf_counter()
        question()
        found.append(time.perf_counter() - begin)
    return min(found)


def _create_calendar(env):
    # Of its own company, so that no other time off counts on either side.
    company = env["res.company"].create({"name": "Bench: clock"})
    calendar = env["resource.calendar"].create(
        {"name": "Bench: office hours", "tz": "Europe/Rome", "company_id": company.id}
    )
    env["resource.calendar.leaves"].create(
        [
            {
                "name": "Closed",
                "calendar_id": calendar.id,
                "date_from": START + timedelta(days=28 * n),
                "date_to": START + timedelta(days=28 * n, hours=23),
            }
            for n in range(26)
        ]
    )
    env.flush_all()
    return calendar


def _instants():
    """Instants of a year, the same in every run."""
    source = random.Random(20260101)
    return [
        START + timedelta(days=7, minutes=source.randrange(365 * 1440))
        for _question in range(QUESTIONS)
    ]

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""From a mail to a ticket, committed, beside the host's tasks and OCA's helpdesk.

All of them take mails of the same kind in turn, so that what disturbs one disturbs all.
"""

import os

from _helpdesks import everyone
from _mail import (
    Receiver,
    alternate,
    prepare_clients,
    prepare_senders,
    without_smtp,
)

DATABASES = {
    "host": ["bench_mail"],
    "oca": ["helpdesk_mgmt"],
    "oca_sla": ["helpdesk_mgmt", "helpdesk_mgmt_sla"],
}
#: For a quick look: PSA_BENCH_MAILS=20
MAILS = int(os.environ.get("PSA_BENCH_MAILS", "300"))
#: Sending takes long, and is not ours.
ANSWERED = MAILS // 3
WARM_UP = 6
#: Whose time ours is measured by.
RIVAL = "OCA"


def run(env, report, others):
    """Report medians of queries and milliseconds of each helpdesk."""
    report("load of the computer", os.getloadavg()[0], f"of {os.cpu_count()} cores")
    environments = [env, *others.values()]
    for each in environments:
        prepare_clients(each)
    receivers = [Receiver(helpdesk) for helpdesk in everyone(env, others)]
    for receiver in receivers:
        prepare_senders(receiver, MAILS + ANSWERED + 2 * WARM_UP)
    for each in environments:
        each.cr.commit()
    with without_smtp(*environments) as sent:
        _without_followers(receivers, report)
        _with_followers(receivers, report, sent)
    report("load of the computer", os.getloadavg()[0], f"of {os.cpu_count()} cores")


def _without_followers(receivers, report):
    senders = range(WARM_UP, WARM_UP + MAILS)
    for what, numbers in (("warm-up", range(WARM_UP)), ("mail", senders)):
        alternate(
            receivers, numbers, lambda receiver, n, w=what: receiver.receive(w, n)
        )
        alternate(
            receivers,
            numbers,
            lambda receiver, n, w=what: receiver.receive_reply(f"{w}, reply", n),
        )
    _compare(receivers, report, "mail", at_most=52)
    # A reply may take longer: OCA lets anybody write to any ticket.
    _compare(receivers, report, "mail, reply", at_most=51, is_race=False)


def _with_followers(receivers, report, sent):
    """The same with two followers who get mails, and an answer to the customer."""
    receivers = [receiver for receiver in receivers if receiver.helpdesk.team]
    for receiver in receivers:
        receiver.helpdesk.add_followers()
        receiver.helpdesk.acknowledge()
        receiver.helpdesk.env.cr.commit()
    first = WARM_UP + MAILS
    for what, numbers in (
        ("warm-up", range(first, first + WARM_UP)),
        ("mail, told and answered", range(first + WARM_UP, first + WARM_UP + ANSWERED)),
    ):
        alternate(
            receivers,
            numbers,
            lambda receiver, n, w=what: receiver.receive_and_answer(w, n, sent),
        )
    _compare(receivers, report, "mail, told and answered", at_most=100)


def _compare(receivers, report, what, at_most, is_race=True):
    """Report everyone's figures.

    :param at_most: how many queries ours may need.
    :param is_race: must ours be no slower than OCA's without SLA?
    """
    figures = {
        receiver.helpdesk.label: receiver.medians(what)
        for receiver in receivers
        if what in receiver.found
    }
    rival = figures[RIVAL][1] * 1000 if is_race and RIVAL in figures else None
    for label, (queries, seconds) in figures.items():
        own = label == "ours"
        report(f"{what}: {label}", queries, "queries", at_most=at_most if own else None)
        report(f"{what}: {label}", seconds * 1000, "ms", at_most=rival if own else None)

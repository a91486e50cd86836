# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import threading

from odoo.tools import mute_logger


def run_at_once(*calls):
    """Run the calls in threads that start together; return what they raised.

    Each call needs a cursor of its own.
    """
    barrier = threading.Barrier(len(calls))
    errors = []

    def run(call):
        try:
            barrier.wait(timeout=10)
            call()
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    # Here, for what a logger was before is noted: two that do so at once mix it up.
    with mute_logger("odoo.sql_db", "odoo.service.model"):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
    return errors

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import threading

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

RAW = b"""From: Race <race@nowhere.example>
To: nobody@nowhere.example
Subject: Two workers fetch this
Message-ID: <psa-race@nowhere.example>

Once, please.
"""


@tagged("post_install", "-at_install")
class TestMailRace(BaseCase):
    """Two gateway workers, each with its own connection, take the same mail."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.addCleanup(self._run, self._clean)
        self._run(self._clean)

    def _run(self, call):
        with self.registry.cursor() as cr:
            return call(api.Environment(cr, SUPERUSER_ID, {}))

    def _process(self, env):
        return env["mail.thread"].message_process("psa.ticket", RAW)

    def _find(self, env):
        mails = env["psa.incoming.mail"].search(
            [("message_id", "=", "<psa-race@nowhere.example>")]
        )
        tickets = env["psa.ticket"].search(
            [("email_normalized", "=", "race@nowhere.example")]
        )
        return mails, tickets

    def _clean(self, env):
        for records in self._find(env):
            records.unlink()

    def test_one_ticket(self):
        results = {}

        def second():
            with mute_logger("odoo.sql_db"):
                results["second"] = self._run(self._process)

        worker = threading.Thread(target=second)

        def first(env):
            results["first"] = self._process(env)
            env.flush_all()
            worker.start()
            # It waits for the row that this one has written.
            worker.join(1.0)
            self.assertTrue(worker.is_alive())

        self._run(first)
        worker.join(20.0)
        self.assertFalse(worker.is_alive())
        self.assertTrue(results["first"])
        self.assertFalse(results["second"])
        counts = self._run(lambda env: [len(found) for found in self._find(env)])
        self.assertEqual(counts, [1, 1])

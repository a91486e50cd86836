# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.tools import SQL


def pre_init_hook(env):
    """Let the job decide about the work that is still open, and about no history.

    Left to the ORM, each of a firm's past entries would wait for a decision, and years
    that were invoiced long ago would be "not billed".
    """
    env.cr.execute(
        SQL(
            "ALTER TABLE account_analytic_line"
            " ADD COLUMN IF NOT EXISTS psa_coverage_due boolean"
        )
    )
    env.cr.execute(
        SQL(
            "UPDATE account_analytic_line SET psa_coverage_due = TRUE"
            " WHERE project_id IS NOT NULL AND psa_review_state <> 'approved'"
        )
    )

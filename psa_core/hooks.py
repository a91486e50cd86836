# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.tools import SQL


def pre_init_hook(env):
    """Fill the stored columns of the host's existing time entries in one statement.

    Left to the ORM, each of a firm's past entries would be computed one by one at
    installation. What was recorded before the last full month counts as approved:
    nobody should have to review history.
    """
    env.cr.execute(
        SQL(
            """
            ALTER TABLE account_analytic_line
                ADD COLUMN IF NOT EXISTS psa_client_id integer,
                ADD COLUMN IF NOT EXISTS psa_work_type_id integer,
                ADD COLUMN IF NOT EXISTS psa_billable boolean,
                ADD COLUMN IF NOT EXISTS psa_billable_hours double precision,
                ADD COLUMN IF NOT EXISTS psa_review_state varchar,
                ADD COLUMN IF NOT EXISTS psa_source varchar,
                ADD COLUMN IF NOT EXISTS psa_is_inconsistent boolean,
                ADD COLUMN IF NOT EXISTS psa_is_overlapping boolean,
                ADD COLUMN IF NOT EXISTS psa_is_too_long boolean,
                ADD COLUMN IF NOT EXISTS psa_is_on_closed_period boolean
            """
        )
    )
    env.cr.execute(
        SQL(
            """
            UPDATE account_analytic_line AS entry
               SET psa_client_id = client.commercial_partner_id,
                   psa_billable = project.allow_billable OR entry.so_line IS NOT NULL,
                   psa_billable_hours =
                       CASE WHEN project.allow_billable OR entry.so_line IS NOT NULL
                            THEN entry.unit_amount ELSE 0 END,
                   psa_review_state =
                       CASE WHEN entry.date
                                < date_trunc('month', now()) - interval '1 month'
                            THEN 'approved' ELSE 'to_review' END,
                   psa_source = 'manual'
              FROM account_analytic_line AS line
              JOIN project_project AS project ON project.id = line.project_id
              LEFT JOIN res_partner AS client ON client.id = line.partner_id
             WHERE line.id = entry.id
            """
        )
    )


def post_init_hook(env):
    """Fill the working days at once instead of the first night."""
    days = env["psa.work.day"]
    days._refresh(days._get_employees(), *days._get_refresh_window())

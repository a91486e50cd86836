# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.tools import SQL


def uninstall_hook(env):
    """Let tickets have what client, team or company promise; no source is unknown."""
    tickets = env["psa.ticket"]
    tickets._request_sla_sync([("sla_source", "=", "contract")])
    env.cr.execute(
        SQL("UPDATE psa_ticket SET sla_source = NULL WHERE sla_source = 'contract'")
    )
    tickets.invalidate_model(["sla_source"])

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).


def uninstall_hook(env):
    """Take the sequences away: nothing else of the host would remove them."""
    companies = env["res.company"].with_context(active_test=False).search([])
    sequences = companies.psa_ticket_sequence_id | companies.psa_work_report_sequence_id
    companies.psa_ticket_sequence_id = False
    companies.psa_work_report_sequence_id = False
    sequences.unlink()

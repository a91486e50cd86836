# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Who may see what work costs.

The host shows the cost of a work entry to everybody who reads the entry. Here it takes
a role whose work is cost: our own "See costs and margins", or the host's
accountants, HR officers and project administrators.
"""

COST_GROUPS = ",".join(
    (
        "psa_core.group_psa_cost",
        "account.group_account_readonly",
        "account.group_account_invoice",
        "hr.group_hr_user",
        "project.group_project_manager",
    )
)

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

# Mixins first: the host builds models in the order they are imported.
from . import (
    psa_timer_entry,
    psa_timer_mixin,
    psa_timer_overdue,
    psa_work_entry_flag,
    psa_work_entry_review,
    psa_work_entry_rounding,
)

# isort: split
from . import (
    account_analytic_account,
    account_analytic_line,
    ir_http,
    ir_sequence,
    project_project,
    project_sale_line_employee_map,
    project_task,
    psa_timer,
    psa_timer_segment,
    psa_work_day,
    psa_work_type,
    res_company,
    res_config_settings,
    res_partner,
    res_users,
    resource_calendar,
    sale_order_line,
    timesheets_analysis_report,
)

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

# Mixins first: the host builds models in the order they are imported.
from . import (
    psa_ticket_sla_result,
    psa_ticket_sla_timeline,
)

# isort: split
from . import (
    psa_service_report_figures,
    psa_service_report_sending,
    psa_ticket_acknowledgement,
    psa_ticket_assignment,
    psa_ticket_board,
    psa_ticket_colleague,
    psa_ticket_context,
    psa_ticket_conversation,
    psa_ticket_customer,
    psa_ticket_gateway,
    psa_ticket_guard,
    psa_ticket_kin,
    psa_ticket_life,
    psa_ticket_mail,
    psa_ticket_portal,
    psa_ticket_priority,
    psa_ticket_queue,
    psa_ticket_reminder,
    psa_ticket_service_level,
    psa_ticket_similar,
    psa_ticket_sla_board,
    psa_ticket_stale,
    psa_ticket_team_assignment,
    psa_ticket_team_service_level,
    psa_ticket_time,
    psa_work_report_check,
    psa_work_report_portal,
    psa_work_report_print,
    psa_work_report_sending,
    psa_work_report_signing,
    psa_work_report_source,
)

# isort: split
from . import (
    psa_ticket_closing,
    psa_ticket_duplicate,
    psa_ticket_satisfaction,
    psa_ticket_work_report,
)

# isort: split
from . import (
    account_analytic_line,
    mail_alias,
    mail_alias_domain,
    mail_mail,
    mail_message,
    mail_thread,
    project_project,
    project_task,
    psa_client_class,
    psa_incoming_mail,
    psa_service_report,
    psa_sla_policy,
    psa_sla_target,
    psa_sla_warning,
    psa_ticket,
    psa_ticket_category,
    psa_ticket_cause,
    psa_ticket_checklist_item,
    psa_ticket_priority_rule,
    psa_ticket_recurrence,
    psa_ticket_sla,
    psa_ticket_sla_alert,
    psa_ticket_sla_log,
    psa_ticket_stage,
    psa_ticket_tag,
    psa_ticket_team,
    psa_ticket_template,
    psa_ticket_type,
    psa_ticket_wait,
    psa_timer,
    psa_work_report,
    psa_work_report_material,
    rating_rating,
    res_company,
    res_config_settings,
    res_partner,
    resource_calendar,
    resource_calendar_attendance,
    resource_calendar_leaves,
)

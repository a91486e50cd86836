# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

# Mixins first: the host builds models in the order they are imported.
from . import (
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
    psa_ticket_similar,
    psa_ticket_team_assignment,
    psa_ticket_time,
)

# isort: split
from . import psa_ticket_closing, psa_ticket_duplicate, psa_ticket_satisfaction

# isort: split
from . import (
    account_analytic_line,
    ir_sequence,
    mail_alias,
    mail_alias_domain,
    mail_message,
    mail_thread,
    project_project,
    project_task,
    psa_client_class,
    psa_incoming_mail,
    psa_ticket,
    psa_ticket_category,
    psa_ticket_cause,
    psa_ticket_checklist_item,
    psa_ticket_priority_rule,
    psa_ticket_recurrence,
    psa_ticket_stage,
    psa_ticket_tag,
    psa_ticket_team,
    psa_ticket_template,
    psa_ticket_type,
    psa_timer,
    res_company,
    res_partner,
)

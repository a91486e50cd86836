# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import (
    psa_ticket_handover,
    psa_ticket_merge,
    psa_ticket_resolve,
    psa_ticket_sla_waive,
    psa_ticket_split,
    psa_work_report_cancel,
    psa_work_report_sign,
)

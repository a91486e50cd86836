# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import (
    incoming,
    kpi,
    mail_bounce,
    mail_domain,
    mail_header,
    mail_kind,
    mail_lines,
    mail_quote,
    mail_quote_rules,
    mail_repair,
    mail_subject,
    roster,
    sla,
    ticket_number,
)

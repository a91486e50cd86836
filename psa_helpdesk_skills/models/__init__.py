# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import psa_ticket_category, psa_ticket_team, psa_ticket_type

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

# The mixin first: the host builds models in the order they are imported.
from . import psa_ticket_report_query

# isort: split
from . import psa_ticket_report

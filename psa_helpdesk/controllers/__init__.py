# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import (
    mail,
    portal,
    portal_actions,
    portal_new,
    portal_thread,
    portal_work_report,
    rating,
)

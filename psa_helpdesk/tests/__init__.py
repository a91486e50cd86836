# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import (
    test_access,
    test_js,
    test_life,
    test_mail_automatic,
    test_mail_new,
    test_mail_reply,
    test_portal,
    test_portal_actions,
    test_portal_chatter,
    test_portal_leak,
    test_portal_new,
    test_portal_tours,
    test_priority,
    test_ticket,
    test_time,
    test_tools_mail_bounce,
    test_tools_mail_domain,
    test_tools_mail_kind,
    test_tools_mail_quote,
    test_tools_mail_subject,
    test_tours,
    test_views,
)

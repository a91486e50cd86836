# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Install a language and set it for users: ``language.py CODE LOGIN...``."""

import sys

code, *logins = sys.argv[1:]
lang = env["res.lang"].with_context(active_test=False).search([("code", "=", code)])  # noqa: F821
if not lang:
    sys.exit(f"Odoo knows no language {code}")
env["base.language.install"].create({"lang_ids": lang.ids}).lang_install()  # noqa: F821
env["res.users"].search([("login", "in", logins)]).lang = code  # noqa: F821
env.cr.commit()  # noqa: F821

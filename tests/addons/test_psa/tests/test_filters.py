# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from lxml import etree

from odoo.tests import TransactionCase, tagged
from odoo.tools.safe_eval import safe_eval

APP = "psa_core.menu_psa_root"
LOGINS = ("technician", "manager", "billing", "psa_admin")


@tagged("post_install", "-at_install")
class TestFilters(TransactionCase):
    """Each role can use each filter and group-by of each menu of the app."""

    def test_all(self):
        for login in LOGINS:
            user = self.env["res.users"].search([("login", "=", login)])
            env = self.env(user=user, context=user.context_get())
            searches = set(self._searches(env))
            self.assertTrue(searches, f"{login} sees nothing to search")
            for search in sorted(searches):
                self._use(login, env, *search)

    def _searches(self, env):
        """Yield model and search view of what a user's menus open."""
        menus = env["ir.ui.menu"].load_menus(debug=False)
        waiting = [env.ref(APP).id]
        while waiting:
            menu = menus[waiting.pop()]
            waiting += menu["children"]
            if menu["action_model"] == "ir.actions.act_window":
                action = env["ir.actions.act_window"].browse(menu["action_id"]).sudo()
                yield action.res_model, action.search_view_id.id or False

    def _use(self, login, env, name, view_id):
        model = env[name]
        arch = model.get_view(view_id, "search")["arch"]
        for node in etree.fromstring(arch).iter("filter"):
            domain = self._evaluate(env, node.get("domain")) or []
            context = self._evaluate(env, node.get("context")) or {}
            group = context.get("group_by")
            with self.subTest(user=login, model=name, filter=node.get("name")):
                model.search(domain, limit=1)
                if group:
                    field = model._fields[group.partition(":")[0]]
                    if ":" not in group and field.type in ("date", "datetime"):
                        group += ":month"
                    model.formatted_read_group(domain, [group], ["__count"])

    def _evaluate(self, env, text):
        names = {"uid": env.uid, "allowed_company_ids": env.companies.ids}
        return text and safe_eval(text, names)

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models


class MailAliasDomain(models.Model):
    _inherit = "mail.alias.domain"

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()  # own addresses
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.model
    def _find_aliases(self, email_list):
        incoming = self.env.context.get("psa_incoming")
        if not incoming:
            return super()._find_aliases(email_list)
        key = tuple(email_list)
        if key not in incoming.aliases:
            incoming.aliases[key] = super()._find_aliases(email_list)
        return list(incoming.aliases[key])

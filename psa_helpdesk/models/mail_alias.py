# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models, tools

_ADDRESS_FIELDS = {
    "alias_name",
    "alias_domain_id",
    "alias_model_id",
    "alias_incoming_local",
}


class MailAlias(models.Model):
    _inherit = "mail.alias"

    @api.model
    @tools.ormcache()
    def _psa_get_addresses(self):
        """Return where tickets come in, and all addresses the suite sends with.

        Asked for each mail of each model, so it costs no query.

        :return: (addresses of teams, names of teams that count in any domain, own
            addresses), frozensets in lower case
        """
        aliases = self.sudo().search(
            [("alias_model_id.model", "=", "psa.ticket"), ("alias_name", "!=", False)]
        )
        teams = {
            alias.alias_full_name.lower() for alias in aliases if alias.alias_domain_id
        }
        names = {
            alias.alias_name.lower() for alias in aliases if alias.alias_incoming_local
        }
        domains = self.env["mail.alias.domain"].sudo().search([("name", "!=", False)])
        own = teams.union(
            *(
                domains.mapped(name)
                for name in ("bounce_email", "catchall_email", "default_from_email")
            )
        )
        return (
            frozenset(teams),
            frozenset(names),
            frozenset(address.lower() for address in own if address),
        )

    def _psa_has_tickets(self):
        return "psa.ticket" in self.sudo().alias_model_id.mapped("model")

    @api.model_create_multi
    def create(self, vals_list):
        aliases = super().create(vals_list)
        if aliases._psa_has_tickets():
            self.env.registry.clear_cache()
        return aliases

    def write(self, vals):
        concerned = not _ADDRESS_FIELDS.isdisjoint(vals)
        concerned = concerned and self._psa_has_tickets()
        result = super().write(vals)
        if concerned or ("alias_model_id" in vals and self._psa_has_tickets()):
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        if self._psa_has_tickets():
            self.env.registry.clear_cache()
        return super().unlink()

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import formatLang

from ..tools.mail_domain import domain_of, is_public_domain


class ResPartner(models.Model):
    _inherit = "res.partner"

    psa_client_class_id = fields.Many2one(
        "psa.client.class",
        string="Client Class",
        index="btree_not_null",
        groups="base.group_user",
        help="Decides who is served first, and may raise the priority of tickets.",
    )
    psa_sla_policy_id = fields.Many2one(
        "psa.sla.policy",
        string="SLA Policy",
        company_dependent=True,
        domain="[('company_id', 'in', (False, current_company_id))]",
        groups="base.group_user",
        help="What was promised to this client. Empty: what the team promises.",
    )
    psa_is_ticket_responsible = fields.Boolean(
        string="Sees All Tickets of the Company",
        groups="base.group_user",
        help="On the portal this contact follows the tickets of all colleagues.",
    )
    psa_gets_service_report = fields.Boolean(
        string="Gets the Service Report",
        groups="base.group_user",
        help="Each month this contact gets a PDF about the tickets of its company.",
    )
    psa_mail_domain = fields.Char(
        string="Mail Domain",
        compute="_compute_psa_mail_domain",
        store=True,
        readonly=False,
        index="btree_not_null",
        groups="base.group_user",
        help="Mail from this domain belongs to the client. Domains of public mail "
        "providers are left out.",
    )

    psa_open_ticket_count = fields.Integer(
        string="Open Tickets",
        compute="_compute_psa_open_ticket_count",
        groups="psa_core.group_psa_technician,psa_core.group_psa_billing",
        help="Of the whole client, or of this contact.",
    )

    @api.depends("is_company")
    def _compute_psa_open_ticket_count(self):
        tickets = self.env["psa.ticket"]
        counts = {}
        for name in ("partner_id", "client_id"):
            counts[name] = dict(
                tickets._read_group(
                    [(name, "in", self.ids), ("is_open", "=", True)],
                    [name],
                    ["__count"],
                )
            )
        for partner in self:
            found = counts[partner._psa_ticket_field()]
            partner.psa_open_ticket_count = found.get(partner._origin, 0)

    @api.depends("email")
    def _compute_psa_mail_domain(self):
        for partner in self:
            domain = domain_of(partner.email)
            partner.psa_mail_domain = (
                domain if domain and not is_public_domain(domain) else False
            )

    @api.model
    def _psa_find_clients(self, email, company):
        """Return the clients that the domain of an address belongs to.

        None for public domains; clients of other companies do not count. The domain of
        a contact counts as long as its company has none of its own: an adviser among
        the contacts of a client brings no colleagues along.
        """
        domain = domain_of(email)
        if is_public_domain(domain):
            return self.browse()
        # Who receives mail for a company need not read its contacts.
        groups = self.sudo()._read_group(
            [
                ("psa_mail_domain", "=", domain),
                ("company_id", "in", (False, company.id)),
            ],
            ["commercial_partner_id"],
        )
        clients = self.sudo().concat(*(client for (client,) in groups))
        return clients.filtered(
            lambda client: client.psa_mail_domain in (False, domain)
        )

    def write(self, vals):
        result = super().write(vals)
        if "psa_client_class_id" in vals:
            # Closed tickets keep the class they were served in.
            self.env["psa.ticket"].sudo().search(
                [("client_id", "in", self.ids), ("is_open", "=", True)]
            )._compute_client_class_id()
        if {"psa_client_class_id", "psa_sla_policy_id"} & vals.keys():
            self.env["psa.ticket"]._request_sla_sync([("client_id", "in", self.ids)])
        return result

    # ------------------------------------------------------------
    # Tickets of a client
    # ------------------------------------------------------------

    def _psa_ticket_field(self):
        """Return the field of a ticket that names partners like this one."""
        return "partner_id" if self.parent_id else "client_id"

    def action_psa_open_tickets(self):
        self.ensure_one()
        action = self._psa_tickets_action([], self._psa_ticket_field())
        contact = {"default_partner_id": self.id, "search_default_open": 1}
        return {**action, "context": contact}

    def action_psa_open_service_reports(self):
        """Open the service reports of this client; New makes one of any month."""
        self.ensure_one()
        client = self.commercial_partner_id
        return {
            **self.env["ir.actions.actions"]._for_xml_id(
                "psa_helpdesk.action_service_report"
            ),
            "domain": [("client_id", "=", client.id)],
            "context": {"default_client_id": client.id},
        }

    def _psa_tickets_action(self, domain, field_name="client_id"):
        """Return the action that opens those tickets of this client that match."""
        self.ensure_one()
        return {
            **self.env["ir.actions.actions"]._for_xml_id(
                "psa_helpdesk.action_ticket_all"
            ),
            "domain": [(field_name, "=", self._origin.id), *domain],
            "context": {"default_client_id": self._origin.id},
        }

    def _psa_client_sections(self):
        sections = super()._psa_client_sections()
        for client, section in self._psa_ticket_section().items():
            sections[client].append(section)
        return sections

    def _psa_ticket_section(self):
        """Return {client: section} of the tickets the user may read."""
        now = fields.Datetime.now()
        of_clients = Domain("client_id", "in", self.ids)
        is_open = Domain("is_open", "=", True)
        ours = is_open & Domain("dispatch_state", "in", ("unassigned", "replied"))
        recent = Domain("opened_at", ">", now - timedelta(days=30))
        rated = Domain("rating_last_value", ">", 0) & Domain(
            "opened_at", ">", now - timedelta(days=365)
        )

        def count(domain):
            return dict(
                self.env["psa.ticket"]._read_group(
                    of_clients & domain, ["client_id"], ["__count"]
                )
            )

        rows = [
            (self.env._("Open tickets"), is_open, False),
            (self.env._("Waiting for us"), ours, True),
            (self.env._("Opened, last 30 days"), recent, False),
        ]
        counts = [count(domain) for _label, domain, _warn in rows]
        ratings = {
            client: (average, number)
            for client, average, number in self.env["psa.ticket"]._read_group(
                of_clients & rated, ["client_id"], ["rating_last_value:avg", "__count"]
            )
        }
        promises = self._psa_count_promises(now - timedelta(days=365))
        return {
            client: {
                "name": "tickets",
                "title": self.env._("Tickets"),
                "sequence": 5,
                "rows": [
                    self._psa_row(
                        label,
                        found.get(client, 0),
                        "integer",
                        client._psa_tickets_action(list(domain)),
                        warn=warn and bool(found.get(client)),
                    )
                    for (label, domain, warn), found in zip(rows, counts, strict=True)
                ]
                + client._psa_sla_rows(promises.get(client, {}))
                + client._psa_rating_rows(*ratings.get(client, (0, 0))),
            }
            for client in self
        }

    def _psa_count_promises(self, since):
        """Return {client: {"met" or "missed": number}} of the targets begun since."""
        promises = {}
        for client, result, number in self.env["psa.ticket.sla"]._read_group(
            [
                ("client_id", "in", self.ids),
                ("result", "in", ("met", "missed")),
                ("started_at", ">", since),
            ],
            ["client_id", "result"],
            ["__count"],
        ):
            promises.setdefault(client, {})[result] = number
        return promises

    def _psa_sla_rows(self, promises):
        total = sum(promises.values())
        if not total:
            return []
        missed = promises.get("missed", 0)
        text = self.env._(
            "%(percent)s %% (%(met)s of %(number)s)",
            percent=100 * (total - missed) // total,
            met=total - missed,
            number=total,
        )
        action = {
            **self.env["ir.actions.actions"]._for_xml_id(
                "psa_helpdesk.action_ticket_sla"
            ),
            "domain": [("client_id", "=", self._origin.id)],
            "context": {"search_default_last_year": 1, "search_default_counting": 1},
        }
        label = self.env._("SLA met, last 12 months")
        return [self._psa_row(label, text, "text", action)]

    def _psa_rating_rows(self, average, number):
        if not number:
            return []
        text = self.env._(
            "%(average)s of 5 (%(number)s)",
            average=formatLang(self.env, average, digits=1),
            number=number,
        )
        return [
            self._psa_row(self.env._("Rating, last 12 months"), text, "text", False)
        ]

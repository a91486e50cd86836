# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class PsaSaleOrderLineHours(models.AbstractModel):
    """A line of an order with which hours are bought in advance."""

    _name = "psa.sale.order.line.hours"
    _description = "Order Line of Prepaid Hours"

    psa_hours_line_id = fields.Many2one(
        "psa.contract.line",
        string="Hours for",
        compute="_compute_psa_hours_line_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        ondelete="set null",
        domain="[('kind', '=', 'prepaid'), ('contract_state', '=', 'active'),"
        " ('company_id', '=', company_id),"
        " ('contract_id.client_id', 'parent_of', order_partner_id)]",
        help="When the order is confirmed, the client gets the hours in this line of a "
        "contract. The order bills them.",
    )
    psa_grant_ids = fields.One2many(
        "psa.contract.grant", "sale_line_id", string="Granted Hours"
    )

    @api.depends("product_id", "order_id.partner_id", "company_id")
    def _compute_psa_hours_line_id(self):
        """Choose the line of the client's contract, if there is only one."""
        prepaid = self.filtered(
            lambda line: line.product_id.psa_contract_kind == "prepaid"
        )
        found = prepaid._psa_find_hours_lines()
        for line in self:
            if line.psa_grant_ids:
                # What was bought stays what it is.
                line.psa_hours_line_id = line.psa_hours_line_id
                continue
            lines = found.get(line._psa_get_hours_key(), ())
            chosen = line in prepaid and len(lines) == 1
            line.psa_hours_line_id = lines if chosen else False

    def _psa_get_hours_key(self):
        """Return the ids of the client and the company that buy."""
        self.ensure_one()
        client = self.order_id.partner_id.commercial_partner_id
        return client.id, self.company_id.id

    def _psa_find_hours_lines(self):
        """Return {key: contract lines in force today that could get the hours}."""
        clients = self.order_id.partner_id.commercial_partner_id
        if not clients:
            return {}
        lines = self.env["psa.contract.line"].search(
            Domain("kind", "=", "prepaid")
            & Domain("contract_state", "=", "active")
            & Domain("contract_id.client_id", "in", clients.ids)
        )
        today = fields.Date.context_today(self)
        return lines.filtered(lambda line: not line._is_over(today)).grouped(
            lambda line: (line.contract_id.client_id.id, line.company_id.id)
        )

    @api.constrains("psa_hours_line_id", "company_id", "order_id")
    def _check_psa_hours_line_id(self):
        for line in self:
            # In sudo: who sells may not see all contracts.
            target = line.sudo().psa_hours_line_id
            client = line.order_id.partner_id.commercial_partner_id
            grants = line.sudo().psa_grant_ids
            if grants and target and grants.line_id != target:
                raise ValidationError(
                    self.env._(
                        "%(line)s: the hours were given already, in %(contract)s.",
                        line=line._psa_get_title(),
                        contract=grants.contract_id.display_name,
                    )
                )
            if target and (
                target.kind != "prepaid"
                or target.company_id != line.company_id
                or target.contract_id.client_id != client
            ):
                raise ValidationError(
                    self.env._(
                        "%(line)s: choose prepaid hours of a contract of %(client)s.",
                        line=line._psa_get_title(),
                        client=client.display_name,
                    )
                )

    # ------------------------------------------------------------

    def _psa_get_hours(self, contract_line):
        """Return the hours bought with this line, in a line of a contract."""
        self.ensure_one()
        per_unit = self.product_id._psa_get_hours_per_unit() or contract_line.hours
        return self._psa_get_quantity() * per_unit

    def _psa_grant_hours(self):
        """Give the hours that confirmed lines buy for a contract, once."""
        # In sudo: the hours belong to whoever buys them, whoever confirms the order.
        lines = self.sudo().filtered(
            lambda line: (
                line.state == "sale"
                and line.product_uom_qty > 0
                and not line.psa_grant_ids
                and line._psa_get_hours_line()
            )
        )
        values = {line: line._psa_prepare_grant() for line in lines}
        late = lines.filtered(
            lambda line: line._psa_get_hours_line()._is_over(values[line]["date_start"])
        )
        late._psa_refuse_hours()
        lines.env["psa.contract.grant"].create(
            [values[line] for line in lines if line not in late]
        )

    def _psa_refuse_hours(self):
        """Leave hours without a contract that has ended, and say so."""
        reminders = []
        for line in self:
            order = line.order_id
            contract = line._psa_get_hours_line().contract_id

            def get_text(here, contract=contract):
                return here.env._(
                    "Order %(order)s: no hours were given for %(line)s, they are over "
                    "in %(contract)s. Choose another contract.",
                    order=here.order_id.name,
                    line=here._psa_get_title(),
                    contract=contract.display_name,
                )

            order._message_log(body=get_text(line))
            reminders += [
                (contract, user, get_text(line.with_context(lang=user.lang)))
                for user in contract._get_reminded() | order.user_id
            ]
        self.psa_hours_line_id = False
        self.env["psa.contract"]._remind(reminders)

    def _psa_get_hours_line(self):
        """Return the contract line that gets the hours: one there was, or was made."""
        self.ensure_one()
        return self.psa_hours_line_id or self.psa_contract_line_ids.filtered(
            lambda line: line.kind == "prepaid" and line.contract_state != "cancelled"
        )

    def _psa_prepare_grant(self):
        """Return the values of the hours that this line buys.

        They begin on the day of the order, or with the contract if that comes later.
        """
        self.ensure_one()
        line = self._psa_get_hours_line()
        day = fields.Date.context_today(self, self.order_id.date_order)
        day = max(day, line._get_first_day())
        return {
            "line_id": line.id,
            "origin": "purchase",
            "billed_by": "order",
            "date_start": day,
            "date_end": line._get_expiry(day),
            "hours": self._psa_get_hours(line),
            "price": self.currency_id._convert(
                self.price_subtotal, line.currency_id, self.company_id, day
            ),
            "sale_line_id": self.id,
        }

    def _psa_withdraw_hours(self):
        """Take back the hours of cancelled lines that nobody has used."""
        # In sudo: who cancels an order may not write on contracts.
        grants = self.sudo().psa_grant_ids
        used = grants.filtered("part_ids")
        (grants - used).unlink()
        for grant in used:
            if used_hours := min(grant.used_hours, grant.hours):
                price = grant.price * used_hours / grant.hours
                grant.write({"hours": used_hours, "price": price})

    def _psa_restore_hours(self):
        """Give back what was taken from hours in use, when the order was cancelled."""
        # In sudo: see above.
        lines = self.sudo().filtered("psa_grant_ids")
        for line in lines.filtered(lambda line: line._psa_get_hours_line()):
            values = line._psa_prepare_grant()
            line.psa_grant_ids.write(
                {"hours": values["hours"], "price": values["price"]}
            )

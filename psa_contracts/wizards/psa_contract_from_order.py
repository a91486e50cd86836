# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import SQL

from ..models.psa_contract_terms import RECURRING


class PsaContractFromOrder(models.TransientModel):
    """Makes a draft contract of an order, as its preview shows.

    Salesmen have no right to write contracts: what is made comes from a confirmed order
    that they may write, and from templates.
    """

    _name = "psa.contract.from.order"
    _description = "Create a Contract From an Order"

    order_id = fields.Many2one("sale.order", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="order_id.company_id")
    currency_id = fields.Many2one(related="order_id.currency_id")
    client_id = fields.Many2one(
        "res.partner", related="order_id.partner_id.commercial_partner_id"
    )
    contract_id = fields.Many2one(
        "psa.contract",
        string="Add To",
        domain="[('client_id', '=', client_id), ('company_id', '=', company_id),"
        " ('currency_id', '=', currency_id), ('state', 'in', ('draft', 'active'))]",
        help="Empty: a new contract is made, one of each package that was sold.",
    )
    date_start = fields.Date(
        required=True,
        default=fields.Date.context_today,
        help="First day of the contract, or of the lines that are added.",
    )
    term_months = fields.Integer(
        string="Term",
        compute="_compute_term_months",
        store=True,
        readonly=False,
        help="Months; 0: until somebody ends it.",
    )
    line_ids = fields.One2many(
        "psa.contract.from.order.line",
        "wizard_id",
        string="Preview",
        compute="_compute_line_ids",
        store=True,
    )
    invoiced_note = fields.Char(compute="_compute_invoiced_note")

    @api.constrains("order_id")
    def _check_order(self):
        """:raise AccessError: when the user, who is no system, may not read it"""
        self.sudo(False).order_id.check_access("read")

    def onchange(self, values, field_names, fields_spec):
        order_id = values.get("order_id", self.env.context.get("default_order_id"))
        self.new({"order_id": order_id}).order_id._origin.check_access("read")
        return super().onchange(values, field_names, fields_spec)

    @api.depends("order_id")
    def _compute_term_months(self):
        for wizard in self:
            products = wizard.order_id._psa_get_contract_lines().product_id
            wizard.term_months = products.psa_contract_template_id[:1].term_months

    @api.depends("order_id", "contract_id")
    def _compute_line_ids(self):
        # What is stored is worked out in sudo, for a user who may not read the order.
        self._check_order()
        for wizard in self:
            wizard.line_ids = [
                Command.clear(),
                *[
                    Command.create(wizard._prepare_preview(template, values))
                    for template, lines in wizard._plan()
                    for values in lines
                ],
            ]

    @api.depends("order_id")
    def _compute_invoiced_note(self):
        for wizard in self:
            lines = wizard.order_id._psa_get_contract_lines().filtered("qty_invoiced")
            names = ", ".join(line._psa_get_title() for line in lines)
            wizard.invoiced_note = names and self.env._(
                "The order has invoiced already: %(lines)s. Let the contract start "
                "after what was paid.",
                lines=names,
            )

    def _prepare_preview(self, template, values):
        template = template.with_context(lang=self.client_id.lang)
        contract = self.contract_id.display_name or template.name
        names = self.env["psa.contract.from.order.line"]._fields
        shown = {name: value for name, value in values.items() if name in names}
        return {**shown, "contract_name": contract or self.order_id.name}

    # ------------------------------------------------------------
    # What is made
    # ------------------------------------------------------------

    def _preview_contract(self):
        """Return the contract there is, or one that is not saved, to be filled."""
        contracts = self.env["psa.contract"].sudo()
        return self.sudo().contract_id or contracts.new(
            {
                "client_id": self.client_id.id,
                "company_id": self.company_id.id,
                "currency_id": self.currency_id.id,
                "date_start": self.date_start,
            }
        )

    def _plan(self):
        """Return what is made: a list of (template, [values of a contract line]).

        Each package that was sold is a contract with all its lines; those of a product
        of the order have the order's quantity and price. What else was sold by period
        goes into the first.
        """
        self.ensure_one()
        # In sudo: prices of a package are not for every salesman to read, but to sell.
        order = self.sudo().order_id
        lines = order._psa_get_contract_lines()
        open_lines = order.order_line.filtered(
            lambda line: line._psa_can_become_contract()
        )
        plans = []
        templates = lines.product_id.psa_contract_template_id
        for template in templates:
            sold = lines.filtered(
                lambda line, found=template: (
                    line.product_id.psa_contract_template_id == found
                )
            )
            # Whatever else the package contains, sold beside it, is the same thing.
            sold |= open_lines.filtered(
                lambda line, found=template: (
                    line.product_id in found.line_ids.product_id
                    and not line.product_id.psa_contract_template_id
                )
            )
            plans.append((template, self._plan_package(template, sold)))
            open_lines -= sold
        rest = [self._prepare_sold_line(line) for line in lines & open_lines]
        if rest and plans:
            plans[0][1].extend(rest)
        elif rest:
            plans.append((templates, rest))
        return plans

    def _plan_package(self, template, sold):
        """Return the values of the lines of a package, as it was sold."""
        contract = self._preview_contract()
        anything = self.env.ref("psa_contracts.product_contract")
        taken, further = {}, []
        for line in sold:
            like = template.line_ids.filtered(
                lambda found, line=line: found.product_id == line.product_id
            ) or template.line_ids.filtered(
                lambda found: (
                    found.kind in RECURRING
                    and (not found.product_id or found.product_id == anything)
                )
            )
            free = like.filtered(lambda found: found not in taken)
            if free:
                taken[free[0]] = line
            else:
                further.append((line, like[:1]))
        values = [
            {
                **line._prepare_line_values(contract),
                **(taken[line]._psa_prepare_contract_line() if line in taken else {}),
            }
            for line in template.line_ids
        ]
        return values + [self._prepare_sold_line(line, like) for line, like in further]

    def _prepare_sold_line(self, line, like=None):
        """Return the values of a contract line of an order line.

        :param like: line of a template to be like, if any
        """
        if like:
            return {
                **like._prepare_line_values(self._preview_contract()),
                **line._psa_prepare_contract_line(),
                "name": line._psa_get_title(),
            }
        product = line.product_id
        return {
            "name": line._psa_get_title(),
            "kind": product.psa_contract_kind or "flat",
            "recurrence_interval": product.psa_contract_interval,
            "recurrence_unit": product.psa_contract_unit,
            "validity_months": product.psa_validity_months,
            **line._psa_prepare_contract_line(),
        }

    # ------------------------------------------------------------
    # Making it
    # ------------------------------------------------------------

    def action_create(self):
        """Make the contracts and open them; those made meanwhile are opened instead.

        :raise UserError: when the order is not confirmed, or does not fit the contract
        """
        self.ensure_one()
        self.order_id.check_access("write")
        self._lock()
        plans = self._plan()
        if plans:
            self._check_target()
            # In sudo: see the class.
            self.sudo().with_company(self.company_id)._create_contracts(plans)
        return self.order_id.action_psa_open_contracts()

    def _lock(self):
        """Have the second of two people wait, and then find what the first has made.

        In the isolation of the host the second is refused and repeated by it.
        """
        self.env.flush_all()
        self.env.execute_query(
            SQL(
                "SELECT id FROM sale_order_line WHERE order_id = %s ORDER BY id"
                " FOR NO KEY UPDATE",
                self.order_id.id,
            )
        )
        self.env.invalidate_all(flush=False)

    def _check_target(self):
        """:raise UserError: when the lines cannot be added to the contract"""
        contract = self.contract_id
        if contract and (
            contract.client_id != self.client_id
            or contract.company_id != self.company_id
            or contract.currency_id != self.currency_id
            or contract.state not in ("draft", "active")
        ):
            raise UserError(
                self.env._(
                    "Choose a contract of %(client)s in %(currency)s that is a draft, "
                    "or active.",
                    client=self.client_id.display_name,
                    currency=self.currency_id.name,
                )
            )
        if (
            contract.state == "active"
            and self.date_start < fields.Date.context_today(self)
            and not self.env.user.has_group("psa_core.group_psa_billing")
        ):
            raise UserError(
                self.env._(
                    "Only billing adds to %(contract)s from a day in the past.",
                    contract=contract.display_name,
                )
            )

    def _create_contracts(self, plans):
        contracts = self.contract_id
        made = contracts.line_ids.browse()
        for template, lines in plans:
            if self.contract_id:
                lines = [
                    {
                        **values,
                        "contract_id": contracts.id,
                        "date_start": self.date_start,
                    }
                    for values in lines
                ]
                made |= made.create(lines)
            else:
                contract = contracts.create(self._prepare_contract(template, lines))
                contracts |= contract
                made |= contract.line_ids
        self._grant_hours(made)
        for contract in contracts:
            contract._message_log(
                body=self.env._("From order %(order)s", order=self.order_id.name)
            )
            self.order_id._message_log(
                body=self.env._("Contract: %(name)s", name=contract.display_name)
            )

    def _prepare_contract(self, template, lines):
        order = self.order_id
        client = self.client_id
        contact = order.partner_id
        return {
            "name": template.with_context(lang=client.lang).name or lines[0]["name"],
            "template_id": template.id,
            "company_id": self.company_id.id,
            "client_id": client.id,
            "contact_id": contact.id if contact != client else False,
            "partner_invoice_id": order.partner_invoice_id.id,
            "user_id": order.user_id.id or self.env.uid,
            "client_order_ref": order.client_order_ref,
            "date_start": self.date_start,
            "term_months": self.term_months,
            "pricelist_id": order.pricelist_id.id,
            "currency_id": order.currency_id.id,
            "payment_term_id": order.payment_term_id.id,
            "line_ids": [Command.create(values) for values in lines],
        }

    def _grant_hours(self, lines):
        """Give the blocks of hours that were bought with the contract, on its line."""
        bought = lines.filtered(lambda line: line.kind == "prepaid").sale_line_id
        # Those of a contract that was cancelled move.
        for line in bought.filtered("psa_grant_ids"):
            line.psa_grant_ids.write(line._psa_prepare_grant())
        bought._psa_grant_hours()

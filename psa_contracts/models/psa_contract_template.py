# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class PsaContractTemplate(models.Model):
    """A service package of the catalogue. A contract made from it is a copy."""

    _name = "psa.contract.template"
    _description = "Contract Template"
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: shared by all companies."
    )
    description = fields.Html(
        translate=True, help="What the client reads and signs, above the lines."
    )
    term_months = fields.Integer(
        string="Term", default=12, help="Months; 0: until somebody ends it."
    )
    is_signed = fields.Boolean(
        string="Client Signs",
        help="The contract becomes active when the client has signed it.",
    )
    calendar_id = fields.Many2one(
        "resource.calendar",
        string="Service Hours",
        check_company=True,
        help="Hours in which work is covered, unless a line says otherwise.",
    )
    line_ids = fields.One2many("psa.contract.template.line", "template_id", copy=True)

    _term_positive = models.Constraint(
        "CHECK (term_months >= 0)", "A term cannot be negative."
    )

    def _prepare_contract_values(self, client):
        """Return the values of a contract for a client, in the client's language.

        Without its lines, whose prices are in the currency of the contract.
        """
        self.ensure_one()
        template = self.with_context(lang=client.lang or self.env.lang)
        return {
            "name": template.name,
            "description": template.description,
            "term_months": template.term_months,
            "is_signed_by_client": template.is_signed,
            "calendar_id": template.calendar_id.id,
        }

    def action_create_contract(self):
        """Open a new contract that is a copy of this."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Contract"),
            "res_model": "psa.contract",
            "views": [[False, "form"]],
            "context": {"default_template_id": self.id},
        }

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class PsaTicketKin(models.AbstractModel):
    """Tickets, projects and tasks that a ticket belongs to."""

    _name = "psa.ticket.kin"
    _description = "Kin of a Ticket"

    parent_id = fields.Many2one(
        "psa.ticket", string="Parent Ticket", index="btree_not_null", check_company=True
    )
    child_ids = fields.One2many("psa.ticket", "parent_id", string="Child Tickets")
    problem_id = fields.Many2one(
        "psa.ticket",
        index="btree_not_null",
        check_company=True,
        domain="[('kind', '=', 'problem'), ('id', '!=', id)]",
        help="The common cause of this and other incidents.",
    )
    incident_ids = fields.One2many("psa.ticket", "problem_id", string="Incidents")
    project_id = fields.Many2one(
        "project.project",
        index="btree_not_null",
        check_company=True,
        domain="[('is_template', '=', False)]",
        help="The project this ticket comes from: support after a sale counts there.",
    )
    task_id = fields.Many2one(
        "project.task",
        index="btree_not_null",
        check_company=True,
        domain="[('project_id', '=?', project_id), ('has_template_ancestor', '=', False)]",
        help="The task that takes the work of this ticket.",
    )
    related_ids = fields.Many2many(
        "psa.ticket",
        "psa_ticket_related_rel",
        "ticket_id",
        "related_id",
        string="Related Tickets",
        copy=False,
        help="Each of two related tickets shows the other.",
    )
    merged_into_id = fields.Many2one(
        "psa.ticket",
        string="Merged Into",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The ticket that goes on with everything this duplicate had.",
    )
    merged_ids = fields.One2many("psa.ticket", "merged_into_id", string="Duplicates")

    _no_own_kin = models.Constraint(
        "CHECK (parent_id != id AND problem_id != id AND merged_into_id != id)",
        "A ticket cannot be its own parent, problem or duplicate.",
    )

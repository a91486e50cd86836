# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command


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
        help="The project this ticket comes from.",
    )
    task_id = fields.Many2one(
        "project.task",
        index="btree_not_null",
        check_company=True,
        domain="[('project_id', '=?', project_id),"
        " ('has_template_ancestor', '=', False)]",
        help="The task that takes the work of this ticket.",
    )
    related_ids = fields.Many2many(
        "psa.ticket",
        "psa_ticket_related_rel",
        "ticket_id",
        "related_id",
        string="Related Tickets",
        copy=False,
        check_company=True,
        help="Each of two related tickets shows the other.",
    )
    merged_into_id = fields.Many2one(
        "psa.ticket",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The ticket that goes on with everything this duplicate had.",
    )
    merged_ids = fields.One2many("psa.ticket", "merged_into_id", string="Duplicates")
    recurrence_id = fields.Many2one(
        "psa.ticket.recurrence",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The recurrence that opened this ticket.",
    )
    recurrence_date = fields.Date(
        string="Due On",
        readonly=True,
        copy=False,
        help="The day of the recurrence this ticket was opened for.",
    )

    _no_own_kin = models.Constraint(
        "CHECK (parent_id != id AND problem_id != id AND merged_into_id != id)",
        "A ticket cannot be its own parent, problem or duplicate.",
    )
    _recurrence_unique = models.UniqueIndex(
        "(recurrence_id, recurrence_date) WHERE recurrence_id IS NOT NULL",
        "A recurrence opens one ticket for each of its days.",
    )

    @api.constrains("parent_id", "problem_id", "merged_into_id")
    def _check_kin_cycles(self):
        for name in ("parent_id", "problem_id", "merged_into_id"):
            if self._has_cycle(name):
                raise ValidationError(
                    self.env._(
                        "These tickets would belong to themselves, over their "
                        "“%(field)s”.",
                        field=self._fields[name]._description_string(self.env),
                    )
                )

    @api.constrains("problem_id")
    def _check_problem(self):
        for problem in self.problem_id:
            if problem.sudo().kind != "problem":
                raise ValidationError(
                    self.env._(
                        "%s is not a problem: change its type first.",
                        problem.display_name,
                    )
                )

    # ------------------------------------------------------------
    # Related tickets: each shows the other
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        tickets = super().create(vals_list)
        if any(vals.get("related_ids") for vals in vals_list):
            tickets._mirror_related({})
        return tickets

    def write(self, vals):
        if "related_ids" not in vals:
            return super().write(vals)
        before = {ticket: ticket.related_ids for ticket in self}
        result = super().write(vals)
        self._mirror_related(before)
        return result

    def _mirror_related(self, before):
        """Write on the other tickets what has changed on these.

        :param before: {ticket: what it was related to}; nothing for new tickets
        """
        nothing = self.browse()
        changes = defaultdict(list)
        for ticket in self:
            known, now = before.get(ticket, nothing), ticket.related_ids
            for other in now - known:
                command = Command.unlink if other == ticket else Command.link
                changes[other].append(command(ticket.id))
            for other in known - now:
                changes[other].append(Command.unlink(ticket.id))
        groups = defaultdict(lambda: nothing)
        for other, commands in changes.items():
            groups[tuple(commands)] |= other
        for commands, others in groups.items():
            # In sudo: a relation is one fact, which whoever may write one end records.
            # What they write back is there already and ends it.
            others.sudo().write({"related_ids": list(commands)})

# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from ast import literal_eval
from collections import defaultdict

from odoo import api, fields, models, tools
from odoo.exceptions import UserError

TICKET_READERS = "psa_core.group_psa_technician,psa_core.group_psa_billing"


class PsaTicketTeam(models.Model):
    """A team of technicians with its mail address, members and rules."""

    _name = "psa.ticket.team"
    _description = "Helpdesk Team"
    _inherit = [
        "psa.ticket.team.assignment",
        "psa.ticket.team.service.level",
        "mail.alias.mixin",
        "mail.thread",
    ]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    color = fields.Integer()
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self._default_company_id(),
    )
    leader_id = fields.Many2one(
        "res.users",
        string="Team Leader",
        domain="[('share', '=', False)]",
        check_company=True,
    )
    member_ids = fields.Many2many(
        "res.users",
        string="Members",
        domain="[('share', '=', False)]",
        check_company=True,
        help="Who gets tickets of this team. Empty: every technician may take them.",
    )
    assignment_method = fields.Selection(
        [
            ("manual", "By hand"),
            ("round_robin", "In turn"),
            ("least_loaded", "Fewest open tickets first"),
        ],
        required=True,
        default="manual",
        help="How new tickets get their technician. Members who are off are left out.",
    )
    last_assigned_id = fields.Many2one(
        "res.users", export_string_translation=False, help="Whose turn it was last."
    )
    project_id = fields.Many2one(
        "project.project",
        domain="[('is_template', '=', False), ('allow_timesheets', '=', True)]",
        check_company=True,
        help="Takes the work of this team's tickets; empty: the support project.",
    )
    lang = fields.Selection(
        selection="_selection_lang",
        string="Language",
        help="For customers whose language is not known; empty: the company's.",
    )
    ticket_properties = fields.PropertiesDefinition()

    # What happens with mail
    acknowledge = fields.Boolean(
        default=True,
        help="Whoever opens a ticket by mail or on the portal gets an answer with its "
        "number at once.",
    )
    accept_automatic = fields.Boolean(
        string="Tickets From Automatic Mail",
        help="For alerts: mail that was written by a program becomes a ticket instead "
        "of being held. It is never acknowledged.",
    )

    # What happens when the work is over
    auto_close_days = fields.Integer(
        string="Close After",
        default=5,
        help="Days after which a resolved ticket is closed; 0: never.",
    )
    close_warning_days = fields.Integer(
        string="Warn Before Closing",
        default=2,
        help="Days before closing when the customer is told; 0: not at all.",
    )
    reopen_days = fields.Integer(
        string="Reopen Within",
        default=14,
        help="Days after closing within which an answer of the customer opens the "
        "ticket again. Later it opens a new one that is linked.",
    )

    # Whether the customer was content
    csat = fields.Boolean(
        string="Ask How Content Customers Are",
        default=True,
        help="When a ticket is closed its contact gets a mail with three faces.",
    )
    csat_pause_days = fields.Integer(
        string="Ask Again After",
        default=30,
        help="Days within which nobody is asked a second time, whatever the ticket.",
    )

    # Portal
    is_on_portal = fields.Boolean(
        string="On the Portal",
        default=True,
        help="Customers can choose this team when they open a ticket.",
    )
    portal_show_time = fields.Boolean(
        string="Show Time to Customers",
        help="Customers see on the portal how long was worked on their tickets.",
    )

    open_count = fields.Integer(compute="_compute_counts", groups=TICKET_READERS)
    unassigned_count = fields.Integer(compute="_compute_counts", groups=TICKET_READERS)
    replied_count = fields.Integer(compute="_compute_counts", groups=TICKET_READERS)

    _days_positive = models.Constraint(
        "CHECK (auto_close_days >= 0 AND close_warning_days >= 0 AND reopen_days >= 0 "
        "AND csat_pause_days >= 0)",
        "Days cannot be negative.",
    )

    # ------------------------------------------------------------
    # Defaults and computes
    # ------------------------------------------------------------

    def _default_company_id(self):
        return self.env.company

    @api.model
    def _selection_lang(self):
        return self.env["res.lang"].get_installed()

    def _compute_counts(self):
        counts = defaultdict(lambda: [0, 0, 0])
        for team, has_replied, count, assigned in self.env["psa.ticket"]._read_group(
            [("team_id", "in", self.ids), ("is_open", "=", True)],
            ["team_id", "has_unread_reply"],
            ["__count", "user_id:count"],
        ):
            found = counts[team.id]
            found[0] += count
            found[1] += count - assigned
            found[2] += count if has_replied else 0
        for team in self:
            team.open_count, team.unassigned_count, team.replied_count = counts[team.id]

    @api.model
    def _get_default(self, company):
        """Return the first team of a company, one of the current user's if there is."""
        teams = self.search([("company_id", "=", company.id)])
        return (teams.filtered(lambda team: self.env.user in team.member_ids) or teams)[
            :1
        ]

    def _get_project(self):
        """Return the project that takes the work of this team's tickets."""
        self.ensure_one()
        project = self.sudo().project_id
        if project and project.allow_timesheets:
            return project.with_env(self.env)
        return self.company_id._psa_get_support_project()

    # ------------------------------------------------------------
    # Alias
    # ------------------------------------------------------------

    @api.model
    @tools.ormcache("team_id")
    def _get_mail_address(self, team_id):
        """Return the address that mail for a team is sent to, or False."""
        alias = self.sudo().browse(team_id).alias_id
        has_address = alias.alias_domain_id and alias.alias_name
        return has_address and alias.alias_full_name

    def _alias_get_creation_values(self):
        values = super()._alias_get_creation_values()
        values["alias_model_id"] = self.env["ir.model"]._get("psa.ticket").id
        if self.id:
            defaults = literal_eval(self.alias_defaults or "{}")
            values["alias_defaults"] = {**defaults, "team_id": self.id}
        return values

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        teams = super().create(vals_list)
        self.env.registry.clear_cache()  # stages by team
        return teams

    def copy_data(self, default=None):
        return [
            {"name": self.env._("%s (copy)", team.name), **vals}
            if "name" in (default or {})
            else {**vals, "name": self.env._("%s (copy)", team.name)}
            for team, vals in zip(self, super().copy_data(default), strict=True)
        ]

    def write(self, vals):
        if "company_id" in vals:
            self.filtered(
                lambda team: team.company_id.id != vals["company_id"]
            )._check_unused()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._check_unused()
        # A stage without teams would become everybody's.
        stages = self.env["psa.ticket.stage"].search([("team_ids", "in", self.ids)])
        stages.filtered(lambda stage: not stage.team_ids - self).action_archive()

    def _check_unused(self):
        """Raise a UserError when one of these teams has tickets."""
        # In sudo: also those of companies the administrator does not see now.
        tickets = self.env["psa.ticket"].sudo().with_context(active_test=False)
        used = tickets.search([("team_id", "in", self.ids)], limit=1)
        if used:
            raise UserError(
                self.env._(
                    "The team “%(team)s” has tickets: it stays in its company, and "
                    "cannot be deleted. Archive it instead.",
                    team=used.team_id.display_name,
                )
            )

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_open_tickets(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "psa_helpdesk.action_ticket_all"
        )
        return {
            **action,
            "display_name": self.name,
            "domain": [("team_id", "=", self.id)],
            "context": {"default_team_id": self.id, "search_default_open": 1},
        }

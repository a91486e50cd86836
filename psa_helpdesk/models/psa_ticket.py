# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import email_normalize

from .psa_ticket_stage import DONE_STATES, STATES, WAITING_STATES

DISPATCH = [
    ("unassigned", "Unassigned"),
    ("replied", "Customer Replied"),
    ("in_progress", "In Progress"),
    ("waiting", "Waiting"),
    ("done", "Done"),
]


class PsaTicket(models.Model):
    """A request of a customer, from its arrival to its end.

    Cut by concern: the conversation (``psa.ticket.mail``), from opening to closing
    (``psa.ticket.life``), how much it matters (``psa.ticket.priority``), who works on
    it (``psa.ticket.assignment``), the time it takes (``psa.ticket.time``), tickets
    it belongs to (``psa.ticket.kin``), tickets like it (``psa.ticket.similar``), its
    client at a glance (``psa.ticket.context``), what was promised
    (``psa.ticket.service.level``), the screens (``psa.ticket.board``)
    and what its customer sees (``psa.ticket.portal``).
    """

    _name = "psa.ticket"
    _description = "Ticket"
    _inherit = [
        "psa.ticket.guard",
        "psa.ticket.sla.board",
        "psa.ticket.service.level",
        "psa.ticket.stale",
        "psa.ticket.mail",
        "psa.ticket.work.report",
        "psa.ticket.closing",
        "psa.ticket.satisfaction",
        "psa.ticket.life",
        "psa.ticket.priority",
        "psa.ticket.assignment",
        "psa.ticket.queue",
        "psa.ticket.duplicate",
        "psa.ticket.time",
        "psa.ticket.kin",
        "psa.ticket.similar",
        "psa.ticket.context",
        "psa.ticket.board",
        "psa.ticket.portal",
        "portal.mixin",
        "mail.thread.cc",
        "mail.activity.mixin",
        "rating.mixin",
        "mail.tracking.duration.mixin",
        "psa.timer.mixin",
    ]
    _order = "priority desc, id desc"
    _rec_names_search = ["number", "name"]
    _check_company_auto = True
    _primary_email = "email_from"
    _track_duration_field = "stage_id"

    # What it is
    number = fields.Char(readonly=True, copy=False, index="trigram")
    name = fields.Char(string="Subject", required=True, tracking=True, index="trigram")
    description = fields.Html(sanitize_attributes=False)
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        precompute=True,
        required=True,
        index=True,
    )
    team_id = fields.Many2one(
        "psa.ticket.team",
        required=True,
        tracking=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self._default_team_id(),
    )
    user_id = fields.Many2one(
        "res.users",
        string="Assignee",
        tracking=True,
        index="btree_not_null",
        domain="[('share', '=', False)]",
        check_company=True,
    )
    type_id = fields.Many2one("psa.ticket.type", index="btree_not_null", tracking=True)
    kind = fields.Selection(related="type_id.kind")
    category_id = fields.Many2one(
        "psa.ticket.category", index="btree_not_null", check_company=True
    )
    tag_ids = fields.Many2many("psa.ticket.tag")
    channel = fields.Selection(
        [
            ("mail", "Mail"),
            ("portal", "Portal"),
            ("phone", "Phone"),
            ("web", "Web"),
            ("alert", "Alert"),
            ("manual", "Recorded"),
        ],
        required=True,
        default="manual",
        help="How the request came in.",
    )
    ticket_properties = fields.Properties(
        "Properties", definition="team_id.ticket_properties", copy=True
    )
    serial_number = fields.Char(
        index="trigram", help="Of the device the ticket is about, to find it by."
    )

    # For whom
    partner_id = fields.Many2one(
        "res.partner",
        string="Contact",
        tracking=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The person who needs help.",
    )
    client_id = fields.Many2one(
        "res.partner",
        compute="_compute_client_id",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The company that is served. It stays when the contact changes company.",
    )
    reported_by_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        help="Who opened the ticket on behalf of the contact.",
    )
    email_from = fields.Char(
        string="Email",
        compute="_compute_email_from",
        store=True,
        readonly=False,
        precompute=True,
        help="Where the customer wrote from; answers go there.",
    )
    email_normalized = fields.Char(
        compute="_compute_email_normalized",
        store=True,
        precompute=True,
        index="btree_not_null",
        export_string_translation=False,
    )
    partner_phone = fields.Char(related="partner_id.phone", string="Phone")

    # Where it stands
    stage_id = fields.Many2one(
        "psa.ticket.stage",
        compute="_compute_stage_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        tracking=True,
        index=True,
        ondelete="restrict",
        copy=False,
        domain="['|', ('team_ids', '=', False), ('team_ids', '=', team_id)]",
        group_expand="_read_group_stage_ids",
    )
    state = fields.Selection(
        STATES,
        compute="_compute_state",
        store=True,
        precompute=True,
        help="What the stage means, whatever its name.",
    )
    is_open = fields.Boolean(compute="_compute_state", store=True, precompute=True)
    is_waiting = fields.Boolean(
        compute="_compute_state",
        store=True,
        precompute=True,
        help="It is somebody else's turn: the customer's or a third party's.",
    )
    dispatch_state = fields.Selection(
        DISPATCH,
        string="Dispatch",
        compute="_compute_dispatch_state",
        store=True,
        precompute=True,
        group_expand="_read_group_dispatch_state",
        help="Who has to act next: a column of the dispatcher's board.",
    )
    color = fields.Integer(export_string_translation=False)
    active = fields.Boolean(default=True)
    # Nobody has rated a new ticket: to work that out later costs queries.
    rating_last_value = fields.Float(
        compute="_compute_rating_last_value", store=True, precompute=True
    )

    _number_unique = models.UniqueIndex(
        "(company_id, number)", "Two tickets of a company cannot have the same number."
    )
    _open_idx = models.Index("(user_id, priority DESC, id DESC) WHERE is_open IS TRUE")
    _list_idx = models.Index("(priority DESC, id DESC)")

    # ------------------------------------------------------------
    # Defaults and computes
    # ------------------------------------------------------------

    def _default_team_id(self):
        return self.env["psa.ticket.team"]._get_default(self.env.company)

    @api.depends("team_id")
    def _compute_company_id(self):
        for ticket in self:
            ticket.company_id = (
                ticket.team_id.company_id or ticket.company_id or self.env.company
            )

    @api.depends("partner_id")
    def _compute_client_id(self):
        for ticket in self:
            if ticket.partner_id:
                ticket.client_id = ticket.partner_id.commercial_partner_id
            else:
                ticket.client_id = ticket.client_id

    @api.depends("partner_id")
    def _compute_email_from(self):
        for ticket in self:
            ticket.email_from = ticket.email_from or ticket.partner_id.email_formatted

    @api.depends("email_from")
    def _compute_email_normalized(self):
        for ticket in self:
            ticket.email_normalized = email_normalize(ticket.email_from or "")

    @api.depends("team_id")
    def _compute_stage_id(self):
        stages = self.env["psa.ticket.stage"]
        for ticket in self:
            teams = ticket.stage_id.team_ids
            if not ticket.stage_id or (teams and ticket.team_id not in teams):
                ticket.stage_id = stages._get_stage(
                    ticket.team_id, ticket.state or "new"
                )
            else:
                ticket.stage_id = ticket.stage_id

    @api.depends("stage_id.state")
    def _compute_state(self):
        for ticket in self:
            ticket.state = ticket.stage_id.state or "new"
            ticket.is_open = ticket.state not in DONE_STATES
            ticket.is_waiting = ticket.state in WAITING_STATES

    @api.depends("is_open", "is_waiting", "user_id", "has_unread_reply")
    def _compute_dispatch_state(self):
        for ticket in self:
            if not ticket.is_open:
                ticket.dispatch_state = "done"
            elif not ticket.user_id:
                ticket.dispatch_state = "unassigned"
            elif ticket.has_unread_reply:
                ticket.dispatch_state = "replied"
            elif ticket.is_waiting:
                ticket.dispatch_state = "waiting"
            else:
                ticket.dispatch_state = "in_progress"

    @api.depends("number", "name")
    def _compute_display_name(self):
        for ticket in self:
            ticket.display_name = (
                f"[{ticket.number}] {ticket.name or ''}"
                if ticket.number
                else ticket.name
            )

    @api.model
    def _read_group_stage_ids(self, stages, domain):
        """Show the empty columns of the team that is looked at, too."""
        team_id = self.env.context.get("default_team_id")
        wanted = [("team_ids", "=", False)]
        if team_id:
            wanted = ["|", ("team_ids", "=", team_id), *wanted]
        return stages | stages.search(wanted)

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self._check_system_fields(vals_list, defaults=True)
        # A new ticket has no time; to work that out would cost a query.
        no_time = dict.fromkeys(("hours_spent", "hours_billable"), 0.0)
        tickets = super().create(
            self._add_numbers([{**vals, **no_time} for vals in vals_list])
        )
        timeless = tickets.browse(
            ticket.id
            for ticket, vals in zip(tickets, vals_list, strict=True)
            if not vals.get("timesheet_ids")
        )
        for name in no_time:
            self.env.remove_to_compute(self._fields[name], timeless)
        return tickets

    @api.model
    def _add_numbers(self, vals_list):
        """Give each ticket to be created its team and number: a query per company."""
        default_team_id = False
        by_company = defaultdict(list)
        for vals in vals_list:
            if not vals.get("team_id"):
                default_team_id = default_team_id or (
                    self.default_get(["team_id"]).get("team_id")
                )
                vals["team_id"] = default_team_id
            if not vals.get("number"):
                team = self.env["psa.ticket.team"].sudo().browse(vals["team_id"])
                by_company[team.company_id or self.env.company].append(vals)
        for company, numberless in by_company.items():
            numbers = company._psa_next_ticket_numbers(len(numberless))
            for vals, number in zip(numberless, numbers, strict=True):
                vals["number"] = number
        return vals_list

    def write(self, vals):
        self._check_system_fields([vals])
        if vals.get("team_id"):
            # In sudo: who hands a ticket over need not see the other team.
            team = self.env["psa.ticket.team"].sudo().browse(vals["team_id"])
            self._check_team(team)
            if "stage_id" not in vals and (lost := self._get_lost(team)):
                for stage, tickets in lost.items():
                    tickets.write({**vals, "stage_id": stage.id})
                return (self - self.concat(*lost.values())).write(vals)
        result = super().write(vals)
        if "client_id" in vals or "partner_id" in vals:
            self._move_entries_to_client()
        return result

    def _get_lost(self, team):
        """Return {stage of the team: tickets whose own stage it does not have}."""
        lost = defaultdict(self.browse)
        stages = self.env["psa.ticket.stage"]
        for ticket in self:
            teams = ticket.stage_id.sudo().team_ids
            if teams and team not in teams:
                lost[stages._get_stage(team, ticket.state)] |= ticket
        return lost

    def copy_data(self, default=None):
        return [
            {**vals, "name": self.env._("%s (copy)", ticket.name)}
            if "name" not in (default or {})
            else vals
            for ticket, vals in zip(self, super().copy_data(default), strict=True)
        ]

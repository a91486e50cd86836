# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from collections import defaultdict
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError

from .psa_ticket_stage import DONE_STATES


class PsaTicketLife(models.AbstractModel):
    """From opening to closing: what moving a ticket to another stage means."""

    _name = "psa.ticket.life"
    _description = "Life of a Ticket"

    resolution = fields.Html(
        copy=False, help="What was wrong and what was done; the customer reads it."
    )
    cause_id = fields.Many2one("psa.ticket.cause", copy=False, tracking=True)
    opened_at = fields.Datetime(
        string="Opened",
        default=fields.Datetime.now,
        required=True,
        readonly=True,
        copy=False,
        help="When the request came in.",
    )
    resolved_at = fields.Datetime(
        string="Resolved", readonly=True, copy=False, help="Empty again when reopened."
    )
    closed_at = fields.Datetime(
        string="Closed", readonly=True, copy=False, help="Empty again when reopened."
    )
    close_warned_at = fields.Datetime(
        readonly=True,
        copy=False,
        export_string_translation=False,
        help="When the customer was told that the ticket will be closed.",
    )
    reopen_count = fields.Integer(
        string="Reopened", readonly=True, copy=False, help="How often it came back."
    )
    reopened_at = fields.Datetime(
        string="Last Reopened", readonly=True, copy=False, help="When it came back."
    )
    no_time_reason = fields.Char(
        string="Why Without Time",
        copy=False,
        help="Why the ticket was resolved although nobody recorded time on it.",
    )
    checklist_ids = fields.One2many("psa.ticket.checklist.item", "ticket_id", copy=True)
    checklist_progress = fields.Float(compute="_compute_checklist_progress")

    @api.depends("checklist_ids.is_done")
    def _compute_checklist_progress(self):
        for ticket in self:
            items = ticket.checklist_ids
            done = len(items.filtered("is_done"))
            ticket.checklist_progress = 100.0 * done / len(items) if items else 0.0

    # ------------------------------------------------------------
    # Moving
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        tickets = super().create(vals_list)
        tickets._add_type_checklists()
        for state, born in tickets.grouped("state").items():
            if state in DONE_STATES:
                born._check_born_done(state)
        groups = defaultdict(self.browse)
        for ticket in tickets.filtered(lambda ticket: not ticket.is_open):
            values = ticket._prepare_end_values(ticket.state)
            if ticket.resolved_at and ticket.state != "cancelled":
                # Known from another system.
                values.pop("resolved_at", None)
            groups[tuple(values.items())] |= ticket
        for values, born in groups.items():
            # In sudo: nobody sets these by hand.
            born.sudo().write(dict(values))
        return tickets

    def _check_born_done(self, state):
        """Refuse new tickets that are resolved without time and without a reason.

        :raise UserError: unless an administrator imports them
        """
        if state == "cancelled" or self._may_set_system_fields():
            return
        self._check_checklist()
        if self.filtered(
            lambda ticket: not (ticket.no_time_reason or ticket.timesheet_ids)
        ):
            raise UserError(
                self.env._("Save the ticket as new first, then resolve it.")
            )

    def write(self, vals):
        stages = self.env["psa.ticket.stage"]
        stage = stages.browse(vals.get("stage_id") or [])
        moved = self.filtered(lambda ticket: stage and ticket.stage_id != stage)
        moved._check_may_enter(stage, vals)
        # What has to be written beside the stage differs by where a ticket comes from.
        groups = defaultdict(lambda: self.browse())
        for ticket in moved:
            groups[tuple(ticket._prepare_move_values(stage.state).items())] |= ticket
        result = super(PsaTicketLife, self - moved).write(vals)
        for added, tickets in groups.items():
            result = super(PsaTicketLife, tickets).write({**dict(added), **vals})
        if vals.get("type_id"):
            # A mail has no type until somebody chooses it.
            self._add_type_checklists()
        return result

    def _prepare_move_values(self, state):
        """Return what entering a stage of this state changes on the ticket.

        Extend: add your values (an SLA clock that stops, for one). They have to be
        hashable: tickets with equal ones are written together.

        :raise UserError: when a duplicate that was merged would go on by itself
        """
        self.ensure_one()
        if self.merged_into_id and (
            state not in DONE_STATES or self.state in DONE_STATES
        ):
            raise UserError(
                self.env._(
                    "%(ticket)s goes on as %(target)s. Work on that one.",
                    ticket=self.display_name,
                    target=self.merged_into_id.display_name,
                )
            )
        if state in DONE_STATES:
            return self._prepare_end_values(state)
        if self.state not in DONE_STATES:
            return {}
        return {
            "resolved_at": False,
            "closed_at": False,
            "close_warned_at": False,
            "reopen_count": self.reopen_count + 1,
            "reopened_at": fields.Datetime.now(),
        }

    def _prepare_end_values(self, state):
        """Return when the ticket was resolved and closed, if it gets this state now."""
        now = fields.Datetime.now()
        values = {
            "has_unread_reply": False,
            "closed_at": False if state == "resolved" else self.closed_at or now,
        }
        if state == "cancelled":
            values["resolved_at"] = False
        elif state == "resolved" or not self.resolved_at:
            values["resolved_at"] = now
        return values

    def _check_may_enter(self, stage, vals):
        """Refuse to end tickets with open mandatory steps or without any time.

        :raise UserError: when mandatory items are open
        :raise RedirectWarning: without time, offering the dialog that asks for it
        """
        if not self or stage.state not in ("resolved", "closed"):
            return
        ending = self._get_unresolved()
        ending._check_checklist()
        if vals.get("no_time_reason"):
            return
        silent = ending.filtered(
            lambda ticket: not ticket.hours_spent and not ticket.no_time_reason
        )
        if silent:
            raise RedirectWarning(
                self.env._(
                    "Nobody recorded time on %(tickets)s. Record it, or say why there "
                    "is none.",
                    tickets=", ".join(silent[:5].mapped("number")),
                ),
                self.env["ir.model.data"]._xmlid_to_res_id(
                    "psa_helpdesk.action_ticket_resolve"
                ),
                self.env._("Resolve…"),
                {"active_ids": silent.ids, "active_id": silent[0].id},
            )

    def _check_checklist(self):
        """Raise a UserError when a mandatory item of these tickets is open."""
        item = self.env["psa.ticket.checklist.item"].search(
            [
                ("ticket_id", "in", self.ids),
                ("is_mandatory", "=", True),
                ("is_done", "=", False),
            ],
            limit=1,
        )
        if item:
            raise UserError(
                self.env._(
                    "%(ticket)s cannot be resolved while “%(item)s” is open.",
                    ticket=item.ticket_id.display_name,
                    item=item.name,
                )
            )

    def _get_unresolved(self):
        """Return those that were not solved: open ones, and cancelled ones."""
        return self.filtered(lambda ticket: ticket.state not in ("resolved", "closed"))

    def _is_over(self):
        """Was the ticket closed longer ago than its team takes tickets back?"""
        self.ensure_one()
        if self.is_open or not self.closed_at:
            return False
        days = timedelta(days=self.team_id.reopen_days)
        return self.closed_at + days < fields.Datetime.now()

    def _move_to(self, state, **vals):
        """Move the tickets to the stage their team has for a state."""
        stages = self.env["psa.ticket.stage"]
        for team, tickets in self.grouped("team_id").items():
            stage = stages._get_stage(team, state)
            tickets.write({**vals, "stage_id": stage.id})

    def _resolve(self, resolution, cause, tell_customer=False):
        """Resolve tickets; their time, or the reason without, is there already.

        :param resolution: HTML, or empty to keep what was written before
        :param tell_customer: send the resolution as a message
        """
        values = {"cause_id": cause.id} if cause else {}
        if resolution:
            values["resolution"] = resolution
        ending = self._get_unresolved()
        if tell_customer:
            for ticket in ending:
                ticket.message_post(
                    body=Markup(resolution),
                    message_type="comment",
                    subtype_xmlid="mail.mt_comment",
                )
        ending._move_to("resolved", **values)

    def _reopen(self):
        """Put resolved, closed or cancelled tickets back to work."""
        done = self.filtered(lambda ticket: not ticket.is_open)
        done.filtered("user_id")._move_to("in_progress")
        done.filtered(lambda ticket: not ticket.user_id)._move_to("new")

    def _add_type_checklists(self):
        """Give tickets without steps those their type asks for."""
        groups = self.grouped(lambda ticket: (ticket.type_id, ticket.company_id))
        for (ticket_type, company), tickets in groups.items():
            # In sudo: a type is for all companies, its template may be another one's.
            template = ticket_type.sudo().template_id
            is_ours = template.company_id in (company, company.browse())
            if is_ours and template.checklist_ids:
                for ticket in tickets.filtered(lambda ticket: not ticket.checklist_ids):
                    ticket.checklist_ids = template._prepare_checklist_commands()

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_resolve(self):
        """Open the dialog that asks for the resolution, the cause and the time."""
        return {
            **self.env["ir.actions.actions"]._for_xml_id(
                "psa_helpdesk.action_ticket_resolve"
            ),
            "context": {"active_ids": self.ids, "active_id": self[:1].id},
        }

    def action_reopen(self):
        self._reopen()

    def action_wait_client(self):
        self.filtered("is_open")._move_to("waiting_client")

    def action_cancel(self):
        self._move_to("cancelled")

    def action_start_work(self):
        self.filtered("is_open")._move_to("in_progress")

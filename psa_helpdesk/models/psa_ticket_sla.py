# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools.sla import SlaTimer
from .psa_sla_target import KINDS

OPEN_STATES = ("running", "paused")


class PsaTicketSla(models.Model):
    """A target of a ticket: its clock, and what came of it.

    Rows are written by ``SlaSync`` and by the job only. Durations are working seconds
    of the row's own clock, instants UTC.
    """

    _name = "psa.ticket.sla"
    _inherit = ["psa.ticket.sla.result", "psa.ticket.sla.timeline"]
    _description = "SLA of a Ticket"
    _order = "ticket_id desc, kind, cycle"
    _log_access = False
    _rec_name = "kind"

    ticket_id = fields.Many2one(
        "psa.ticket", required=True, index=True, ondelete="cascade"
    )
    kind = fields.Selection(KINDS, string="Promise", required=True)
    cycle = fields.Integer(
        string="Round", required=True, help="Reopened tickets start a new one."
    )
    policy_id = fields.Many2one(
        "psa.sla.policy", index="btree_not_null", ondelete="set null"
    )
    target_id = fields.Many2one(
        "psa.sla.target", index="btree_not_null", ondelete="set null"
    )
    calendar_id = fields.Many2one(
        "resource.calendar",
        string="Hours of Service",
        index="btree_not_null",
        ondelete="set null",
    )
    around_the_clock = fields.Boolean(string="24×7")
    target_seconds = fields.Integer(required=True)
    state = fields.Selection(
        [
            ("running", "Running"),
            ("paused", "Paused"),
            ("reached", "Reached"),
            ("stopped", "Stopped"),
        ],
        required=True,
        help="Stopped: nothing was promised any more, so it counts neither as met nor "
        "as missed, unless it was missed already.",
    )
    started_at = fields.Datetime(string="Started", required=True)
    elapsed = fields.Integer(
        export_string_translation=False,
        help="Working seconds used before it last began to run.",
    )
    running_since = fields.Datetime(export_string_translation=False)
    paused_since = fields.Datetime()
    paused = fields.Integer(
        export_string_translation=False,
        help="Working seconds it stood still, without the current pause.",
    )
    deadline = fields.Datetime(help="Empty while it is paused, or never comes.")
    reached_at = fields.Datetime(string="Reached")
    stopped_at = fields.Datetime(string="Stopped")
    breached_at = fields.Datetime(
        string="Missed", help="When the time was over; it stays."
    )
    warned_percent = fields.Integer(
        export_string_translation=False, help="The highest threshold told so far."
    )
    next_check_at = fields.Datetime(
        export_string_translation=False,
        help="When the job has to look at it: a threshold or the deadline.",
    )
    waived_at = fields.Datetime(string="Waived", help="It does not count as missed.")
    waived_by_id = fields.Many2one("res.users", ondelete="set null")
    waive_reason = fields.Char()

    # As the ticket has them, to filter and group by.
    company_id = fields.Many2one(related="ticket_id.company_id")
    client_id = fields.Many2one(related="ticket_id.client_id")
    team_id = fields.Many2one(related="ticket_id.team_id")
    user_id = fields.Many2one(related="ticket_id.user_id")

    _cycle_unique = models.UniqueIndex("(ticket_id, kind, cycle)")
    _open_unique = models.UniqueIndex(
        "(ticket_id, kind) WHERE state IN ('running', 'paused')"
    )
    _due_idx = models.Index("(next_check_at) WHERE next_check_at IS NOT NULL")

    # ------------------------------------------------------------
    # Clock
    # ------------------------------------------------------------

    def _get_timer(self):
        self.ensure_one()
        return SlaTimer(
            self.target_seconds,
            self.started_at,
            self.elapsed,
            self.running_since or None,
            self.paused_since or None,
            self.paused,
            self.reached_at or None,
            self.stopped_at or None,
            self.breached_at or None,
        )

    # ------------------------------------------------------------
    # Waiving
    # ------------------------------------------------------------

    def action_waive(self):
        """Ask for the reason why these targets shall not count."""
        return {
            **self.env["ir.actions.actions"]._for_xml_id(
                "psa_helpdesk.action_ticket_sla_waive"
            ),
            "context": {"default_sla_ids": self.ids},
        }

    def _waive(self, reason):
        """Let these targets not count; the ones that run end.

        :raise AccessError: unless the user is a service manager
        :raise UserError: without a reason
        """
        if not self.env.su and not self.env.user.has_group(
            "psa_core.group_psa_manager"
        ):
            raise AccessError(self.env._("Only service managers waive an SLA."))
        self.check_access("read")
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why the SLA does not count."))
        # In sudo: nobody has the right to write rows.
        rows = self.sudo().filtered(lambda row: not row.waived_at)
        rows.lock_for_update()
        now = fields.Datetime.now()
        rows.write(
            {
                "waived_at": now,
                "waived_by_id": self.env.uid,
                "waive_reason": reason,
            }
        )
        sync = self.env["psa.ticket"]._get_sla_sync(rows.ticket_id, now)
        sync.waive(rows.ids, reason)
        rows.ticket_id._refresh_is_sla_breached()

    # ------------------------------------------------------------
    # Rows are nobody's to write
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self._check_system()
        return super().create(vals_list)

    def write(self, vals):
        self._check_system()
        return super().write(vals)

    def _check_system(self):
        if not self.env.su:
            raise AccessError(self.env._("SLA results are worked out and stay."))

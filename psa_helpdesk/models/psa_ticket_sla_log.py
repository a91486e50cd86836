# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError

from .psa_sla_target import KINDS


class PsaTicketSlaLog(models.Model):
    """What happened to an SLA, line by line. Lines are added, never changed."""

    _name = "psa.ticket.sla.log"
    _description = "SLA Log"
    _order = "ticket_id desc, at, id"
    _log_access = False
    _rec_name = "event"

    ticket_id = fields.Many2one(
        "psa.ticket", required=True, index=True, ondelete="cascade"
    )
    kind = fields.Selection(KINDS, string="Promise", required=True)
    cycle = fields.Integer(string="Round", required=True)
    event = fields.Selection(
        [
            ("start", "Started"),
            ("pause", "Paused"),
            ("resume", "Resumed"),
            ("change", "Changed"),
            ("warn", "Warned"),
            ("reach", "Reached"),
            ("breach", "Missed"),
            ("stop", "Stopped"),
            ("waive", "Waived"),
        ],
        required=True,
    )
    at = fields.Datetime(string="When", required=True)
    deadline = fields.Datetime(help="As it was from then on.")
    detail = fields.Char()
    user_id = fields.Many2one("res.users", string="By", ondelete="set null")
    company_id = fields.Many2one(related="ticket_id.company_id")

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(self.env._("The SLA log writes itself."))
        return super().create(vals_list)

    def write(self, vals):  # pylint: disable=method-required-super
        raise AccessError(self.env._("The SLA log is not changed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise AccessError(self.env._("The SLA log is not changed."))

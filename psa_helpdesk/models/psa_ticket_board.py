# Copyright 2026 PSA for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

#: as default_order of a view: the order in which tickets should be served
QUEUE_ORDER = "queue"


class PsaTicketBoard(models.AbstractModel):
    """What the lists and boards of tickets need beside the tickets themselves."""

    _name = "psa.ticket.board"
    _description = "Boards of Tickets"

    incident_count = fields.Integer(compute="_compute_incident_count")

    @api.depends("incident_ids")
    def _compute_incident_count(self):
        counts = dict(
            self._read_group(
                [("problem_id", "in", self.ids)], ["problem_id"], ["__count"]
            )
        )
        for ticket in self:
            ticket.incident_count = counts.get(ticket._origin, 0)

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        arch, view = super()._get_view(view_id, view_type, **options)
        if arch.get("default_order") == QUEUE_ORDER:
            # Said once: an addon that knows what presses more changes all screens.
            arch.set("default_order", self._get_queue_order())
        return arch, view

    @api.model
    def _read_group_dispatch_state(self, values, domain):
        """Show the dispatcher's empty columns; finished tickets are not dispatched."""
        order = self._fields["dispatch_state"].get_values(self.env)
        return [value for value in order if value != "done" or value in values]

    @api.model
    @api.readonly
    def get_board_counters(self):
        """Return what a dispatcher should know first, for the head of the board.

        Extend: add yours (tickets at risk).

        :return: a list of ``{"name", "label", "count", "action"}``
        """
        action = self.env["ir.actions.actions"]._for_xml_id
        unknown = [("is_open", "=", True), ("is_unknown_sender", "=", True)]
        held = [("decision", "=", "held")]
        return [
            {
                "name": "unknown_sender",
                "label": self.env._("Unknown senders"),
                "count": self.search_count(unknown),
                "action": action("psa_helpdesk.action_ticket_triage"),
            },
            {
                "name": "held_mail",
                "label": self.env._("Held mail"),
                "count": self.env["psa.incoming.mail"].search_count(held),
                "action": action("psa_helpdesk.action_incoming_mail_held"),
            },
        ]

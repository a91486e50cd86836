// Copyright 2026 PSA for Odoo contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import { mailModels } from "@mail/../tests/mail_test_helpers";
import { defineModels, fields, models } from "@web/../tests/web_test_helpers";

export class Ticket extends models.Model {
    _name = "psa.ticket";

    name = fields.Char();
    opened_at = fields.Datetime();
    client_context = fields.Json();
    similar = fields.Json();
    sla_deadline = fields.Datetime();
    sla_kind = fields.Selection({ selection: [["resolution", "Resolution"]] });
    sla_timeline = fields.Json();
    is_sla_breached = fields.Boolean();
    is_sla_paused = fields.Boolean();
    related_ids = fields.Many2many({ relation: "psa.ticket" });
    dispatch_state = fields.Selection({
        selection: [
            ["unassigned", "Unassigned"],
            ["waiting", "Waiting"],
        ],
    });
}

/** Call it at the top of a file that shows tickets. */
export function defineTicketModels() {
    defineModels({ ...mailModels, Ticket });
}

// Copyright 2026 PSA for Odoo contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import { animationFrame, describe, expect, test } from "@odoo/hoot";
import { contains, mockService, mountView, onRpc } from "@web/../tests/web_test_helpers";
import { defineTicketModels, Ticket } from "./psa_helpdesk_test_helpers";

describe.current.tags("desktop");
defineTicketModels();

async function mountBoard() {
    Ticket._records = [{ id: 1, name: "Printer", dispatch_state: "unassigned" }];
    await mountView({
        type: "kanban",
        resModel: "psa.ticket",
        groupBy: ["dispatch_state"],
        arch: `
            <kanban js_class="psa_dispatch_kanban" records_draggable="0">
                <templates><t t-name="card"><field name="name"/></t></templates>
            </kanban>`,
    });
    await animationFrame();
}

test("what waits outside of the columns, without zeros", async () => {
    mockService("action", { doAction: (action) => expect.step(action) });
    onRpc("psa.ticket", "get_board_counters", () => [
        { name: "unknown", label: "Unknown senders", count: 2, action: "triage" },
        { name: "held", label: "Held mail", count: 0, action: "held" },
    ]);
    await mountBoard();
    expect(".o_psa_board_counters button").toHaveCount(1);
    expect(".o_psa_board_counters button").toHaveText("2\nUnknown senders");
    await contains(".o_psa_board_counters button").click();
    expect.verifySteps(["triage"]);
    expect(".o_kanban_record:not(.o_kanban_ghost)").toHaveText("Printer");
});

test("nothing waits: no bar at all", async () => {
    onRpc("psa.ticket", "get_board_counters", () => []);
    await mountBoard();
    expect(".o_psa_board_counters").toHaveCount(0);
});

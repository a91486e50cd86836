// Copyright 2026 PSA for Odoo contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import { describe, expect, queryAllTexts, test } from "@odoo/hoot";
import { contains, mockService, mountView } from "@web/../tests/web_test_helpers";
import { defineTicketModels, Ticket } from "./psa_helpdesk_test_helpers";

describe.current.tags("desktop");
defineTicketModels();

const row = (label, kind, value, more = {}) => ({ label, kind, value, action: false, ...more });

async function mountTicket(client_context) {
    Ticket._records = [{ id: 1, name: "Printer", client_context }];
    await mountView({
        type: "form",
        resModel: "psa.ticket",
        resId: 1,
        arch: `<form><field name="client_context" widget="psa_client_context"/></form>`,
    });
}

test("rows in one line, those with an action open it", async () => {
    mockService("action", { doAction: (action) => expect.step(action.res_model) });
    await mountTicket([
        row("Class", "text", "Gold"),
        row("Other open tickets", "integer", 3, { action: { res_model: "psa.ticket" } }),
        row("Last rating", "text", "Unhappy", { warn: true }),
    ]);
    expect(queryAllTexts(".o_psa_context_row")).toEqual([
        "Class\nGold",
        "Other open tickets\n3",
        "Last rating\nUnhappy",
    ]);
    expect(".o_psa_context_row.o_psa_summary_warn").toHaveText(/Unhappy/);
    await contains("span.o_psa_context_row:first").click();
    await contains("button.o_psa_context_row").click();
    expect.verifySteps(["psa.ticket"]);
});

test("a client nobody knows anything about takes no room", async () => {
    await mountTicket([]);
    expect(".o_psa_context").toHaveCount(0);
});

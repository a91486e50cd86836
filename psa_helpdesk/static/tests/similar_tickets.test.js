// Copyright 2026 PSA for Odoo contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import { animationFrame, describe, expect, test } from "@odoo/hoot";
import { contains, mockService, mountView, onRpc } from "@web/../tests/web_test_helpers";
import { defineTicketModels, Ticket } from "./psa_helpdesk_test_helpers";

describe.current.tags("desktop");
defineTicketModels();

const similar = (values) => ({
    id: 2,
    number: "T00002",
    name: "Prints blank",
    client: "Bianchi",
    state: "closed",
    state_label: "Closed",
    resolution: "Ribbon turned over",
    resolved: "2026-02-02 10:00:00",
    ...values,
});

async function mountTicket(tickets) {
    Ticket._records = [
        { id: 1, name: "Printer", similar: tickets, related_ids: [] },
        { id: 2, name: "Prints blank" },
        { id: 3, name: "Does not print" },
    ];
    await mountView({
        type: "form",
        resModel: "psa.ticket",
        resId: 1,
        arch: `<form><field name="name"/><widget name="psa_similar_tickets"/></form>`,
    });
    await animationFrame();
}

test("similar tickets: open one, take over its resolution, mark one as related", async () => {
    mockService("action", {
        doAction: (action) => expect.step(action.res_id || action),
    });
    onRpc("psa.ticket", "action_use_resolution", ({ args }) => {
        expect.step(args);
        return "resolve dialog";
    });
    onRpc("psa.ticket", "write", ({ args }) => {
        expect.step(args);
        return true;
    });
    await mountTicket([
        similar(),
        similar({ id: 3, number: "T00003", name: "Does not print", resolution: "" }),
    ]);
    expect(".o_psa_similar .list-group-item").toHaveCount(2);
    expect(".o_psa_similar details").toHaveCount(1);
    await contains(".o_psa_similar .btn-link:first").click();
    await contains(".o_psa_use_resolution").click();
    await contains(".o_psa_link:last").click();
    await animationFrame();
    expect.verifySteps([2, [[1], 2], "resolve dialog", [[1], { related_ids: [[4, 3, false]] }]]);
    expect(".o_psa_link").toHaveCount(1);
});

test("nothing like it", async () => {
    await mountTicket([]);
    expect(".o_psa_similar").toHaveText("No ticket like this one was found.");
});

// Copyright 2026 PSA for Odoo contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import { describe, expect, mockDate, queryAll, queryAllTexts, test } from "@odoo/hoot";
import { contains, mockService, mountView, onRpc } from "@web/../tests/web_test_helpers";
import { defineTicketModels, Ticket } from "./psa_helpdesk_test_helpers";

describe.current.tags("desktop");
defineTicketModels();

const event = (event, label, at, used) => ({ event, label, at, used, by: "", detail: "" });

function target(values) {
    return {
        id: 1,
        label: "Resolution",
        kind: "resolution",
        cycle: 1,
        state: "running",
        result: "running",
        result_label: "Running",
        policy: "Business Hours",
        hours: "Monday to Friday",
        target: 8 * 3600,
        used: 2 * 3600,
        deadline: "2026-03-02 15:00:30",
        waive_reason: "",
        may_waive: false,
        events: [event("start", "Started", "2026-03-02 07:00:00", 0)],
        ...values,
    };
}

async function mountTimeline(sla_timeline) {
    mockDate("2026-03-02 09:00:00", +0);
    Ticket._records = [{ id: 1, name: "Printer", sla_timeline }];
    await mountView({
        type: "form",
        resModel: "psa.ticket",
        resId: 1,
        arch: `<form><field name="sla_timeline" widget="psa_sla_timeline"/></form>`,
    });
}

const width = (selector) => queryAll(selector)[0].style.width;
const lefts = () => queryAll(".o_psa_sla_mark").map((mark) => mark.style.left);

test("a target that runs", async () => {
    await mountTimeline([
        target({
            events: [
                event("start", "Started", "2026-03-02 07:00:00", 0),
                event("pause", "Paused", "2026-03-02 08:00:00", 3600),
                event("resume", "Resumed", "2026-03-02 08:30:00", 3600),
                event("warn", "Warned", "2026-03-02 08:45:00", 5400),
            ],
        }),
    ]);
    expect(width(".o_psa_sla_fill")).toBe("25%");
    expect(".o_psa_sla_over").toHaveCount(0);
    // What happened in the same place of the bar is one mark; warnings are in the log only.
    expect(lefts()).toEqual(["0%", "12.5%"]);
    expect(".o_psa_sla_mark:last").toHaveAttribute("data-tooltip", /Paused.*\nResumed/);
    expect(".o_psa_sla_bar[role=img]").toHaveAttribute(
        "aria-label",
        "Resolution: Running, 2 h of 8 h (25 %), 6 h left"
    );
    await contains(".o_psa_sla_row summary").click();
    expect(queryAllTexts(".o_psa_sla_row tbody tr td:nth-child(2)")).toEqual([
        "Started",
        "Paused",
        "Resumed",
        "Warned",
    ]);
    expect(".o_psa_sla_waive").toHaveCount(0);
});

test("a missed target: the bar goes on behind what was promised", async () => {
    await mountTimeline([
        target({
            state: "reached",
            result: "missed",
            result_label: "Missed",
            used: 16 * 3600,
            deadline: false,
            events: [
                event("start", "Started", "2026-02-27 07:00:00", 0),
                event("breach", "Missed", "2026-02-27 15:00:00", 8 * 3600),
                event("reach", "Reached", "2026-03-01 15:00:00", 16 * 3600),
            ],
        }),
    ]);
    expect(width(".o_psa_sla_fill")).toBe("50%");
    expect(".o_psa_sla_over").toHaveCount(1);
    expect(lefts()).toEqual(["0%", "50%", "100%"]);
    expect(".badge.text-bg-danger").toHaveText("Missed");
});

test("earlier rounds are folded away", async () => {
    await mountTimeline([
        target({ id: 3, cycle: 2 }),
        target({ id: 2, kind: "first_response", label: "First Response" }),
        target({ id: 1 }),
    ]);
    expect(".o_psa_sla_timeline > .o_psa_sla_row").toHaveCount(2);
    expect(".o_psa_sla_timeline > details .o_psa_sla_row").toHaveCount(1);
    expect(".o_psa_sla_row:first").toHaveText(/round 2/);
});

test("a manager waives one", async () => {
    onRpc("psa.ticket.sla", "action_waive", ({ args }) => {
        expect.step(args[0]);
        return { res_model: "psa.ticket.sla.waive" };
    });
    mockService("action", { doAction: (action) => expect.step(action.res_model) });
    await mountTimeline([target({ id: 7, may_waive: true })]);
    await contains(".o_psa_sla_waive").click();
    expect.verifySteps([[7], "psa.ticket.sla.waive"]);
});

test("nothing is promised", async () => {
    await mountTimeline([]);
    expect(".o_psa_sla_timeline").toHaveText("Nothing is promised for a ticket like this one.");
});

// Copyright 2026 PSA for Odoo contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import { advanceTime, animationFrame, describe, expect, mockDate, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { makeMockEnv, mountView, onRpc } from "@web/../tests/web_test_helpers";
import { defineTicketModels, Ticket } from "./psa_helpdesk_test_helpers";
import { formatSpan, formatWork } from "@psa_helpdesk/backend/sla_clock";

describe.current.tags("desktop");
defineTicketModels();

// Half a minute more than is shown: the test itself takes part of a second.
const ARCH = `<list><field name="name"/><field name="sla_deadline" widget="psa_sla_deadline"/></list>`;

function ticket(id, values) {
    return { id, name: `Ticket ${id}`, sla_kind: "resolution", ...values };
}

test("as exact as it still matters", async () => {
    await makeMockEnv(); // translations
    const minutes = [0.9, 59, 60, 80, 10 * 60 + 5, 47 * 60, 48 * 60];
    expect(minutes.map((value) => formatSpan(value).toString())).toEqual([
        "0 min",
        "59 min",
        "1 h",
        "1 h 20 min",
        "10 h",
        "47 h",
        "2 d",
    ]);
    expect([59, 3600, 190 * 60 + 59].map((value) => formatWork(value).toString())).toEqual([
        "0 min",
        "1 h",
        "3 h 10 min",
    ]);
});

test("left, at risk, late, paused, missed, nothing promised", async () => {
    mockDate("2026-03-02 09:00:00", +0);
    Ticket._records = [
        ticket(1, { sla_deadline: "2026-03-02 12:30:30" }),
        ticket(2, { sla_deadline: "2026-03-02 10:20:30" }),
        ticket(3, { sla_deadline: "2026-03-02 08:39:30", is_sla_breached: true }),
        ticket(4, { is_sla_paused: true }),
        ticket(5, { is_sla_breached: true }),
        ticket(6, { sla_kind: false }),
    ];
    await mountView({ type: "list", resModel: "psa.ticket", arch: ARCH });
    expect(queryAllTexts("td[name=sla_deadline]")).toEqual([
        "3 h 30 min left",
        "1 h 20 min left",
        "20 min late",
        "Paused",
        "Missed",
        "",
    ]);
    expect(".o_psa_sla_deadline.o_psa_sla_fine").toHaveCount(1);
    expect(".o_psa_sla_deadline.o_psa_sla_soon").toHaveText("1 h 20 min left");
    expect(".o_psa_sla_deadline.o_psa_sla_late").toHaveCount(2);
    expect(".o_psa_sla_deadline.o_psa_sla_paused").toHaveText("Paused");
    expect(".o_psa_sla_deadline:first").toHaveAttribute("title", /Resolution until .*12:30/);
});

test("another target that was missed is not forgotten", async () => {
    mockDate("2026-03-02 09:00:00", +0);
    Ticket._records = [
        ticket(1, { sla_deadline: "2026-03-02 12:30:30", is_sla_breached: true }),
        ticket(2, { is_sla_paused: true, is_sla_breached: true }),
        ticket(3, { sla_deadline: "2026-03-02 08:39:30", is_sla_breached: true }),
    ];
    await mountView({ type: "list", resModel: "psa.ticket", arch: ARCH });
    expect(".fa-exclamation-triangle[role=img][aria-label]").toHaveCount(2);
});

test("it counts down each minute and asks nobody", async () => {
    mockDate("2026-03-02 09:00:00", +0);
    Ticket._records = [ticket(1, { sla_deadline: "2026-03-02 09:01:30" })];
    await mountView({ type: "list", resModel: "psa.ticket", arch: ARCH });
    onRpc(() => expect.step("rpc"));
    expect(".o_psa_sla_deadline").toHaveText("1 min left");
    await advanceTime(60_000);
    await animationFrame();
    expect(".o_psa_sla_deadline").toHaveText("0 min left");
    await advanceTime(60_000);
    await animationFrame();
    expect(".o_psa_sla_deadline").toHaveText("0 min late");
    expect(".o_psa_sla_deadline").toHaveClass("o_psa_sla_late");
    expect.verifySteps([]);
});

test("on the form it says what is due", async () => {
    mockDate("2026-03-02 09:00:00", +0);
    Ticket._records = [ticket(1, { sla_deadline: "2026-03-02 10:20:30" })];
    await mountView({
        type: "form",
        resModel: "psa.ticket",
        resId: 1,
        arch: `<form><field name="sla_deadline" widget="psa_sla_deadline" options="{'with_kind': True}"/></form>`,
    });
    expect(".o_psa_sla_deadline").toHaveText("Resolution: 1 h 20 min left");
});

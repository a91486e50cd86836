// Copyright 2026 PSA for Odoo contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import { animationFrame, describe, expect, press, test, waitFor } from "@odoo/hoot";
import { session } from "@web/session";
import {
    contains,
    getService,
    mountView,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import {
    definePsaModels,
    makeForgottenTimer,
    makePausedTimer,
    makeTimer,
    makeWidgetData,
    mockWidgetData,
    WorkEntry,
} from "./psa_core_test_helpers";

describe.current.tags("desktop");
definePsaModels();

// Any model will do: the button only looks at the model and id of its record.
WorkEntry._records = [{ id: 7, name: "Mail does not arrive" }];
const ON_RECORD = { res_model: "account.analytic.line", res_id: 7 };

async function mountForm() {
    await mountView({
        type: "form",
        resModel: "account.analytic.line",
        resId: 7,
        arch: `
            <form>
                <header><widget name="psa_timer_button" hotkey="t"/></header>
                <field name="name"/>
            </form>`,
    });
    await animationFrame();
}

test("start, pause, resume and stop the record's timer; its record is read again", async () => {
    const now = { timers: [] };
    onRpc("psa.timer", "get_widget_data", () => makeWidgetData(now));
    for (const [method, timers] of Object.entries({
        start_timer: [makeTimer(ON_RECORD)],
        pause_timer: [makePausedTimer(ON_RECORD)],
        resume_timer: [makeTimer(ON_RECORD)],
        stop_timer: [],
    })) {
        onRpc("psa.timer", method, ({ args }) => {
            expect.step([method, args[0]]);
            return makeWidgetData({ timers });
        });
    }
    onRpc("account.analytic.line", "web_read", () => {
        expect.step("web_read");
    });
    await mountForm();
    for (const button of ["start", "pause", "resume", "stop"]) {
        await contains(`.o_psa_timer_button .o_psa_timer_${button}`).click();
        await animationFrame();
    }
    expect.verifySteps([
        "web_read",
        ["start_timer", "account.analytic.line"],
        ["pause_timer", [1]],
        ["resume_timer", [1]],
        ["stop_timer", [1]],
        "web_read",
    ]);
    expect(".o_psa_timer_button .o_psa_timer_start").toHaveCount(1);
});

test("one key starts, stops, and goes on with a paused timer", async () => {
    onRpc("psa.timer", "get_widget_data", () => makeWidgetData());
    for (const [method, timers] of Object.entries({
        start_timer: [makeTimer(ON_RECORD)],
        stop_timer: [makePausedTimer(ON_RECORD)],
        resume_timer: [makeTimer(ON_RECORD)],
    })) {
        onRpc("psa.timer", method, () => {
            expect.step(method);
            return makeWidgetData({ timers });
        });
    }
    await mountForm();
    // The same key does what the button shows: it has to be on the screen.
    for (const shown of ["start", "stop", "resume"]) {
        await waitFor(`.o_psa_timer_${shown}:not([disabled])`);
        await press(["alt", "t"]);
    }
    await waitFor(".o_psa_timer_pause");
    expect.verifySteps(["start_timer", "stop_timer", "resume_timer"]);
});

test("a timer of another record does not count", async () => {
    mockWidgetData({ timers: [makeTimer({ res_model: "project.task", res_id: 7 })] });
    await mountForm();
    expect(".o_psa_timer_button .o_psa_timer_start").toHaveCount(1);
});

test("stopped in another tab: read again, unless something is being edited", async () => {
    const data = mockWidgetData({ timers: [makeTimer(ON_RECORD)] });
    onRpc("account.analytic.line", "web_read", () => {
        expect.step("web_read");
    });
    await mountForm();
    expect(".o_psa_timer_button .o_psa_clock").toHaveText("0:15:00");
    await contains("[name=name] input").edit("Edited");
    data.timers = [];
    await getService("psa_timer").refresh();
    await animationFrame();
    expect.verifySteps(["web_read"]);
    expect("[name=name] input").toHaveValue("Edited");
});

test("a forgotten timer is asked about in the menu", async () => {
    mockWidgetData({ timers: [makeForgottenTimer(ON_RECORD)] });
    await mountForm();
    getService("psa_timer").services.env.bus.addEventListener("PSA_TIMER:OPEN", () =>
        expect.step("open")
    );
    await contains(".o_psa_timer_ask").click();
    expect.verifySteps(["open"]);
});

test("users without the role see no button", async () => {
    patchWithCleanup(session, { psa_timer_enabled: false });
    await mountForm();
    expect(".o_psa_timer_button").toHaveCount(0);
});

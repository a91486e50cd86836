// Copyright 2026 PSA for Odoo contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import {
    advanceTime,
    animationFrame,
    describe,
    expect,
    press,
    queryAllTexts,
    queryText,
    runAllTimers,
    test,
} from "@odoo/hoot";
import { TimerSystray } from "@psa_core/timer/timer_systray";
import { registry } from "@web/core/registry";
import { session } from "@web/session";
import {
    contains,
    makeServerError,
    mockService,
    mountWithCleanup,
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
} from "./psa_core_test_helpers";

describe.current.tags("desktop");
definePsaModels();

const QUICK = ".o_psa_quick_entry";

async function mountSystray({ open = false } = {}) {
    await mountWithCleanup(TimerSystray);
    await animationFrame();
    if (open) {
        await contains(".o_psa_systray_button").click();
        await animationFrame();
    }
}

test("only users with the role have it", () => {
    const item = registry.category("systray").get("psa_core.timer");
    expect(item.isDisplayed()).toBe(true);
    patchWithCleanup(session, { psa_timer_enabled: false });
    expect(item.isDisplayed()).toBe(false);
});

test("idle: the hours recorded today", async () => {
    mockWidgetData();
    await mountSystray();
    expect(".o_psa_systray_button").toHaveText("5:30");
    expect(".o_psa_systray_button").toHaveAttribute("title", "Recorded today: 5:30 of 8:00");
    expect(".o_psa_systray_button.o_psa_is_running").toHaveCount(0);
});

test("running: the time and what it is for", async () => {
    mockWidgetData({ timers: [makeTimer()] });
    await mountSystray();
    expect(".o_psa_systray_button.o_psa_is_running").toHaveCount(1);
    expect(".o_psa_systray_button .o_psa_clock").toHaveText("0:15:00");
    expect(".o_psa_systray_name").toHaveText("Mail does not arrive");
    await advanceTime(2000);
    await animationFrame();
    expect(".o_psa_systray_button .o_psa_clock").toHaveText("0:15:02");
});

test("own tasks: one click starts a timer", async () => {
    const task = { res_model: "project.task", res_id: 7, name: "New server", client: "Bellini" };
    mockWidgetData({ suggestions: [task] });
    onRpc("psa.timer", "start_timer", ({ args }) => {
        expect.step(args);
        const timer = makeTimer({ res_model: task.res_model, res_id: task.res_id });
        return makeWidgetData({ suggestions: [task], timers: [timer] });
    });
    await mountSystray({ open: true });
    expect(".o_psa_suggestion").toHaveText("New server\nBellini");
    await contains(".o_psa_suggestion").click();
    await animationFrame();
    expect.verifySteps([["project.task", 7, ""]]);
    expect(".o_psa_suggestion").toHaveCount(0, { message: "it is listed with its timer" });
});

test("a user without employee is told why, and sees no form", async () => {
    mockWidgetData({ can_record: false, message: "Your user has no employee." });
    await mountSystray({ open: true });
    expect(".o_psa_menu").toHaveText("Your user has no employee.");
    expect(QUICK).toHaveCount(0);
});

test("the running timer: describe, pause, stop", async () => {
    mockWidgetData({ timers: [makeTimer()] });
    onRpc("psa.timer", "pause_timer", () => {
        expect.step("pause");
        return makeWidgetData({ timers: [makePausedTimer()] });
    });
    onRpc("psa.timer", "stop_timer", ({ kwargs }) => {
        expect.step(`stop: ${kwargs.description} ${kwargs.work_type_id}`);
        return makeWidgetData();
    });
    await mountSystray({ open: true });
    await contains(".o_psa_timer_description").edit("Profile rebuilt", { confirm: false });
    await contains(".o_psa_timer_work_type").select("2");

    // Closing the menu keeps what was typed.
    await contains(".o_psa_systray_button").click();
    await contains(".o_psa_systray_button").click();
    expect(".o_psa_timer_description").toHaveValue("Profile rebuilt");

    await contains(".o_psa_timer_pause").click();
    await animationFrame();
    expect(".o_psa_timer_paused .o_psa_clock").toHaveText("0:15:00");
    await contains(".o_psa_timer_paused .o_psa_timer_stop").click();
    await animationFrame();
    expect.verifySteps(["pause", "stop: Profile rebuilt 2"]);
    expect(".o_psa_timer_paused").toHaveCount(0);
});

test("a timer without record asks for the client, and may go without", async () => {
    mockWidgetData({
        timers: [
            makeTimer({ res_model: false, res_id: false, client_id: false, needs_client: true }),
        ],
    });
    onRpc("res.partner", "name_search", () => [[12, "Rossi"]]);
    onRpc("psa.timer", "stop_timer", ({ kwargs }) => {
        expect.step(`stop ${kwargs.client_id}`);
        return makeWidgetData();
    });
    await mountSystray({ open: true });
    await contains(".o_psa_timer_details .o-autocomplete--input").click();
    await runAllTimers();
    await contains(".o-autocomplete--dropdown-item:contains(Rossi)").click();
    await contains(".o_psa_timer_running .o_psa_timer_stop").click();
    await animationFrame();
    expect.verifySteps(["stop 12"]);
});

test("discarding a paused timer is asked about first", async () => {
    mockWidgetData({ timers: [makePausedTimer()] });
    onRpc("psa.timer", "discard_timer", () => {
        expect.step("discard");
        return makeWidgetData();
    });
    await mountSystray({ open: true });
    await contains(".o_psa_timer_discard").click();
    await contains(".modal .btn-secondary").click();
    expect.verifySteps([]);
    await contains(".o_psa_timer_discard").click();
    await contains(".modal .btn-danger").click();
    await animationFrame();
    expect.verifySteps(["discard"]);
});

test("a forgotten timer asks how long it was, with a suggestion", async () => {
    mockWidgetData({ timers: [makeForgottenTimer()] });
    onRpc("psa.timer", "confirm_timer", ({ args }) => {
        expect.step(args[1]);
        return makeWidgetData();
    });
    await mountSystray({ open: true });
    expect(".o_psa_alert_dot").toHaveCount(1);
    expect(".o_psa_timer_forgotten .o_psa_duration input").toHaveValue("1:15");

    await contains(".o_psa_timer_forgotten .o_psa_duration input").edit("a while", {
        confirm: false,
    });
    expect(".o_psa_timer_confirm").not.toBeEnabled();
    await contains(".o_psa_timer_forgotten .o_psa_duration input").edit("1h30", {
        confirm: false,
    });
    await contains(".o_psa_timer_confirm").click();
    await animationFrame();
    expect.verifySteps([90]);
    expect(".o_psa_timer_forgotten").toHaveCount(0);
    expect(".o_psa_alert_dot").toHaveCount(0);
});

describe("quick entry", () => {
    test("two clicks and a line of text", async () => {
        mockWidgetData();
        onRpc("account.analytic.line", "formatted_read_group", () => [
            { psa_client_id: [11, "Bianchi"], "id:max": 9, __extra_domain: [] },
        ]);
        onRpc("psa.timer", "quick_entry", ({ args, kwargs }) => {
            expect.step([...args, kwargs.description, kwargs.work_type_id]);
            return makeWidgetData({ today: { recorded: 5.75, expected: 8, missing: 2.25 } });
        });
        await mountSystray({ open: true });
        expect(`${QUICK} .o-autocomplete--input`).toBeFocused();
        await contains(`${QUICK} .o_psa_chip:contains(Bianchi)`).click();
        await contains(`${QUICK} .o_psa_chip:contains(15)`).click();
        await contains(".o_psa_quick_description").edit("Remote check", { confirm: false });
        await press("Enter");
        await animationFrame();
        expect.verifySteps([[11, 15, "Remote check", false]]);
        expect(".o_psa_quick_description").toHaveValue("");
        expect(`${QUICK} .o_psa_chip.active`).toHaveCount(0);
        expect(".o_psa_menu_footer").toHaveText(/5:45 of 8:00/);
    });

    test("a client found by name", async () => {
        mockWidgetData();
        onRpc("res.partner", "name_search", ({ kwargs }) => {
            expect.step(`search "${kwargs.name}"`);
            return [[12, "Rossi"]];
        });
        await mountSystray({ open: true });
        await contains(`${QUICK} .o-autocomplete--input`).edit("ros", { confirm: false });
        await runAllTimers();
        expect.verifySteps([`search "ros"`]);
        await press("Tab");
        await animationFrame();
        expect(`${QUICK} .o-autocomplete--input`).toHaveValue("Rossi");
    });

    test("a half typed name chooses nobody", async () => {
        mockWidgetData();
        onRpc("res.partner", "name_search", () => []);
        await mountSystray({ open: true });
        await contains(`${QUICK} .o-autocomplete--input`).edit("nobody", { confirm: false });
        await runAllTimers();
        await contains(".o_psa_quick_description").click();
        await animationFrame();
        expect(`${QUICK} .o-autocomplete--input`).toHaveValue("");
    });

    test("what only the user knows is asked for, one thing at a time", async () => {
        mockWidgetData();
        onRpc("psa.timer", "quick_entry", ({ args }) => {
            expect.step(args);
            return makeWidgetData();
        });
        await mountSystray({ open: true });
        await contains(".o_psa_quick_save").click();
        expect(".o_psa_hint").toHaveText("Choose a client, or Internal.");
        await contains(".o_psa_internal").click();
        expect(".o_psa_hint").toHaveCount(0);

        await contains(`${QUICK} .o_psa_duration input`).edit("a bit", { confirm: false });
        await contains(".o_psa_quick_save").click();
        expect(".o_psa_hint").toHaveText("How long did it take?");
        await contains(`${QUICK} .o_psa_duration input`).edit("1,5h", { confirm: false });

        await contains(".o_psa_quick_save").click();
        expect(".o_psa_hint").toHaveText("Say in a few words what was done.");
        expect.verifySteps([]);
        await contains(".o_psa_quick_description").edit("Backup", { confirm: false });
        await contains(".o_psa_quick_save").click();
        await animationFrame();
        expect.verifySteps([[false, 90]]);
    });

    test("an error of the server keeps what was typed", async () => {
        mockService("notification", { add: (message) => expect.step(message) });
        mockWidgetData();
        onRpc("psa.timer", "quick_entry", () => {
            throw makeServerError({ message: "The period is closed." });
        });
        await mountSystray({ open: true });
        await contains(".o_psa_internal").click();
        await contains(`${QUICK} .o_psa_chip:contains(30)`).click();
        await contains(".o_psa_quick_description").edit("Inventory", { confirm: false });
        await contains(".o_psa_quick_save").click();
        await animationFrame();
        expect.verifySteps(["The period is closed."]);
        expect(".o_psa_quick_description").toHaveValue("Inventory");
        expect(queryAllTexts(`${QUICK} .o_psa_chip.active`)).toEqual(["Internal", "30"]);
        expect(".o_psa_quick_save").toBeEnabled();
    });

    test("closing the menu keeps what was typed", async () => {
        mockWidgetData();
        await mountSystray({ open: true });
        await contains(".o_psa_quick_description").edit("Half a line", { confirm: false });
        await press("Escape");
        await animationFrame();
        expect(QUICK).toHaveCount(0);
        await press(["alt", "shift", "w"]);
        await animationFrame();
        expect(".o_psa_quick_description").toHaveValue("Half a line");
    });
});

test("footer: the day and a timer for whatever comes", async () => {
    mockWidgetData();
    mockService("action", { doAction: (action) => expect.step(action) });
    onRpc("psa.timer", "start_timer", ({ args }) => {
        expect.step(args);
        return makeWidgetData({ timers: [makeTimer({ res_id: false, res_model: false })] });
    });
    await mountSystray({ open: true });
    expect(queryText(".o_psa_menu_footer")).toInclude("2:30 missing");
    await contains(".o_psa_timer_start").click();
    await animationFrame();
    expect(".o_psa_timer_start").toHaveCount(0);
    await contains(".o_psa_open_my_day").click();
    expect.verifySteps([[false, false, ""], "psa_core.action_my_day"]);
    expect(".o_psa_menu").toHaveCount(0);
});

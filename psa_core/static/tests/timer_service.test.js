// Copyright 2026 PSA for Odoo contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import {
    advanceTime,
    Deferred,
    describe,
    expect,
    freezeTime,
    microTick,
    mockDate,
    test,
    waitUntil,
} from "@odoo/hoot";
import { session } from "@web/session";
import {
    getService,
    makeMockEnv,
    makeServerError,
    mockService,
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
    sendTimerNotification,
} from "./psa_core_test_helpers";

describe.current.tags("headless");
definePsaModels();

function mockNotifications() {
    mockService("notification", {
        add: (message, { type }) => expect.step(`${type}: ${message}`),
    });
}

async function startTimerService() {
    freezeTime();
    await makeMockEnv();
    const timer = getService("psa_timer");
    await timer.load();
    return timer;
}

test("nothing is asked before somebody needs it, and then once", async () => {
    onRpc("psa.timer", "get_widget_data", () => {
        expect.step("get_widget_data");
        return makeWidgetData();
    });
    await makeMockEnv();
    const timer = getService("psa_timer");
    expect.verifySteps([]);
    expect(timer.isLoaded).toBe(false);
    await Promise.all([timer.load(), timer.load()]);
    expect.verifySteps(["get_widget_data"]);
    expect(timer.isLoaded).toBe(true);
});

test("users without the role ask nothing", async () => {
    patchWithCleanup(session, { psa_timer_enabled: false });
    onRpc("psa.timer", "get_widget_data", () => expect.step("get_widget_data"));
    await startTimerService();
    expect.verifySteps([]);
});

test("a wrong clock on the client does not matter", async () => {
    mockDate("2026-03-02 14:23:00", +0); // the server says 09:00
    mockWidgetData({ timers: [makeTimer({ seconds: 60 })] });
    const timer = await startTimerService();
    expect(timer.secondsOf(timer.running)).toBe(960);
    expect(timer.secondsOf(timer.running, timer.clock.now)).toBe(960);
    await advanceTime(5000);
    expect(timer.secondsOf(timer.running, timer.clock.now)).toBe(965);
});

test("the clock ticks only while something runs", async () => {
    const data = mockWidgetData({ timers: [makePausedTimer()] });
    const timer = await startTimerService();
    const before = timer.clock.now;
    await advanceTime(3000);
    expect(timer.clock.now).toBe(before);

    data.timers = [makeTimer()];
    await timer.refresh();
    await advanceTime(3000);
    expect(timer.clock.now).toBeGreaterThan(before + 2000);

    data.timers = [];
    await timer.refresh();
    const stopped = timer.clock.now;
    await advanceTime(3000);
    expect(timer.clock.now).toBe(stopped);
});

test("the bus brings what happened in another tab or on another device", async () => {
    mockWidgetData();
    const timer = await startTimerService();
    await sendTimerNotification({ now: "2026-03-02 09:01:00", timers: [makeTimer()] });
    await waitUntil(() => timer.running);
    expect(timer.running.name).toBe("Mail does not arrive");
});

test("an older picture that arrives late changes nothing", async () => {
    mockWidgetData({ timers: [makeTimer()] });
    const timer = await startTimerService();
    timer._apply(makeWidgetData({ now: "2026-03-02 08:59:00" }));
    expect(timer.running.id).toBe(1);
});

test("a notification that waited somewhere does not move the clock", async () => {
    mockWidgetData({ timers: [makeTimer()] });
    const timer = await startTimerService();
    mockDate("2026-03-02 09:30:00", +0);
    timer._apply(makeWidgetData({ now: "2026-03-02 09:10:00", timers: [makeTimer()] }));
    expect(timer.secondsOf(timer.running)).toBe(45 * 60);
});

test("a second click while the first one travels does nothing", async () => {
    mockNotifications();
    mockWidgetData();
    const answer = new Deferred();
    onRpc("psa.timer", "quick_entry", async () => {
        expect.step("quick_entry");
        await answer;
        return makeWidgetData();
    });
    const timer = await startTimerService();
    const entry = { client: [11, "Bianchi"], minutes: 15, description: "x", workTypeId: false };
    const first = timer.quickEntry(entry);
    await microTick();
    expect(await timer.quickEntry(entry)).toBe(false);
    answer.resolve();
    expect(await first).toBe(true);
    expect.verifySteps(["quick_entry", "success: 0:15 recorded: Bianchi"]);
});

test("what the server refuses is said, and the truth fetched again", async () => {
    mockNotifications();
    const data = mockWidgetData();
    onRpc("psa.timer", "start_timer", () => {
        data.timers = [makeForgottenTimer()];
        throw makeServerError({ message: "Say first how long it took." });
    });
    const timer = await startTimerService();
    expect(await timer.start({ resModel: "project.task", resId: 7 })).toBe(false);
    expect(timer.isBusy).toBe(false);
    expect(timer.forgotten).toHaveLength(1);
    expect.verifySteps(["danger: Say first how long it took."]);
});

test("starting says which timer it paused, or which one has to be asked about", async () => {
    mockNotifications();
    mockWidgetData({ timers: [makeTimer()] });
    const other = makeTimer({ id: 2, name: "Firewall", res_id: 8 });
    onRpc("psa.timer", "start_timer", ({ args }) => {
        expect(args).toEqual(["project.task", 8, ""]);
        return makeWidgetData({ timers: [makePausedTimer(), other] });
    });
    onRpc("psa.timer", "resume_timer", ({ args }) => {
        expect(args).toEqual([[1]]);
        return makeWidgetData({ timers: [makeTimer(), makeForgottenTimer({ id: 2 })] });
    });
    const timer = await startTimerService();
    await timer.start({ resModel: "project.task", resId: 8 });
    expect.verifySteps(["info: “Mail does not arrive” is paused."]);
    expect(timer.timerOf("project.task", 8).id).toBe(2);

    await timer.resume(timer.paused[0]);
    expect.verifySteps(["warning: “Firewall” ran for very long: how long was it really?"]);
});

test("stopping sends what was typed, and forgets it", async () => {
    mockNotifications();
    mockWidgetData({ timers: [makeTimer()] });
    onRpc("psa.timer", "stop_timer", ({ args, kwargs }) => {
        expect(args).toEqual([[1]]);
        expect(kwargs.description).toBe("Profile rebuilt");
        expect(kwargs.client_id).toBe(11);
        expect(kwargs.work_type_id).toBe(2);
        return makeWidgetData();
    });
    const timer = await startTimerService();
    Object.assign(timer.draftOf(timer.running), { description: "Profile rebuilt", workTypeId: 2 });
    expect(await timer.stop(timer.running)).toBe(true);
    expect(timer.drafts).toEqual({});
    expect.verifySteps(["success: 0:15:00 recorded: Mail does not arrive"]);
});

test("a timer that turns out forgotten opens the menu instead of saying recorded", async () => {
    mockNotifications();
    mockWidgetData({ timers: [makeTimer()] });
    onRpc("psa.timer", "stop_timer", () => makeWidgetData({ timers: [makeForgottenTimer()] }));
    const timer = await startTimerService();
    timer.services.env.bus.addEventListener("PSA_TIMER:OPEN", () => expect.step("open"));
    await timer.stop(timer.running);
    expect.verifySteps(["open"]);
});

// Copyright 2026 PSA for Odoo contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import { animationFrame, describe, expect, queryAllTexts, test } from "@odoo/hoot";
import { layoutDay } from "@psa_core/my_day/my_day_layout";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { WebClient } from "@web/webclient/webclient";
import { contains, getService, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import {
    definePsaModels,
    mockWidgetData,
    NOW,
    sendTimerNotification,
    WorkEntry,
} from "./psa_core_test_helpers";

definePsaModels();

WorkEntry._records = [{ id: 1, name: "Profile rebuilt" }];

function makeEntry(values = {}) {
    return {
        id: 1,
        name: "Profile rebuilt",
        project: "Support",
        task: "Mail does not arrive",
        client: "Bianchi",
        hours: 1,
        billable_hours: 1,
        start: "2026-03-02 07:00:00",
        stop: "2026-03-02 08:00:00",
        work_type: "Remote",
        review_state: "to_review",
        warning: false,
        ...values,
    };
}

function makeDay(values = {}) {
    return {
        date: "2026-03-02",
        expected: 4,
        recorded: 1,
        missing: 3,
        intervals: [["2026-03-02 07:00:00", "2026-03-02 11:00:00"]],
        entries: [makeEntry()],
        gaps: [["2026-03-02 08:00:00", "2026-03-02 11:00:00"]],
        previous: "2026-03-01",
        next: "2026-03-03",
        ...values,
    };
}

const layout = (values) => layoutDay(makeDay(values), deserializeDateTime(NOW));
const types = ({ agenda }) => agenda.map(({ type, minutes }) => [type, minutes]);

describe("layout", () => {
    describe.current.tags("headless");

    test("nobody has to account for the hours to come", () => {
        expect(types(layout())).toEqual([
            ["entry", undefined],
            ["gap", 60],
            ["later", 120],
        ]);
    });

    test("a past day has gaps only, a future one none", () => {
        const day = (date) =>
            layout({ entries: [], gaps: [[`${date} 07:00:00`, `${date} 11:00:00`]] });
        expect(types(day("2026-03-01"))).toEqual([["gap", 240]]);
        expect(types(day("2026-03-03"))).toEqual([["later", 240]]);
    });

    test("the ribbon spans full hours, work outside working time included", () => {
        const { ribbon } = layout({
            entries: [makeEntry({ start: "2026-03-02 05:30:00", stop: "2026-03-02 06:00:00" })],
        });
        expect(ribbon.hours.map(({ hour }) => hour.hour)).toEqual([5, 6, 7, 8, 9, 10, 11]);
        expect(ribbon.blocks[0].left).toBeCloseTo(100 / 12);
        expect(ribbon.blocks[0].width).toBeCloseTo(100 / 12);
        expect(ribbon.now).toBeCloseTo((4 / 6) * 100);
    });

    test("overlapping entries share the height, others do not", () => {
        const { ribbon } = layout({
            entries: [
                makeEntry({ id: 1 }),
                makeEntry({ id: 2, start: "2026-03-02 07:30:00", stop: "2026-03-02 08:30:00" }),
                makeEntry({ id: 3, start: "2026-03-02 08:00:00", stop: "2026-03-02 09:00:00" }),
            ],
        });
        expect(ribbon.lanes).toBe(2);
        expect(ribbon.blocks.map(({ lane }) => lane)).toEqual([0, 1, 0]);
    });

    test("one colour per work type; entries without times stand apart", () => {
        const { untimed, legend, agenda } = layout({
            gaps: [],
            entries: [
                makeEntry({ id: 1 }),
                makeEntry({ id: 2, work_type: "Travel", start: false, stop: false }),
                makeEntry({ id: 3, start: "2026-03-02 09:00:00", stop: "2026-03-02 10:00:00" }),
            ],
        });
        expect(untimed.map(({ entry }) => entry.id)).toEqual([2]);
        expect(agenda.map(({ color }) => color)).toEqual([1, 1]);
        expect(legend).toEqual([
            { name: "Remote", color: 1 },
            { name: "Travel", color: 2 },
        ]);
    });

    test("a free day has no ribbon", () => {
        expect(layout({ intervals: [], entries: [], gaps: [] }).ribbon).toBe(null);
    });
});

describe("screen", () => {
    describe.current.tags("desktop");

    async function openMyDay(days = {}) {
        mockWidgetData();
        onRpc("psa.work.day", "get_my_day", ({ kwargs }) => {
            expect.step(`get_my_day ${kwargs.date}`);
            return { ...makeDay(), ...days[kwargs.date] };
        });
        await mountWithCleanup(WebClient);
        await getService("action").doAction({
            type: "ir.actions.client",
            tag: "psa_core.my_day",
            name: "My Day",
        });
        await animationFrame();
        expect.verifySteps(["get_my_day false"]);
    }

    test("figures, entries and gaps", async () => {
        await openMyDay({
            false: { entries: [makeEntry({ warning: "Overlaps another entry" })] },
        });
        expect(".o_psa_my_day_title").toHaveText("Monday, March 2");
        expect(queryAllTexts(".o_psa_figures dd")).toEqual(["1:00", "4:00", "3:00"]);
        expect(".o_psa_entry").toHaveText(/Bianchi · Support · Mail does not arrive/);
        expect(".o_psa_warning").toHaveText("Overlaps another entry");
        expect(".o_psa_agenda .o_psa_gap").toHaveCount(1);
        expect(".o_psa_agenda .o_psa_later").toHaveText(/Still to come/);
        expect(".o_psa_block.o_psa_has_warning").toHaveCount(1);
        expect(".o_psa_today").not.toBeEnabled();
    });

    test("from day to day", async () => {
        await openMyDay({ "2026-03-01": { date: "2026-03-01", previous: "2026-02-28" } });
        await contains(".o_psa_previous").click();
        expect(".o_psa_my_day_title").toHaveText("Sunday, March 1");
        await contains(".o_psa_today").click();
        await contains(".o_psa_next").click();
        expect.verifySteps(["get_my_day 2026-03-01", "get_my_day false", "get_my_day 2026-03-03"]);
    });

    test("a gap opens the form with its times, and the day is read again", async () => {
        await openMyDay();
        onRpc("account.analytic.line", "web_save", ({ args }) => {
            expect.step(args[1]);
        });
        await contains(".o_psa_agenda .o_psa_gap").click();
        expect(".modal .o_field_widget[name=unit_amount] input").toHaveValue("01:00");
        await contains(".modal .o_field_widget[name=name] input").edit("Backup check");
        await contains(".modal .o_form_button_save").click();
        await animationFrame();
        expect.verifySteps([
            {
                date: "2026-03-02",
                name: "Backup check",
                psa_date_start: "2026-03-02 08:00:00",
                psa_date_end: "2026-03-02 09:00:00",
                unit_amount: 1,
            },
            "get_my_day 2026-03-02",
        ]);
        expect(".modal").toHaveCount(0);
    });

    test("an entry opens its form", async () => {
        await openMyDay();
        await contains(".o_psa_entry").click();
        expect(".modal .o_field_widget[name=name] input").toHaveValue("Profile rebuilt");
    });

    test("what a timer recorded appears by itself", async () => {
        await openMyDay();
        await sendTimerNotification();
        await expect.waitForSteps(["get_my_day 2026-03-02"]);
    });

    test("a free day says so", async () => {
        await openMyDay({
            false: { entries: [], gaps: [], intervals: [], expected: 0, recorded: 0, missing: 0 },
        });
        expect(".o_psa_empty").toHaveCount(1);
        expect(".o_psa_ribbon").toHaveCount(0);
        expect(".o_psa_figures dd").toHaveCount(2);
    });
});

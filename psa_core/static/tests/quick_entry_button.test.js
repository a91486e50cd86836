// Copyright 2026 PSA for Odoo contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import { animationFrame, describe, expect, press, test, waitFor } from "@odoo/hoot";
import { contains, mountView, onRpc } from "@web/../tests/web_test_helpers";
import {
    definePsaModels,
    makeWidgetData,
    mockWidgetData,
    WorkEntry,
} from "./psa_core_test_helpers";

describe.current.tags("desktop");
definePsaModels();

// Any model will do: the button only looks at the model and id of its record.
WorkEntry._records = [{ id: 7, name: "Mail does not arrive" }];

async function mountForm() {
    await mountView({
        type: "form",
        resModel: "account.analytic.line",
        resId: 7,
        arch: `
            <form>
                <header><widget name="psa_quick_entry" hotkey="shift+t"/></header>
                <field name="name"/>
            </form>`,
    });
    await animationFrame();
}

test("one key, how long, one line: recorded on the record, which is read again", async () => {
    mockWidgetData();
    onRpc("psa.timer", "quick_entry", ({ args, kwargs }) => {
        const { description, res_model, res_id, work_type_id } = kwargs;
        expect.step([...args, description, res_model, res_id, work_type_id]);
        return makeWidgetData();
    });
    onRpc("account.analytic.line", "web_read", () => {
        expect.step("web_read");
    });
    await mountForm();
    await press(["alt", "shift", "t"]);
    await waitFor(".o_psa_duration input:focus");
    expect(".o_psa_quick_entry .o_psa_client_input").toHaveCount(0);
    await contains(".o_psa_duration input").edit("20");
    await contains(".o_psa_quick_description").edit("Queue restarted", { confirm: false });
    await contains(".o_psa_quick_save").click();
    await animationFrame();
    expect.verifySteps([
        "web_read",
        [false, 20, "Queue restarted", "account.analytic.line", 7, 1],
        "web_read",
    ]);
    expect(".o_psa_quick_entry").toHaveCount(0);
    expect(".o_notification").toHaveText(/0:20 recorded: Mail does not arrive/);
});

test("what is missing is said before the server is asked", async () => {
    mockWidgetData();
    await mountForm();
    await contains(".o_psa_quick_entry_button").click();
    await contains(".o_psa_quick_save").click();
    expect(".o_psa_hint").toHaveText("How long did it take?");
});

// Copyright 2026 PSA for Odoo contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import { describe, expect, queryAllTexts, test } from "@odoo/hoot";
import { contains, mockService, mountView } from "@web/../tests/web_test_helpers";
import { definePsaModels, ResPartner } from "./psa_core_test_helpers";

describe.current.tags("desktop");
definePsaModels();

const action = { type: "ir.actions.act_window", res_model: "account.analytic.line" };

async function mountSummary(psa_summary) {
    ResPartner._records.push({ id: 999, name: "Bianchi", psa_summary });
    await mountView({
        type: "form",
        resModel: "res.partner",
        resId: 999,
        arch: `<form><field name="psa_summary" widget="psa_client_summary" nolabel="1"/></form>`,
    });
}

test("every kind of figure", async () => {
    const row = (kind, value, more = {}) => ({ label: kind, kind, value, action: false, ...more });
    await mountSummary([
        {
            name: "work",
            title: "Work",
            sequence: 10,
            rows: [
                row("hours", 12.25),
                row("money", 1234.5, { currency_id: 1 }),
                row("integer", 1234),
                row("date", "2026-03-02"),
                row("date", false),
                row("text", "Gold"),
            ],
        },
    ]);
    expect(".o_psa_summary h6").toHaveText("Work");
    expect(queryAllTexts(".o_psa_summary_value")).toEqual([
        "12:15",
        "$ 1,234.50",
        "1,234",
        "03/02/2026",
        "",
        "Gold",
    ]);
});

test("rows open their action, and say what needs attention", async () => {
    mockService("action", { doAction: (request) => expect.step(request.res_model) });
    await mountSummary([
        {
            name: "work",
            title: "Work",
            sequence: 10,
            rows: [
                { label: "Hours", kind: "hours", value: 1, action: false },
                { label: "Open", kind: "integer", value: 3, warn: true, action },
            ],
        },
    ]);
    expect(".o_psa_summary_warn").toHaveCount(1);
    expect(".o_psa_summary_warn").toHaveText(/Open/);
    await contains("div.o_psa_summary_row").click();
    await contains("button.o_psa_summary_row").click();
    expect.verifySteps(["account.analytic.line"]);
});

test("nothing known yet", async () => {
    await mountSummary([]);
    expect(".o_field_psa_client_summary").toHaveText("Nothing recorded for this client yet.");
});

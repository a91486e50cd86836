// Copyright 2026 PSA for Odoo contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import { describe, expect, mockDate, test } from "@odoo/hoot";
import { makeMockEnv, mountView } from "@web/../tests/web_test_helpers";
import { defineTicketModels, Ticket } from "./psa_helpdesk_test_helpers";
import { formatAge } from "@psa_helpdesk/backend/age_field";

describe.current.tags("desktop");
defineTicketModels();

test("one unit, the largest that fits", async () => {
    const minutes = [0.5, 1, 59.9, 60, 47 * 60, 48 * 60, 14 * 24 * 60];
    await makeMockEnv(); // translations
    expect(minutes.map((value) => formatAge(value).toString())).toEqual([
        "now",
        "1 min",
        "59 min",
        "1 h",
        "47 h",
        "2 d",
        "14 d",
    ]);
});

test("the age of a ticket, its instant as a tooltip", async () => {
    mockDate("2026-03-02 09:00:00", +0);
    Ticket._records = [
        { id: 1, name: "Printer", opened_at: "2026-03-02 06:30:00" },
        { id: 2, name: "Mail", opened_at: false },
    ];
    await mountView({
        type: "list",
        resModel: "psa.ticket",
        arch: `<list><field name="name"/><field name="opened_at" widget="psa_age"/></list>`,
    });
    expect(".o_psa_age:first").toHaveText("2 h");
    expect(".o_psa_age:first").toHaveAttribute("title", /06:30/);
    expect(".o_psa_age:last").toHaveText("");
});

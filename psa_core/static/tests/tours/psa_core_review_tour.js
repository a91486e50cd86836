// Copyright 2026 PSA for Odoo contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import { registry } from "@web/core/registry";

const row = (text) => `.o_list_view .o_data_row:contains(${text})`;

/** A service manager approves one entry and sends another one back. */
registry.category("web_tour.tours").add("psa_core_review_tour", {
    steps: () => [
        {
            content: "Approve the entry that is right",
            trigger: `${row("Tape replaced")} button[name=action_psa_approve]`,
            run: "click",
        },
        {
            trigger: `.o_list_view:not(:has(.o_data_row:contains(Tape replaced) button[name=action_psa_approve]:visible))`,
        },
        {
            content: "Send the other one back",
            trigger: `${row("Unclear work")} button[name=action_psa_return]`,
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=reason] :is(input, textarea)",
            run: "edit Which server was it?",
        },
        {
            trigger: ".modal button[name=action_return]",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
    ],
});

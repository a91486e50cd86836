// Copyright 2026 PSA for Odoo contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import { registry } from "@web/core/registry";

const row = (text) => `.o_list_view .o_data_row:contains("${text}")`;

/** A service manager approves one entry and sends another one back. */
registry.category("web_tour.tours").add("psa_core_review_tour", {
    steps: () => [
        {
            content: "Approve the entry that is right",
            trigger: `${row("Tour: clear work")} button[name=action_psa_approve]`,
            run: "click",
        },
        {
            content: "It leaves the list of what is to review",
            trigger: '.o_list_view:not(:contains("Tour: clear work"))',
        },
        {
            content: "Send the other one back",
            trigger: `${row("Tour: unclear work")} button[name=action_psa_return]`,
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

// Copyright 2026 PSA for Odoo contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import { registry } from "@web/core/registry";

const field = (name) => `.o_form_view .o_field_widget[name=${name}]`;
const option = (text) => `.o-autocomplete--dropdown-item:contains("${text}")`;

/** Billing makes a contract from a package and puts it in force. */
registry.category("web_tour.tours").add("psa_contracts_form_tour", {
    steps: () => [
        {
            trigger: `${field("client_id")} input`,
            run: "edit Tour Client",
        },
        {
            trigger: option("Tour Client"),
            run: "click",
        },
        {
            trigger: `${field("template_id")} input`,
            run: "edit Tour Package",
        },
        {
            trigger: option("Tour Package"),
            run: "click",
        },
        {
            content: "What the package contains",
            trigger: '.o_notebook .nav-link:contains("Lines")',
            run: "click",
        },
        {
            trigger: `${field("line_ids")} .o_data_row:contains("Remote help")`,
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_form_view button[name=action_activate]",
            run: "click",
        },
        {
            trigger: '.o_statusbar_status .o_arrow_button_current:contains("Active")',
        },
    ],
});

/** A technician reads what covers work on a task before doing it. */
registry.category("web_tour.tours").add("psa_contracts_banner_tour", {
    steps: () => [
        {
            trigger: `${field("psa_coverage_banner")} [role=status]:contains("10:00 h left")`,
        },
        {
            content: "And what it costs beyond",
            trigger: `${field("psa_coverage_banner")} [role=status]:contains("85.00")`,
        },
    ],
});

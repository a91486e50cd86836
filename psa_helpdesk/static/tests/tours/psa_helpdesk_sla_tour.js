// Copyright 2026 PSA for Odoo contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import { registry } from "@web/core/registry";

const row = ".o_data_row:contains(Tour: the till is slow)";

/** A technician sees what presses, was warned, and sees how much of the target is used. */
registry.category("web_tour.tours").add("psa_helpdesk_at_risk_tour", {
    steps: () => [
        {
            content: "Less than an hour is left",
            trigger: `${row} .o_psa_sla_soon:contains(min left)`,
            run: "click",
        },
        {
            content: "What is due, first thing on the ticket",
            trigger: ".oe_title .o_psa_sla_soon:contains(Resolution)",
        },
        {
            content: "The warning is an activity",
            trigger: ".o-mail-Activity:contains(Resolution)",
        },
        {
            content: "How much is used",
            trigger: ".o_notebook .nav-link:contains(SLA)",
            run: "click",
        },
        {
            trigger: ".o_psa_sla_row:contains(Running):contains(79 %)",
        },
        {
            content: "What happened to it",
            trigger: ".o_psa_sla_row summary",
            run: "click",
        },
        {
            trigger: ".o_psa_sla_row td:contains(Warned)",
        },
        {
            content: "Waiving is not for technicians",
            trigger: ".o_psa_sla_timeline:not(:has(.o_psa_sla_waive))",
        },
    ],
});

/** It was missed: a manager finds it in the list, and says why it shall not count. */
registry.category("web_tour.tours").add("psa_helpdesk_missed_tour", {
    steps: () => [
        {
            content: "What was missed this month",
            trigger: `${row}:contains(Missed) .o_data_cell`,
            run: "click",
        },
        {
            trigger: ".oe_title .o_psa_sla_late:contains(late)",
        },
        {
            trigger: ".o_notebook .nav-link:contains(SLA)",
            run: "click",
        },
        {
            trigger: ".o_psa_sla_row:contains(Missed) .o_psa_sla_waive",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit The client had a power cut",
        },
        {
            trigger: ".modal button[name=action_waive]",
            run: "click",
        },
        {
            content: "It is waived, and counts no longer",
            trigger: ".o_psa_sla_row:contains(Waived):contains(power cut)",
        },
        {
            trigger: ".oe_title:not(:has(.o_psa_sla_deadline))",
        },
    ],
});

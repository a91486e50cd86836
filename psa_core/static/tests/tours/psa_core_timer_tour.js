// Copyright 2026 PSA for Odoo contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";

/** A technician's morning: time a task, record a flying check, look at the day. */
registry.category("web_tour.tours").add("psa_core_timer_tour", {
    steps: () => [
        {
            content: "The task can be started where it is",
            trigger: ".o_psa_timer_button .o_psa_timer_start",
        },
        {
            content: "Start it from the menu bar",
            trigger: ".o_psa_systray_button",
            run: "click",
        },
        {
            trigger: ".o_psa_suggestion:contains(Backup check)",
            run: "click",
        },
        {
            content: "It runs in the menu bar",
            trigger: ".o_psa_systray_button.o_psa_is_running:contains(Backup check)",
        },
        {
            content: "Reload the page",
            trigger: ".o_psa_timer_button .o_psa_timer_pause",
            run: () => browser.location.reload(),
            expectUnloadPage: true,
        },
        {
            content: "It still runs, on the task and in the menu bar",
            trigger: ".o_psa_timer_button .o_psa_timer_pause",
        },
        {
            content: "Say what was done",
            trigger: ".o_psa_systray_button.o_psa_is_running",
            run: "click",
        },
        {
            trigger: ".o_psa_timer_running .o_psa_timer_description",
            run: "edit Tape replaced",
        },
        {
            trigger: ".o_psa_timer_running .o_psa_timer_stop",
            run: "click",
        },
        {
            content: "The task shows the new entry without a reload of the page",
            trigger: ".o_psa_systray_button:not(.o_psa_is_running)",
        },
        {
            content: "Quick entry: the client by name",
            trigger: ".o_psa_quick_entry .o-autocomplete--input",
            run: "edit Tour Client",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(Tour Client)",
            run: "click",
        },
        {
            trigger: ".o_psa_quick_entry .o_psa_chip:contains(15)",
            run: "click",
        },
        {
            trigger: ".o_psa_quick_description",
            run: "edit Flying remote check",
        },
        {
            trigger: ".o_psa_quick_save",
            run: "click",
        },
        {
            trigger: ".o_notification:contains(0:15 recorded: Tour Client)",
        },
        {
            trigger: ".o_form_view .nav-link:contains(Timesheets)",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=timesheet_ids] .o_data_row:contains(Tape replaced)",
        },
        {
            content: "My day shows both",
            trigger: ".o_psa_systray_button",
            run: "click",
        },
        {
            trigger: ".o_psa_open_my_day",
            run: "click",
        },
        {
            trigger: ".o_psa_my_day .o_psa_entry:contains(Tape replaced)",
        },
        {
            trigger: ".o_psa_my_day .o_psa_entry:contains(Flying remote check)",
        },
    ],
});

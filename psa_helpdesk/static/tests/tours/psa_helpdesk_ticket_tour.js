// Copyright 2026 PSA for Odoo contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import { registry } from "@web/core/registry";

const card = (text) => `.o_kanban_record:contains("${text}")`;

/** A mail has come in: a technician takes the ticket, times it, answers and resolves it. */
registry.category("web_tour.tours").add("psa_helpdesk_ticket_tour", {
    steps: () => [
        {
            content: "The mail is a ticket nobody has yet",
            trigger: `.o_kanban_group:contains(Unassigned) ${card("Tour: no sound")}`,
            run: "click",
        },
        {
            content: "Take it",
            trigger: "button[name=action_take]",
            run: "click",
        },
        {
            content: "It is mine, and in progress",
            trigger: ".o_statusbar_status:contains(In Progress)",
        },
        {
            content: "One key starts the timer",
            trigger: ".o_psa_timer_button .o_psa_timer_start",
            run: "press alt+t",
        },
        {
            trigger: ".o_psa_timer_button .o_psa_timer_stop",
        },
        {
            content: "Answer the customer",
            trigger: ".o-mail-Chatter-sendMessage",
            run: "click",
        },
        {
            trigger: ".o-mail-Composer-input",
            run: "edit Please try the other socket.",
        },
        {
            trigger: ".o-mail-Composer-send:enabled",
            run: "click",
        },
        {
            trigger: ".o-mail-Message:contains(Please try the other socket)",
        },
        {
            content: "Resolve it",
            trigger: "button[name=action_resolve]",
            run: "click",
        },
        {
            content: "The running timer is the time: no reason is asked for",
            trigger: ".modal:contains(Your timer is running) .odoo-editor-editable",
            run: "editor The plug was in the wrong socket.",
        },
        {
            trigger:
                '.modal:not(:has([name="no_time_reason"])) .modal-footer button[name=action_resolve]',
            run: "click",
        },
        {
            trigger: ".o_statusbar_status:contains(Resolved)",
        },
        {
            content: "It is over, with its time",
            trigger: "button[name=action_reopen]",
        },
        {
            trigger: ".o_psa_systray_button:not(.o_psa_is_running)",
        },
    ],
});

/** A dispatcher gives a ticket away on the board. */
registry.category("web_tour.tours").add("psa_helpdesk_board_tour", {
    steps: () => [
        {
            content: "Assign from the board",
            trigger: `${card("Tour: no sound")} .o_quick_assign`,
            run: "click",
        },
        {
            trigger: ".o-overlay-item .o-autocomplete--input",
            run: "edit tour-technician",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(tour-technician)",
            run: "click",
        },
        {
            content: "It has an assignee",
            trigger: `${card("Tour: no sound")} .o_m2o_avatar img`,
        },
    ],
});

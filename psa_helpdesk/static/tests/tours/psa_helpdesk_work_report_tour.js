// Copyright 2026 PSA for Odoo contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/** Draw a line on the canvas of the host's signature, as a finger does. */
function draw() {
    const canvas = this.anchor;
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const point = (type, part) =>
        canvas.dispatchEvent(
            new window.PointerEvent(type, {
                bubbles: true,
                buttons: type === "pointerup" ? 0 : 1,
                clientX: left + width * part,
                clientY: top + height * part,
                isPrimary: true,
                pointerId: 1,
                pressure: 0.5,
            })
        );
    point("pointerdown", 0.2);
    for (const part of [0.3, 0.5, 0.7]) {
        point("pointermove", part);
    }
    point("pointerup", 0.7);
}

/** A technician makes the report of a ticket, and the customer signs on his screen. */
tours.add("psa_helpdesk_work_report_tour", {
    steps: () => [
        {
            trigger: "button[name=action_work_report]",
            run: "click",
        },
        {
            content: "The work is on it",
            trigger: ".o_field_widget[name=entry_ids]:contains(Cleaned the rollers)",
        },
        {
            content: "Add what was used",
            trigger: ".o_notebook .nav-link[name=materials]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=material_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=material_ids] .o_data_row [name=name] input",
            run: "edit Roller kit",
        },
        {
            content: "Hand the screen to the customer",
            trigger: "button:contains(Sign Here)",
            run: "click",
        },
        {
            content: "He reads what he signs",
            trigger: ".modal .o_psa_work_report:contains(Roller kit)",
        },
        {
            trigger: ".modal [name=signed_by] input",
            run: "edit Anna Bellini",
        },
        {
            trigger: ".modal .o_signature",
            run: "click",
        },
        {
            trigger: ".modal canvas.o_web_sign_signature",
            run: draw,
        },
        {
            trigger: ".modal-footer .btn-primary:contains(Adopt):enabled",
            run: "click",
        },
        {
            trigger: ".modal button[name=action_sign]",
            run: "click",
        },
        {
            content: "It is signed, and locked",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Signed)",
        },
        {
            trigger: ".o_form_view:not(:has(button:contains(Sign Here):visible))",
        },
    ],
});

/** A customer signs on the portal. */
tours.add("psa_helpdesk_portal_sign_tour", {
    steps: () => [
        {
            trigger: '.o_psa_portal_list a:contains("The printer does not print")',
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_psa_work_report:contains(Cleaned the rollers)",
        },
        {
            trigger: ".o_psa_portal_sign canvas.o_web_sign_signature",
            run: draw,
        },
        {
            trigger: ".o_portal_sign_submit:enabled",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_psa_portal_notice:contains(Thank you.)",
        },
        {
            trigger: ".o_psa_portal_state:contains(Signed)",
        },
    ],
});

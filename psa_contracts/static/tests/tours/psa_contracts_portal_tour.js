// Copyright 2026 PSA for Odoo contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import { registry } from "@web/core/registry";

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

/** A client reads a contract, signs it, and sees its hours. */
registry.category("web_tour.tours").add("psa_contracts_portal_tour", {
    steps: () => [
        {
            trigger: '.o_psa_contract_list a:contains("Care Plus")',
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "He reads what he signs",
            trigger: ".o_psa_contract_text .o_psa_contract_lines:contains(Remote help)",
        },
        {
            trigger: ".o_psa_contract_sign canvas.o_web_sign_signature",
            run: draw,
        },
        {
            trigger: ".o_portal_sign_submit:enabled",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_psa_contract_notice:contains(Thank you.)",
        },
        {
            trigger: ".o_psa_contract_state:contains(In force)",
        },
        {
            content: "His hours: what is left, and each time they were used",
            trigger: ".o_psa_contract_left:contains(08:00)",
        },
        {
            trigger: ".o_psa_contract_statement .o_psa_used:contains(Cleaned the rollers)",
        },
        {
            trigger: ".o_psa_contract_documents a:contains(signed)",
        },
    ],
});

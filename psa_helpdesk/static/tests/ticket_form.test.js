// Copyright 2026 PSA for Odoo contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import { describe, expect, resize, test } from "@odoo/hoot";
import { mountView } from "@web/../tests/web_test_helpers";
import { defineTicketModels, Ticket } from "./psa_helpdesk_test_helpers";

describe.current.tags("desktop");
defineTicketModels();

async function mountTicket(width) {
    await resize({ width, height: 900 });
    Ticket._records = [{ id: 1, name: "Printer" }];
    await mountView({
        type: "form",
        resModel: "psa.ticket",
        resId: 1,
        arch: `
            <form js_class="psa_ticket_form">
                <sheet><field name="name"/></sheet>
                <chatter/>
            </form>`,
    });
}

test("on a laptop the conversation is beside the ticket", async () => {
    await mountTicket(1366);
    expect(".o_form_view.o_psa_side_chatter .o-mail-Form-chatter.o-aside").toHaveCount(1);
});

test("on a wide screen the host does it", async () => {
    await mountTicket(1700);
    expect(".o_psa_side_chatter").toHaveCount(0);
    expect(".o-mail-Form-chatter.o-aside").toHaveCount(1);
});

test("on a small screen it is below", async () => {
    await mountTicket(1000);
    expect(".o-mail-Form-chatter:not(.o-aside)").toHaveCount(1);
});

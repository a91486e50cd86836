// Copyright 2026 PSA for Odoo contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");
// The conversation lives in a shadow root.
const chatter = "#chatterRoot:shadow";

/** A customer opens a ticket. */
tours.add("psa_helpdesk_portal_open_tour", {
    steps: () => [
        {
            content: "Go to the tickets",
            trigger: '.o_portal_index_card a[href="/my/tickets"]',
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_psa_portal_new",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "#psa_subject",
            run: "edit No paper in the printer",
        },
        {
            trigger: "#psa_description",
            run: "edit Tray 2 is empty.",
        },
        {
            trigger: "label[for=psa_impact_2]",
            run: "click",
        },
        {
            content: "Send it",
            trigger: ".o_psa_portal_form button[type=submit]:enabled",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_psa_portal_notice:contains(We have received your request)",
        },
        {
            trigger: ".o_psa_portal_state:contains(Received)",
        },
    ],
});

/** The customer reads the answer, replies, closes the ticket and rates it. */
tours.add("psa_helpdesk_portal_answer_tour", {
    steps: () => [
        {
            content: "The answer is there, the note is not",
            trigger: `${chatter} .o-mail-Message:contains(Which tray is it?)`,
        },
        {
            trigger: `${chatter} .o-mail-Thread:not(:contains(The key is in the drawer))`,
        },
        {
            content: "Reply",
            trigger: `${chatter} .o-mail-Composer-input`,
            run: "edit It is the lower one.",
        },
        {
            trigger: `${chatter} .o-mail-Composer button[title="Send"]:enabled, ${chatter} .o-mail-Composer-send:enabled`,
            run: "click",
        },
        {
            trigger: `${chatter} .o-mail-Message:contains(It is the lower one.)`,
        },
        {
            content: "It works again",
            trigger: ".o_psa_portal_close:enabled",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_psa_portal_state:contains(Closed)",
        },
        {
            content: "Rate the help",
            trigger: "label[for=psa_rate_5]",
            run: "click",
        },
        {
            trigger: "#psa_feedback",
            run: "edit Quick!",
        },
        {
            trigger: ".o_psa_portal_rate button[type=submit]:enabled",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_psa_portal_notice:contains(Thank you for your opinion)",
        },
        {
            content: "Once per closing",
            trigger: "body:not(:has(.o_psa_portal_rate))",
        },
    ],
});

/** A visitor with the link of a mail reads and replies. */
tours.add("psa_helpdesk_portal_visitor_tour", {
    steps: () => [
        {
            trigger: `${chatter} .o-mail-Message:contains(Please send a photo.)`,
        },
        {
            trigger: `${chatter} .o-mail-Composer-input`,
            run: "edit Here it is.",
        },
        {
            trigger: `${chatter} .o-mail-Composer button[title="Send"]:enabled, ${chatter} .o-mail-Composer-send:enabled`,
            run: "click",
        },
        {
            trigger: `${chatter} .o-mail-Message:contains(Here it is.)`,
        },
    ],
});

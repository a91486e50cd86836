// Copyright 2026 PSA for Odoo contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

/** Sends a form once, and says at once when the files are too many or too big. */
export class TicketForm extends Interaction {
    static selector = ".o_psa_portal_form";
    dynamicContent = {
        _root: { "t-on-submit": this.onSubmit },
        _window: { "t-on-pageshow": () => this.setSending(false) },
        "input[type=file]": { "t-on-change": this.checkFiles },
        "button[type=submit]": { "t-att-disabled": () => this.isSending },
    };

    setup() {
        this.isSending = false;
    }

    onSubmit(ev) {
        if (this.isSending) {
            ev.preventDefault();
            return;
        }
        this.setSending(true);
    }

    /** A page the browser shows again can be sent again. */
    setSending(isSending) {
        this.isSending = isSending;
    }

    checkFiles(ev) {
        const { maxFiles, maxMb } = this.el.dataset;
        const files = [...ev.target.files];
        const size = files.reduce((sum, file) => sum + file.size, 0);
        const isTooMuch = files.length > maxFiles || size > maxMb * 1024 * 1024;
        ev.target.setCustomValidity(
            isTooMuch
                ? _t("%(count)s files with %(size)s MB together at most, please.", {
                      count: maxFiles,
                      size: maxMb,
                  })
                : ""
        );
        ev.target.reportValidity();
    }
}

registry.category("public.interactions").add("psa_helpdesk.ticket_form", TicketForm);

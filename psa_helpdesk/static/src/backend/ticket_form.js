// Copyright 2026 PSA for Odoo contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import { SIZES } from "@web/core/ui/ui_service";
import { registry } from "@web/core/registry";
import { formView } from "@web/views/form/form_view";

/**
 * Beside the ticket on a laptop, too: the conversation is half of the work. The host puts it there
 * on the widest screens only.
 */
export class TicketFormController extends formView.Controller {
    get className() {
        const result = super.className;
        if (!this.env.inDialog && this.ui.size === SIZES.XL) {
            result["o_xxl_form_view h-100 o_psa_side_chatter"] = true;
        }
        return result;
    }
}

export class TicketFormRenderer extends formView.Renderer {
    mailLayout(hasAttachmentContainer) {
        const layout = super.mailLayout(hasAttachmentContainer);
        return layout === "BOTTOM_CHATTER" && this.uiService.size === SIZES.XL
            ? "SIDE_CHATTER"
            : layout;
    }
}

registry.category("views").add("psa_ticket_form", {
    ...formView,
    Controller: TicketFormController,
    Renderer: TicketFormRenderer,
});

// Copyright 2026 PSA for Odoo contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { ClientSummary } from "@psa_core/client_summary/client_summary";

/** The client of a ticket at a glance: rows of the client summary, in one line. */
export class ClientContext extends ClientSummary {
    static template = "psa_helpdesk.ClientContext";

    get rows() {
        return this.props.record.data[this.props.name] || [];
    }
}

registry.category("fields").add("psa_client_context", {
    component: ClientContext,
    displayName: _t("Client at a glance"),
    supportedTypes: ["json"],
});

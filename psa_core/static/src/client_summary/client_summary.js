// Copyright 2026 PSA for Odoo contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import { Component } from "@odoo/owl";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatInteger, formatMonetary } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { formatHours } from "../core/duration";

const FORMATTERS = {
    date: (value) => (value ? formatDate(deserializeDate(value)) : ""),
    hours: (value) => formatHours(value),
    integer: (value) => formatInteger(value),
    money: (value, row) => formatMonetary(value, { currencyId: row.currency_id }),
    text: (value) => value || "",
};

/** What the addons of the suite know about a client: one card per section, one line per figure. */
export class ClientSummary extends Component {
    static template = "psa_core.ClientSummary";
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
    }

    get sections() {
        return this.props.record.data[this.props.name] || [];
    }

    format(row) {
        return FORMATTERS[row.kind](row.value, row);
    }

    open(row) {
        this.action.doAction(row.action);
    }
}

registry.category("fields").add("psa_client_summary", {
    component: ClientSummary,
    displayName: _t("Client summary"),
    supportedTypes: ["json"],
});
